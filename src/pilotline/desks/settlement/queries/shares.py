"""Who shares in a facility's income, and what each has got."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.settlement.models import (
    Bill,
    Distribution,
    Share,
    SharePart,
    ShareParty,
    ShareRule,
)
from pilotline.desks.settlement.rules import in_capitals
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotAllowed, NotFound

MOST_SHARES = 2000


def parties(*, who: Actor, facility: int) -> list[ShareParty]:
    """Those who share in the income of one of the actor's facilities."""
    return list(_mine(ShareParty.objects.filter(facility=facility), who))


def rule_in_force(*, facility: int) -> ShareRule | None:
    """The newest rule of a facility, with its parts; None before the first."""
    return (
        ShareRule.objects.filter(facility=facility)
        .prefetch_related("parts__party")
        .order_by("-number")
        .first()
    )


def rules_of(*, who: Actor, facility: int) -> list[ShareRule]:
    """All rules of one of the actor's facilities, newest first."""
    rows = ShareRule.objects.filter(facility=facility).prefetch_related("parts__party")
    return list(_mine(rows, who))


def parts_of(rule: ShareRule) -> list[SharePart]:
    return list(rule.parts.select_related("party").order_by("id"))


def distribution_of(*, bill: Bill) -> Distribution | None:
    """How a bill was divided; None before that, and once it was taken back."""
    return (
        Distribution.objects.filter(bill=bill, of=None, reversal=None)
        .select_related("rule")
        .prefetch_related("shares__party")
        .first()
    )


def shares(*, who: Actor) -> QuerySet[Share]:
    """Every share of every bill of the actor's facilities, newest first."""
    rows = Share.objects.select_related(
        "party__facility", "distribution__bill__payer", "distribution__rule"
    )
    return _mine(rows, who, "party__facility").order_by("-distribution_id", "id")


def statements(*, who: Actor) -> QuerySet[ShareParty]:
    """Those who share, each with the sum and number of their shares."""
    rows = ShareParty.objects.select_related("facility").annotate(
        total=Sum("shares__amount", default=0),
        bills=Count("shares", filter=Q(shares__distribution__of=None)),
    )
    return _mine(rows, who)


def statement(*, who: Actor, party: int, year: int, today: date) -> dict[str, Any]:
    """What is printed of one party's shares in a year: every one of them, and their sum.

    Raises NotFound for parties of other people's facilities.
    """
    found = statements(who=who).filter(pk=party).first()
    if found is None:
        raise NotFound
    rows = list(
        shares(who=who)
        .filter(party=party, distribution__at__year=year)
        .order_by("distribution__at", "id")[:MOST_SHARES]
    )
    kind = current_rulebook().share_kinds.get(found.kind)
    total = sum((row.amount for row in rows), Decimal(0))
    return {
        "facility": {
            "code": found.facility.code,
            "zh": found.facility.name,
            "en": found.facility.name_en or found.facility.name,
        },
        "party": found.name,
        "kind": {"zh": kind.title.zh, "en": kind.title.en} if kind else found.kind,
        "account": found.account,
        "period": str(year),
        "printed": today.isoformat(),
        "is_demo": found.facility.is_demo,
        "rows": [_stated(row) for row in rows],
        "total": str(total),
        "capitals": in_capitals(total) if total >= 0 else "",
    }


def _stated(row: Share) -> dict[str, Any]:
    given = row.distribution
    return {
        "day": timezone.localdate(given.at).isoformat(),
        "bill": given.bill.number or "",
        "is_back": given.of_id is not None,
        "income": str(given.amount),
        "percent": str(row.percent),
        "amount": str(row.amount),
    }


def _mine(rows: QuerySet[Any], who: Actor, path: str = "facility") -> QuerySet[Any]:
    if who.is_system:
        return rows
    if not who.has("operator"):
        raise NotAllowed
    return rows.filter(**{f"{path}__operator__in": who.organisations})
