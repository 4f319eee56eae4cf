"""What an hour ought to cost: the parts that make a price reasonable, and the price beside it."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from pilotline.engines.pricing.problem import ONE, ZERO, Fault, Rounding, Unpriceable
from pilotline.engines.pricing.result import Term
from pilotline.engines.pricing.rounding import rounded


@dataclass(frozen=True, slots=True, kw_only=True)
class CostBasis:
    """What stands behind one hour of a resource; amounts are yuan, those by the hour per hour.

    Depreciation is `value` over `years` × `hours` (hours used a year). Maintenance is a share of
    the value a year; management a share of the parts before it; either may be given by the hour
    instead. `others` are named amounts by the hour.
    """

    value: Decimal
    years: Decimal
    hours: Decimal
    maintenance_share: Decimal = ZERO
    maintenance: Decimal = ZERO
    consumables: Decimal = ZERO
    labour: Decimal = ZERO
    others: tuple[tuple[str, Decimal], ...] = ()
    management_share: Decimal = ZERO
    management: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an hour's price and the terms it came from. `name` only for others."""

    kind: str
    amount: Decimal
    terms: tuple[Term, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class BuildUp:
    """The parts add to `price`, yuan per hour."""

    parts: tuple[Part, ...]
    price: Decimal

    def compare(self, charged: Decimal) -> tuple[Decimal, Decimal | None]:
        """What is charged above the cost (below: negative), and as a share of the cost."""
        above = charged - self.price
        return above, above / self.price if self.price else None


def faults_of_basis(basis: CostBasis) -> tuple[Fault, ...]:
    """Everything that is wrong with a cost basis."""
    return tuple(_faults(basis))


def _faults(basis: CostBasis) -> Iterator[Fault]:
    numbers = {name: getattr(basis, name) for name in basis.__slots__ if name != "others"}
    numbers |= {f"others.{at}": amount for at, (_name, amount) in enumerate(basis.others)}
    for name, number in numbers.items():
        if isinstance(number, float):
            yield Fault("float", name)
        elif not number.is_finite():
            yield Fault("not-a-number", name)
        elif number < 0:
            yield Fault("negative", name)
        elif name in ("years", "hours") and not number:
            yield Fault("zero", name)
        elif name.endswith("_share") and number > ONE:
            yield Fault("not-a-share", name)
    for part in ("maintenance", "management"):
        if numbers[part] and numbers[f"{part}_share"]:
            yield Fault("share-and-amount", part)


def build_up(basis: CostBasis, rounding: Rounding = Rounding()) -> BuildUp:  # noqa: B008
    """The hourly price with its parts, every part rounded. Raises Unpriceable, all faults."""
    faults = faults_of_basis(basis)
    if faults:
        raise Unpriceable(faults)
    parts = [_part(rounding, kind, terms, amount) for kind, terms, amount in _owned(basis)]
    parts += [
        _part(rounding, kind, (Term("by_hour", amount, "CNY"),), amount)
        for kind, amount in (("consumables", basis.consumables), ("labour", basis.labour))
        if amount
    ]
    parts += [
        _part(rounding, "other", (Term("by_hour", amount, "CNY"),), amount, name)
        for name, amount in basis.others
    ]
    before = sum((part.amount for part in parts), ZERO)
    if basis.management_share:
        terms = (Term("share", basis.management_share), Term("of", before, "CNY"))
        parts.append(_part(rounding, "management", terms, before * basis.management_share))
    elif basis.management:
        by_hour = (Term("by_hour", basis.management, "CNY"),)
        parts.append(_part(rounding, "management", by_hour, basis.management))
    return BuildUp(tuple(parts), sum((part.amount for part in parts), ZERO))


def _owned(basis: CostBasis) -> Iterator[tuple[str, tuple[Term, ...], Decimal]]:
    """What owning the resource costs: depreciation and maintenance."""
    value, hours = Term("value", basis.value, "CNY"), Term("hours", basis.hours, "hour")
    if basis.value:
        terms = (value, Term("years", basis.years), hours)
        yield "depreciation", terms, basis.value / (basis.years * basis.hours)
    if basis.maintenance_share and basis.value:
        terms = (value, Term("share", basis.maintenance_share), hours)
        yield "maintenance", terms, basis.value * basis.maintenance_share / basis.hours
    elif basis.maintenance:
        yield "maintenance", (Term("by_hour", basis.maintenance, "CNY"),), basis.maintenance


def _part(
    rounding: Rounding, kind: str, terms: tuple[Term, ...], amount: Decimal, name: str = ""
) -> Part:
    return Part(kind, rounded(amount, rounding.line, rounding.mode), terms, name)
