"""Booking: every change of money is one balanced entry in the operator's book."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from pilotline.desks.settlement.models import Bill, LedgerEntry, LedgerLine
from pilotline.desks.settlement.rules.chart import Line

LOCK = "select pg_advisory_xact_lock(hashtext('settlement_book'), %s)"


def post(
    *, bill: Bill, kind: str, key: str, lines: Iterable[Line], text: str, now: datetime
) -> LedgerEntry:
    """Write one entry in the caller's transaction; the database refuses lines that do not add
    to zero when it commits. `key` names what is booked, so that nothing is booked twice.

    The book is locked last of all locks, so numbers have no gaps and nobody waits in a circle.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [bill.payee_id])
    last = LedgerEntry.objects.filter(book=bill.payee_id).aggregate(last=Max("number"))["last"]
    entry = LedgerEntry.objects.create(
        book_id=bill.payee_id,
        number=(last or 0) + 1,
        kind=kind,
        bill=bill,
        key=key,
        text=text[:200],
        day=timezone.localdate(now),
        at=now,
    )
    LedgerLine.objects.bulk_create(
        LedgerLine(
            entry=entry,
            account=line.account,
            organisation_id=line.organisation,
            party_id=line.party,
            amount=line.amount,
        )
        for line in lines
    )
    return entry
