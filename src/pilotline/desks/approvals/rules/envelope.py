"""Is filing enough? A project's plan against what its line was approved for, item by item."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from pilotline.desks.approvals.models import Envelope
from pilotline.kernel.errors import Problem
from pilotline.rulebook import Rulebook
from pilotline.rulebook.approval import FilingRule


@dataclass(frozen=True, slots=True)
class Taken:
    """What other running projects take of a line's envelope: kg a year, t a year by pollutant."""

    quantity: Decimal = Decimal(0)
    emissions: Mapping[str, Decimal] | None = None


def number(plan: Mapping[str, Any], name: str) -> Decimal | None:
    """A figure of a plan; None when it was not stated."""
    value = plan.get(name)
    return None if value in (None, "") else Decimal(str(value))


def reasons_against_filing(
    plan: Mapping[str, Any], envelope: Envelope, taken: Taken, rule: FilingRule, rulebook: Rulebook
) -> list[Problem]:
    """The exact reasons why filing is not enough; empty when every item lies within.

    What was not stated counts as outside. Whether experts agree is asked on the track.
    """
    found: list[Problem] = []
    for part in rule.asks:
        check = CHECKS.get(part)
        if check is not None:
            found += check(plan, envelope, taken, rulebook)
    return found


def _substances(
    plan: Mapping[str, Any], envelope: Envelope, _taken: Taken, _rulebook: Rulebook
) -> Iterator[Problem]:
    approved = {name.casefold() for name in envelope.substances}
    named = plan.get("substances") or []
    strange = [name for name in named if name.casefold() not in approved]
    if not named:
        yield _not_stated("substances", _("Substances"))
    if strange:
        yield Problem(
            "substances",
            _("Not among the approved substances: {names}.").format(names="、".join(strange)),
            field="substances",
            data={"substances": strange, "approved": envelope.substances},
        )


def _quantities(
    plan: Mapping[str, Any], envelope: Envelope, taken: Taken, _rulebook: Rulebook
) -> Iterator[Problem]:
    wanted = number(plan, "quantity")
    if wanted is None:
        yield _not_stated("quantity", _("Quantity a year"))
    elif wanted + taken.quantity > envelope.quantity:
        yield Problem(
            "quantities",
            _(
                "{wanted} kg a year, beside {taken} kg of other projects, is more than the "
                "approved {most} kg."
            ).format(
                wanted=_show(wanted), taken=_show(taken.quantity), most=_show(envelope.quantity)
            ),
            field="quantity",
            data={"wanted": str(wanted), "taken": str(taken.quantity)},
        )


def _temperature(
    plan: Mapping[str, Any], envelope: Envelope, _taken: Taken, _rulebook: Rulebook
) -> Iterator[Problem]:
    yield from _range(plan, envelope, "temperature", _("Temperature"), "°C")


def _pressure(
    plan: Mapping[str, Any], envelope: Envelope, _taken: Taken, _rulebook: Rulebook
) -> Iterator[Problem]:
    yield from _range(plan, envelope, "pressure", _("Pressure"), "MPa")


def _range(
    plan: Mapping[str, Any], envelope: Envelope, name: str, title: Any, unit: str
) -> Iterator[Problem]:
    low, high = number(plan, f"{name}_low"), number(plan, f"{name}_high")
    least, most = getattr(envelope, f"{name}_low"), getattr(envelope, f"{name}_high")
    if low is None or high is None:
        yield _not_stated(name, title)
    elif low < least or high > most:
        yield Problem(
            name,
            _("{what} {low} to {high} {unit} leaves the approved {least} to {most} {unit}.").format(
                what=title,
                low=_show(low),
                high=_show(high),
                least=_show(least),
                most=_show(most),
                unit=unit,
            ),
            field=f"{name}_low" if low < least else f"{name}_high",
        )


def _hazard_class(
    plan: Mapping[str, Any], envelope: Envelope, _taken: Taken, _rulebook: Rulebook
) -> Iterator[Problem]:
    wanted = number(plan, "hazard_class")
    if wanted is None:
        yield _not_stated("hazard_class", _("Class of reaction"))
    elif wanted > envelope.hazard_class:
        text = _("Reaction of class {wanted}; the line is approved up to class {most}.")
        yield Problem(
            "hazard_class",
            text.format(wanted=wanted, most=envelope.hazard_class),
            field="hazard_class",
        )


def _emissions(
    plan: Mapping[str, Any], envelope: Envelope, taken: Taken, rulebook: Rulebook
) -> Iterator[Problem]:
    stated = plan.get("emissions") or {}
    for pollutant in rulebook.pollutants:
        key = f"emissions_{pollutant.id}"
        wanted = number(stated, pollutant.id)
        most = Decimal(str(envelope.emissions.get(pollutant.id, 0)))
        used = (taken.emissions or {}).get(pollutant.id, Decimal(0))
        if wanted is None:
            yield _not_stated(key, pollutant.title.say(_language()))
        elif wanted + used > most:
            text = _("{what}: {wanted} {unit} beside {used} of others, approved are {most}.")
            yield Problem(
                "emissions",
                text.format(
                    what=pollutant.title.say(_language()),
                    wanted=_show(wanted),
                    used=_show(used),
                    most=_show(most),
                    unit=pollutant.unit,
                ),
                field=key,
            )


Check = Callable[[Mapping[str, Any], Envelope, Taken, Rulebook], Iterator[Problem]]
CHECKS: dict[str, Check] = {
    "substances": _substances,
    "quantities": _quantities,
    "temperature": _temperature,
    "pressure": _pressure,
    "hazard_class": _hazard_class,
    "emissions": _emissions,
}


def _not_stated(field: str, title: Any) -> Problem:
    text = _("{what} was not stated, and what is unknown counts as outside.")
    return Problem("not-stated", text.format(what=title), field=field)


def _show(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _language() -> str:
    return get_language() or "zh"
