"""How complete a facility's record is, by the weights of the rulebook, and what is missing."""

from datetime import date

from pilotline.desks.registry.models import Facility, Resource
from pilotline.rulebook import Rulebook
from pilotline.rulebook.model import Quality

# From this many measured statements, or characters of summary, on nothing more is asked for.
ENOUGH_CAPABILITIES = 5
ENOUGH_WORDS = 60


def quality_of(facility: Facility, rulebook: Rulebook, *, today: date) -> Quality:
    """The score of a facility fetched by `with_everything` (no query)."""
    return rulebook.data_quality.rate(measures(facility, rulebook, today=today))


def measures(facility: Facility, rulebook: Rulebook, *, today: date) -> dict[str, float]:
    """The share (0–1) found of everything that the rulebook may ask for."""
    by_kind: dict[str, list[Resource]] = {}
    for resource in facility.active:
        by_kind.setdefault(resource.kind, []).append(resource)
    services = by_kind.get("service", [])
    measured = [c for c in facility.stated if c.low is not None or c.high is not None]
    age = (today - facility.updated_at.date()).days
    fresh_days = rulebook.data_quality.fresh_days
    return {
        "description": min(1.0, len(facility.summary) / ENOUGH_WORDS),
        "contact": (bool(facility.contact) + bool(facility.phone)) / 2,
        "address": (bool(facility.address) + (facility.latitude is not None)) / 2,
        "operator": float(facility.operator_id is not None),
        "fields": float(bool(facility.fields)),
        "chain": float(bool(facility.chain)),
        "construction_model": float(bool(facility.construction_model)),
        "tier": float(bool(facility.tier)),
        "lines": float("line" in by_kind),
        "equipment": float("equipment" in by_kind),
        "measured_capabilities": min(1.0, len(measured) / ENOUGH_CAPABILITIES),
        "services": float(bool(services)),
        "prices": sum(s.price is not None for s in services) / len(services) if services else 0.0,
        "certificates": float(bool(facility.held)),
        "skills": float("skill" in by_kind),
        "freshness": 1.0 if age <= fresh_days else fresh_days / age,
    }
