"""Conflicts of many experts with many items at once, in a number of queries that never grows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Q

from pilotline.desks.people import queries as people
from pilotline.desks.review.models import Bond, Dealing, Expert, PanelItem
from pilotline.desks.review.rules.conflicts import Reason, Stake, Ties, folded, reasons
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
    return {pair: listed for pair, listed in found.items() if listed}


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
            frozenset(folded(name) for name in item.people),
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


def barred(found: Mapping[Pair, list[Reason]]) -> dict[Pair, list[Reason]]:
    """Only the pairs that are excluded."""
    return {pair: listed for pair, listed in found.items() if any(r["bars"] for r in listed)}
