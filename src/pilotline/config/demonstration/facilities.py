"""Builds the invented facilities through the registry's services."""

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
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
    shared = material.people["shared"]
    facility = registry.create_facility(
        who=SYSTEM,
        organisation=organisation,
        values=_facility_values(row, kinds, shared, dice),
        now=now,
    )
    registry.fill_facility(
        who=SYSTEM,
        facility=facility.code,
        resources=[
            *(resource for kind in kinds for resource in _line(kind, dice, now)),
            *_shared(shared, dice),
        ],
        certificates=_certificates(shared, kinds, dice),
        now=now,
    )
    registry.publish_facility(who=SYSTEM, code=facility.code, now=now)
    _tiers(facility.code, row, shared["decided_by"], now)
    return facility.code


def _facility_values(
    row: dict[str, Any],
    kinds: list[dict[str, Any]],
    shared: dict[str, Any],
    dice: random.Random,
) -> dict[str, Any]:
    city = current_rulebook().cities[row["city"]]
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
        "summary": f"{row['says']['zh']}（演示数据）",
        "summary_en": f"{row['says']['en']} (Demonstration data.)",
        "contact": dice.choice(shared["contacts"]),
        "phone": f"0000-{dice.randint(1000000, 9999999)}",
        "opened_year": row["opened"],
    }


def _line(kind: dict[str, Any], dice: random.Random, now: datetime) -> Iterator[dict[str, Any]]:
    """A line, its equipment and its services."""
    name = kind["name"]["zh"]
    yield {
        "kind": "line",
        "name": name,
        "name_en": kind["name"]["en"],
        "processes": kind["processes"],
        "verifications": kind["verifications"],
        "fields": kind["fields"],
        "price": dice.randrange(*kind["price"], 100) if dice.random() < 0.85 else None,
        "price_unit": kind["price_unit"],
        "load": dice.choice([None, *range(15, 96, 5)]),
        "available_from": (now + timedelta(days=dice.randrange(330, 400))).date(),
        "capabilities": _statements(kind["says"], dice, share=0.85),
    }
    for title, title_en, says, most in kind["equipment"]:
        for number in range(dice.randint(1, most) if most < 4 else 1):
            suffix = NAMES_BY_NUMBER[number] if most in (2, 3) else ""
            yield {
                "kind": "equipment",
                "line_name": name,
                "name": f"{title}{suffix}",
                "name_en": f"{title_en} {suffix}".strip(),
                "processes": _processes(says),
                "quantity": most if most >= 4 else 1,
                "facts": {"year": str(dice.randint(2014, 2025))},
                "capabilities": _statements(says, dice, share=0.93),
            }
    for service_kind, title, title_en, low, high, unit in kind["services"]:
        yield {
            "kind": "service",
            "line_name": name,
            "name": title,
            "name_en": title_en,
            "service_kind": service_kind,
            "verifications": kind["verifications"],
            "price": round(dice.uniform(low, high) / 50) * 50,
            "price_unit": unit,
        }


def _processes(says: dict[str, list[str]]) -> list[str]:
    process = current_rulebook().attributes["process"]
    return list(process.values_in(" ".join(says.get("process", []))))


def _statements(
    says: dict[str, list[str]], dice: random.Random, *, share: float
) -> list[tuple[str, str]]:
    """One draw of each attribute; some are left out, as they are in real records."""
    return [
        (attribute, dice.choice(choices))
        for attribute, choices in says.items()
        if attribute != "process" and choices and dice.random() <= share
    ]


def _shared(shared: dict[str, Any], dice: random.Random) -> Iterator[dict[str, Any]]:
    """What serves all lines: a hall and staff."""
    hall = dict(shared["hall"])
    area = f"{dice.randrange(8, 60) * 100}{hall.pop('unit')}"
    attribute = hall.pop("attribute")
    yield hall | {"capabilities": [(attribute, area)]}
    yield shared["staff"] | {"quantity": dice.randint(3, 18)}


def _certificates(
    shared: dict[str, Any], kinds: list[dict[str, Any]], dice: random.Random
) -> list[dict[str, Any]]:
    held = dice.sample(shared["certificates"], dice.randint(1, 3))
    if any(s[0] == shared["testing_service"] for kind in kinds for s in kind["services"]):
        held += [c for c in shared["testing_certificates"] if dice.random() < 0.6]
    found = []
    for kind in held:
        start = date(dice.randint(2023, 2025), dice.randint(1, 12), 15)
        found.append(
            {
                "kind": kind,
                "number": f"YS-{dice.randint(10000, 99999)}",
                "issuer": shared["issuer"],
                "valid_from": start,
                "valid_to": start.replace(year=start.year + 4),
            }
        )
    return found


def _tiers(code: str, row: dict[str, Any], decided_by: str, now: datetime) -> None:
    """The tier history: every facility began below and rose to where it stands."""
    tiers = list(current_rulebook().tiers.ids)
    reached = tiers.index(row["tier"])
    for rank in range(max(0, reached - 2), reached + 1):
        since = row["since"] - timedelta(days=400 * (reached - rank))
        decided = datetime.combine(since, time(9), tzinfo=now.tzinfo)
        registry.decide_tier(
            who=SYSTEM,
            code=code,
            tier=tiers[rank],
            since=since,
            decided_by=decided_by,
            now=max(now, decided),
        )
