"""The small form of one entry of a tariff."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pilotline.desks.booking.rules.tariff_texts import (
    Unreadable,
    caps_text,
    percent_of,
    read_caps,
    read_tiers,
    tiers_text,
)
from pilotline.desks.booking.rules.tariffs import CHARGE_WORDS, UNIT_WORDS
from pilotline.desks.journal.queries import current_rulebook
from pilotline.rulebook import words
from pilotline.web.shared import prices
from pilotline.web.shared.forms import ChipsField, MoneyField, NumberField, PageForm, listed

HUNDRED = Decimal(100)
EXAMPLE_TIERS = gettext_lazy("One a line: 0-500: 100%, 500-800: 45%, 800-: 40%; 0 % is included.")
EXAMPLE_CAPS = gettext_lazy("One a line: 600/month, or 600/month/class of users.")


def share_of(percent: Decimal | None) -> str | None:
    return None if percent is None else f"{percent / HUNDRED:f}"


def text_of(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:f}"


def amount(label: Any, **more: Any) -> NumberField:
    given = {"required": False, "max_digits": 14, "min_value": 0} | more
    return NumberField(label=label, **given)


class EntryForm(PageForm):
    """One entry of a tariff. A row without a name and a price is left out."""

    id = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)
    title = forms.CharField(label=gettext_lazy("What is charged"), max_length=80, required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[(kind, CHARGE_WORDS[kind]) for kind in words.CHARGES],
        required=False,
    )
    price = MoneyField(label=gettext_lazy("Price"), required=False)
    unit = forms.ChoiceField(
        label=gettext_lazy("Charged by"),
        choices=[(unit, UNIT_WORDS[unit]) for unit in words.PRICE_UNITS],
        required=False,
    )
    minimum = amount(gettext_lazy("At least"))
    step = amount(gettext_lazy("In steps of"))
    title_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=80, required=False)
    what = forms.CharField(
        label=gettext_lazy("Which material or meter"), max_length=80, required=False
    )
    each_use = forms.BooleanField(label=gettext_lazy("Charged once for every use"), required=False)
    by_class = forms.BooleanField(
        label=gettext_lazy("Prices by class apply"), required=False, initial=True
    )
    when_urgent = forms.BooleanField(
        label=gettext_lazy("Dearer when urgent"), required=False, initial=True
    )
    tiers = forms.CharField(
        label=gettext_lazy("Tiers"),
        help_text=EXAMPLE_TIERS,
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    tiers_rule = forms.ChoiceField(
        label=gettext_lazy("The tier that is reached prices"),
        choices=[
            ("whole", gettext_lazy("the whole quantity")),
            ("slice", gettext_lazy("only its own part")),
        ],
        required=False,
    )
    tiers_over = forms.ChoiceField(
        label=gettext_lazy("Tiers count"),
        choices=[
            ("use", gettext_lazy("one use")),
            ("all", gettext_lazy("all uses of a quotation")),
        ],
        required=False,
    )
    caps = forms.CharField(
        label=gettext_lazy("Caps"),
        help_text=EXAMPLE_CAPS,
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
    )
    group = forms.CharField(
        label=gettext_lazy("Group for further uses"), max_length=40, required=False
    )
    further = amount(gettext_lazy("A further use of the group"), unit="%")

    MAIN = ("title", "kind", "price", "unit", "minimum", "step")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, **kwargs)
        self.classes = listed(current_rulebook().user_classes)
        for name, title in self.classes:
            label = _("Price for %(class)s") % {"class": title}
            self.fields[f"price_{name}"] = MoneyField(label=label, required=False)
        self.fields["tiers_for"] = ChipsField(
            label=_("Tiers are for"),
            help_text=_("Nothing ticked: for everybody."),
            choices=self.classes,
            required=False,
        )

    @property
    def main(self) -> list[Any]:
        return [self[name] for name in self.MAIN]

    @property
    def more(self) -> list[Any]:
        return [b for b in self.visible_fields() if b.name not in self.MAIN]

    @property
    def says_more(self) -> bool:
        """True when the further rules must be seen: one is set, or one is wrong."""
        names = [bound.name for bound in self.more]
        if any(name in self.errors for name in names):
            return True
        plain = {"title_en", "by_class", "when_urgent", "tiers_rule", "tiers_over"}
        return any(self[name].value() for name in names if name not in plain)

    @property
    def is_blank(self) -> bool:
        given = self.cleaned_data if self.is_bound and self.is_valid() else {}
        return not self.errors and not given.get("title") and given.get("price") is None

    def clean_tiers(self) -> list[dict[str, Any]]:
        try:
            return read_tiers(self.cleaned_data["tiers"])
        except Unreadable as wrong:
            text = _("Write each tier as 0-500: 100%%, not “%(line)s”.")
            raise forms.ValidationError(text % {"line": wrong}) from None

    def clean_caps(self) -> list[dict[str, Any]]:
        said = {str(text).lower(): name for name, text in prices.PERIOD_WORDS.items()}
        try:
            return read_caps(self.cleaned_data["caps"], self.classes, said)
        except Unreadable as wrong:
            text = _("Write each cap as 600/month, not “%(line)s”.")
            raise forms.ValidationError(text % {"line": wrong}) from None

    def content(self, new_id: str) -> dict[str, Any]:
        given = self.cleaned_data
        own = {n: text_of(given[f"price_{n}"]) for n, _t in self.classes}
        plain = {n: given[n] for n in ("title", "title_en", "kind", "unit", "what", "group")}
        rules = {n: given[n] for n in ("tiers", "tiers_rule", "tiers_over", "tiers_for", "caps")}
        flags = {n: given[n] for n in ("each_use", "by_class", "when_urgent")}
        numbers = {n: text_of(given[n]) for n in ("price", "minimum", "step")}
        return {
            "id": given["id"] or new_id,
            **{name: text.strip() for name, text in plain.items()},
            **{name: text for name, text in numbers.items() if text is not None},
            **flags,
            **rules,
            "tiers_rule": given["tiers_rule"] or "whole",
            "tiers_over": given["tiers_over"] or "use",
            "prices": {name: text for name, text in own.items() if text is not None},
            **({} if given["further"] is None else {"further": share_of(given["further"])}),
        }


def entry_of(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What the row shows of a stored entry."""
    shown = {name: entry.get(name, "") for name in EntryForm.base_fields}
    shown |= {n: "" for n in ("minimum", "step") if shown[n] == "0"}
    shown |= {f"price_{name}": price for name, price in (entry.get("prices") or {}).items()}
    return shown | {
        "tiers": tiers_text(entry),
        "caps": caps_text(entry),
        "tiers_for": entry.get("tiers_for", []),
        "further": percent_of(entry.get("further")) if entry.get("group") else "",
        "by_class": entry.get("by_class", True),
        "when_urgent": entry.get("when_urgent", True),
    }
