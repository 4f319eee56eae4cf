"""The record of a facility as a form, for its operator and for the authority of a public fact."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pilotline.desks.journal.queries import current_rulebook
from pilotline.web.shared.forms import (
    ChipsField,
    LongField,
    NumberField,
    OneOfField,
    PageForm,
    Section,
    listed,
)

WHERE = ("region", "address", "latitude", "longitude")


class FacilityForm(PageForm):
    """All columns that people type. The lists are the rulebook's."""

    sections = (
        Section(_("What it is"), ("name", "name_en", "fields", "chain", "construction_model")),
        Section(
            _("What it offers"),
            ("summary", "summary_en"),
            _("What is piloted here, up to which scale, for whom. Searches look into this text."),
        ),
        Section(_("Where it is"), WHERE, _("Distances to applicants are counted from here.")),
        Section(_("How to reach it"), ("contact", "phone", "website", "opened_year")),
    )
    name = forms.CharField(label=_("Name"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=160, required=False)
    summary = LongField(label=_("Description"), most=4000, required=False)
    summary_en = LongField(label=_("Description in English"), most=4000, rows=3, required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    latitude = NumberField(label=_("Latitude"), unit="°", decimal_places=5, required=False)
    longitude = NumberField(label=_("Longitude"), unit="°", decimal_places=5, required=False)
    contact = forms.CharField(label=_("Contact person"), max_length=60, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    website = forms.URLField(label=_("Website"), assume_scheme="https", required=False)
    opened_year = forms.IntegerField(
        label=_("Opened in (year)"), widget=forms.TextInput, required=False
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        book = current_rulebook()
        models = listed(book.construction_models)
        self.fields["fields"] = ChipsField(label=_("Fields"), choices=listed(book.fields))
        self.fields["region"] = OneOfField(label=_("City"), choices=listed(book.cities))
        self.fields["chain"] = OneOfField(
            label=_("Industry chain"), choices=listed(book.chains), required=False
        )
        self.fields["construction_model"] = OneOfField(
            label=_("Construction model"), choices=models, required=False
        )

    def values(self) -> dict[str, Any]:
        """The columns as the registry's services take them."""
        return {k: v for k, v in self.cleaned_data.items() if k != "seen_version"}


def initial_of(facility: Any) -> dict[str, Any]:
    """What the form shows of a facility as it is."""
    names = [*FacilityForm.base_fields, "fields", "region", "chain", "construction_model"]
    shown = {name: getattr(facility, name, None) for name in names}
    return shown | {"seen_version": facility.version}
