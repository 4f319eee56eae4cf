"""Ends: a match that comes to nothing, and talks whose case or facility is there no more."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pilotline.desks.demand import queries as demand
from pilotline.desks.demand import services as demand_services
from pilotline.desks.journal.services import emit
from pilotline.desks.matching.events import MatchEnded
from pilotline.desks.matching.models import Match
from pilotline.desks.matching.rules import LIVING, may_end, problems_of_ending
from pilotline.desks.matching.services.talks import locked, speak
from pilotline.kernel.actor import SYSTEM, Actor
from pilotline.kernel.errors import Conflict, NotAllowed, refuse


@transaction.atomic
def end_match(
    *, who: Actor, match: int, side: str, text: str, seen: int | None = None, now: datetime
) -> Match:
    """A match comes to nothing: the case looks for a partner again.

    Either side may end it, and the authority of the case's region; each with a reason that the
    others read. `seen` is as in `say`. Ending it twice is ending it once.
    """
    found = locked(match)
    if side not in may_end(who, found):
        raise NotAllowed(_("Only the two sides and the authority of the case's region end it."))
    if found.state == Match.State.ENDED:
        return found
    refuse(problems_of_ending(found, text))
    latest = found.messages.order_by("-id").first()
    if latest is not None and seen is not None and latest.pk != seen:
        raise Conflict(_("Something was said meanwhile: read it and answer again."))
    _end(found, who, side, text, now)
    return found


@transaction.atomic
def end_talks(*, case: int, now: datetime, with_match: bool = False) -> None:
    """End the open talks of a case that has come to its end without them.

    `with_match` ends what was agreed as well: the case was taken back.
    """
    states = LIVING if with_match else {Match.State.OPEN}
    for talk in _living_talks(case, states):
        if talk.state == Match.State.AGREED:
            _end(talk, SYSTEM, "applicant", "", now)
        else:
            talk.state, talk.closed_at, talk.waiting_for = Match.State.WITHDRAWN, now, ""
            talk.last_at = now
            talk.save()
            speak(talk, SYSTEM, "applicant", "withdraw", "", now)


@transaction.atomic
def leave_facilities(*, facilities: Iterable[int], reason: str, now: datetime) -> int:
    """Nobody answers for these facilities any more: all that lives with them ends, with the reason.

    Returns how many talks and matches were ended. Their cases look for a partner again.
    """
    gone = set(facilities)
    living = Match.objects.filter(facility_id__in=gone, state__in=LIVING)
    ended = 0
    for case in sorted(set(living.values_list("case_id", flat=True))):
        for talk in _living_talks(case, LIVING):
            if talk.facility_id in gone:
                _end(talk, SYSTEM, "authority", reason, now)
                ended += 1
    return ended


def _living_talks(case: int, states: Iterable[str]) -> list[Match]:
    """The case's talks in these states, all of its talks locked in the one order."""
    talks = (
        Match.objects.select_for_update(no_key=True, of=("self",))
        .select_related("case", "facility")
        .filter(case_id=case)
        .order_by("pk")
    )
    return [talk for talk in talks if talk.state in states]


def _end(match: Match, who: Actor, side: str, text: str, now: datetime) -> None:
    was_agreed = match.state == Match.State.AGREED
    match.state, match.closed_at, match.waiting_for = Match.State.ENDED, now, ""
    match.last_at = now
    match.save()
    speak(match, who, side, "end", text, now)
    if was_agreed:
        _shut(match, now)
        if demand.case(who=SYSTEM, id=match.case_id).status == "matched":
            demand_services.reopen(who=who, id=match.case_id, now=now)
    emit(
        MatchEnded(
            match=match.pk,
            case=match.case_id,
            number=match.case.number or "",
            applicant=match.case.organisation_id,
            facility=match.facility_id,
            operator=match.facility.operator_id,
            side=side,
            was_agreed=was_agreed,
        ),
        now=now,
    )


def _shut(match: Match, now: datetime) -> None:
    """The confidential part, opened by the applicant's consent, closes with the match."""
    operator = match.facility.operator_id
    if operator is None or _agreed_elsewhere(match, operator):
        return
    demand_services.close_to(case=match.case_id, organisation=operator, now=now)
    demand_services.open_to(case=match.case_id, organisation=operator, now=now)


def _agreed_elsewhere(match: Match, operator: int) -> bool:
    others = Match.objects.filter(case_id=match.case_id, state=Match.State.AGREED)
    return others.filter(facility__operator_id=operator).exclude(pk=match.pk).exists()
