"""News of quotations: offered, accepted, declined, taken back, running out, lapsed."""

from datetime import datetime

from pilotline.desks.booking.events import (
    QuotationAccepted,
    QuotationDeclined,
    QuotationEvent,
    QuotationLapsed,
    QuotationMade,
    QuotationRunsOut,
    QuotationWithdrawn,
)
from pilotline.desks.journal.events import on
from pilotline.desks.notices.services import tell
from pilotline.desks.people import queries as people


@on(QuotationMade)
def tell_of_quotation(event: QuotationMade, now: datetime) -> None:
    if event.by == "operator":
        _tell(event, "quotation.offered", _applicants(event), now, until=event.valid_until)
    else:
        _tell(event, "quotation.made", _operators(event), now, until=event.valid_until)


@on(QuotationAccepted)
def tell_of_accepted_quotation(event: QuotationAccepted, now: datetime) -> None:
    _tell(event, "quotation.accepted", _operators(event), now)


@on(QuotationDeclined)
def tell_of_declined_quotation(event: QuotationDeclined, now: datetime) -> None:
    _tell(event, "quotation.declined", _operators(event), now)


@on(QuotationWithdrawn)
def tell_of_withdrawn_quotation(event: QuotationWithdrawn, now: datetime) -> None:
    _tell(event, "quotation.withdrawn", _applicants(event), now, reason=event.reason)


@on(QuotationRunsOut)
def tell_of_quotation_that_runs_out(event: QuotationRunsOut, now: datetime) -> None:
    _tell(event, "quotation.ending", _applicants(event), now, until=event.valid_until)


@on(QuotationLapsed)
def tell_of_lapsed_quotation(event: QuotationLapsed, now: datetime) -> None:
    _tell(event, "quotation.lapsed", _applicants(event), now)
    _tell(event, "quotation.unused", _operators(event), now)


def _tell(event: QuotationEvent, kind: str, users: list[int], now: datetime, **more: str) -> None:
    tell(
        users=users,
        kind=kind,
        facts={"number": event.number, "total": event.total, **more},
        subject=("quotation", event.quotation),
        key=f"{kind}:{event.quotation}",
        now=now,
    )


def _applicants(event: QuotationEvent) -> list[int]:
    return people.users_of(event.organisation)


def _operators(event: QuotationEvent) -> list[int]:
    return people.operators_of(event.operator) if event.operator else []
