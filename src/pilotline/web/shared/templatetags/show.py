"""How values are shown on every page. A built-in: no `{% load %}` is needed."""

from django import template

register = template.Library()
