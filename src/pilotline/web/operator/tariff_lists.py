"""Prices in and out as lists: handed in, every row's fate shown, confirmed; exported as xlsx."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pilotline.desks.booking.forms.columns import Column, columns, said_of
from pilotline.desks.booking.queries import tariff_lists as queries
from pilotline.desks.booking.services import tariff_lists as services
from pilotline.desks.journal.queries import current_rulebook
from pilotline.kernel.errors import Conflict, PilotlineError, Refused
from pilotline.web.shared import sheets, values
from pilotline.web.shared.forms import render_form
from pilotline.web.shared.importing import FATES, SHOWN, ListForm, steps

ORDER = ("refused", "changed", "new", "ignored", "same")
WORDED = {"kind": "charge", "unit": "unit"}


def import_list(request: HttpRequest) -> HttpResponse:
    """Hand a list of prices in."""
    form = ListForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"][0]
        try:
            kept = services.plan_tariffs(
                who=request.who, name=file.name, content=file.read(), now=timezone.now()
            )
        except PilotlineError as error:
            form.add_error("file", str(error))
        else:
            return redirect("operator:tariff-list-plan", kept.pk)
    files = queries.tariff_files(who=request.who)[:10]
    context = {"steps": steps(1), "files": files}
    return render_form(request, "operator/tariff_import.html", context, form)


@require_safe
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Every row's fate, what is refused first."""
    file = queries.tariff_file(who=request.who, id=pk)
    found = queries.plan_of(file)
    wanted = request.GET.get("fate", "")
    chosen = [f for f in found.fates if wanted not in FATES or f.fate == wanted]
    rows = sorted(chosen, key=lambda f: (ORDER.index(f.fate), f.sheet, f.row))
    titles = {c.key: c.title(values.language()) for c in columns(current_rulebook())}
    context = {
        "file": file,
        "plan": found,
        "rows": [_row(fate, titles) for fate in rows[:SHOWN]],
        "left_out": max(0, len(rows) - SHOWN),
        "tabs": _tabs(pk, found, wanted),
        "steps": steps(2 if file.status == "planned" else 3),
        "apply_url": reverse("operator:tariff-list-apply", args=[pk]),
        "marked_url": reverse("operator:tariff-list-marked", args=[pk]),
        "start_url": reverse("operator:tariff-list"),
        "done_url": reverse("operator:facilities"),
    }
    return render(request, "operator/tariff_import_plan.html", context)


def _row(fate: Any, titles: dict[str, str]) -> dict[str, Any]:
    words, tone = FATES[fate.fate]
    changes = [
        (titles.get(key, key), _said(key, before), _said(key, after))
        for key, before, after in fate.changes
    ]
    return {"fate": fate, "words": words, "tone": tone, "kind": "", "changes": changes}


def _said(key: str, text: str) -> str:
    """Ids become words."""
    if key in WORDED:
        return said_of(WORDED[key], text, values.language())
    return text


def _tabs(pk: int, found: Any, wanted: str) -> list[dict[str, Any]]:
    place = reverse("operator:tariff-list-plan", args=[pk])
    whole = {"title": _("All rows"), "url": place, "is_current": wanted not in FATES}
    return [whole | {"count": len(found.fates)}] + [
        {
            "title": FATES[fate][0],
            "url": f"{place}?fate={fate}",
            "is_current": wanted == fate,
            "count": count,
        }
        for fate, count in found.counts.items()
    ]


@require_POST
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the prices of the plan that was shown."""
    try:
        file = services.apply_tariffs(who=request.who, pk=pk, now=timezone.now())
    except (Refused, Conflict) as error:
        messages.error(request, str(error))
    else:
        counts = queries.plan_of(file).counts
        said = _("Done: %(new)d new, %(changed)d changed, %(refused)d not taken.") % counts
        messages.success(request, said)
    return redirect("operator:tariff-list-plan", pk)


@require_safe
def marked(request: HttpRequest, pk: int) -> HttpResponse:
    """The list with its errors marked."""
    file = queries.tariff_file(who=request.who, id=pk)
    name = f"{file.name.rpartition('.')[0]}-{_('checked')}"
    return sheets.answer(name, queries.annotated_list(file))


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The prices of all my facilities as a workbook that can be imported again."""
    language = values.language()
    listed = columns(current_rulebook())
    rows = [
        [_cell(column, line.get(column.key), language) for column in listed]
        for line in queries.listed_tariffs(who=request.who)
    ]
    name = _("Prices of my facilities")
    header = [column.title(language) for column in listed]
    return sheets.answer(name, sheets.workbook(name, header, rows))


def _cell(column: Column, value: Any, language: str) -> Any:
    if value in (None, ""):
        return None
    if column.kind == "flag":
        return (_("yes") if value else _("no")) if isinstance(value, bool) else value
    if column.kind == "classes":
        return "、".join(values.title("user_classes", one) for one in value)
    if column.kind in ("charge", "unit"):
        return said_of(column.kind, str(value), language)
    if column.kind == "choice":
        return said_of(column.key, str(value), language)
    return value
