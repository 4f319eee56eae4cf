"""How values and small pieces are shown on every page. A built-in: needs no `{% load %}`."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from pilotline.desks.demand.queries import case_title
from pilotline.kernel.errors import Problem, Refused
from pilotline.web.shared import facility_view, fields, marks, pieces, values
from pilotline.web.shared.once import new_token

register = template.Library()

register.filter("money", values.money)
register.filter("cents", values.cents)
register.filter("quantity", values.quantity)
register.filter("when", values.when)
register.filter("day", values.day)
register.filter("size", values.size)
register.filter("marked", marks.marked)
register.filter("around", marks.around)
register.filter("say", values.say)
register.filter("region", values.region)
register.filter("unit", values.unit)
register.simple_tag(values.title, name="title")
register.simple_tag(values.titles, name="titles")
register.simple_tag(pieces.icon, name="icon")
register.simple_tag(pieces.badge, name="badge")
register.simple_tag(pieces.bar, name="bar")


@register.simple_tag
def once() -> SafeString:
    """The hidden mark of a form that must count once however often it is sent."""
    return format_html('<input type="hidden" name="_once" value="{}">', new_token())


@register.simple_tag(takes_context=True)
def nav_current(context: Mapping[str, Any], *views: str) -> SafeString | str:
    """`aria-current="page"` when one of the views is being shown."""
    return SafeString('aria-current="page"') if context.get("here") in views else ""


@register.inclusion_tag("shared/problems.html")
def problem_list(problems: Refused | Iterable[Problem] | None) -> dict[str, Any]:
    """All reasons why not, as one list."""
    if isinstance(problems, Refused):
        problems = problems.problems
    return {"texts": [{"text": p.text, "target": ""} for p in problems or ()]}


@register.inclusion_tag("shared/field.html")
def field(bound: Any) -> dict[str, Any]:
    """One field of any Django form: label, help, unit, what is wrong, all tied together."""
    return fields.shown(bound)


@register.inclusion_tag("shared/form_body.html")
def form_body(form: Any) -> dict[str, Any]:
    """Everything inside a `<form>` but its button: problems, sections, fields, the once mark."""
    return {"form": form, "texts": fields.problems(form), "sections": fields.sections(form)}


@register.simple_tag
def form_sections(form: Any) -> Any:
    """The sections of a form that shares its `<form>` with others."""
    return fields.sections(form)


@register.simple_tag
def crumbs(*pairs: str) -> SafeString:
    """`{% crumbs url title url title %}`: the way to this page, without the page itself."""
    links = list(zip(pairs[::2], pairs[1::2], strict=True))
    return format_html("<ol>{}</ol>", format_html_join("", '<li><a href="{}">{}</a></li>', links))


@register.simple_tag
def colon() -> str:
    """Between a name and what is said of it: a Chinese colon takes no space."""
    return "：" if values.is_chinese() else ": "


@register.simple_tag
def bracketed(text: Any) -> str:
    """An aside behind a word, in the brackets of the reader's language."""
    return values.aside(text)


@register.filter
def named(thing: Any) -> str:
    """What a facility, a line or a device is called, in the reader's language; none is empty."""
    return facility_view.name_of(thing) if thing else ""


@register.filter
def titled(case: Any) -> str:
    """What a case is called, in the reader's language where it has a title in that."""
    return case_title(case, values.language())


@register.filter
def get(mapping: Mapping[Any, Any] | None, key: Any) -> Any:
    """A value of a mapping by a key that stands in a variable."""
    return (mapping or {}).get(key)
