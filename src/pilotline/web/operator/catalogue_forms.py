"""Forms of the catalogue's editor: resources, certificates, statements of capability."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.registry.rules import ELSEWHERE
from pilotline.web.shared import values
from pilotline.web.shared.facility_view import fact_titles
from pilotline.web.shared.forms import (
    ChipsField,
    DayField,
    LongField,
    MoneyField,
    NumberField,
    OneOfField,
    PageForm,
    Section,
    listed,
)

# Which facts are asked of which kind.
ASKED = {
    "line": ("year",),
    "equipment": ("model", "maker", "year"),
    "site": ("area",),
    "process": (),
    "service": (),
    "skill": ("headcount", "title"),
}


class ResourceForm(PageForm):
    """A line, piece of equipment, site, process, service or skill; asks what its kind needs."""

    name = forms.CharField(label=_("Name"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=160, required=False)
    description = LongField(label=_("Description"), most=4000, rows=3, required=False)
    quantity = forms.IntegerField(
        label=_("Quantity"), widget=forms.TextInput(attrs={"inputmode": "numeric"}), initial=1
    )
    price = MoneyField(label=_("Price"), required=False)
    price_unit = forms.CharField(
        label=_("Price is for"),
        help_text=_("For example: day, batch, sample, hour."),
        max_length=40,
        required=False,
    )
    price_note = forms.CharField(label=_("Note on the price"), max_length=300, required=False)
    load = NumberField(
        label=_("Booked share of the coming 90 days"),
        unit="%",
        decimal_places=0,
        help_text=_("Shown as your statement, with the day on which you gave it."),
        required=False,
    )
    available_from = DayField(label=_("Available from"), required=False)

    def __init__(self, *args: Any, kind: str, lines: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        book = current_rulebook()
        process = book.attributes.get("process")
        language = values.language()
        choices = [(v.id, v.title.say(language)) for v in process.values] if process else []
        if kind == "service":
            self.fields["service_kind"] = OneOfField(
                label=_("Kind of service"), choices=listed(book.service_kinds)
            )
        if kind != "line" and lines:
            self.fields["line"] = OneOfField(
                label=_("Belongs to line"),
                help_text=_("Left open, it serves all lines."),
                choices=lines,
                required=False,
                widget=forms.Select(),
            )
            self.fields["line"].choices = [("", _("all lines")), *lines]
        if kind in ("line", "service", "process"):
            self.fields["verifications"] = ChipsField(
                label=_("Verifications"), choices=listed(book.verifications), required=False
            )
        if kind in ("line", "equipment", "process", "service"):
            self.fields["processes"] = ChipsField(
                label=_("Processes"), choices=choices, required=False
            )
        if kind == "line":
            self.fields["fields"] = ChipsField(
                label=_("Fields"),
                help_text=_("Left open, those of the facility hold."),
                choices=listed(book.fields),
                required=False,
            )
        for fact in ASKED[kind]:
            self.fields[f"fact_{fact}"] = forms.CharField(
                label=fact_titles(kind)[fact], max_length=120, required=False
            )
        self._leave_out(kind)

    def _leave_out(self, kind: str) -> None:
        if kind != "line":
            del self.fields["load"], self.fields["available_from"]
        if kind not in ("equipment", "site"):
            del self.fields["quantity"]
        if kind in ("process", "skill"):
            del self.fields["price"], self.fields["price_unit"], self.fields["price_note"]

    @property
    def sections(self) -> tuple[Section, ...]:
        facts = tuple(f"fact_{fact}" for fact in ASKED[self.kind])
        return (
            Section(
                _("What it is"),
                ("name", "name_en", "service_kind", "line", "quantity", *facts, "description"),
            ),
            Section(_("What it is for"), ("verifications", "fields", "processes")),
            Section(_("What it costs"), ("price", "price_unit", "price_note")),
            Section(_("When it is free"), ("load", "available_from")),
        )

    def values(self, *, today: date, old: Any = None) -> dict[str, Any]:
        """The columns as the registry's services take them."""
        given = {k: v for k, v in self.cleaned_data.items() if not k.startswith("fact_")}
        asked = {f: self.cleaned_data[f"fact_{f}"] for f in ASKED[self.kind]}
        facts = (old.facts if old else {}) | asked
        if "line" in given:
            given["line"] = int(given["line"]) if given["line"] else None
        if given.get("load") is not None:
            given["load"] = int(given["load"])
            if old is None or old.load != given["load"]:
                given["load_stated_on"] = today
        return given | {"kind": self.kind, "facts": {k: v for k, v in facts.items() if v}}


def initial_of(resource: Any, form: type[ResourceForm] = ResourceForm) -> dict[str, Any]:
    """What the form shows of a resource as it is."""
    names = [*form.base_fields, "service_kind", "verifications", "processes", "fields"]
    shown = {name: getattr(resource, name) for name in names}
    facts = {f"fact_{name}": value for name, value in resource.facts.items()}
    return shown | facts | {"line": str(resource.line_id or "")}


class CapabilityForm(PageForm):
    """One statement: which item of the vocabulary, and what of it, as people write it."""

    written = forms.CharField(
        label=_("Value"),
        help_text=_("As you would write it: -20~150℃, ≥500 L, 0.5～2 t/d, 316L."),
        max_length=200,
    )
    measured_on = DayField(label=_("Measured on"), required=False)
    evidence = forms.CharField(
        label=_("Evidence"),
        help_text=_("Report, certificate or manual it rests on."),
        max_length=300,
        required=False,
    )
    replaces = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["attribute"] = OneOfField(label=_("Item"), choices=attribute_choices())
        self.order_fields(("attribute", "written", "measured_on", "evidence"))


def attribute_choices() -> list[tuple[str, str]]:
    """The vocabulary with its units, without what is stated elsewhere."""
    language = values.language()
    return [
        (a.id, f"{a.title.say(language)} ({a.symbol})" if a.symbol else a.title.say(language))
        for a in current_rulebook().attributes
        if a.id not in ELSEWHERE
    ]


class CertificateForm(PageForm):
    """A certificate with its number and days."""

    number = forms.CharField(label=_("Certificate number"), max_length=80, required=False)
    issuer = forms.CharField(label=_("Issuer"), max_length=120, required=False)
    valid_from = DayField(label=_("Valid from"), required=False)
    valid_to = DayField(label=_("Valid until"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = listed(current_rulebook().certificate_kinds)
        self.fields["kind"] = OneOfField(label=_("Certificate"), choices=kinds)
        self.order_fields(("kind", "number", "issuer", "valid_from", "valid_to"))


class ClaimForm(PageForm):
    """For which of the actor's organisations, and why."""

    reason = LongField(
        label=_("How can the authority see that it is yours?"),
        help_text=_("Name the document, its date, or a person to ask."),
        most=500,
        rows=3,
    )

    def __init__(self, *args: Any, organisations: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = OneOfField(label=_("Organisation"), choices=organisations)
        self.order_fields(("organisation", "reason"))
        if len(organisations) == 1:
            self.fields["organisation"].initial = organisations[0][0]
