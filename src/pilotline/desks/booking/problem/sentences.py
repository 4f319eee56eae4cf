"""What the pricing engine finds wrong, in words, with the field it belongs to."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from pilotline.desks.booking.rules.tariffs import CHARGE_WORDS, UNIT_WORDS
from pilotline.engines.pricing.problem import Fault
from pilotline.kernel.errors import Problem

SENTENCES: dict[str, Any] = {
    "unknown-class": _("There is no class of users “{class}”."),
    "unknown-unit": _("“{unit}” is not a unit in which one can charge."),
    "unknown-kind": _("“{kind}” is nothing that can be charged for."),
    "unknown-period": _("“{given}” is not a period of a cap."),
    "unknown-tier-rule": _("“{given}” is not a way to apply tiers."),
    "unknown-tier-span": _("“{given}” is not what tiers can count."),
    "unknown-tax-mode": _("“{given}” is not a way to charge tax."),
    "unknown-rounding": _("“{mode}” is not a way to round."),
    "bad-rounding": _("Money cannot be rounded to this."),
    "negative": _("This may not be negative."),
    "float": _("This is not an exact decimal number."),
    "not-a-number": _("This is not a number that can be reckoned with."),
    "factor-too-large": _("A factor may be at most {most}."),
    "urgent-below-one": _("Urgent work cannot cost less than the price."),
    "not-a-share": _("A share lies between 0 and 1 (100 %)."),
    "further-dearer": _("A further use of a group cannot cost more than the first."),
    "no-entries": _("A tariff needs at least one entry."),
    "twice": _("“{id}” is there twice."),
    "same-thing": _("Two entries charge for the same thing by the same unit."),
    "gap": _("The tiers leave a gap from {from} to {to}."),
    "gap-open": _("The tiers end at {from}: the last one must be open."),
    "overlap": _("This tier begins at {start}, where another one still holds."),
    "empty-tier": _("This tier ends where it begins ({start}) or before."),
    "hours-not-growing": _(
        "Half day, day, week and month must each be longer than the one before."
    ),
    "ends-before-it-starts": _("It must end after the day from which it holds."),
    "not-valid": _("This tariff does not hold on that day."),
    "no-urgent": _("The tariff says nothing of urgent work."),
    "no-tariff": _("Nothing in the tariff charges {charge} by this unit ({unit})."),
    "zero": _("This must be more than zero."),
    "share-and-amount": _("Give either a share or an amount by the hour, not both."),
}


def problems_from(faults: Iterable[Fault]) -> list[Problem]:
    """Each fault as a problem at the path where it was found."""
    return [_problem(fault) for fault in faults]


def _problem(fault: Fault) -> Problem:
    name = fault.code
    if name == "gap" and not fault.data.get("to"):
        name = "gap-open"
    known = dict(fault.data)
    if "kind" in known:
        charge = CHARGE_WORDS.get(known["kind"], known["kind"])
        what = f" ({known['what']})" if known.get("what") else ""
        known["charge"] = f"{charge}{what}"
        known["unit"] = str(UNIT_WORDS.get(known.get("unit", ""), known.get("unit", "")))
    return Problem(fault.code, str(SENTENCES[name]).format(**known), fault.at, data=fault.data)
