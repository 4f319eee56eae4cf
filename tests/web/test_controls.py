"""Controls that are written directly are those of Django's templates, to the byte."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates, get_default_renderer
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from pilotline.web.shared.controls import Renderer

EVIL = "<b>\"&'𬍛"
CHOICES = [
    ("", ""),
    ("a", EVIL),
    (EVIL, gettext_lazy("Yes")),
    (1234, 1234567),
    (None, SafeString("<i>")),
    ("Gruppe <&>", [("x", "X"), ("y", "Y")]),
]
ATTRS: dict[str, Any] = {
    "id": "id_x",
    "data-x": EVIL,
    "hidden": True,
    "disabled": False,
    "rows": 3,
    "data-none": gettext_lazy("Yes"),
    "title": SafeString("&amp;"),
}
VALUES = [
    None,
    "",
    "plain",
    EVIL,
    SafeString("<i>"),
    0,
    1234567,
    1234.5,
    Decimal("12800.50"),
    date(2026, 3, 1),
    True,
    ("a", "b"),
    gettext_lazy("Yes"),
]
WIDGETS: list[forms.Widget] = [
    forms.TextInput(ATTRS),
    forms.TextInput(),
    forms.NumberInput(ATTRS),
    forms.EmailInput(),
    forms.URLInput(),
    forms.PasswordInput(render_value=True),
    forms.HiddenInput(ATTRS),
    forms.DateInput(format="%Y-%m-%d"),
    forms.DateTimeInput(),
    forms.TimeInput(),
    forms.CheckboxInput(ATTRS),
    forms.FileInput(ATTRS),
    forms.Textarea(ATTRS),
    forms.Select(ATTRS, CHOICES),
    forms.NullBooleanSelect(),
    forms.SelectMultiple(choices=CHOICES),
    forms.RadioSelect(ATTRS, CHOICES),
    forms.CheckboxSelectMultiple(choices=CHOICES),
]


def both(of, language):
    with translation.override(language):
        return of(Renderer()), of(DjangoTemplates())


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: type(widget).__name__)
@pytest.mark.parametrize("language", ["zh-hans", "en", "de"])
def test_a_control_is_the_same(widget, language):
    for value in VALUES:
        found, expected = both(lambda r, v=value: widget.render(EVIL, v, None, r), language)
        assert found == expected


@pytest.mark.parametrize("widget", [forms.RadioSelect, forms.CheckboxSelectMultiple])
@pytest.mark.parametrize("wraps", [True, False])
def test_each_choice_is_the_same(widget, wraps):
    def options(renderer):
        class Trial(forms.Form):
            default_renderer = renderer
            x = forms.ChoiceField(choices=CHOICES, widget=widget(ATTRS))

        return [one.tag(wrap_label=wraps) for one in Trial()["x"]]

    found, expected = both(options, "zh-hans")
    assert found == expected


def test_forms_are_rendered_with_it():
    assert isinstance(get_default_renderer(), Renderer)
