"""Makes projects, envelopes and permits through the services of real use."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from pilotline.desks.approvals import services
from pilotline.desks.approvals.models import Envelope, Project
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.registry.models import Facility
from pilotline.kernel.actor import Actor
from tests.factories import CITY, NOW, actor
from tests.factories_demand import accepted, attached
from tests.factories_matching import operated, with_reactor

BEGIN, END = date(2027, 1, 4), date(2027, 6, 30)
PLAN = {
    "substances": ["硫酸镍", "氨水"],
    "quantity": "800",
    "temperature_low": "20",
    "temperature_high": "60",
    "pressure_low": "0",
    "pressure_high": "0.1",
    "hazard_class": "1",
    "emissions": {"vocs": "0.1", "cod": "0.2", "ammonia_nitrogen": "0.1", "hazardous_waste": "1"},
}
LIMITS = PLAN | {
    "substances": ["硫酸镍", "硫酸钴", "氨水"],
    "quantity": "1000",
    "temperature_high": "90",
    "pressure_high": "0.3",
    "hazard_class": "2",
    "emissions": {"vocs": "0.5", "cod": "1", "ammonia_nitrogen": "0.5", "hazardous_waste": "5"},
}


class Scene(NamedTuple):
    """Who takes part, and where."""

    applicant: Actor
    operator: Actor
    city: Actor
    facility: Facility
    line: int


def scene() -> Scene:
    operator, facility = operated()
    line = with_reactor(operator, facility)
    return Scene(actor(), operator, actor("authority", region=CITY), facility, line)


def project(on: Scene, kind: str = "project", **given: Any) -> Project:
    """A project of a fresh case with every paper that is asked for."""
    case = given.pop("case", None) or accepted(on.applicant)
    hazardous = given.setdefault("hazardous", False)
    needed = {"always", "hazardous"} if hazardous else {"always"}
    papers = {
        item.id: attached(on.applicant, case, name=f"{item.id}.pdf").pk
        for item in current_rulebook().review_items
        if item.needed in needed
    }
    values = {
        "facility": on.facility.pk,
        "line": on.line,
        "begin": BEGIN,
        "end": END,
        "plan": PLAN,
        "papers": papers,
        "now": NOW,
    }
    return services.open_project(who=on.applicant, case=case.pk, kind=kind, **(values | given))


def envelope(on: Scene, **values: Any) -> Envelope:
    return services.record_envelope(
        who=on.city,
        facility=on.facility.pk,
        line=on.line,
        document="鲁环审〔2025〕12号",
        values=LIMITS | values,
        since=NOW.date() - timedelta(days=300),
        now=NOW,
    )
