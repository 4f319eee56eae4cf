"""Links by which calendar programs read bookings: made, read, ended."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pilotline.desks.booking.models import Feed
from pilotline.desks.booking.queries.feeds import digest, feed_by, may_have_feed
from pilotline.desks.journal.services import record
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotAllowed, NotFound, Problem, refuse

MOST_FEEDS = 50


@transaction.atomic
def make_feed(
    *,
    who: Actor,
    resource: int | None = None,
    facility: int | None = None,
    language: str,
    now: datetime,
) -> tuple[Feed, str]:
    """A new link and its secret, which is told only now. Without a thing: the own calendar."""
    if who.id is None or who.scopes is not None:
        raise NotAllowed(_("A person makes calendar links while logged in."))
    if not may_have_feed(who, resource=resource, facility=facility):
        raise NotFound
    if Feed.objects.filter(owner=who.id, ended_at=None).count() >= MOST_FEEDS:
        text = _("You have {most} links already: end some first.").format(most=MOST_FEEDS)
        refuse([Problem("too-many", text)])
    secret = secrets.token_urlsafe(32)
    made = Feed.objects.create(
        digest=digest(secret),
        owner_id=who.id,
        resource_id=resource,
        facility_id=facility,
        language=language,
        made_at=now,
    )
    _record(made, "make-feed", who, now)
    return made, secret


@transaction.atomic
def end_feed(*, who: Actor, feed: int, now: datetime) -> None:
    """End a link: whoever still has it finds nothing."""
    found = Feed.objects.select_for_update().filter(pk=feed, owner=who.id).first()
    if found is None:
        raise NotFound
    if found.ended_at is None:
        found.ended_at = now
        found.save(update_fields=["ended_at"])
        _record(found, "end-feed", who, now)


def note_reading(*, secret: str, now: datetime) -> None:
    """Keep when a link was last read, to the hour: so its owner sees whether it is in use."""
    found = feed_by(secret=secret)
    if found.last_read_at is None or (now - found.last_read_at).total_seconds() > 3600:
        Feed.objects.filter(pk=found.pk).update(last_read_at=now)


def _record(feed: Feed, action: str, who: Actor, now: datetime) -> None:
    record(
        who=who,
        action=f"booking.{action}",
        subject=("feed", feed.pk),
        after={"resource": feed.resource_id, "facility": feed.facility_id},
        now=now,
    )
