"""Figures of settlement, counted from rows."""

from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from pilotline.desks.settlement.models import Bill
from pilotline.desks.settlement.queries.bills import bills
from pilotline.desks.settlement.queries.disputes import disputes
from pilotline.desks.settlement.queries.orders import orders
from pilotline.desks.settlement.rules import EARNED, OWED
from pilotline.kernel.actor import Actor


def figures(*, who: Actor, door: str = "authority") -> dict[str, Any]:
    """What was agreed, billed, paid by vouchers or money, settled, or is in dispute.

    Amounts are yuan: `billed` and `settled` gross, `income` net of settled bills.
    """
    by_state = dict(
        orders(who=who, door=door).order_by().values_list("state").annotate(n=Count("pk"))
    )
    sums = _sums(bills(who=who, door=door).order_by())
    open_disputes = disputes(who=who, door=door).filter(state="open").count()
    return {
        "orders": sum(by_state.values()),
        "agreed": by_state.get("agreed", 0) + by_state.get("completed", 0),
        **sums,
        "disputes": open_disputes,
    }


def _sums(rows: QuerySet[Bill]) -> dict[str, Decimal]:
    owed, earned = Q(state__in=OWED), Q(state__in=EARNED)
    return rows.annotate(due_now=F("gross") - F("covered") - F("paid")).aggregate(
        billed=Sum("gross", filter=owed, default=Decimal(0)),
        vouchers=Sum("covered", filter=owed, default=Decimal(0)),
        received=Sum("paid", filter=owed, default=Decimal(0)),
        open=Sum("due_now", filter=Q(state="issued"), default=Decimal(0)),
        settled=Sum("gross", filter=earned, default=Decimal(0)),
        income=Sum("net", filter=earned, default=Decimal(0)),
    )


def by_facility(*, who: Actor, door: str = "authority") -> list[dict[str, Any]]:
    """Bills, income and public money by facility, the highest income first."""
    rows = (
        bills(who=who, door=door)
        .order_by()
        .filter(state__in=OWED)
        .values(
            "facility",
            "facility__code",
            "facility__name",
            "facility__name_en",
            "facility__region",
        )
        .annotate(
            bills=Count("pk"),
            billed=Sum("gross"),
            covered_sum=Sum("covered"),
            income=Sum("net", filter=Q(state__in=EARNED), default=Decimal(0)),
        )
    )
    return sorted(rows, key=lambda row: (-row["income"], -row["billed"], row["facility__code"]))
