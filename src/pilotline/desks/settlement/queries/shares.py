"""Who shares in a facility's income, and what each has got."""

from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from pilotline.desks.settlement.models import (
    Bill,
    Distribution,
    Share,
    SharePart,
    ShareParty,
    ShareRule,
)
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotAllowed


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


def _mine(rows: QuerySet[Any], who: Actor, path: str = "facility") -> QuerySet[Any]:
    if who.is_system:
        return rows
    if not who.has("operator"):
        raise NotAllowed
    return rows.filter(**{f"{path}__operator__in": who.organisations})
