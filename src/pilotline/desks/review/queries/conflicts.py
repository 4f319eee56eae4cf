"""Conflicts of many experts with many items at once, in a number of queries that never grows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from pilotline.desks.journal.queries import rulebook_of
from pilotline.desks.people import queries as people
from pilotline.desks.review.models import Bond, Dealing, Expert, Namesake, Panel, PanelItem
from pilotline.desks.review.queries.panels import active_experts
from pilotline.desks.review.queries.panels import items as items_of
from pilotline.desks.review.rules.conflicts import Reason, Stake, Ties, folded, reasons
from pilotline.desks.review.rules.namesakes import is_set_aside
from pilotline.rulebook import Rulebook

Pair = tuple[int, int]


def conflicts(
    *, experts: Iterable[Expert], items: Iterable[PanelItem], rulebook: Rulebook, today: date
) -> dict[Pair, list[Reason]]:
    """By (expert, item): everything that stands between them; pairs without anything are absent.

    For machines and for callers who have fetched both through checks.
    """
    experts, items = list(experts), list(items)
    ties = _ties(experts)
    stakes = _stakes(items)
    dealings = _dealings(ties.values(), stakes.values())
    found = {
        (expert.pk, item.pk): reasons(ties[expert.pk], stakes[item.pk], dealings, rulebook, today)
        for expert in experts
        for item in items
    }
    _set_aside(found, experts, items)
    return {pair: listed for pair, listed in found.items() if listed}


def _set_aside(
    found: dict[Pair, list[Reason]], experts: list[Expert], items: list[PanelItem]
) -> None:
    """What two officials hold for a namesake's is still told, and does not bar."""
    confirmed = Namesake.objects.filter(
        item__in=[i.pk for i in items],
        expert__in=[e.pk for e in experts],
        confirmed_at__isnull=False,
        ended_at=None,
    )
    for one in confirmed:
        for reason in found.get((one.expert_id, one.item_id), []):
            if is_set_aside(reason, one):
                reason["bars"], reason["set_aside"] = False, one.pk


def _ties(experts: list[Expert]) -> dict[int, Ties]:
    bonds: dict[int, list[Bond]] = defaultdict(list)
    for bond in Bond.objects.filter(expert__in=[e.pk for e in experts]).order_by("id"):
        bonds[bond.expert_id].append(bond)
    return {e.pk: Ties(e.user_id, e.name, tuple(bonds[e.pk])) for e in experts}


def _stakes(items: list[PanelItem]) -> dict[int, Stake]:
    of = {
        item.pk: frozenset(
            {*item.parties, *([item.organisation_id] if item.organisation_id else [])}
        )
        for item in items
    }
    every = frozenset().union(*of.values()) if of else frozenset()
    names, members = people.names(every), people.members_of(every)
    return {
        item.pk: Stake(
            of[item.pk],
            {pk: names[pk] for pk in sorted(of[item.pk]) if pk in names},
            frozenset(folded(name) for name in (*item.people, *item.unnamed)),
            frozenset().union(*(members.get(pk, frozenset()) for pk in of[item.pk])),
        )
        for item in items
    }


def _dealings(ties: Iterable[Ties], stakes: Iterable[Stake]) -> list[Dealing]:
    employers = {
        bond.organisation_id
        for tie in ties
        for bond in tie.bonds
        if bond.kind == Bond.Kind.EMPLOYMENT and bond.organisation_id
    }
    parties = {pk for stake in stakes for pk in stake.organisations}
    if not employers or not parties:
        return []
    return list(
        Dealing.objects.filter(
            Q(supplier__in=employers, client__in=parties)
            | Q(client__in=employers, supplier__in=parties)
        ).order_by("id")
    )


def panel_conflicts(
    *, panel: Panel, now: datetime
) -> list[tuple[tuple[Expert, PanelItem], list[Reason]]]:
    """Everything that stands between the pool and a panel's items, item by item, by name.

    The caller has fetched the panel through a check.
    """
    experts = {e.pk: e for e in active_experts().order_by("name", "pk")}
    items = {i.pk: i for i in items_of(panel=panel)}
    found = conflicts(
        experts=experts.values(),
        items=items.values(),
        rulebook=rulebook_of(panel.release),
        today=timezone.localdate(now),
    )
    return [
        ((experts[expert], items[item]), found[expert, item])
        for item in items
        for expert in experts
        if (expert, item) in found
    ]


def namesakes(*, panel: Panel) -> QuerySet[Namesake]:
    """What was ever told of namesakes in a panel, the newest first. The caller has fetched the
    panel through a check."""
    return Namesake.objects.filter(item__panel=panel).select_related("item", "expert")


def namesake_panel(id: int) -> tuple[str, str]:
    """Title and region of the panel that a statement belongs to, for machines that tell of it."""
    found = Namesake.objects.select_related("item__panel").get(pk=id)
    return found.item.panel.title, found.item.panel.region


def barred(found: Mapping[Pair, list[Reason]]) -> dict[Pair, list[Reason]]:
    """Only the pairs that are excluded."""
    return {pair: listed for pair, listed in found.items() if any(r["bars"] for r in listed)}
