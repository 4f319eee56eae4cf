"""How long a lane of log-in tries waits. Pure: state and time in, waiting time out.

A browser that logged in before has a lane of its own, so whoever tries from elsewhere can only
fill the lane that all unknown browsers share for that user, never stop the known one. (The idea
is OWASP's device cookies.) Every try is charged before the password is looked at, so a thousand
tries at the same moment count as a thousand; a try that succeeds gets its charge back.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Pace:
    """`free` tries at once; then each doubles the wait from `first` up to `longest`.

    One try is forgotten for every `forgets` that pass.
    """

    free: int
    first: timedelta
    longest: timedelta
    forgets: timedelta


MINUTE = timedelta(minutes=1)
# A known browser of one user.
BROWSER = Pace(free=10, first=MINUTE, longest=15 * MINUTE, forgets=15 * MINUTE)
# All other browsers that try to be one user: about fifty guesses a day in the long run.
USER = Pace(free=5, first=MINUTE, longest=30 * MINUTE, forgets=360 * MINUTE)
# Everybody behind one address who is in no known browser: a campus shares one.
ADDRESS = Pace(free=50, first=MINUTE, longest=15 * MINUTE, forgets=2 * MINUTE)
# Six-digit codes, by people who know the password already.
CODE = Pace(free=5, first=MINUTE, longest=30 * MINUTE, forgets=360 * MINUTE)
# Mails that let a browser in. What is in the mailbox stays good, so a closed lane locks nobody out.
MAIL = Pace(free=3, first=5 * MINUTE, longest=60 * MINUTE, forgets=60 * MINUTE)


def wait(tries: float, last: datetime, pace: Pace, now: datetime) -> timedelta:
    """How long the next try has to wait; zero when it may go ahead.

    `tries` is the count right after the try at `last`.
    """
    over = round(tries) - pace.free
    if over < 0:
        return timedelta(0)
    due = last + min(pace.first * 2 ** min(over, 20), pace.longest)
    return min(max(timedelta(0), due - now), pace.longest)


def charged(tries: float, last: datetime, pace: Pace, now: datetime) -> float:
    """The count after one more try; what time has passed since `last` forgets its share."""
    return max(0.0, tries - max(0.0, (now - last) / pace.forgets)) + 1
