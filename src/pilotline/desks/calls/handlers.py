"""What the desk of calls does when news comes from below."""

from datetime import datetime

from pilotline.desks.calls.services.courses import SUBJECT, end_course
from pilotline.desks.calls.services.panels import ABOUT, bring_marks
from pilotline.desks.journal.events import on
from pilotline.desks.review.events import PanelClosed, ProceedingEnded


@on(ProceedingEnded)
def take_outcome(event: ProceedingEnded, now: datetime) -> None:
    """An application has come to the end of its track."""
    if event.subject_kind == SUBJECT:
        end_course(application=event.subject, outcome=event.outcome, now=now)


@on(PanelClosed)
def take_standings(event: PanelClosed, now: datetime) -> None:
    """The marks of a call's panel are final."""
    if event.about_kind == ABOUT and event.about is not None:
        bring_marks(call=event.about, panel=event.panel, now=now)
