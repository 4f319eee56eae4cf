"""Everything that is wrong with tariffs and uses, with the path to each fault."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from pilotline.engines.pricing.problem import (
    KINDS,
    MODES,
    ONE,
    PERIODS,
    TAX_MODES,
    TIER_RULES,
    TIER_SPANS,
    TIMES,
    UNITS,
    ZERO,
    Cap,
    Entry,
    Fault,
    Problem,
    Tariff,
    Tier,
)

# Products of a quantity, a price and three factors stay within Decimal's 28 digits.
MOST = Decimal(10) ** 9
MOST_FACTOR = Decimal(100)


def faults_of_problem(problem: Problem) -> tuple[Fault, ...]:
    """All faults of a problem: of its tariffs, its class, its rounding and its uses."""
    return tuple(_problem(problem))


def faults_of_tariff(tariff: Tariff, classes: Sequence[str], at: str = "") -> tuple[Fault, ...]:
    """All faults of one tariff; `at` is put before each path."""
    return tuple(_tariff(tariff, classes, at))


def _problem(problem: Problem) -> Iterator[Fault]:
    parts = ("uses", "rounding", "before")
    numbers = tuple(f for name in parts for f in _numbers(getattr(problem, name), name))
    yield from numbers
    if problem.user_class not in problem.classes:
        yield Fault("unknown-class", "user_class", {"class": problem.user_class})
    if problem.rounding.mode not in MODES:
        yield Fault("unknown-rounding", "rounding", {"mode": problem.rounding.mode})
    if not numbers and (problem.rounding.line <= 0 or problem.rounding.total < 0):
        yield Fault("bad-rounding", "rounding")
    names = [tariff.id for tariff in problem.tariffs]
    for at, tariff in enumerate(problem.tariffs):
        if tariff.id in names[:at]:
            yield Fault("twice", f"tariffs.{at}", {"id": tariff.id})
        yield from _tariff(tariff, problem.classes, f"tariffs.{at}.")
        if not tariff.is_valid(problem.on):
            yield Fault("not-valid", f"tariffs.{at}", {"tariff": tariff.id})
    if not numbers:
        yield from _uses(problem)


def _numbers(value: Any, at: str) -> Iterator[Fault]:
    """Floats and numbers that are none, wherever they hide."""
    if isinstance(value, float):
        yield Fault("float", at)
    elif isinstance(value, Decimal):
        if not value.is_finite() or abs(value) > MOST:
            yield Fault("not-a-number", at, {"given": str(value)})
    elif is_dataclass(value):
        for one in fields(value):
            yield from _numbers(getattr(value, one.name), f"{at}.{one.name}".lstrip("."))
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _numbers(inner, f"{at}.{key}".lstrip("."))
    elif isinstance(value, tuple | list):
        for number, inner in enumerate(value):
            yield from _numbers(inner, f"{at}.{number}".lstrip("."))


def _tariff(tariff: Tariff, classes: Sequence[str], at: str) -> Iterator[Fault]:
    strange = tuple(_numbers(tariff, ""))
    if strange:
        yield from (Fault(f.code, f"{at}{f.at}", f.data) for f in strange)
        return
    if not tariff.entries:
        yield Fault("no-entries", f"{at}entries")
    seen: set[str] = set()
    meant: set[tuple[str, ...]] = set()
    for number, entry in enumerate(tariff.entries):
        place = f"{at}entries.{number}"
        if entry.id in seen:
            yield Fault("twice", f"{place}.id", {"id": entry.id})
        if (key := (entry.kind, entry.unit, entry.what)) in meant:
            yield Fault("same-thing", place, {"id": entry.id})
        seen.add(entry.id)
        meant.add(key)
        yield from _entry(entry, classes, place)
    yield from _terms(tariff, classes, at)


def _terms(tariff: Tariff, classes: Sequence[str], at: str) -> Iterator[Fault]:
    for name, factor in tariff.factors.items():
        if name not in classes:
            yield Fault("unknown-class", f"{at}factors.{name}", {"class": name})
        yield from _factor(factor, f"{at}factors.{name}")
    if tariff.urgent is not None and tariff.urgent < ONE:
        yield Fault("urgent-below-one", f"{at}urgent")
    elif tariff.urgent is not None:
        yield from _factor(tariff.urgent, f"{at}urgent")
    for name in ("overhead", "tax"):
        if not ZERO <= getattr(tariff, name) <= ONE:
            yield Fault("not-a-share", f"{at}{name}")
    if tariff.tax_mode not in TAX_MODES:
        yield Fault("unknown-tax-mode", f"{at}tax_mode", {"given": tariff.tax_mode})
    yield from _classes(tariff.overhead_for, classes, f"{at}overhead_for")
    lengths = [ONE] + [tariff.hours.get(unit, ZERO) for unit in TIMES[1:]]
    if any(later <= earlier for earlier, later in pairwise(lengths)):
        yield Fault("hours-not-growing", f"{at}hours")
    if tariff.valid_to is not None and tariff.valid_to <= tariff.valid_from:
        yield Fault("ends-before-it-starts", f"{at}valid_to")


def _entry(entry: Entry, classes: Sequence[str], at: str) -> Iterator[Fault]:
    if entry.unit not in UNITS:
        yield Fault("unknown-unit", f"{at}.unit", {"unit": entry.unit})
    if entry.kind not in KINDS:
        yield Fault("unknown-kind", f"{at}.kind", {"kind": entry.kind})
    for name in ("price", "minimum", "step", "further"):
        if getattr(entry, name) < 0:
            yield Fault("negative", f"{at}.{name}")
    if entry.further > ONE:
        yield Fault("further-dearer", f"{at}.further")
    for name, price in entry.prices.items():
        if name not in classes:
            yield Fault("unknown-class", f"{at}.prices.{name}", {"class": name})
        if price < 0:
            yield Fault("negative", f"{at}.prices.{name}")
    yield from _tiers(entry, classes, at)
    for number, cap in enumerate(entry.caps):
        yield from _cap(cap, classes, f"{at}.caps.{number}")


def _tiers(entry: Entry, classes: Sequence[str], at: str) -> Iterator[Fault]:
    if entry.tiers_rule not in TIER_RULES:
        yield Fault("unknown-tier-rule", f"{at}.tiers_rule", {"given": entry.tiers_rule})
    if entry.tiers_over not in TIER_SPANS:
        yield Fault("unknown-tier-span", f"{at}.tiers_over", {"given": entry.tiers_over})
    yield from _classes(entry.tiers_for, classes, f"{at}.tiers_for")
    yield from tier_faults(entry.tiers, f"{at}.tiers")


def tier_faults(tiers: Sequence[Tier], at: str = "tiers") -> Iterator[Fault]:
    """Gaps, overlaps, empty tiers and negative factors; tiers begin at 0 and never end."""
    placed = sorted(enumerate(tiers), key=lambda pair: (pair[1].start, pair[0]))
    reached: Decimal | None = ZERO
    for number, tier in placed:
        place = f"{at}.{number}"
        yield from _factor(tier.factor, f"{place}.factor")
        if tier.end is not None and tier.end <= tier.start:
            yield Fault("empty-tier", place, {"start": _plain(tier.start)})
        if reached is None or tier.start < reached:
            yield Fault("overlap", place, {"start": _plain(tier.start)})
        elif tier.start > reached:
            ends = {"from": _plain(reached), "to": _plain(tier.start)}
            yield Fault("gap", place, ends)
        if reached is not None:
            reached = None if tier.end is None else max(reached, tier.end)
    if tiers and reached is not None:
        yield Fault("gap", f"{at}.{placed[-1][0]}", {"from": _plain(reached), "to": ""})


def _factor(factor: Decimal, at: str) -> Iterator[Fault]:
    if factor < 0:
        yield Fault("negative", at)
    elif factor > MOST_FACTOR:
        yield Fault("factor-too-large", at, {"most": _plain(MOST_FACTOR)})


def _plain(number: Decimal) -> str:
    return f"{number:f}"


def _cap(cap: Cap, classes: Sequence[str], at: str) -> Iterator[Fault]:
    if cap.amount < 0:
        yield Fault("negative", f"{at}.amount")
    if cap.period not in PERIODS:
        yield Fault("unknown-period", f"{at}.period", {"given": cap.period})
    yield from _classes(cap.classes, classes, f"{at}.classes")


def _classes(named: Iterable[str], classes: Sequence[str], at: str) -> Iterator[Fault]:
    for name in named:
        if name not in classes:
            yield Fault("unknown-class", at, {"class": name})


def _uses(problem: Problem) -> Iterator[Fault]:
    names = [use.id for use in problem.uses]
    for number, use in enumerate(problem.uses):
        at = f"uses.{number}"
        if use.id in names[:number]:
            yield Fault("twice", at, {"id": use.id})
        listed = problem.tariffs_for(use.resource)
        if use.urgent and not any(t.urgent is not None for t in listed):
            yield Fault("no-urgent", at, {"resource": use.resource})
        for place, quantity in enumerate(use.quantities):
            here = f"{at}.quantities.{place}"
            if quantity.unit not in UNITS:
                yield Fault("unknown-unit", here, {"unit": quantity.unit})
            elif quantity.amount < 0:
                yield Fault("negative", here)
            elif not any(entries_for(tariff, *_asked(quantity)) for tariff in listed):
                said = {"resource": use.resource, "kind": quantity.kind, "unit": quantity.unit}
                yield Fault("no-tariff", here, said | {"what": quantity.what})


def _asked(quantity: Any) -> tuple[str, str, str]:
    return quantity.kind, quantity.unit, quantity.what


def entries_for(tariff: Tariff, kind: str, unit: str, what: str) -> list[Entry]:
    """The entries that can price such a quantity, the one to take first.

    The same unit goes before another unit of time, a smaller one of those before a larger.
    """
    fitting = [e for e in tariff.entries if e.kind == kind and e.what == what]
    same = [e for e in fitting if e.unit == unit]
    if same or unit not in TIMES:
        return same
    return sorted(
        (e for e in fitting if e.unit in TIMES), key=lambda e: (TIMES.index(e.unit), e.id)
    )
