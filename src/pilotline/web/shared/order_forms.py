"""The form in which a side writes the text of an order."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.settlement import queries, services
from pilotline.desks.settlement.forms import first_clauses, terms_of
from pilotline.kernel.errors import Conflict, Problem, Refused
from pilotline.rulebook.orders import on_offer
from pilotline.web.shared import fields
from pilotline.web.shared.forms import (
    DayField,
    LongField,
    MoneyField,
    OneOfField,
    PageForm,
    apply_problems,
    render_form,
)
from pilotline.web.shared.values import language, say

SPARE = 3
MOST = 40
DELIVERABLE = ("title", "amount", "standard")
MILESTONE = ("title", "due", "payment")


class TermsForm(PageForm):
    """Scope, deliverables, milestones, price or shares, clauses. Rows may stay empty."""

    kind = OneOfField(label=gettext_lazy("Kind of order"), choices=())
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200, required=False)
    scope = LongField(label=gettext_lazy("What is to be done"), most=8000, rows=6, required=False)
    starts = DayField(label=gettext_lazy("Starts"), required=False)
    ends = DayField(label=gettext_lazy("Ends"), required=False)
    price = MoneyField(
        label=gettext_lazy("Price, tax included"),
        required=False,
        help_text=gettext_lazy("Leave it empty where both only share what the result earns."),
    )
    quotation = forms.CharField(
        label=gettext_lazy("Number of the quotation it rests on"), max_length=24, required=False
    )
    share_applicant = forms.DecimalField(
        label=gettext_lazy("Share of the applicant (%)"), required=False, decimal_places=2
    )
    share_operator = forms.DecimalField(
        label=gettext_lazy("Share of the facility (%)"), required=False, decimal_places=2
    )
    extra = LongField(label=gettext_lazy("Further terms"), most=4000, rows=3, required=False)
    note = forms.CharField(
        label=gettext_lazy("Why the order is amended"), max_length=500, required=False
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, terms: Mapping[str, Any], amends: bool, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.rulebook = current_rulebook()
        day = timezone.localdate()
        kinds = self.rulebook.order_kinds
        self.fields["kind"] = OneOfField(
            label=_("Kind of order"), choices=kinds.choices(language(), day)
        )
        shares = any("shares" in kind.pays for kind in kinds)
        gone = [] if shares else ["share_applicant", "share_operator"]
        for name in [*gone, *([] if amends else ["note"])]:
            del self.fields[name]
        typed = str(self.data.get("kind", "")) if self.is_bound else ""
        self.of_kind = typed if typed in kinds else str(terms["kind"])
        self._add_clauses(day)
        self.deliverables = self._add_rows("d", DELIVERABLE, len(terms["deliverables"]))
        self.milestones = self._add_rows("m", MILESTONE, len(terms["milestones"]))

    def _add_clauses(self, day: Any) -> None:
        self.clause_names = []
        for group in self.rulebook.order_groups:
            offered = on_offer(self.rulebook.order_clauses, group.id, self.of_kind, day)
            if not offered:
                continue
            must = self.of_kind in group.mandatory_for
            choices = [] if must else [("", _("none"))]
            choices += [(clause.id, say(clause.title)) for clause in offered]
            self.fields[f"clause_{group.id}"] = forms.ChoiceField(
                label=say(group.title), choices=choices, required=False
            )
            self.clause_names.append(f"clause_{group.id}")

    def _add_rows(self, letter: str, parts: tuple[str, ...], filled: int) -> list[list[str]]:
        """Fields for the filled rows, those that were typed, and a few empty ones."""
        typed = [
            int(name[len(letter) : -6])
            for name in self.data
            if name.startswith(letter) and name.endswith("_title") and name[1:-6].isdecimal()
        ]
        most = min(MOST, max([filled + SPARE, *(at + 1 for at in typed if at < MOST)]))
        rows = []
        for at in range(most):
            names = [f"{letter}{at}_{part}" for part in parts]
            for name, part in zip(names, parts, strict=True):
                self.fields[name] = _row_field(part)
            rows.append(names)
        return rows

    def clauses(self) -> Iterator[Any]:
        return (self[name] for name in self.clause_names)

    def rows(self, which: str) -> list[list[Any]]:
        return [[self[name] for name in row] for row in getattr(self, which)]

    def deliverable_rows(self) -> list[list[Any]]:
        return self.rows("deliverables")

    def milestone_rows(self) -> list[list[Any]]:
        return self.rows("milestones")

    def raw(self) -> dict[str, Any]:
        """What `change_order` takes. Of a kind that was changed just now the clauses that do not
        fit any more become those that such an order begins with."""
        given = self.cleaned_data
        first = first_clauses(self.rulebook, self.of_kind, timezone.localdate())
        clauses = {
            name.removeprefix("clause_"): given.get(name) or "" for name in self.clause_names
        }
        changed = self.of_kind != self.initial.get("kind")
        return {
            "kind": self.of_kind,
            **{name: given.get(name) for name in ("title", "scope", "extra", "quotation")},
            "price": _text(given.get("price")),
            "starts": _text(given.get("starts")),
            "ends": _text(given.get("ends")),
            "shares": {
                side: _text(given.get(f"share_{side}")) for side in ("applicant", "operator")
            },
            "clauses": {g: c or first.get(g, "") for g, c in clauses.items()}
            if changed
            else clauses,
            "deliverables": [_row(given, row, DELIVERABLE) for row in self.deliverables],
            "milestones": [_row(given, row, MILESTONE) for row in self.milestones],
        }


def _row_field(part: str) -> forms.Field:
    words = {
        "title": _("Name"),
        "amount": _("Quantity"),
        "standard": _("Standard"),
        "due": _("Day"),
        "payment": _("Payment"),
    }
    if part == "due":
        return DayField(label=words[part], required=False)
    if part == "payment":
        return MoneyField(label=words[part], required=False)
    return forms.CharField(label=words[part], max_length=400, required=False)


def _row(given: Mapping[str, Any], names: list[str], parts: tuple[str, ...]) -> dict[str, str]:
    return {part: _text(given.get(name)) or "" for name, part in zip(names, parts, strict=True)}


def _text(value: Any) -> str | None:
    return None if value in (None, "") else str(value)


def _initial(terms: Mapping[str, Any], version: int) -> dict[str, Any]:
    found = {
        name: terms[name]
        for name in ("kind", "title", "scope", "price", "quotation", "extra", "starts", "ends")
    }
    found |= {f"share_{side}": percent for side, percent in terms["shares"].items()}
    found |= {f"clause_{group}": clause for group, clause in terms["clauses"].items()}
    for letter, rows in (("d", terms["deliverables"]), ("m", terms["milestones"])):
        for at, row in enumerate(rows):
            found |= {f"{letter}{at}_{part}": value for part, value in row.items()}
    return found | {"seen": version}


def edit_page(request: HttpRequest, id: int, door: str) -> HttpResponse:
    """Write a new text of an order. What was typed is kept when it is refused."""
    order = queries.order(who=request.who, id=id)
    terms = terms_of(queries.latest(order=order).content)
    form = TermsForm(
        request.POST or None,
        terms=terms,
        amends=order.state == "agreed",
        initial=_initial(terms, order.version),
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.change_order(
                who=request.who,
                order=id,
                side=door,
                terms=form.raw(),
                seen=form.cleaned_data["seen"],
                note=form.cleaned_data.get("note") or "",
                now=timezone.now(),
            )
        except Refused as refused:
            apply_problems(form, refused)
        except Conflict as late:
            apply_problems(form, [Problem("late", late.text)])
        else:
            messages.success(request, _("Saved as a new text. Both sides are asked to agree."))
            again = f"{door}:order-edit" if "more" in request.POST else f"{door}:order"
            return redirect(again, id)
    texts = fields.problems(form)
    context = {"order": order, "texts": texts, "back": reverse(f"{door}:order", args=[id])}
    return render_form(request, "shared/order_edit.html", context, form)
