"""An operator's prices: the list of a facility, the editor of a tariff with a sample bill beside
it, and the cost behind an hour's price."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pilotline.desks.booking.queries import tariffs as queries
from pilotline.desks.booking.rules.tariffs import Meter, Wanted
from pilotline.desks.booking.services import tariffs as services
from pilotline.desks.registry import queries as registry
from pilotline.kernel.errors import Conflict, NotFound, Problem, Refused
from pilotline.web.operator.cost_forms import CostForm, cost_of
from pilotline.web.operator.tariff_forms import SampleForm, TariffForms
from pilotline.web.shared import facility_view, prices
from pilotline.web.shared.forms import apply_problems, render_form

WHOLE = 0
CHARGEABLE = ("line", "equipment", "site", "service")


@require_safe
def price_list(request: HttpRequest, code: str) -> HttpResponse:
    """Everything that can have a price, with the tariff in force and the cost behind it."""
    found = registry.editable_facility(request.who, code)
    rows = queries.price_list(found, timezone.localdate())
    held = {row.resource_id: prices.shown_tariff(row) for row in rows}
    items = [i for i in facility_view.items_of(found) if i.resource.kind in CHARGEABLE]
    bases = queries.latest_bases([i.resource.pk for i in items])
    groups = [
        (
            words,
            [
                (i, held.get(i.resource.pk), bases.get(i.resource.pk))
                for i in items
                if i.resource.kind == kind
            ],
        )
        for kind, words in facility_view.KIND_WORDS.items()
    ]
    context = {
        "facility": found,
        "whole": held.get(None),
        "groups": [(words, listed) for words, listed in groups if listed],
    }
    return render(request, "operator/prices.html", context)


def tariff(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The editor of one tariff; `pk` 0 is the facility as a whole."""
    found, item = _item(request, code, pk)
    resource = pk or None
    versions = list(queries.versions_of(found, resource)[:20])
    latest = versions[0] if versions else None
    data = request.POST if request.method == "POST" else None
    content = latest.content if latest else {}
    today = timezone.localdate()
    initial = {"valid_from": today, "seen_version": latest.version if latest else 0}
    page = TariffForms(data, content=content, initial=initial)
    sent = data is not None and "more" not in data
    if sent and page.is_valid and _saved(request, code, resource, page):
        messages.success(request, _("Saved as a new version."))
        return redirect("operator:prices", code)
    status = 422 if sent and page.texts else 200
    context = {
        "facility": found,
        "item": item,
        "pk": pk,
        "page": page,
        "sample": SampleForm(prefix="s"),
        "versions": versions,
        "today": today,
    }
    return render(request, "operator/tariff.html", context, status=status)


def _saved(request: HttpRequest, code: str, resource: int | None, page: TariffForms) -> bool:
    given = page.terms.cleaned_data
    try:
        services.set_tariff(
            who=request.who,
            code=code,
            resource=resource,
            content=page.content(),
            valid_from=given["valid_from"],
            valid_to=given["valid_to"],
            note=given["note"],
            seen_version=given["seen_version"],
            now=timezone.now(),
        )
    except Refused as refused:
        page.refused(refused)
    except Conflict as conflict:
        page.terms.add_error(None, str(conflict))
    else:
        return True
    return False


@require_POST
def sample(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The sample bill of what is typed, while it is typed. Nothing is written."""
    _found, item = _item(request, code, pk)
    page = TariffForms(request.POST, content={}, initial={})
    form = SampleForm(request.POST, prefix="s")
    context: dict[str, Any] = {}
    if page.is_valid and form.is_valid() and page.filled:
        content = page.content()
        wanted = [_sampled(content, form.cleaned_data)]
        try:
            bill = services.sample_bill(
                content=content,
                wanted=wanted,
                user_class=form.cleaned_data["user_class"],
                now=timezone.now(),
            )
        except Refused as refused:
            context["problems"] = refused.problems
        else:
            name = item.name if item else ""
            day = wanted[0].day.isoformat()
            use = {"name": name, "day": day, "urgent": wanted[0].urgent}
            context["bill"] = prices.shown_bill(bill, [use])
    return render(request, "operator/_sample.html", context)


def _sampled(content: Mapping[str, Any], asked: Mapping[str, Any]) -> Wanted:
    """One use: the amount asked for of what is used, and one of everything else."""
    meters = []
    for entry in content["entries"]:
        if entry["each_use"]:
            continue
        much = (asked["amount"] or Decimal(8)) if entry["kind"] == "use" else Decimal(1)
        meters.append(Meter(entry["kind"], entry["unit"], much, entry["what"]))
    return Wanted(None, timezone.localdate(), tuple(meters), bool(asked["urgent"]))


def cost(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The cost behind an hour of a resource, beside what is charged."""
    found, item = _item(request, code, pk)
    if item is None:
        raise NotFound
    basis = queries.cost_basis(who=request.who, code=code, resource=pk)
    form = CostForm(request.POST or None, initial=cost_of(basis))
    if form.is_valid():
        try:
            services.set_cost_basis(
                who=request.who,
                code=code,
                resource=pk,
                content=form.content(),
                is_public=form.cleaned_data["is_public"],
                seen_version=form.cleaned_data["seen_version"],
                now=timezone.now(),
            )
        except Refused as refused:
            apply_problems(form, [_at_its_field(problem) for problem in refused.problems])
        except Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            messages.success(request, _("Saved."))
            return redirect("operator:cost", code, pk)
    built = services.shown_cost(basis, on=timezone.localdate()) if basis else None
    context = {"facility": found, "item": item, "pk": pk, "basis": basis, "built": built}
    if built:
        context["parts"] = prices.shown_parts(built.parts, built.price)
    return render_form(request, "operator/cost.html", context, form)


def _at_its_field(problem: Problem) -> Problem:
    """`others.0.amount` is typed in the field `others`."""
    return replace(problem, field=problem.field.partition(".")[0])


def _item(request: HttpRequest, code: str, pk: int) -> tuple[Any, Any]:
    """The facility, and the resource that is to be priced (None: all of it)."""
    if pk == WHOLE:
        return registry.editable_by(request.who, code), None
    found = registry.editable_facility(request.who, code)
    items = [i for i in facility_view.items_of(found) if i.resource.kind in CHARGEABLE]
    item = next((i for i in items if i.resource.pk == pk), None)
    if item is None:
        raise NotFound
    return found, item
