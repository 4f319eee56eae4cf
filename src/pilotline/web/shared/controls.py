"""The controls of forms, written directly where Django would fill in a template for each.

A page of a tariff has two hundred of them with a template in a template in each. What is written
is the same to the byte; controls that are rare here stay with Django's templates.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.formats import localize
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeData

Widget = Mapping[str, Any]
FOLDER = "django/forms/widgets/"
OPTION = f"{FOLDER}select_option.html"


class Renderer(DjangoTemplates):
    """Django's renderer of forms with a short way for plain controls."""

    def render(self, template_name: str, context: Mapping[str, Any], request: Any = None) -> str:
        write = WRITERS.get(template_name)
        if write is None or "widget" not in context:
            return str(super().render(template_name, context, request))
        return write(context["widget"], self)


def _input(widget: Widget, renderer: Renderer) -> str:
    value = widget["value"]
    said = "" if value is None else f' value="{_text(value)}"'
    name = conditional_escape(widget["name"])
    return f'<input type="{widget["type"]}" name="{name}"{said}{_attributes(widget)}>'


def _choice(widget: Widget, renderer: Renderer) -> str:
    written = _input(widget, renderer)
    if not widget["wrap_label"]:
        return written
    of = widget["attrs"].get("id")
    place = f' for="{conditional_escape(of)}"' if of else ""
    return f"<label{place}>{written}\n {_words(widget['label'])}</label>"


def _select(widget: Widget, renderer: Renderer) -> str:
    parts = [f'<select name="{conditional_escape(widget["name"])}"{_attributes(widget)}>']
    for name, options, _index in widget["optgroups"]:
        if name:
            parts.append(f'\n  <optgroup label="{_words(name)}">')
        for option in options:
            written = renderer.render(option["template_name"], {"widget": option})
            parts.append(f"\n  {written}\n")
        if name:
            parts.append("\n  </optgroup>")
    return "".join([*parts, "\n</select>"])


def _option(widget: Widget, renderer: Renderer) -> str:
    label = _words(widget["label"])
    return f'<option value="{_text(widget["value"])}"{_attributes(widget)}>{label}</option>'


def _textarea(widget: Widget, renderer: Renderer) -> str:
    value = _words(widget["value"]) if widget["value"] else ""
    name = conditional_escape(widget["name"])
    return f'<textarea name="{name}"{_attributes(widget)}>\n{value}</textarea>'


def _attributes(widget: Widget) -> str:
    return "".join(
        f" {conditional_escape(name)}" + ("" if value is True else f'="{_text(value)}"')
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _text(value: Any) -> str:
    """As it prints, never in the reader's way of writing numbers: programs read it."""
    return str(value) if isinstance(value, SafeData) else str(escape(value))


def _words(value: Any) -> str:
    """As people read it."""
    return str(conditional_escape(localize(value)))


INPUTS = (
    "input text hidden number email url password date datetime time checkbox file color search tel"
)
WRITERS: dict[str, Callable[[Widget, Renderer], str]] = {
    **{f"{FOLDER}{name}.html": _input for name in INPUTS.split()},
    f"{FOLDER}radio_option.html": _choice,
    f"{FOLDER}checkbox_option.html": _choice,
    f"{FOLDER}select.html": _select,
    OPTION: _option,
    f"{FOLDER}textarea.html": _textarea,
}
