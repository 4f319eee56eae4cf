"""How a form's fields are shown, whatever Django form they belong to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pilotline.web.shared.pieces import icon
from pilotline.web.shared.values import size


@dataclass(frozen=True, slots=True)
class Section:
    """Fields under one heading."""

    title: Any
    fields: tuple[str, ...]
    about: Any = ""


@dataclass(frozen=True, slots=True)
class Laid:
    """A section ready to be shown."""

    title: Any
    about: Any
    fields: list[BoundField]


def sections(form: forms.BaseForm) -> list[Laid]:
    """The form's sections in order; fields that no section names come last, without a heading."""
    declared: Iterable[Section] = getattr(form, "sections", ())
    laid, placed = [], set()
    for section in declared:
        names = [name for name in section.fields if name in form.fields]
        placed.update(names)
        if names:
            laid.append(Laid(section.title, section.about, [form[name] for name in names]))
    rest = [b for b in form.visible_fields() if b.name not in placed]
    if rest:
        laid.append(Laid("", "", rest))
    return laid


def problems(form: forms.BaseForm) -> list[dict[str, str]]:
    """All that is wrong, in the order of the fields, each with the id of its field."""
    if not form.is_bound:
        return []
    found = [{"text": str(text), "target": ""} for text in form.non_field_errors()]
    for name in form.fields:
        bound = form[name]
        label = "" if bound.is_hidden else str(bound.label)
        target = first_control(bound)
        # A sentence that names its field needs no label before it.
        found.extend(
            {"text": text, "label": "" if label in str(text) else label, "target": target}
            for text in bound.errors
        )
    return found


def first_control(bound: BoundField) -> str:
    """The id that a link to this field leads to."""
    if isinstance(bound.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return f"{bound.auto_id}_0"
    return bound.id_for_label or bound.auto_id


def shown(bound: BoundField) -> dict[str, Any]:
    """What the template of one field needs."""
    widget, kind = bound.field.widget, kind_of(bound.field.widget)
    help_id = f"{bound.auto_id}_help" if bound.help_text or _file_limits(widget) else ""
    wrong_id = f"{bound.auto_id}_wrong" if bound.errors else ""
    count_id = f"{bound.auto_id}_count" if "data-counter" in widget.attrs else ""
    described = " ".join(x for x in (help_id, wrong_id, count_id) if x)
    attrs: dict[str, Any] = {"aria-describedby": described} if described else {}
    if wrong_id:
        attrs["aria-invalid"] = "true"
    return {
        "bound": bound,
        "kind": kind,
        "control": bound.as_widget(attrs=attrs) if kind != "group" else "",
        "described": described,
        "help_id": help_id,
        "must": _needed(bound.field),
        "wrong": _wrong(bound, wrong_id) if wrong_id else "",
        "count_id": count_id,
        "most": widget.attrs.get("data-counter", ""),
        "unit": getattr(bound.field, "unit", ""),
        "limits": _file_limits(widget),
    }


def _needed(field: forms.Field) -> SafeString | str:
    """Whether it must be filled in; nothing for a field that some answers need and others do not
    (`as_needed`): its own label says when."""
    if getattr(field, "as_needed", False):
        return ""
    return _must() if field.required else _may()


def _must() -> SafeString:
    words = format_html('<span class="hidden-words"> ({})</span>', _("required"))
    return SafeString('<span class="must" aria-hidden="true">*</span>' + words)


def _may() -> SafeString:
    return format_html('<span class="may">{}</span>', _("optional"))


def _wrong(bound: BoundField, id: str) -> SafeString:
    line = '<p class="wrong">{}<span>{}</span></p>'
    texts = format_html_join("", line, ((icon("bad"), text) for text in bound.errors))
    return format_html('<div id="{}">{}</div>', id, texts)


def kind_of(widget: forms.Widget) -> str:
    """`group` of choices, one `tick`, `hidden`, or a plain `control`."""
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "group"
    if isinstance(widget, forms.CheckboxInput):
        return "tick"
    return "hidden" if widget.is_hidden else "control"


def _file_limits(widget: forms.Widget) -> str:
    """`PDF, DOCX; at most 20 MB each, at most 10 files` for a file field that knows its limits."""
    limits: Mapping[str, Any] = getattr(widget, "limits", {})
    if not limits:
        return ""
    said = _("%(kinds)s; at most %(size)s each") % {
        "kinds": _(", ").join(e.upper() for e in limits["extensions"]),
        "size": size(limits["max_bytes"]),
    }
    if limits.get("max_count", 1) > 1:
        said += _(", at most %(count)d files") % {"count": limits["max_count"]}
    return said
