"""Tell people, mark as read, send mail."""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import translation

from pilotline.desks.journal.events import happened_at
from pilotline.desks.notices.models import Notice
from pilotline.desks.notices.ports import Mailer
from pilotline.desks.notices.rules import mail_subject, mail_text
from pilotline.kernel.actor import Actor

log = logging.getLogger("pilotline.notices")
MAIL_BATCH = 100
MAIL_ATTEMPTS = 6
MAIL_FRESH = timedelta(days=3)


@transaction.atomic
def tell(
    *,
    users: Iterable[int],
    kind: str,
    facts: Mapping[str, Any],
    subject: tuple[str, int | str],
    key: str,
    now: datetime,
) -> int:
    """Write one notice a user; `key` makes it once, however often the event is delivered. It bears
    the time of what it tells of."""
    subject_kind, subject_id = subject
    at = happened_at(now)
    rows = Notice.objects.bulk_create(
        [
            Notice(
                user_id=user,
                kind=kind,
                facts=dict(facts),
                subject_kind=subject_kind,
                subject_id=str(subject_id),
                key=key,
                at=at,
            )
            for user in sorted(set(users))
        ],
        ignore_conflicts=True,
    )
    return len(rows)


@transaction.atomic
def mark_read(
    *, who: Actor, ids: Iterable[int] | None = None, until: datetime | None = None, now: datetime
) -> int:
    """Mark the reader's own notices as read: those named, or all; with `until` none newer."""
    mine = Notice.objects.filter(user_id=who.id, read_at=None)
    if ids is not None:
        mine = mine.filter(pk__in=list(ids))
    if until is not None:
        mine = mine.filter(at__lte=until)
    return mine.update(read_at=now)


def send_mails(*, mailer: Mailer, now: datetime) -> int:
    """Send what has not been sent. A mail that fails is tried again, six times, then given up.

    Notices older than three days are not mailed any more: old news helps nobody. Nor are the
    invented people of a demonstration, who have no letter box.
    """
    waiting = Notice.objects.filter(
        mailed_at=None,
        mail_error="",
        at__gte=now - MAIL_FRESH,
        user__is_active=True,
        user__is_demo=False,
    ).exclude(user__email="")
    sent = 0
    for pk in list(waiting.order_by("id").values_list("pk", flat=True)[:MAIL_BATCH]):
        sent += _send_one(pk, mailer, now)
    return sent


@transaction.atomic
def _send_one(pk: int, mailer: Mailer, now: datetime) -> int:
    notice = (
        Notice.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("user")
        .filter(pk=pk, mailed_at=None)
        .first()
    )
    if notice is None:
        return 0
    with translation.override(notice.user.language):
        subject = mail_subject(notice.kind, notice.facts)
        text = mail_text(str(notice.user), notice.kind, notice.facts)
    try:
        mailer.send(
            to=notice.user.email, subject=subject, text=text, link=f"/shared/notices/{notice.pk}/"
        )
    except OSError as error:
        log.warning("mail for notice %s failed: %s", pk, error)
        notice.mail_attempts += 1
        if notice.mail_attempts >= MAIL_ATTEMPTS:
            notice.mail_error = str(error)[:300] or type(error).__name__
        notice.save(update_fields=["mail_attempts", "mail_error"])
        return 0
    notice.mailed_at = now
    notice.save(update_fields=["mailed_at"])
    return 1
