"""Joint plans: what lies with several operators, and what it takes until it is offered."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from pilotline.desks.booking.models import PlanConsent, PlanLine


class Lost(StrEnum):
    """Why proposed times came to nothing.

    `late`: not everybody accepted in time. `declined`: one operator did not. `taken`: one of the
    times was taken since. `gone`: the applicant waits no more.
    """

    LATE = "late"
    DECLINED = "declined"
    TAKEN = "taken"
    GONE = "gone"


def operators_of(lines: Iterable[PlanLine]) -> set[int]:
    """Whose resources these lines take; their facilities must be loaded."""
    return {
        thing.facility.operator_id
        for line in lines
        for thing in (line.resource, line.beside)
        if thing is not None
    }


def answer_by(until: datetime | None, lines: Iterable[PlanLine]) -> datetime | None:
    """Up to when all must have accepted: before the first of the times begins."""
    starts = [line.starts for line in lines if line.starts]
    return min(starts if until is None else [until, *starts], default=None)


def given_by(consents: Iterable[PlanConsent]) -> set[int]:
    """The operators that have accepted."""
    return {c.operator_id for c in consents if c.state == PlanConsent.State.GIVEN}
