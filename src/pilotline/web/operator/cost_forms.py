"""The form of a cost build-up. Percentages in the page are shares in what is stored."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pilotline.desks.booking.rules.tariff_texts import percent_of
from pilotline.web.operator.tariff_entries import amount, share_of, text_of
from pilotline.web.shared.forms import MoneyField, PageForm, Section


class CostForm(PageForm):
    """What stands behind an hour of a resource."""

    value = MoneyField(label=gettext_lazy("What it cost"))
    years = amount(gettext_lazy("Years of use"), unit=gettext_lazy("years"), required=True)
    hours = amount(gettext_lazy("Hours used a year"), unit=gettext_lazy("hours"), required=True)
    maintenance_share = amount(
        gettext_lazy("Maintenance a year"), unit=gettext_lazy("% of the value")
    )
    maintenance = MoneyField(label=gettext_lazy("… or maintenance by the hour"), required=False)
    consumables = MoneyField(label=gettext_lazy("Consumables by the hour"), required=False)
    labour = MoneyField(label=gettext_lazy("Labour by the hour"), required=False)
    others = forms.CharField(
        label=gettext_lazy("Others by the hour"),
        help_text=gettext_lazy("One a line, for example: power and water 20"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    management_share = amount(gettext_lazy("Management"), unit=gettext_lazy("% of the above"))
    management = MoneyField(label=gettext_lazy("… or management by the hour"), required=False)
    is_public = forms.BooleanField(
        label=gettext_lazy("Show it to everybody beside the price"), required=False
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    sections = (
        Section(gettext_lazy("Owning it"), ("value", "years", "hours")),
        Section(gettext_lazy("Keeping it"), ("maintenance_share", "maintenance")),
        Section(gettext_lazy("Running it"), ("consumables", "labour", "others")),
        Section(gettext_lazy("Management"), ("management_share", "management")),
        Section("", ("is_public",)),
    )

    def clean_others(self) -> list[dict[str, str]]:
        found = []
        for line in self.cleaned_data["others"].splitlines():
            if not line.strip():
                continue
            name, _blank, last = line.strip().rpartition(" ")
            try:
                found.append({"name": name.strip(), "amount": f"{Decimal(last):f}"})
            except InvalidOperation:
                text = _("Write a name, a blank and the yuan by the hour, not “%(line)s”.")
                raise forms.ValidationError(text % {"line": line.strip()[:40]}) from None
        return found

    def content(self) -> dict[str, Any]:
        given = self.cleaned_data
        numbers = ("value", "years", "hours", "maintenance", "consumables", "labour", "management")
        shares = ("maintenance_share", "management_share")
        found = {name: text_of(given[name]) for name in numbers}
        found |= {name: share_of(given[name]) for name in shares}
        kept: dict[str, Any] = {name: text for name, text in found.items() if text is not None}
        return kept | {"others": given["others"]}


def cost_of(basis: Any) -> dict[str, Any]:
    """What the form shows of a stored cost basis."""
    if basis is None:
        return {"seen_version": 0}
    content = basis.content
    shown = {name: _blank_zero(content.get(name, "")) for name in CostForm.base_fields}
    for name in ("maintenance_share", "management_share"):
        shown[name] = percent_of(_blank_zero(content.get(name)))
    others = [f"{one['name']} {one['amount']}" for one in content.get("others", ())]
    return shown | {
        "others": "\n".join(others),
        "is_public": basis.is_public,
        "seen_version": basis.version,
    }


def _blank_zero(text: Any) -> Any:
    return "" if text == "0" else text
