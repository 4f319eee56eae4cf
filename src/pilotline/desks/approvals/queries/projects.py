"""Projects, their conditions and the list of key projects, for those who may see them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from pilotline.desks.approvals.models import Condition, Envelope, KeyProject, Permit, Project
from pilotline.desks.approvals.rules.envelope import Taken
from pilotline.desks.approvals.rules.projects import is_authority, may_see
from pilotline.desks.people import queries as people
from pilotline.desks.registry import queries as registry
from pilotline.desks.review.queries.proceedings import in_regions
from pilotline.kernel.actor import SYSTEM, Actor
from pilotline.kernel.errors import NotAllowed, NotFound
from pilotline.rulebook import Rulebook
from pilotline.rulebook.approval import ProjectFacts

WEEK = timedelta(days=7)


def project(*, who: Actor, id: int) -> Project:
    """One project for its applicant, the facility's operator and its authorities."""
    rows = Project.objects.select_related(
        "organisation", "case", "facility__operator", "line", "proceeding"
    )
    found = rows.filter(pk=id).first()
    if found is None or not may_see(who, found):
        raise NotFound
    return found


def projects(*, who: Actor) -> QuerySet[Project]:
    """Projects the actor may see, the newest first."""
    rows = Project.objects.select_related("organisation", "facility", "line", "proceeding")
    if who.is_system:
        return rows.order_by("-id")
    seen = Q(organisation_id__in=who.organisations)
    if who.has("operator"):
        seen |= Q(facility__operator_id__in=who.organisations)
    if who.has("authority"):
        seen |= in_regions(who, "region")
    return rows.filter(seen).order_by("-id")


def project_of_case(*, who: Actor, case: int) -> Project | None:
    """The newest project of a case, when the actor may see it."""
    found = Project.objects.select_related("facility").filter(case_id=case).order_by("-id").first()
    return found if found is not None and may_see(who, found) else None


def conditions(project: Project) -> list[Condition]:
    """The caller has fetched the project through `project`."""
    return list(Condition.objects.filter(project=project).order_by("due", "id"))


def open_conditions(*, who: Actor) -> QuerySet[Condition]:
    """Conditions that are not met yet, the first due first."""
    rows = Condition.objects.select_related("project__organisation").exclude(state="met")
    return rows.filter(project__in=projects(who=who).order_by()).order_by("due", "id")


def conditions_to_remind(today: date) -> list[int]:
    """Conditions that fall due within a week, or are overdue, and of which nobody was told yet."""
    rows = Condition.objects.filter(state="open", due__lte=today + WEEK)
    fresh = Q(reminded_on__isnull=True) | Q(due__lt=today, reminded_on__lt=today - WEEK)
    return list(rows.filter(fresh).values_list("pk", flat=True))


def key_projects(*, who: Actor) -> QuerySet[KeyProject]:
    """The list of key projects, for the authority."""
    if not (who.is_system or who.has("authority")):
        raise NotAllowed
    return KeyProject.objects.filter(removed_at=None)


def facts_of(case: Any, facility: int | None) -> ProjectFacts:
    """What the rules of the green lane ask about a project of this case on that facility."""
    code = people.organisation(who=SYSTEM, id=case.organisation_id).credit_code
    listed = KeyProject.objects.filter(credit_code=code, removed_at=None)
    tier = ""
    if facility is not None:
        rows = registry.facilities(SYSTEM).filter(pk=facility)
        tier = rows.values_list("tier", flat=True).first() or ""
    return ProjectFacts(
        on_key_list=listed.filter(Q(title="") | Q(title__iexact=case.title)).exists(),
        fields=tuple(case.fields),
        chain=case.chain,
        tier=tier,
    )


def green_reasons(case: Any, facility: int | None, rulebook: Rulebook, day: date) -> list[str]:
    """The rules of the green lane that hold, in the order of the rulebook."""
    facts = facts_of(case, facility)
    return [rule.id for rule in rulebook.green_lane.valid_on(day) if rule.applies(facts)]


def envelope_of(line: int | None) -> Envelope | None:
    """What a line is approved for today."""
    return Envelope.objects.filter(line_id=line, ended_at=None).first() if line else None


def taken_on(line: int, *, but: int | None = None) -> Taken:
    """What the projects that are under way or running take of a line's envelope."""
    rows = Project.objects.filter(line_id=line, state__in=["open", "granted"]).exclude(pk=but)
    rows = rows.exclude(permit__closed_on__isnull=False)
    quantity, emissions = Decimal(0), dict[str, Decimal]()
    for plan in rows.values_list("plan", flat=True):
        quantity += Decimal(str(plan.get("quantity") or 0))
        for name, value in (plan.get("emissions") or {}).items():
            emissions[name] = emissions.get(name, Decimal(0)) + Decimal(str(value or 0))
    return Taken(quantity, emissions)


def permits(*, who: Actor) -> QuerySet[Permit]:
    """Permits the actor may see, those that end first in front."""
    rows = Permit.objects.select_related(
        "project__organisation", "project__facility", "project__proceeding", "line"
    )
    return rows.filter(project__in=projects(who=who).order_by()).order_by("ends", "id")


def permit(*, who: Actor, id: int) -> Permit:
    found = permits(who=who).filter(pk=id).first()
    if found is None:
        raise NotFound
    return found


def running_permits() -> list[int]:
    """Permits that were not closed yet."""
    return list(Permit.objects.filter(closed_on=None).values_list("pk", flat=True))


def envelopes(*, who: Actor) -> QuerySet[Envelope]:
    """What lines are approved for: of one's own facilities, or of the authority's regions."""
    rows = Envelope.objects.select_related("line__facility").filter(ended_at=None)
    if who.is_system:
        return rows
    seen = Q(pk__in=[])
    if who.has("operator"):
        seen |= Q(line__facility__operator_id__in=who.organisations)
    if who.has("authority"):
        seen |= in_regions(who, "line__facility__region")
    return rows.filter(seen).order_by("line__facility__code", "line_id")


def may_decide(*, who: Actor, project: Project) -> bool:
    return is_authority(who, project.region)
