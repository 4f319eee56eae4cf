"""The base of every form: sections, fields with units, what was typed is kept.

A page form shows all that is wrong at once; the browser's own one-by-one check is switched off
(`novalidate` in the template), so that what is missing is always said by us, in one list.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from pilotline.kernel.errors import Problem, Refused
from pilotline.rulebook import Listing
from pilotline.web.shared.fields import Section
from pilotline.web.shared.values import language

__all__ = [
    "ChipsField",
    "DayField",
    "FilesField",
    "LongField",
    "MoneyField",
    "NumberField",
    "OneOfField",
    "PageForm",
    "Section",
    "apply_problems",
    "render_form",
]


class PageForm(forms.Form):
    """A form of a page. `sections` groups its fields; fields left out of it come last."""

    sections: Sequence[Section] = ()
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class NumberField(forms.DecimalField):
    """A number with the unit it is in, typed freely (no spinner)."""

    def __init__(self, *, unit: Any = "", **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(**kwargs)
        self.unit = unit

    def to_python(self, value: Any) -> Any:
        """Takes `12,800` and full-width digits as people paste them."""
        if isinstance(value, str):
            value = _plain_digits(value)
        return super().to_python(value)


class MoneyField(NumberField):
    """An amount in yuan, to the fen."""

    def __init__(self, **kwargs: Any) -> None:
        given = {"unit": _("yuan"), "max_digits": 14, "decimal_places": 2, "min_value": 0}
        super().__init__(**given | kwargs)


class DayField(forms.DateField):
    """A day, chosen from the browser's own calendar or typed as 2026-11-22."""

    default_error_messages = {
        "invalid": _("No calendar has this day: write it as 2027-03-01."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"])
        super().__init__(**kwargs)


class LongField(forms.CharField):
    """A longer text with a counter; `most` is the number of characters it may have."""

    def __init__(self, *, most: int = 5000, rows: int = 5, **kwargs: Any) -> None:
        attrs = {"rows": rows, "data-counter": most}
        kwargs.setdefault("widget", forms.Textarea(attrs=attrs))
        super().__init__(max_length=most, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}  # no maxlength: what was pasted is kept whole and said to be too long


class OneOfField(forms.ChoiceField):
    """One of a list: chips when it is short, a field that filters while typing when it is long."""

    SHORT = 6

    def __init__(self, *, choices: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        listed = list(choices)
        if "widget" not in kwargs:
            if len(listed) <= self.SHORT:
                kwargs["widget"] = forms.RadioSelect()
            else:
                attrs = {"data-combo": "", "data-none": _("Nothing fits these words")}
                kwargs["widget"] = forms.Select(attrs=attrs)
                listed = [("", ""), *listed]
        super().__init__(choices=listed, **kwargs)


class ChipsField(forms.MultipleChoiceField):
    """Any of a list, as chips to tick."""

    widget = forms.CheckboxSelectMultiple


class FilesInput(forms.FileInput):
    """A file field that takes several files and shows its limits."""

    allow_multiple_selected = True

    def __init__(self, *, limits: dict[str, Any]) -> None:
        super().__init__(
            attrs={
                "multiple": limits.get("max_count", 1) > 1,
                "accept": ",".join(f".{e}" for e in limits["extensions"]),
                "data-max-bytes": limits["max_bytes"],
                "data-too-large": _("This file is too large"),
            }
        )
        self.limits = limits

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class FilesField(forms.FileField):
    """Files of the kinds, size and number given; always cleans to a list.

    What is inside a file is checked by the service that keeps it.
    """

    default_error_messages = {
        "too_many": _("At most %(count)d files."),
        "too_large": _("“%(name)s” is too large."),
        "kind": _("“%(name)s” is not of a kind that is taken here."),
    }

    def __init__(
        self, *, extensions: Sequence[str], max_bytes: int, max_count: int = 1, **kwargs: Any
    ) -> None:
        self.limits = {"extensions": extensions, "max_bytes": max_bytes, "max_count": max_count}
        super().__init__(widget=FilesInput(limits=self.limits), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if not given:
            super().clean(None, initial)
            return []
        if len(given) > self.limits["max_count"]:
            self._wrong("too_many", count=self.limits["max_count"])
        return [self._checked(super(FilesField, self).clean(one, None)) for one in given]

    def _checked(self, file: Any) -> Any:
        if file.size > self.limits["max_bytes"]:
            self._wrong("too_large", name=file.name)
        if file.name.rpartition(".")[2].lower() not in self.limits["extensions"]:
            self._wrong("kind", name=file.name)
        return file

    def _wrong(self, code: str, **params: Any) -> None:
        raise forms.ValidationError(self.error_messages[code], code=code, params=params)


def listed(entries: Listing[Any]) -> list[tuple[str, str]]:
    """A rulebook list as choices in the reader's language."""
    return entries.choices(language())


def apply_problems(form: forms.BaseForm, refused: Refused | Iterable[Problem]) -> None:
    """Put what a service refused onto the fields it belongs to; the rest onto the whole form."""
    found = refused.problems if isinstance(refused, Refused) else refused
    if not form.is_bound:
        raise ValueError("only a form that was sent can be refused")
    form.errors  # noqa: B018  the form's own checks run first
    for problem in found:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem.text))


def render_form(
    request: HttpRequest, template: str, context: dict[str, Any], form: forms.BaseForm
) -> HttpResponse:
    """The page of a form: 200 when it is fresh, 422 when something in it is wrong."""
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {"form": form} | context, status=status)


def _plain_digits(text: str) -> str:
    """Full-width digits and points made plain, thousands separators and blanks left out."""
    plain = text.translate({c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F)})
    return plain.replace(",", "").replace(" ", "").replace("\u3000", "")
