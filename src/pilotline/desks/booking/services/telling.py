"""How a change of a booking is written down and announced."""

from datetime import datetime
from typing import Any, TypeVar

from pilotline.desks.booking.events import BookingEvent, TimesProposed
from pilotline.desks.booking.models import Booking, Occupation, PlanLine, PlanProposal
from pilotline.desks.booking.queries.joint import lines_with_places
from pilotline.desks.booking.rules.joint import answer_by
from pilotline.desks.booking.rules.joint import operators_of as operators_in
from pilotline.desks.journal.services import emit, record
from pilotline.kernel.actor import Actor

E = TypeVar("E", bound=BookingEvent)


def operators_of(booking: Booking) -> list[int]:
    """The organisations that operate the booking's facilities, whatever its state."""
    rows = Occupation.objects.filter(booking=booking).exclude(resource__facility__operator=None)
    found = rows.order_by().values_list("resource__facility__operator", flat=True)
    return sorted(set(found))


def note(
    booking: Booking,
    action: str,
    kind: type[E],
    *,
    who: Actor,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    **more: Any,
) -> None:
    """One journal entry and one event for what just became of a booking."""
    facts = {
        "number": booking.number,
        "state": booking.state,
        "starts": booking.starts,
        "ends": booking.ends,
    }
    record(
        who=who,
        action=f"booking.{action}",
        subject=("booking", booking.pk),
        case=booking.case_id,
        organisation=booking.organisation_id,
        before=before,
        after=facts | (after or {}),
        now=now,
    )
    emit(
        kind(
            booking=booking.pk,
            number=booking.number,
            organisation=booking.organisation_id,
            person=booking.person_id,
            operators=operators_of(booking),
            starts=booking.starts.isoformat(),
            ends=booking.ends.isoformat(),
            case=booking.case_id,
            match=booking.match_id,
            **more,
        ),
        now=now,
    )


def tell_of_parts(proposal: PlanProposal, *, now: datetime) -> None:
    """After a joint plan was worked out: whose answer is wanted is told so."""
    by_wish: dict[int, list[PlanLine]] = {}
    lines = lines_with_places(proposal.lines.filter(state=PlanLine.State.PROPOSED))
    for line in lines.select_related("waiting__organisation"):
        by_wish.setdefault(line.waiting_id, []).append(line)
    for own in by_wish.values():
        waiting, until = own[0].waiting, answer_by(proposal.until, own)
        emit(
            TimesProposed(
                proposal=proposal.pk,
                waiting=waiting.pk,
                organisation=waiting.organisation_id,
                person=waiting.person_id,
                operators=sorted(operators_in(own)),
                until=until.isoformat() if until else "",
            ),
            now=now,
        )
