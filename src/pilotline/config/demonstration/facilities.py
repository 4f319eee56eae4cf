"""Builds the invented facilities through the registry's services."""

import random
from datetime import date, datetime, timedelta
from typing import Any

from pilotline.config.demonstration.material import Material
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.registry import services as registry
from pilotline.kernel.actor import SYSTEM

NAMES_BY_NUMBER = "ABCDEF"


def build_facility(
    material: Material, row: dict[str, Any], *, organisation: int, seed: int, now: datetime
) -> str:
    """One facility with all that stands in it. Returns its code."""
    dice = random.Random(f"{seed}:{row['name']}")  # noqa: S311 invented data, not secrets
    kinds = [material.lines[line] for line in row["lines"]]
    facility = registry.create_facility(
        who=SYSTEM,
        organisation=organisation,
        values=_facility_values(row, kinds, material.people["shared"], dice),
        now=now,
    )
    for kind in kinds:
        _line(facility.code, kind, dice, now)
    _shared(facility.code, material.people["shared"], kinds, dice, now)
    registry.publish_facility(who=SYSTEM, code=facility.code, now=now)
    _tiers(facility.code, row, material.people["shared"]["decided_by"], now)
    return facility.code


def _facility_values(
    row: dict[str, Any],
    kinds: list[dict[str, Any]],
    shared: dict[str, Any],
    dice: random.Random,
) -> dict[str, Any]:
    city = current_rulebook().cities[row["city"]]
    titles = "、".join(kind["name"]["zh"] for kind in kinds)
    titles_en = ", ".join(kind["name"]["en"].lower() for kind in kinds)
    return {
        "name": row["name"],
        "name_en": row["en"],
        "region": row["city"],
        "address": f"{city.title.zh}示例产业园{dice.randint(1, 60)}号",
        "latitude": round(city.latitude + dice.uniform(-0.15, 0.15), 4),
        "longitude": round(city.longitude + dice.uniform(-0.15, 0.15), 4),
        "fields": list(dict.fromkeys(f for kind in kinds for f in kind["fields"])),
        "chain": kinds[0]["chain"],
        "construction_model": row["model"],
        "summary": f"面向社会开放的中试平台,现有{titles}。虚构单位,仅供演示。",
        "summary_en": f"Open to all: {titles_en}. An invented body, for demonstration only.",
        "contact": dice.choice(shared["contacts"]),
        "phone": f"0000-{dice.randint(1000000, 9999999)}",
        "opened_year": row["opened"],
    }


def _line(code: str, kind: dict[str, Any], dice: random.Random, now: datetime) -> None:
    line = registry.add_resource(
        who=SYSTEM,
        facility=code,
        values={
            "kind": "line",
            "name": kind["name"]["zh"],
            "name_en": kind["name"]["en"],
            "processes": kind["processes"],
            "verifications": kind["verifications"],
            "fields": kind["fields"],
            "price": dice.randrange(*kind["price"], 100) if dice.random() < 0.85 else None,
            "price_unit": kind["price_unit"],
            "load": dice.choice([None, *range(15, 96, 5)]),
            "available_from": (now + timedelta(days=dice.randrange(5, 90))).date(),
        },
        now=now,
    )
    _state(code, line.pk, kind["says"], dice, now, share=0.85)
    for name, name_en, says, most in kind["equipment"]:
        for number in range(dice.randint(1, most) if most < 4 else 1):
            suffix = NAMES_BY_NUMBER[number] if most in (2, 3) else ""
            equipment = registry.add_resource(
                who=SYSTEM,
                facility=code,
                values={
                    "kind": "equipment",
                    "line": line.pk,
                    "name": f"{name}{suffix}",
                    "name_en": f"{name_en} {suffix}".strip(),
                    "processes": _processes(says),
                    "quantity": most if most >= 4 else 1,
                    "facts": {"year": str(dice.randint(2014, 2025))},
                },
                now=now,
            )
            _state(code, equipment.pk, says, dice, now, share=0.93)
    for service_kind, name, name_en, low, high, unit in kind["services"]:
        registry.add_resource(
            who=SYSTEM,
            facility=code,
            values={
                "kind": "service",
                "line": line.pk,
                "name": name,
                "name_en": name_en,
                "service_kind": service_kind,
                "verifications": kind["verifications"],
                "price": round(dice.uniform(low, high) / 50) * 50,
                "price_unit": unit,
            },
            now=now,
        )


def _processes(says: dict[str, list[str]]) -> list[str]:
    process = current_rulebook().attributes["process"]
    return list(process.values_in(" ".join(says.get("process", []))))


def _state(
    code: str,
    resource: int | None,
    says: dict[str, list[str]],
    dice: random.Random,
    now: datetime,
    *,
    share: float,
) -> None:
    """State one draw of each attribute; some are left out, as they are in real records."""
    for attribute, choices in says.items():
        if attribute == "process" or not choices or dice.random() > share:
            continue
        registry.set_capability(
            who=SYSTEM,
            facility=code,
            resource=resource,
            attribute=attribute,
            written=dice.choice(choices),
            measured_on=(now - timedelta(days=dice.randrange(30, 900))).date(),
            now=now,
        )


def _shared(
    code: str,
    shared: dict[str, Any],
    kinds: list[dict[str, Any]],
    dice: random.Random,
    now: datetime,
) -> None:
    """What serves all lines: a hall, staff, certificates."""
    hall = {k: shared["hall"][k] for k in ("kind", "name", "name_en")}
    site = registry.add_resource(who=SYSTEM, facility=code, values=hall, now=now)
    area = f"{dice.randrange(8, 60) * 100}{shared['hall']['unit']}"
    _state(code, site.pk, {shared["hall"]["attribute"]: [area]}, dice, now, share=1)
    staff = shared["staff"] | {"quantity": dice.randint(3, 18)}
    registry.add_resource(who=SYSTEM, facility=code, values=staff, now=now)
    held = dice.sample(shared["certificates"], dice.randint(1, 3))
    if any(s[0] == shared["testing_service"] for kind in kinds for s in kind["services"]):
        held += [c for c in shared["testing_certificates"] if dice.random() < 0.6]
    for kind in held:
        start = date(dice.randint(2023, 2025), dice.randint(1, 12), 15)
        values = {
            "kind": kind,
            "number": f"YS-{dice.randint(10000, 99999)}",
            "issuer": shared["issuer"],
            "valid_from": start,
            "valid_to": start.replace(year=start.year + 4),
        }
        registry.add_certificate(who=SYSTEM, facility=code, values=values, now=now)


def _tiers(code: str, row: dict[str, Any], decided_by: str, now: datetime) -> None:
    """The tier history: every facility began below and rose to where it stands."""
    tiers = list(current_rulebook().tiers.ids)
    reached = tiers.index(row["tier"])
    for rank in range(max(0, reached - 2), reached + 1):
        registry.decide_tier(
            who=SYSTEM,
            code=code,
            tier=tiers[rank],
            since=row["since"] - timedelta(days=400 * (reached - rank)),
            decided_by=decided_by,
            now=now,
        )
