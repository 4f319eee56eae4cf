"""From uses and tariffs to a bill whose every line can be followed."""

from dataclasses import dataclass, field
from decimal import Decimal

from pilotline.engines.pricing.faults import entries_for, faults_of_problem
from pilotline.engines.pricing.problem import (
    KINDS,
    ONE,
    ZERO,
    Entry,
    Problem,
    Quantity,
    Tariff,
    Tier,
    Unpriceable,
    Use,
    period_of,
)
from pilotline.engines.pricing.result import Bill, Line, Term
from pilotline.engines.pricing.rounding import raised, rounded


def solve(problem: Problem) -> Bill:
    """The bill, lines in the order of the uses and of KINDS. Raises Unpriceable, all faults."""
    faults = faults_of_problem(problem)
    if faults:
        raise Unpriceable(faults)
    work = _Work(problem)
    work.choose()
    lines = [line for charge in work.charges for line in work.lines_of(charge)]
    return _closed(problem, lines)


@dataclass(slots=True)
class _Charge:
    """One quantity with the entry that prices it; `quantity` is what is charged."""

    use: Use
    tariff: Tariff
    entry: Entry
    quantity: Decimal
    terms: tuple[Term, ...]

    @property
    def key(self) -> tuple[str, str]:
        return self.tariff.id, self.entry.id


@dataclass(slots=True)
class _Work:
    """What is known while the lines are made: sums by entry, and what caps have left."""

    problem: Problem
    charges: list[_Charge] = field(default_factory=list)
    counted: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    charged: dict[tuple[str, str, str], Decimal] = field(default_factory=dict)
    full: dict[str, int] = field(default_factory=dict)

    def choose(self) -> None:
        """Find the entry of every quantity, and what is charged unasked with every use."""
        for one in self.problem.before:
            if one.period == "all":
                self.counted[one.tariff, one.entry] = one.quantity
            else:
                self.charged[one.tariff, one.entry, one.period] = one.amount
        for use in self.problem.uses:
            found = [self._asked(use, quantity) for quantity in use.quantities if quantity.amount]
            found += self._unasked(use)
            self.charges += sorted(found, key=_place)
        self._choose_full()

    def _asked(self, use: Use, quantity: Quantity) -> _Charge:
        for tariff in self.problem.tariffs_for(use.resource):
            for entry in entries_for(tariff, quantity.kind, quantity.unit, quantity.what):
                amount, terms = _charged_quantity(tariff, entry, quantity)
                return _Charge(use, tariff, entry, amount, terms)
        raise Unpriceable(())  # the faults were asked first, so that there is one

    def _unasked(self, use: Use) -> list[_Charge]:
        if not any(quantity.amount for quantity in use.quantities):
            return []
        asked = {(q.kind, q.what) for q in use.quantities}
        found: list[_Charge] = []
        for tariff in self.problem.tariffs_for(use.resource):
            for entry in tariff.entries:
                # The resource's own fee stands in for the facility's, and a stated one for both.
                if entry.each_use and (entry.kind, entry.what) not in asked:
                    terms = (Term("once", ONE, entry.unit),)
                    found.append(_Charge(use, tariff, entry, ONE, terms))
            asked |= {(charge.entry.kind, charge.entry.what) for charge in found}
        return found

    def _choose_full(self) -> None:
        """Of each group, the charge with the highest price is the one charged in full."""
        for number, charge in enumerate(self.charges):
            group = charge.entry.group
            if not group:
                continue
            best = self.full.get(group)
            if best is None or self._price(charge) > self._price(self.charges[best]):
                self.full[group] = number

    def _price(self, charge: _Charge) -> Decimal:
        return charge.entry.prices.get(self.problem.user_class, charge.entry.price)

    def lines_of(self, charge: _Charge) -> list[Line]:
        """One line, or one for each tier that prices its own part."""
        lines = []
        for quantity, tier in self._parts(charge):
            terms, amount = self._multiplied(charge, quantity, tier)
            amount = rounded(amount, self.problem.rounding.line, self.problem.rounding.mode)
            amount, held = self._capped(charge, amount)
            lines.append(
                Line(
                    kind=charge.entry.kind,
                    amount=amount,
                    terms=(*charge.terms, *terms, *held),
                    tariff=charge.tariff.id,
                    entry=charge.entry.id,
                    use=charge.use.id,
                    resource=charge.use.resource,
                    what=charge.entry.what,
                    unit=charge.entry.unit,
                    quantity=quantity,
                )
            )
        return lines

    def _parts(self, charge: _Charge) -> list[tuple[Decimal, Tier | None]]:
        entry, quantity = charge.entry, charge.quantity
        if not entry.tiers or (entry.tiers_for and self.problem.user_class not in entry.tiers_for):
            return [(quantity, None)]
        over_all = entry.tiers_over == "all"
        start = self.counted.get(charge.key, ZERO) if over_all else ZERO
        if entry.tiers_rule == "slice":
            self.counted[charge.key] = start + quantity
            return _slices(entry, start, start + quantity)
        reached = start + (self._all_of(charge) if over_all else quantity)
        return [(quantity, _tier_at(entry, reached))]

    def _all_of(self, charge: _Charge) -> Decimal:
        return sum((c.quantity for c in self.charges if c.key == charge.key), ZERO)

    def _multiplied(
        self, charge: _Charge, quantity: Decimal, tier: Tier | None
    ) -> tuple[list[Term], Decimal]:
        entry, tariff, mine = charge.entry, charge.tariff, self.problem.user_class
        price, own = self._price(charge), mine in entry.prices
        terms = [Term("part", quantity, entry.unit)] if quantity != charge.quantity else []
        terms.append(Term("class_price" if own else "price", price, entry.unit))
        factors = []
        if tier is not None:
            factors.append(Term("tier", tier.factor))
        if entry.by_class and not own and mine in tariff.factors:
            factors.append(Term("class", tariff.factors[mine]))
        if entry.group and self.charges[self.full[entry.group]] is not charge:
            factors.append(Term("further", entry.further))
        if charge.use.urgent and entry.when_urgent and tariff.urgent is not None:
            factors.append(Term("urgent", tariff.urgent))
        amount = quantity * price
        for factor in factors:
            amount *= factor.value
        return terms + factors, amount

    def _capped(self, charge: _Charge, amount: Decimal) -> tuple[Decimal, list[Term]]:
        caps = [c for c in charge.entry.caps if c.holds_for(self.problem.user_class)]
        keys = [(*charge.key, period_of(cap.period, charge.use)) for cap in caps]
        left = [
            max(ZERO, cap.amount - self.charged.get(key, ZERO))
            for cap, key in zip(caps, keys, strict=True)
        ]
        held = min([amount, *left])
        for key in set(keys):
            self.charged[key] = self.charged.get(key, ZERO) + held
        if held == amount:
            return amount, []
        # What is left of a cap is rounded down: a cap is never exceeded by a fen.
        held = rounded(held, self.problem.rounding.line, "down")
        return held, [Term("cap", min(left), "CNY")]


def _place(charge: _Charge) -> tuple[int, str, str, str]:
    entry = charge.entry
    return KINDS.index(entry.kind), entry.what, charge.tariff.id, entry.id


def _charged_quantity(
    tariff: Tariff, entry: Entry, quantity: Quantity
) -> tuple[Decimal, tuple[Term, ...]]:
    amount, terms = quantity.amount, [Term("given", quantity.amount, quantity.unit)]
    if quantity.unit != entry.unit:
        amount = amount * tariff.length(quantity.unit) / tariff.length(entry.unit)
        terms.append(Term("converted", amount, entry.unit))
    if amount < entry.minimum:
        amount = entry.minimum
        terms.append(Term("minimum", amount, entry.unit))
    stepped = raised(amount, entry.step)
    if stepped != amount:
        amount = stepped
        terms.append(Term("step", amount, entry.unit))
    return amount, tuple(terms)


def _tier_at(entry: Entry, quantity: Decimal) -> Tier:
    return next(
        t for t in entry.tiers if t.start <= quantity and (t.end is None or quantity < t.end)
    )


def _slices(entry: Entry, start: Decimal, end: Decimal) -> list[tuple[Decimal, Tier | None]]:
    """How much of [start, end) lies in each tier that it touches."""
    found: list[tuple[Decimal, Tier | None]] = []
    for tier in sorted(entry.tiers, key=lambda t: t.start):
        low = max(start, tier.start)
        high = end if tier.end is None else min(end, tier.end)
        if low < high:
            found.append((high - low, tier))
    return found


def _closed(problem: Problem, lines: list[Line]) -> Bill:
    """Overhead and tax by tariff, then the rounding of the total."""
    way = problem.rounding
    tax = ZERO
    for tariff in sorted(problem.tariffs, key=lambda t: (not t.resource, t.resource, t.id)):
        net = sum((line.amount for line in lines if line.tariff == tariff.id), ZERO)
        for_all = not tariff.overhead_for or problem.user_class in tariff.overhead_for
        if tariff.overhead and for_all and net:
            more = rounded(net * tariff.overhead, way.line, way.mode)
            lines.append(_share("overhead", tariff, more, tariff.overhead, net))
            net += more
        if not tariff.tax or not net:
            continue
        if tariff.tax_mode == "added":
            part = rounded(net * tariff.tax, way.line, way.mode)
            lines.append(_share("tax", tariff, part, tariff.tax, net))
        else:
            part = net - rounded(net / (ONE + tariff.tax), way.line, way.mode)
        tax += part
    total = sum((line.amount for line in lines), ZERO)
    whole = rounded(total, way.total, way.mode)
    if whole != total:
        terms = (Term("rounded", way.total, "CNY"),)
        lines.append(Line(kind="rounding", amount=whole - total, terms=terms))
    return Bill(tuple(lines), whole - tax, tax, whole)


def _share(kind: str, tariff: Tariff, amount: Decimal, share: Decimal, of: Decimal) -> Line:
    terms = (Term("share", share), Term("of", of, "CNY"))
    return Line(kind=kind, amount=amount, terms=terms, tariff=tariff.id)
