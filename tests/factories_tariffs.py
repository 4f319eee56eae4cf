"""Makes tariffs and quotations through the services of real use."""

from datetime import date
from decimal import Decimal
from typing import Any

from pilotline.desks.booking.models import Quotation, Tariff
from pilotline.desks.booking.rules.tariffs import Meter, Wanted
from pilotline.desks.booking.services import quotations, tariffs
from pilotline.desks.registry import services as registry
from pilotline.desks.registry.models import Facility
from pilotline.kernel.actor import SYSTEM, Actor
from tests.factories import NOW

TODAY = date(2026, 11, 2)
CONTENT: dict[str, Any] = {
    "entries": [
        {"id": "use", "title": "机时费", "kind": "use", "unit": "hour", "price": "300.31",
         "minimum": "2", "step": "0.5"},
        {"id": "clean", "title": "清洗费", "kind": "cleaning", "unit": "run", "price": "200",
         "each_use": True, "by_class": False, "when_urgent": False},
        {"id": "power", "title": "电费", "title_en": "Power", "kind": "utility", "unit": "kwh",
         "what": "电", "price": "0.85", "by_class": False, "when_urgent": False},
    ],
    "factors": {"sme": "0.9", "outside": "1.25"},
    "urgent": "1.5",
    "overhead": "0.1",
    "tax": "0.06",
    "tax_mode": "added",
}  # fmt: skip
BASIS: dict[str, Any] = {
    "value": "1360000",
    "years": "5",
    "hours": "1605",
    "maintenance_share": "0.06",
    "consumables": "41",
    "management": "39",
}


def resource(who: Actor, facility: Facility, name: str = "质谱仪", **more: Any) -> int:
    """A piece of equipment of the facility. Returns its id."""
    made = registry.add_resource(
        who=who,
        facility=facility.code,
        values={"kind": "equipment", "name": name} | more,
        now=NOW,
    )
    return made.pk


def tariff(
    facility: Facility, resource: int | None = None, *, who: Actor = SYSTEM, **more: Any
) -> Tariff:
    """A tariff in force from TODAY on, of CONTENT unless told otherwise."""
    given = {"content": CONTENT, "valid_from": TODAY, "now": NOW} | more
    return tariffs.set_tariff(who=who, code=facility.code, resource=resource, **given)


def hours(resource: int | None, amount: str, *more: Meter, urgent: bool = False) -> Wanted:
    """A use of so many hours, with further meters."""
    return Wanted(resource, TODAY, (Meter("use", "hour", Decimal(amount)), *more), urgent)


def quotation(who: Actor, facility: Facility, *wanted: Wanted, **more: Any) -> Quotation:
    """A quotation that the applicant has asked for."""
    given = {"organisation": min(who.organisations), "now": NOW} | more
    return quotations.quote(who=who, code=facility.code, wanted=wanted, **given)
