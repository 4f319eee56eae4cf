"""Applications, and the facts that conditions are judged by."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db.models import Q, QuerySet

from pilotline.desks.calls.models import Application, CultivationPlan, Milestone, Paper
from pilotline.desks.calls.queries.calls import open_programs
from pilotline.desks.calls.rules.access import is_applicant, is_authority, may_see_application
from pilotline.desks.demand import queries as demand
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.people import queries as people
from pilotline.desks.registry import queries as registry
from pilotline.kernel.actor import SYSTEM, Actor, covers
from pilotline.kernel.errors import NotAllowed, NotFound
from pilotline.rulebook.program import Program, Requirement

YEAR = 365.25


def application(*, who: Actor, id: int) -> Application:
    """One application for those who may see it; NotFound for all others."""
    found = (
        Application.objects.select_related("call", "organisation", "facility", "case")
        .prefetch_related("partners__organisation")
        .filter(pk=id)
        .first()
    )
    if found is None or not may_see_application(who, found):
        raise NotFound
    return found


def own_application(*, who: Actor, id: int) -> Application:
    """One application for its own people; NotFound or NotAllowed for all others."""
    found = application(who=who, id=id)
    if not is_applicant(who, found):
        raise NotAllowed
    return found


def applications(*, who: Actor, door: str, call: int | None = None) -> QuerySet[Application]:
    """`applicant`: one's own and those one takes part in. `authority`: what was handed in."""
    found = Application.objects.select_related("call", "organisation", "facility")
    if call is not None:
        found = found.filter(call=call)
    if door == "applicant":
        mine = Q(organisation__in=who.organisations)
        mine |= Q(partners__organisation__in=who.organisations)
        return found.filter(mine).distinct().order_by("-changed_at", "-id")
    regions = set(Application.objects.values_list("region", flat=True).distinct())
    local = [r for r in regions if any(covers(mine, r) for mine in who.regions)]
    openers = set(Application.objects.values_list("call__region", flat=True).distinct())
    opened = [r for r in openers if any(covers(mine, r) for mine in who.regions)]
    handed_in = found.exclude(state__in=["draft", "joining"])
    return handed_in.filter(Q(region__in=local) | Q(call__region__in=opened)).order_by(
        "call_id", "rank", "id"
    )


def facts_of(*, organisation: int, facility: Any = None, today: date) -> dict[str, Any]:
    """Everything that a program's conditions may ask, worked out from the records."""
    body = people.organisation(who=SYSTEM, id=organisation)
    counted = demand.accepted_counts(organisation=organisation)
    found: dict[str, Any] = {
        "organisation_kind": body.kind,
        "organisation_city": body.region,
        "organisation_confirmed": body.status == "confirmed",
        "years_registered": round((today - body.created_at.date()).days / YEAR, 2),
        "technologies_accepted": counted.get("technology", 0),
        "needs_accepted": counted.get("need", 0),
    }
    if facility is not None:
        found |= registry.standing_of(facility, today=today)
    return found


def readiness(
    *, who: Actor, program: str, facility: str, today: date
) -> tuple[tuple[Requirement, ...], tuple[Requirement, ...]]:
    """What a facility of one's own still lacks for a program: conditions, and gates."""
    place = registry.editable_facility(who, facility)
    rule = current_rulebook().programs[program]
    facts = facts_of(organisation=place.operator_id, facility=place, today=today)
    return rule.unmet(facts), rule.unready(facts)


def readiness_by_program(
    *, who: Actor, facility: str, today: date
) -> list[tuple[Program, tuple[Requirement, ...], tuple[Requirement, ...]]]:
    """For each program for facilities what one of one's own lacks; its facts are read once."""
    place = registry.editable_facility(who, facility)
    facts = facts_of(organisation=place.operator_id, facility=place, today=today)
    return [
        (program, program.unmet(facts), program.unready(facts))
        for program in open_programs(today)
        if program.concerns == "facility"
    ]


def plans(*, who: Actor) -> QuerySet[CultivationPlan]:
    """Plans of cultivation of one's own facilities, or of those in the authority's region."""
    found = CultivationPlan.objects.select_related("facility", "facility__operator")
    mine = Q(facility__operator__in=who.organisations)
    if who.has("authority"):
        regions = set(registry.known_regions())
        inside = [r for r in regions if any(covers(m, r) for m in who.regions)]
        mine |= Q(facility__region__in=inside)
    return found.filter(mine).order_by("ready_at", "until", "id")


def milestones(*, who: Actor, application: Application) -> list[Milestone]:
    """The promises of an application, for those who may see it."""
    if not may_see_application(who, application):
        raise NotFound
    return list(application.milestones.all())


def milestone_title(*, id: int) -> str:
    """What a milestone is called, for machines; empty when there is none."""
    found = Milestone.objects.filter(pk=id).values_list("title", flat=True).first()
    return found or ""


def open_paper(*, who: Actor, id: int) -> tuple[Paper, File]:
    """A file of an application and its content; NotFound for who may not see the application."""
    row = Paper.objects.filter(pk=id).first()
    if row is None:
        raise NotFound
    application(who=who, id=row.application_id)
    try:
        return row, default_storage.open(row.key, "rb")
    except FileNotFoundError:
        raise NotFound from None


def application_paper_names() -> Iterable[str]:
    """The names in the store of all files that are kept, for a check of the installation."""
    return Paper.objects.values_list("key", flat=True)


def may_judge(who: Actor, application: Application) -> bool:
    return is_authority(who, application.call)
