"""Makes proceedings through the services of real use."""

from typing import Any

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.review import services
from pilotline.desks.review.models import Proceeding, StepRun
from pilotline.kernel.actor import SYSTEM
from tests.factories import CITY, NOW


def track(serves: str = "project") -> str:
    """The id of the region's first track for this kind of subject."""
    return next(t.id for t in current_rulebook().tracks if t.serves == serves)


def proceeding(subject: int = 1, **given: Any) -> Proceeding:
    """A project's proceeding, complete on arrival, so that all that runs side by side is open."""
    values = {"title": "高镍三元前驱体中试", "region": CITY, "track": track(), "now": NOW}
    made = services.open_proceeding(
        who=SYSTEM, **{"subject": ("project", subject)} | values | given
    )
    services.finish_step(
        who=SYSTEM, run=open_run(made).pk, outcome="complete", now=given.get("now", NOW)
    )
    made.refresh_from_db()
    return made


def open_run(made: Proceeding, act: str = "", step: str = "") -> StepRun:
    """The first open step, of this act or name when one is given."""
    found = StepRun.objects.filter(proceeding=made, state="open").order_by("id")
    found = found.filter(act=act) if act else found
    return (found.filter(step=step) if step else found)[0]


def pass_all(made: Proceeding, outcome: str = "pass", now: Any = NOW) -> None:
    """Every open step comes to this outcome."""
    for run in list(StepRun.objects.filter(proceeding=made, state="open").order_by("id")):
        services.finish_step(who=SYSTEM, run=run.pk, outcome=outcome, reasons="同意", now=now)
