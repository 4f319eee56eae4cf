"""What the people behind the log-ins have read by the day on which the demonstration is loaded."""

from datetime import datetime, timedelta

from pilotline.config.demonstration.people import Cast
from pilotline.desks.journal.services import deliver_due
from pilotline.desks.notices.services import mark_read

UNREAD = timedelta(days=2)  # who looks in every other day


def read_what_is_old(cast: Cast, *, now: datetime) -> None:
    """Deliver what the load left to the worker, then mark as read what is older than two days."""
    while deliver_due(now=now):
        pass
    for user in cast.logins.values():
        mark_read(who=cast.actor(user), until=now - UNREAD, now=now)
