"""Lists of prices: those handed in, and the prices of an operator's own facilities as one."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from pilotline.desks.booking.models import Tariff, TariffFile
from pilotline.desks.booking.rules.tariff_texts import caps_text, percent_of, tiers_text
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.registry import queries as registry
from pilotline.desks.registry.forms import Plan, annotated, open_file
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotFound


def tariff_files(*, who: Actor) -> QuerySet[TariffFile]:
    """The actor's own lists, newest first, without their bytes."""
    return TariffFile.objects.filter(made_by=who.id).defer("content", "plan")


def tariff_file(*, who: Actor, id: int) -> TariffFile:
    """One list of the actor's own."""
    found = TariffFile.objects.filter(pk=id, made_by=who.id).first()
    if found is None or who.id is None:
        raise NotFound
    return found


def plan_of(file: TariffFile) -> Plan:
    return Plan.read(file.plan)


def annotated_list(file: TariffFile) -> bytes:
    """The list given back as xlsx, every row's fate beside it."""
    content = bytes(file.content)
    return annotated(content, open_file(file.name, content, current_rulebook()), plan_of(file))


def newest_tariffs(facilities: Iterable[int]) -> dict[tuple[int, int | None], Tariff]:
    """The newest version of every tariff of these facilities, by facility and resource."""
    rows = (
        Tariff.objects.filter(facility__in=list(facilities))
        .select_related("facility", "resource")
        .order_by("facility_id", "resource_id", "-version")
        .distinct("facility_id", "resource_id")
    )
    return {(row.facility_id, row.resource_id): row for row in rows}


def listed_tariffs(*, who: Actor) -> list[dict[str, Any]]:
    """Every entry of the newest tariffs of the actor's own facilities, by column key."""
    own = {f.pk: f for f in registry.own_facilities(who)}
    rows = newest_tariffs(own).values()
    living = [row for row in rows if row.resource is None or row.resource.status == "active"]
    living.sort(key=lambda r: (r.facility.code, r.resource_id is not None, r.resource_id or 0))
    return [line for row in living for line in _lines(row)]


def _lines(row: Tariff) -> Iterable[dict[str, Any]]:
    content = row.content
    whole = {
        "facility": row.facility.code,
        "resource": row.resource.name if row.resource else "",
        "code": row.resource.code if row.resource else "",
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "tax": percent_of(content.get("tax") or "0"),
        "tax_mode": content.get("tax_mode") or "added",
        "urgent": percent_of(content.get("urgent")),
        "overhead": percent_of(content.get("overhead") or "0"),
        "overhead_for": content.get("overhead_for") or [],
        "day_hours": (content.get("hours") or {}).get("day", ""),
        **{f"factor_{n}": percent_of(f) for n, f in (content.get("factors") or {}).items()},
    }
    return [whole | _entry(entry) for entry in content["entries"]]


def _entry(entry: Mapping[str, Any]) -> dict[str, Any]:
    plain = ("id", "title", "title_en", "kind", "price", "unit", "what", "group", "tiers_rule")
    flags = {n: entry.get(n, n != "each_use") for n in ("each_use", "by_class", "when_urgent")}
    return {
        **{name: entry.get(name, "") for name in (*plain, "tiers_over")},
        **{n: "" if entry.get(n) == "0" else entry.get(n, "") for n in ("minimum", "step")},
        **flags,
        **{f"price_{name}": price for name, price in (entry.get("prices") or {}).items()},
        "tiers": tiers_text(entry),
        "tiers_for": entry.get("tiers_for") or [],
        "caps": caps_text(entry),
        "further": percent_of(entry.get("further")) if entry.get("group") else "",
    }
