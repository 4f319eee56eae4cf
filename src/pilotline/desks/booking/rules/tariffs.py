"""Who keeps tariffs and quotations, what may be asked, and what a decision may become."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from pilotline.desks.booking.models import Booking, Quotation
from pilotline.desks.people.rules import token_opens
from pilotline.desks.registry.rules.access import governs, operates
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import Problem
from pilotline.rulebook import words
from pilotline.rulebook.answers import as_number

MOST_USES = 40
MOST_METERS = 20
MOST_NOTE = 500
# What may become of a quotation, and who decides it.
MOVES = {"accept": "applicant", "decline": "applicant", "withdraw": "operator"}
BECOMES = {"accept": "accepted", "decline": "declined", "withdraw": "withdrawn"}


@dataclass(frozen=True, slots=True)
class Meter:
    """So much of one kind of charge: 6 hours of use, 120 kWh of the utility `power`."""

    kind: str
    unit: str
    amount: Decimal
    what: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One use of a resource (None: of the facility as a whole), planned or measured."""

    resource: int | None
    day: date
    meters: tuple[Meter, ...]
    urgent: bool = False


def may_ask_price(who: Actor, organisation: int) -> bool:
    """Members ask and decide for their organisation, with a token only through their door."""
    return who.is_system or (
        who.belongs_to(organisation) and token_opens(who, "applicant", writes=True)
    )


def may_see_quotation(who: Actor, quotation: Quotation) -> bool:
    """Its organisation, the facility's operator, and the authorities of either's region."""
    facility, organisation = quotation.facility, quotation.organisation
    return (
        who.is_system
        or (who.belongs_to(organisation.pk) and token_opens(who, "applicant", writes=False))
        or operates(who, facility.operator_id, writes=False)
        or governs(who, facility.region, writes=False)
        or governs(who, organisation.region, writes=False)
    )


def may_see_price(who: Actor, booking: Booking, places: Iterable[tuple[int | None, str]]) -> bool:
    """Who sees a booking's price: its organisation, the operators of its facilities, and the
    authorities of either's region. `places`: operator and region of each facility."""
    return (
        who.is_system
        or (who.belongs_to(booking.organisation_id) and token_opens(who, "applicant", writes=False))
        or governs(who, booking.organisation.region, writes=False)
        or any(
            operates(who, operator, writes=False) or governs(who, region, writes=False)
            for operator, region in places
        )
    )


def moves_open_to(who: Actor, quotation: Quotation, today: date) -> list[str]:
    """What this person may make of the quotation today."""
    sides = {
        "applicant": may_ask_price(who, quotation.organisation_id),
        "operator": who.is_system or operates(who, quotation.facility.operator_id),
    }
    return [
        move
        for move, side in MOVES.items()
        if sides[side] and not problems_of_move(quotation, move, today)
    ]


def has_expired(quotation: Quotation, today: date) -> bool:
    """Valid up to and with its last day; what was decided does not expire."""
    return quotation.state == "open" and quotation.valid_until < today


def problems_of_move(quotation: Quotation, move: str, today: date) -> list[Problem]:
    """Why a quotation cannot become this now."""
    if quotation.state != "open":
        return [Problem("decided", _("This quotation was decided already."))]
    if move == "accept" and has_expired(quotation, today):
        return [
            Problem(
                "expired",
                _("This quotation was valid until {day}: ask for a new one.").format(
                    day=quotation.valid_until.isoformat()
                ),
            )
        ]
    return []


def problems_of_wanted(wanted: Sequence[Wanted], known: Iterable[int]) -> list[Problem]:
    """What is wrong with a wish for a price; what tariffs cannot price is said by pricing."""
    found, resources = [], set(known)
    if not wanted or not any(m.amount for use in wanted for m in use.meters):
        found.append(Problem("nothing", _("Say what you want to use, and how much."), "wanted"))
    if len(wanted) > MOST_USES or any(len(use.meters) > MOST_METERS for use in wanted):
        found.append(Problem("too-many", _("That is too much for one quotation."), "wanted"))
    for at, use in enumerate(wanted):
        if use.resource is not None and use.resource not in resources:
            words_ = _("This facility has no such resource.")
            found.append(Problem("no-such-resource", words_, f"wanted.{at}"))
    return found


def problems_of_note(note: str) -> list[Problem]:
    if len(note) <= MOST_NOTE:
        return []
    return [Problem("too-long", _("That is too long: shorten it."), "note")]


def kept(wanted: Sequence[Wanted], things: Iterable[Any]) -> list[dict[str, Any]]:
    """The wish as plain JSON values, amounts as text, with the names that `things` bear today."""
    known: dict[int | None, Any] = {thing.pk: thing for thing in things}
    return [
        {
            "resource": use.resource,
            "name": getattr(known.get(use.resource), "name", ""),
            "name_en": getattr(known.get(use.resource), "name_en", ""),
            "day": use.day.isoformat(),
            "urgent": use.urgent,
            "meters": [
                {"kind": m.kind, "unit": m.unit, "amount": f"{m.amount:f}", "what": m.what}
                for m in use.meters
            ],
        }
        for use in wanted
    ]


def read_wanted(rows: Sequence[Mapping[str, Any]]) -> list[Wanted]:
    """What `kept` wrote, or what a program sent in the same shape.

    An amount that is no number reads as NaN, which pricing refuses with its place.
    """
    return [
        Wanted(
            row["resource"],
            date.fromisoformat(row["day"]),
            tuple(
                Meter(m["kind"], m["unit"], _amount(m["amount"]), m.get("what", ""))
                for m in row["meters"]
            ),
            bool(row.get("urgent", False)),
        )
        for row in rows
    ]


def _amount(given: Any) -> Decimal:
    found = as_number(given)
    return Decimal("NaN") if found is None else found


UNIT_WORDS = {
    "hour": _("hour"),
    "half_day": _("half day"),
    "day": _("day"),
    "week": _("week"),
    "month": _("month"),
    "sample": _("sample"),
    "sample_point": _("sample and point"),
    "batch": _("batch"),
    "run": _("run"),
    "piece": _("piece"),
    "person_hour": _("person-hour"),
    "kg": _("kilogram"),
    "kg_day": _("kg and day"),
    "kwh": _("kWh"),
    "m3": _("m³"),
    "tonne": _("tonne"),
    "litre": _("litre"),
}
CHARGE_WORDS = {
    "use": _("Use"),
    "set_up": _("Set-up"),
    "cleaning": _("Cleaning"),
    "operator": _("Operating staff"),
    "consumable": _("Consumables"),
    "utility": _("Utilities"),
    "storage": _("Storage"),
    "service": _("Technical service"),
    "overhead": _("Overhead"),
    "tax": _("Tax"),
    "rounding": _("Rounding"),
}
# How the registry's free text names a unit: catalogue and shortlists are in Chinese first.
REGISTRY_UNITS = {
    "hour": "小时",
    "half_day": "半天",
    "day": "天",
    "week": "周",
    "month": "月",
    "sample": "样",
    "sample_point": "样·点",
    "batch": "批",
    "run": "次",
    "piece": "件",
    "person_hour": "人·小时",
    "kg": "公斤",
    "kg_day": "公斤·天",
    "kwh": "千瓦时",
    "m3": "立方米",
    "tonne": "吨",
    "litre": "升",
}
TIMES = words.TIME_UNITS
