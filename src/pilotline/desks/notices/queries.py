"""What a person has been told."""

from django.db.models import QuerySet

from pilotline.desks.notices.models import Notice
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotFound


def notices(*, who: Actor) -> QuerySet[Notice]:
    """The reader's own notices, newest first."""
    return Notice.objects.filter(user_id=who.id).order_by("-at", "-id")


def notice(*, who: Actor, id: int) -> Notice:
    found = notices(who=who).filter(pk=id).first()
    if found is None:
        raise NotFound
    return found


def unread_count(*, who: Actor) -> int:
    if who.id is None:
        return 0
    return Notice.objects.filter(user_id=who.id, read_at=None).count()
