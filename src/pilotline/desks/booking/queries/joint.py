"""Joint plans as each side may see them: an operator its own part, never another's calendar."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from pilotline.desks.booking.models import PlanConsent, PlanLine, PlanProposal, Waiting
from pilotline.desks.booking.rules.access import governs
from pilotline.desks.booking.rules.joint import answer_by, given_by, operators_of
from pilotline.desks.people.rules import token_opens
from pilotline.kernel.actor import Actor, significant
from pilotline.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Part:
    """What a reader may see of one wish in a joint plan.

    `lines` lie on resources that are the reader's to see, `elsewhere` are the numbers of the
    steps that do not. `given` of `needed` operators have accepted, up to `until`. `answers` are
    the reader's own organisations' answers still wanted or given, by organisation.
    """

    waiting: Waiting
    state: str
    why: str
    lines: list[PlanLine]
    elsewhere: list[int]
    given: int
    needed: int
    until: datetime | None
    answers: dict[int, PlanConsent | None]
    declined: str


def joint_wishes(*, who: Actor) -> QuerySet[Waiting]:
    """Joint wishes that name a facility which the actor operates or governs."""
    found = Waiting.objects.filter(joint=True)
    if who.is_system:
        return found
    mine = Q(pk__in=[])
    if who.has("operator") and token_opens(who, "operator", writes=False):
        mine |= Q(places__facility__operator__in=who.organisations)
    if who.has("authority") and token_opens(who, "authority", writes=False):
        for region in who.regions:
            mine |= Q(places__facility__region__startswith=significant(region))
    return found.filter(pk__in=Waiting.objects.filter(mine, joint=True).values("pk"))


def unplanned(found: QuerySet[Waiting], *, now: datetime) -> QuerySet[Waiting]:
    """Those that wait for a time still to come and to whom none is proposed now."""
    open_lines = PlanLine.objects.filter(state=PlanLine.State.PROPOSED, proposal__operator=None)
    return found.filter(state=Waiting.State.WAITING, window__endswith__gt=now).exclude(
        pk__in=open_lines.values("waiting")
    )


def joint_plans(*, who: Actor) -> QuerySet[PlanProposal]:
    """Joint plans that say something of such a wish, or are being worked out; newest first."""
    seen = PlanLine.objects.filter(waiting__in=joint_wishes(who=who))
    mine = Q(pk__in=seen.values("proposal")) | Q(state=PlanProposal.State.ASKED, asked_by=who.id)
    return PlanProposal.objects.filter(mine, operator=None)


def joint_plan(*, who: Actor, id: int) -> PlanProposal:
    """One of them. Raises NotFound for those that are nothing to the actor."""
    found = joint_plans(who=who).filter(pk=id).first()
    if found is None:
        raise NotFound
    return found


def parts(*, who: Actor, proposal: PlanProposal) -> list[Part]:
    """What the plan says of each wish that the actor may see, as far as it is theirs."""
    wishes = joint_wishes(who=who).filter(plan_lines__proposal=proposal).distinct()
    return _parts(who, proposal, wishes)


def latest_part(*, who: Actor, waiting: Waiting) -> Part | None:
    """What the newest joint plan says of a wish of the actor's own organisation: all of it."""
    lines = PlanLine.objects.filter(waiting=waiting, proposal__operator=None)
    newest = lines.select_related("proposal").order_by("-proposal").first()
    if newest is None or not who.belongs_to(waiting.organisation_id):
        return None
    found = _parts(who, newest.proposal, Waiting.objects.filter(pk=waiting.pk))
    return found[0]


def lines_with_places(found: QuerySet[PlanLine]) -> QuerySet[PlanLine]:
    """With the resources and their facilities, in the order of the steps."""
    return found.select_related(
        "resource__facility__operator", "beside__facility__operator", "booking",
        "earliest_at__facility",
    ).order_by("waiting", "step", "pk")  # fmt: skip


def _parts(who: Actor, proposal: PlanProposal, wishes: QuerySet[Waiting]) -> list[Part]:
    shown = wishes.select_related("organisation", "booking").prefetch_related(
        "steps", "places__facility"
    )
    lines: dict[int, list[PlanLine]] = {}
    for line in lines_with_places(proposal.lines.filter(waiting__in=wishes)):
        lines.setdefault(line.waiting_id, []).append(line)
    consents: dict[int, list[PlanConsent]] = {}
    for consent in proposal.consents.filter(waiting__in=wishes):
        consents.setdefault(consent.waiting_id, []).append(consent)
    return [
        _part(who, proposal, wish, lines.get(wish.pk, []), consents.get(wish.pk, []))
        for wish in shown.order_by("pk")
    ]


def _part(
    who: Actor,
    proposal: PlanProposal,
    wish: Waiting,
    lines: list[PlanLine],
    consents: list[PlanConsent],
) -> Part:
    whole = sees_whole(who, wish)
    for line in lines:
        line.waiting = wish
    seen = [line for line in lines if whole or _is_own(who, line)]
    needed = operators_of(lines)
    given = {consent.operator_id: consent for consent in consents}
    mine = needed & who.organisations if who.has("operator") else set()
    refused = [c.reason for c in consents if c.state == PlanConsent.State.DECLINED]
    return Part(
        waiting=wish,
        state=lines[0].state,
        why=lines[0].why,
        lines=seen,
        elsewhere=sorted({line.step for line in lines} - {line.step for line in seen}),
        given=len(given_by(consents) & needed),
        needed=len(needed),
        until=answer_by(proposal.until, lines),
        answers={operator: given.get(operator) for operator in sorted(mine)},
        declined=refused[0] if refused else "",
    )


def sees_whole(who: Actor, wish: Waiting) -> bool:
    """The applicant, and the authority of a facility in it; places must be loaded."""
    return (
        who.is_system
        or who.belongs_to(wish.organisation_id)
        or any(governs(who, place.facility.region, writes=False) for place in wish.places.all())
    )


def _is_own(who: Actor, line: PlanLine) -> bool:
    """All that the line names is the actor's."""
    if line.resource is None:
        return False
    things: Iterable[int | None] = operators_of([line])
    return all(who.belongs_to(operator) for operator in things)


def joint_line(*, who: Actor) -> QuerySet[Waiting]:
    """Those who wait with such wishes, with names and places, in the order in which they came."""
    found = joint_wishes(who=who).select_related("organisation", "booking", "case", "person")
    return found.prefetch_related("steps", "places__facility", "places__resource").order_by("pk")
