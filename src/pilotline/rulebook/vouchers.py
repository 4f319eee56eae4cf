"""Public money for pilots, and who shares in what they earn: rules a department may change."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pilotline.kernel.money import to_fen
from pilotline.rulebook.model import Entry, heading

Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Payer:
    """What the conditions of a voucher ask about one bill and who pays it."""

    organisation_kind: str
    inside: bool
    own: bool
    order_kind: str
    bill: Decimal


@dataclass(frozen=True, slots=True)
class Eligible:
    """Conditions of which all must hold; an empty list or None asks nothing."""

    organisation_kinds: tuple[str, ...]
    inside: bool
    other_owner: bool
    order_kinds: tuple[str, ...]
    bill_at_least: Decimal | None

    def failing(self, payer: Payer) -> Iterator[str]:
        """The names of all conditions that do not hold."""
        if self.organisation_kinds and payer.organisation_kind not in self.organisation_kinds:
            yield "organisation_kinds"
        if self.inside and not payer.inside:
            yield "inside"
        if self.other_owner and payer.own:
            yield "other_owner"
        if self.order_kinds and payer.order_kind not in self.order_kinds:
            yield "order_kinds"
        if self.bill_at_least is not None and payer.bill < self.bill_at_least:
            yield "bill_at_least"


@dataclass(frozen=True, slots=True, kw_only=True)
class Voucher(Entry):
    """Covers a percentage of a bill, up to `cap` yuan for a payer and `budget` yuan for all in a
    calendar year (None: as much as is asked for)."""

    covers: Decimal
    cap: Decimal
    budget: Decimal | None
    eligible: Eligible

    def amount(self, bill: Decimal, *, open: Decimal, used: Decimal, spent: Decimal) -> Decimal:
        """What it pays of a bill, in whole fen: no more than is open of the bill, than the payer
        has left after `used`, and than the budget has left after `spent` by all."""
        limits = [to_fen(bill * self.covers / 100), open, self.cap - used]
        if self.budget is not None:
            limits.append(self.budget - spent)
        return max(Decimal(0), min(limits))


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareKind(Entry):
    """Somebody who shares in the income of a facility: a percentage to begin with, and limits."""

    percent: Decimal
    least: Decimal
    most: Decimal


def voucher(raw: Raw) -> Voucher:
    asked = raw["eligible"]
    least = asked.get("bill_at_least")
    return Voucher(
        **heading(raw),
        covers=Decimal(str(raw["covers"])),
        cap=Decimal(str(raw["cap"])),
        budget=Decimal(str(raw["budget"])) if "budget" in raw else None,
        eligible=Eligible(
            organisation_kinds=tuple(asked.get("organisation_kinds", ())),
            inside=asked.get("inside", False),
            other_owner=asked.get("other_owner", False),
            order_kinds=tuple(asked.get("order_kinds", ())),
            bill_at_least=None if least is None else Decimal(str(least)),
        ),
    )


def share_kind(raw: Raw) -> ShareKind:
    return ShareKind(
        **heading(raw),
        percent=Decimal(str(raw["percent"])),
        least=Decimal(str(raw["least"])),
        most=Decimal(str(raw["most"])),
    )
