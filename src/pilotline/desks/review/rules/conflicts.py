"""Conflicts of interest as data: what stands between expert and item, and which record says so.

A name that cannot be told apart from a namesake counts as the same: unknown is unsafe. Such a
reason says so (`by_name`) where the rulebook lets officials set it aside.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pilotline.desks.review.models import Bond, Dealing
from pilotline.rulebook import Rulebook
from pilotline.rulebook.reviewing import ConflictRule

Reason = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stake:
    """Who has a stake in an item: organisations by number and by name, and people by name."""

    organisations: frozenset[int]
    names: Mapping[int, str]
    people: frozenset[str]
    members: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Ties:
    """What is known of an expert: account, name, bonds."""

    user: int | None
    name: str
    bonds: tuple[Bond, ...]


def folded(name: str) -> str:
    """A name without the differences of typing: width, case, blanks."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def reasons(
    ties: Ties, stake: Stake, dealings: Iterable[Dealing], rulebook: Rulebook, today: date
) -> list[Reason]:
    """Everything that stands between the two today, by the rulebook's kinds of conflict."""
    found: list[Reason] = []
    for rule in rulebook.conflicts.valid_on(today):
        found += FINDERS[rule.measure](rule, ties, stake, tuple(dealings), today)
    return found


def barring(found: Iterable[Reason]) -> list[Reason]:
    """Those of the reasons that exclude; the others are only shown."""
    return [reason for reason in found if reason["bars"]]


def _reason(
    rule: ConflictRule, other: str, record: list[Any], *, by_name: bool = False, **more: Any
) -> Reason:
    return {
        "rule": rule.id,
        "measure": rule.measure,
        "bars": rule.bars,
        "with": other,
        "record": record,
        "by_name": by_name and rule.namesakes,
    } | more


def _party(
    rule: ConflictRule, ties: Ties, stake: Stake, _dealings: tuple[Dealing, ...], _today: date
) -> Iterator[Reason]:
    if ties.user is not None and ties.user in stake.members:
        yield _reason(rule, ", ".join(stake.names.values()), ["member", ties.user])
    elif folded(ties.name) in stake.people:
        yield _reason(rule, ties.name, ["name", ties.name], by_name=True)


def _match(bond: Bond, stake: Stake) -> str:
    """The name of the stake's organisation that the bond means, "" for none."""
    if bond.organisation_id in stake.organisations:
        return stake.names.get(bond.organisation_id or 0, bond.name)
    if bond.organisation_id is None and bond.name:
        wanted = folded(bond.name)
        return next((name for name in stake.names.values() if folded(name) == wanted), "")
    return ""


def _bonded(kind: str) -> Any:
    def find(
        rule: ConflictRule, ties: Ties, stake: Stake, _dealings: tuple[Dealing, ...], today: date
    ) -> Iterator[Reason]:
        for bond in ties.bonds:
            other = _match(bond, stake) if bond.kind == kind else ""
            if other and rule.counts(ended=bond.until, today=today, share=bond.share):
                yield _reason(
                    rule,
                    other,
                    ["bond", bond.pk],
                    by_name=bond.organisation_id is None,
                    since=_day(bond.since),
                    until=_day(bond.until),
                    words=bond.title,
                )

    return find


def _coauthor(
    rule: ConflictRule, ties: Ties, stake: Stake, _dealings: tuple[Dealing, ...], today: date
) -> Iterator[Reason]:
    for bond in ties.bonds:
        if bond.kind != Bond.Kind.WORK or not rule.counts(ended=bond.since, today=today):
            continue
        joint = [name for name in bond.names if folded(name) in stake.people]
        if joint:
            yield _reason(
                rule,
                ", ".join(joint),
                ["bond", bond.pk],
                by_name=True,
                since=_day(bond.since),
                words=bond.title,
            )


def _orders(
    rule: ConflictRule, ties: Ties, stake: Stake, dealings: tuple[Dealing, ...], today: date
) -> Iterator[Reason]:
    employers = {
        bond.organisation_id
        for bond in ties.bonds
        if bond.kind == Bond.Kind.EMPLOYMENT
        and bond.organisation_id is not None
        and (bond.until is None or bond.until > today)
    }
    for dealing in dealings:
        for mine, theirs in (
            (dealing.supplier_id, dealing.client_id),
            (dealing.client_id, dealing.supplier_id),
        ):
            if mine not in employers or theirs not in stake.organisations:
                continue
            if rule.counts(ended=dealing.last_on, today=today):
                yield _reason(
                    rule,
                    stake.names.get(theirs, ""),
                    ["dealing", dealing.pk],
                    until=_day(dealing.last_on),
                )


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


FINDERS: Mapping[str, Any] = {
    "party": _party,
    "employer": _bonded("employment"),
    "coauthor": _coauthor,
    "shareholding": _bonded("holding"),
    "orders": _orders,
    "declared": _bonded("declared"),
}
