"""A pilot project beside its proceeding: what it does, its papers, conditions and permit."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST

from pilotline.desks.approvals import services
from pilotline.desks.approvals.queries import projects as queries
from pilotline.desks.approvals.rules import projects as rules
from pilotline.desks.demand import queries as demand
from pilotline.kernel.actor import SYSTEM
from pilotline.kernel.errors import Conflict, Refused
from pilotline.web.shared import book
from pilotline.web.shared.values import language

CONDITION_TONES = {"open": "warn", "reported": "info", "met": "good"}
RANGES = (
    (gettext_lazy("Temperature"), "temperature", "°C"),
    (gettext_lazy("Pressure"), "pressure", "MPa"),
)


def beside(request: HttpRequest, proceeding: Any) -> dict[str, Any] | None:
    """Everything about the project of a proceeding; None for other subjects."""
    if proceeding.subject_kind not in rules.KIND_TITLES:
        return None
    found = queries.project(who=request.who, id=proceeding.subject)
    rulebook, today = book.rulebook(), timezone.localdate()
    permit = queries.permits(who=request.who).filter(project=found).first()
    may_govern = rules.is_authority(request.who, found.region)
    may_run = rules.is_applicant(request.who, found) or rules.is_operator(request.who, found)
    return {
        "found": found,
        "kind": rules.KIND_TITLES[found.kind],
        "state": rules.STATE_TITLES[found.state],
        "facts": plan_facts(found.plan, rulebook),
        "papers": _papers(found, rulebook),
        "readiness": _readiness(found, rulebook),
        "held": [one[language()[:2]] for one in found.held],
        "conditions": [
            {
                "row": one,
                "words": rules.CONDITION_TITLES[one.state],
                "tone": CONDITION_TONES[one.state],
                "late": one.state == "open" and one.due < today,
            }
            for one in queries.conditions(found)
        ],
        "permit": permit,
        "may_start": may_run and found.state == "granted" and permit is None and found.line_id,
        "may_run": may_run,
        "may_govern": may_govern,
        "may_approve": _may_approve(request, found),
        "may_withdraw": rules.is_applicant(request.who, found) and found.state == "open",
        "closings": _closings(rulebook, today),
        "today": today,
    }


def _may_approve(request: HttpRequest, found: Any) -> bool:
    """Whether an applicant whose filing was not enough may still take the way of approval."""
    if (found.kind, found.state) != ("filing", "refused"):
        return False
    newest = queries.project_of_case(who=request.who, case=found.case_id)
    mine = rules.is_applicant(request.who, found)
    return mine and newest == found and found.case.status != "withdrawn"


def plan_facts(plan: dict[str, Any], rulebook: Any) -> list[tuple[Any, str]]:
    """What a project does, as pairs of words; what was not stated says so."""
    none, quantity = str(_("not stated")), plan.get("quantity")
    joint = "、" if language().startswith("zh") else ", "
    facts: list[tuple[Any, str]] = [
        (_("Substances"), joint.join(plan.get("substances") or []) or none),
        (_("Quantity a year"), f"{quantity} {pgettext('unit', 'kg')}" if quantity else none),
    ]
    for title, name, unit in RANGES:
        low, high = plan.get(f"{name}_low", ""), plan.get(f"{name}_high", "")
        stated = "" not in (low, high) and None not in (low, high)
        facts.append((title, f"{low} ~ {high} {unit}" if stated else none))
    facts.append((_("Class of reaction"), str(plan.get("hazard_class") or none)))
    emissions = plan.get("emissions") or {}
    for pollutant in rulebook.pollutants if rulebook else ():
        value = emissions.get(pollutant.id)
        shown = f"{value} {pollutant.unit}" if value not in (None, "") else none
        facts.append((pollutant.title.say(language()), shown))
    return facts


def _papers(found: Any, rulebook: Any) -> list[dict[str, Any]]:
    files = {a.pk: a for a in demand.attachments(who=SYSTEM, case=found.case)}
    return [
        {"title": item.title.say(language()), "file": files[found.papers[item.id]]}
        for item in (rulebook.review_items if rulebook else ())
        if found.papers.get(item.id) in files
    ]


def _readiness(found: Any, rulebook: Any) -> str:
    scale = rulebook.readiness.get(found.readiness.get("scale", "")) if rulebook else None
    if scale is None:
        return ""
    return f"{scale.title.say(language())}: {found.readiness.get('level', '')}"


def _closings(rulebook: Any, today: Any) -> list[tuple[str, str]]:
    rule = next(iter(rulebook.permits.valid_on(today)), None) if rulebook else None
    return [(name, words.say(language())) for name, words in rule.closings] if rule else []


@require_POST
def condition(request: HttpRequest, id: int) -> HttpResponse:
    """Report a condition, or answer the report."""
    words = request.POST.get("words", "")
    now, move = timezone.now(), request.POST.get("move", "")
    try:
        if move == "report":
            made = services.report_condition(who=request.who, condition=id, report=words, now=now)
        else:
            made = services.answer_condition(
                who=request.who, condition=id, met=move == "met", answer=words, now=now
            )
    except (Refused, Conflict) as error:
        return back_with(request, error)
    messages.success(request, _("Done."))
    return redirect("shared:proceeding", made.project.proceeding_id)


@require_POST
def start(request: HttpRequest, id: int) -> HttpResponse:
    """Say from when the line runs: the permit counts from that day."""
    found = queries.project(who=request.who, id=id)
    since = parse_date(request.POST.get("since", "")) or timezone.localdate()
    try:
        services.start_running(who=request.who, project=id, since=since, now=timezone.now())
    except Refused as error:
        messages.error(request, str(error.text))
    else:
        messages.success(request, _("The permit counts from that day."))
    return redirect("shared:proceeding", found.proceeding_id)


@require_POST
def permit(request: HttpRequest, id: int) -> HttpResponse:
    """Ask for an extension, answer it, or close and report."""
    found = queries.permit(who=request.who, id=id)
    words = request.POST.get("words", "")
    day = parse_date(request.POST.get("day", "")) or timezone.localdate()
    now, move, who = timezone.now(), request.POST.get("move", ""), request.who
    try:
        if move == "ask":
            services.ask_extension(who=who, permit=id, until=day, reasons=words, now=now)
        elif move in ("grant", "deny"):
            services.answer_extension(
                who=who, permit=id, grants=move == "grant", answer=words, now=now
            )
        else:
            closing = request.POST.get("closing", "")
            services.close_permit(
                who=who, permit=id, closing=closing, on=day, report=words, now=now
            )
    except (Refused, Conflict) as error:
        messages.error(request, str(error.text))
    else:
        messages.success(request, _("Done."))
    return redirect("shared:proceeding", found.project.proceeding_id)


def back_with(request: HttpRequest, error: Refused | Conflict) -> HttpResponse:
    """Say what is wrong on the page from which it was sent."""
    messages.error(request, str(error.text))
    place = request.POST.get("proceeding", "")
    if place.isdecimal() and len(place) < 18:
        return redirect("shared:proceeding", int(place))
    return redirect("shared:inbox")
