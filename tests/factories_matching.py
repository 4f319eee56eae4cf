"""Makes a line that can take `factories_demand.NEED`, and talks about it, through the services."""

from typing import Any

from pilotline.desks.demand import services as demand
from pilotline.desks.demand.models import Case
from pilotline.desks.matching import services
from pilotline.desks.matching.models import Match
from pilotline.desks.registry import services as registry
from pilotline.desks.registry.models import Facility
from pilotline.kernel.actor import Actor
from tests.factories import NOW, actor
from tests.factories_demand import NEED

REACTOR = [("volume", "1000L"), ("temperature", "-20~150℃"), ("agitation_speed", "600rpm")]
REACTOR += [("batch_mass", "100kg")]
# What the title of the need names: 共沉淀.
PROCESSES = ["catalyst_preparation"]


def operated(who: Actor | None = None, name: str = "海岱前驱体中试平台") -> tuple[Actor, Facility]:
    """An operator and a published facility of theirs that offers nothing yet."""
    who = who or actor("operator")
    values = {
        "name": name,
        "region": "370100",
        "fields": ["new_energy_materials"],
        "summary": "前驱体共沉淀与表征",
    }
    made = registry.create_facility(
        who=who, organisation=min(who.organisations), values=values, now=NOW
    )
    return who, registry.publish_facility(who=who, code=made.code, now=NOW)


def with_reactor(
    who: Actor, facility: Facility, statements: list[tuple[str, str]] | None = None
) -> int:
    """Add a line with one reactor that states these capabilities. Returns the line's id."""
    line, _reactor = registry.fill_facility(
        who=who,
        facility=facility.code,
        resources=[
            {"kind": "line", "name": "共沉淀线", "processes": PROCESSES, "price_unit": "天"},
            {
                "kind": "equipment",
                "name": "反应釜",
                "line_name": "共沉淀线",
                "capabilities": REACTOR if statements is None else statements,
            },
        ],
        now=NOW,
    )
    return line.pk


def read_need(who: Actor, **answers: Any) -> Case:
    """An accepted need whose text was read and whose requirements the applicant confirmed."""
    case = demand.start_case(
        who=who,
        organisation=min(who.organisations),
        kind="need",
        answers=NEED | answers,
        now=NOW,
    )
    demand.read_text(who=who, case=case.pk, now=NOW)
    demand.confirm_requirements(who=who, case=case.pk, now=NOW)
    case.refresh_from_db()
    demand.submit(who=who, case=case.pk, version=case.version, key=f"k{case.pk}", now=NOW)
    case.refresh_from_db()
    return case


def talk(applicant: Actor, operator: Actor, facility: Facility, line: int, case: Case) -> Match:
    """A talk that the applicant has opened."""
    return services.ask_facility(
        who=applicant, case=case.pk, facility=facility.pk, line=line, text="能否承接?", now=NOW
    )
