"""Officials are seated in bodies: from the first seat on, only members do the body's steps."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.journal.services import record
from pilotline.desks.people import queries as people
from pilotline.desks.people.rules import may_grant
from pilotline.desks.review.models import Seat
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotAllowed, NotFound, Problem, refuse


@transaction.atomic
def give_seat(*, who: Actor, user: int, body: str, region: str, now: datetime) -> Seat:
    """Seat an official in a body, in a region whose authority they are. Twice is once.

    Given, like roles, by the operator of the system.
    """
    _may(who)
    refuse(_problems(user, body, region))
    made, is_new = Seat.objects.get_or_create(
        user_id=user,
        body=body,
        region=region,
        ended_at=None,
        defaults={"given_by_name": who.name, "given_at": now},
    )
    if is_new:
        _record(who, "review.give_seat", made, now)
    return made


@transaction.atomic
def end_seat(*, who: Actor, seat: int, now: datetime) -> Seat:
    """Take a seat back; what its holder had taken on stays under their name until laid down."""
    _may(who)
    found = Seat.objects.select_for_update(no_key=True).filter(pk=seat).first()
    if found is None:
        raise NotFound
    if found.ended_at is None:
        found.ended_at = now
        found.save(update_fields=["ended_at"])
        _record(who, "review.end_seat", found, now)
    return found


def _may(who: Actor) -> None:
    if not may_grant(who):
        raise NotAllowed(_("Only the operator of the system seats officials."))


def _problems(user: int, body: str, region: str) -> list[Problem]:
    book = current_rulebook()
    found = book.bodies.get(body)
    if found is None:
        return [Problem("body", _("Please choose one of the offices."), "body")]
    problems = []
    if found.level == "province" and region != book.region.id:
        problems.append(Problem("level", _("This office answers for the whole region."), "region"))
    elif found.level != "province" and region not in book.cities:
        problems.append(Problem("level", _("This office is a city’s: choose one."), "region"))
    elif not people.actor_for(people.user(user)).answers_for(region):
        text = _("Give the person the role of that region’s authority first.")
        problems.append(Problem("no-role", text, "region"))
    return problems


def _record(who: Actor, action: str, seat: Seat, now: datetime) -> None:
    record(
        who=who,
        action=action,
        subject=("user", seat.user_id),
        after={"body": seat.body, "region": seat.region},
        now=now,
    )
