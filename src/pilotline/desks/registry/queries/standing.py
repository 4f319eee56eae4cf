"""How far a facility has come: the facts that programs ask before it may apply."""

from datetime import date
from typing import Any

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.registry.models import Facility
from pilotline.desks.registry.rules import quality_of

YEAR = 365.25


def standing_of(facility: Facility, *, today: date) -> dict[str, Any]:
    """The facts of one facility fetched by `facility` or `editable_facility` (no query).

    `facility_field` holds ids, `years_at_tier` is missing while the tier has no day.
    """
    kinds = [resource.kind for resource in facility.active]
    measured = [c for c in facility.stated if c.low is not None or c.high is not None]
    found: dict[str, Any] = {
        "facility_tier": facility.tier,
        "facility_published": facility.status == Facility.Status.PUBLISHED,
        "facility_field": list(facility.fields),
        "facility_quality": quality_of(facility, current_rulebook(), today=today).score,
        "facility_lines": kinds.count("line"),
        "facility_equipment": kinds.count("equipment"),
        "facility_measured": len(measured),
        "facility_certificates": len(facility.held),
    }
    steps = [step for step in facility.tier_steps.all() if step.tier == facility.tier]
    if steps:
        found["years_at_tier"] = round((today - steps[0].since).days / YEAR, 2)
    return found
