"""The way of a list into the catalogue: hand it in, look at every row's fate, confirm."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.registry import queries, services
from pilotline.kernel.errors import Conflict, PilotlineError, Refused
from pilotline.web.shared import sheets, values
from pilotline.web.shared.facility_view import FACTS, KIND_WORDS
from pilotline.web.shared.forms import FilesField, PageForm, Section, render_form

SHOWN = 200
FATES = {
    "new": (_("new"), "good"),
    "changed": (_("changed"), "info"),
    "same": (_("the same"), "quiet"),
    "refused": (_("not taken"), "bad"),
    "ignored": (_("passed over"), "quiet"),
}
KINDS = {
    "facilities": _("Facility"),
    "tiers": _("Tier decision"),
    "resources": _("Resource"),
    "capabilities": _("Capability"),
    "certificates": _("Certificate"),
}
COLUMNS = {
    "name": _("Name"),
    "name_en": _("Name in English"),
    "region": _("City"),
    "address": _("Address"),
    "fields": _("Fields"),
    "chain": _("Industry chain"),
    "construction_model": _("Construction model"),
    "summary": _("Description"),
    "description": _("Description"),
    "tier": _("Tier"),
    "source_operator": _("Operator"),
    "source_url": _("Origin"),
    "source_note": _("Note"),
    "quantity": _("Quantity"),
    "price": _("Price"),
    "price_unit": _("Price is for"),
    "price_note": _("Note on the price"),
    "facts": _("Details"),
    "processes": _("Processes"),
    "verifications": _("Verifications"),
    "service_kind": _("Kind of service"),
    "load": _("Booked share"),
    "available_from": _("Available from"),
    "number": _("Certificate number"),
    "kind": _("Kind"),
    "valid_from": _("Valid from"),
    "valid_to": _("Valid until"),
    "issuer": _("Issuer"),
}
LISTED = {
    "fields": "fields",
    "chain": "chains",
    "construction_model": "construction_models",
    "verifications": "verifications",
    "service_kind": "service_kinds",
}


class ListForm(PageForm):
    """The file. What may be in it is checked when it is read."""

    sections = (Section(_("The list"), ("file",)),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limits = [current_rulebook().upload_for(f"a.{e}") for e in ("xlsx", "csv")]
        most = max(limit.max_bytes for limit in limits if limit) if any(limits) else 5 * 1024 * 1024
        self.fields["file"] = FilesField(
            label=_("File"),
            help_text=_("The heading may stand anywhere in the first rows, in any order."),
            extensions=("xlsx", "csv"),
            max_bytes=most,
        )


class OfficialListForm(ListForm):
    """An official list needs to say where it was published."""

    sections = (Section(_("The list"), ("file", "source_url")),)
    source_url = forms.URLField(
        label=_("Where the list was published"),
        help_text=_("Counts for every row that names no source of its own."),
        assume_scheme="https",
        max_length=500,
        required=False,
    )


@dataclass(frozen=True, slots=True)
class Wizard:
    """The pages of one door. `views` are names: start, plan, apply, marked, done."""

    door: str
    start: str
    plan: str
    apply: str
    marked: str
    done: str

    def receive(
        self,
        request: HttpRequest,
        form: ListForm,
        upload: Callable[[str, bytes], services.Upload],
        context: dict[str, Any],
    ) -> HttpResponse:
        """Read what was handed in; lead to its plan, or say at the file why it cannot be read."""
        if form.is_valid():
            file = form.cleaned_data["file"][0]
            try:
                kept = services.plan_import(
                    who=request.who, upload=upload(file.name, file.read()), now=timezone.now()
                )
            except PilotlineError as error:
                form.add_error("file", str(error))
            else:
                return redirect(self.plan, kept.pk)
        return render_form(request, f"{self.door}/import.html", context, form)

    def show(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Every row's fate, what is refused first."""
        file = queries.import_file(request.who, pk)
        plan = queries.plan_of(file)
        wanted = request.GET.get("fate", "")
        fates = [f for f in plan.fates if f.fate == wanted] if wanted in FATES else plan.fates
        order = ["refused", "changed", "new", "ignored", "same"]
        rows = sorted(fates, key=lambda f: (order.index(f.fate), f.sheet, f.row))
        is_alone = len({f.sheet for f in plan.fates}) < 2
        return render(
            request,
            f"{self.door}/import_plan.html",
            {
                "file": file,
                "plan": plan,
                "rows": [_row(f, is_alone=is_alone) for f in rows[:SHOWN]],
                "left_out": max(0, len(rows) - SHOWN),
                "tabs": self._tabs(pk, plan, wanted),
                "steps": steps(2 if file.status == "planned" else 3),
                "apply_url": reverse(self.apply, args=[pk]),
                "marked_url": reverse(self.marked, args=[pk]),
                "start_url": reverse(self.start),
                "done_url": reverse(self.done),
            },
        )

    def carry_out(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            file = services.apply_import(who=request.who, pk=pk, now=timezone.now())
        except (Refused, Conflict) as error:
            messages.error(request, str(error))
            return redirect(self.plan, pk)
        counts = queries.plan_of(file).counts
        messages.success(
            request,
            say("Done: %(new)d new, %(changed)d changed, %(refused)d not taken.") % counts,
        )
        return redirect(self.plan, pk)

    def give_back(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The file with its errors marked."""
        file = queries.import_file(request.who, pk)
        name = f"{file.name.rpartition('.')[0]}-{say('checked')}"
        return sheets.answer(name, queries.annotated_file(file))

    def _tabs(self, pk: int, plan: Any, wanted: str) -> list[dict[str, Any]]:
        place = reverse(self.plan, args=[pk])
        whole = {"title": say("All rows"), "url": place, "is_current": wanted not in FATES}
        return [whole | {"count": len(plan.fates)}] + [
            {
                "title": FATES[fate][0],
                "url": f"{place}?fate={fate}",
                "is_current": wanted == fate,
                "count": count,
            }
            for fate, count in plan.counts.items()
        ]


def steps(now: int) -> list[dict[str, Any]]:
    titles = (say("Hand in"), say("Check the rows"), say("Done"))
    return [
        {"title": title, "done": number < now, "current": number == now}
        for number, title in enumerate(titles, start=1)
    ]


def _row(fate: Any, *, is_alone: bool) -> dict[str, Any]:
    """The name of the sheet is told only where there are several."""
    words, tone = FATES[fate.fate]
    return {
        "fate": fate,
        "sheet": "" if is_alone else fate.sheet,
        "words": words,
        "tone": tone,
        # Most rows are resources, and their name says which.
        "kind": "" if fate.kind == "resources" else KINDS[fate.kind],
        "changes": [(_title(c[0]), _say(c[0], c[1]), _say(c[0], c[2])) for c in fate.changes],
    }


def _title(column: str) -> Any:
    """A column's or an attribute's title."""
    return COLUMNS.get(column) or values.title("attributes", column)


def _say(column: str, text: str) -> str:
    """Ids of the rulebook become words."""
    if column == "region":
        return values.region(text) if text else ""
    if column == "kind":
        return str(KIND_WORDS.get(text) or values.title("certificate_kinds", text))
    if column == "facts" and text:
        pairs = (part.partition(": ") for part in text.split("；"))
        joint, stop = ("：", "；") if values.is_chinese() else (": ", "; ")
        return stop.join(f"{FACTS.get(name, name)}{joint}{value}" for name, _sign, value in pairs)
    if column == "price" and text:
        return values.money(text)
    if column == "price_unit":
        return values.unit(text)
    if column in LISTED and text:
        return values.titles(LISTED[column], text.split("、"))
    if column == "tier" and text:
        tier, *rest = text.split()
        return " ".join([values.title("tiers", tier), *rest])
    return text
