"""What the journal does: write an entry, announce news, deliver it, publish a rulebook."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from pilotline.desks.journal.events import (
    HANDLERS,
    Handler,
    JournalFaulty,
    NewsStuck,
    telling_of,
)
from pilotline.desks.journal.models import (
    ChainCheck,
    Counter,
    Delivery,
    Entry,
    Happening,
    Release,
)
from pilotline.desks.journal.queries import (
    NoRulebook,
    chain_head,
    current_release,
    last_head,
    verify,
)
from pilotline.desks.journal.rules import canonical, digest_of, may_see_outbox, plain
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotAllowed, NotFound, Problem, Refused, refuse
from pilotline.kernel.event import Event
from pilotline.kernel.ids import case_number
from pilotline.rulebook import Rulebook
from pilotline.rulebook.publishing import problems_of_publishing

log = logging.getLogger("pilotline.journal")
MAX_ATTEMPTS = 8
MOST_FAULTS = 200
CHECK_TASK = "pilotline.desks.journal.tasks.check_chain"
FIRST_WAIT = timedelta(seconds=20)


def record(
    *,
    who: Actor,
    action: str,
    subject: tuple[str, int | str],
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    case: int | None = None,
    organisation: int | None = None,
) -> None:
    """Write one entry, in the caller's transaction.

    `subject` is (kind, id); `case` ties the entry to a thread and `organisation` to its owner.
    """
    kind, key = subject
    try:
        release = current_release()[0]
    except NoRulebook:
        release = None
    columns: dict[str, Any] = {
        "at": now.astimezone(UTC),
        "actor": who.id,
        "actor_name": who.name,
        "action": action,
        "subject_kind": kind,
        "subject_id": str(key),
        "case": case,
        "organisation": organisation,
        "release": release,
        "before": plain(before),
        "after": plain(after),
    }
    entry = Entry(body=canonical(columns), **columns)
    load = _load.get()
    if load is None:
        entry.save(force_insert=True)
    else:
        load.entries.append(entry)


def draw_number(*, series: str, year: int) -> str:
    """The next number of a series, without gaps: a rolled-back change gives its number back."""
    mine = Counter.objects.filter(series=series, year=year)
    # Once written, the row is ours until the transaction ends.
    if not mine.update(last=F("last") + 1):
        Counter.objects.get_or_create(series=series, year=year)
        mine.update(last=F("last") + 1)
    return case_number(series, year, mine.select_for_update().get().last)


def emit(event: Event, *, now: datetime) -> None:
    """Write the event and one delivery a handler; after the commit they are delivered at once."""
    row = Happening(name=event.name, payload=event.payload(), at=now)
    load = _load.get()
    if load is not None:
        load.news.append(row)
        return
    row.save(force_insert=True)
    deliveries = _deliveries(row)
    Delivery.objects.bulk_create(deliveries)
    if deliveries:
        transaction.on_commit(lambda: deliver_happening(row.pk), robust=True)


def _deliveries(row: Happening) -> list[Delivery]:
    handlers = sorted(HANDLERS.get(row.name, {}))
    return [Delivery(happening=row, handler=name, due=row.at) for name in handlers]


@dataclass
class _Load:
    """Entries and news of a load that are not written yet, in the order in which they came."""

    entries: list[Entry] = field(default_factory=list)
    news: list[Happening] = field(default_factory=list)


_load: ContextVar[_Load | None] = ContextVar("load", default=None)


@contextmanager
def in_bulk() -> Iterator[None]:
    """Inside, entries and news are gathered and written at the end, and the worker delivers them:
    for loads of one transaction, in which nobody reads them."""
    token = _load.set(load := _Load())
    try:
        yield
    finally:
        _load.reset(token)
    Entry.objects.bulk_create(load.entries, batch_size=500)
    Happening.objects.bulk_create(load.news, batch_size=500)
    Delivery.objects.bulk_create((d for row in load.news for d in _deliveries(row)), batch_size=500)


def deliver_happening(happening: int) -> None:
    """Deliver what one event still owes. Never raises: what fails waits for the worker."""
    for pk in Delivery.objects.filter(happening=happening, status="waiting").values_list(
        "pk", flat=True
    ):
        deliver(pk, now=timezone.now())


def deliver_due(*, now: datetime, limit: int = 200) -> int:
    """What the worker calls: deliver all that is due. Returns how many it tried."""
    due = Delivery.objects.filter(status="waiting", due__lte=now).order_by("id")
    keys = list(due.values_list("pk", flat=True)[:limit])
    for pk in keys:
        deliver(pk, now=now)
    return len(keys)


def deliver(pk: int, *, now: datetime) -> bool:
    """Hand one delivery to its handler, once, even when two processes try at the same moment."""
    try:
        with transaction.atomic():
            row = (
                Delivery.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related("happening")
                .filter(pk=pk, status="waiting")
                .first()
            )
            if row is None:
                return False
            with telling_of(row.happening.at):
                _handler(row)(_event(row.happening), now)
            row.status, row.done_at, row.error = Delivery.Status.DONE, now, ""
            row.attempts += 1
            row.save(update_fields=["status", "done_at", "error", "attempts"])
            return True
    except Exception as error:  # whatever a handler does, the others go on and this one is shown
        log.exception("delivery %s failed", pk)
        _postpone(pk, error, now)
        return False


def _event(happening: Happening) -> Event:
    kind = Event.registry.get(happening.name)
    if kind is None:
        raise NotFound(_("No desk knows this kind of news any more."), name=happening.name)
    return kind.read(happening.payload)


def _handler(row: Delivery) -> Handler:
    handler = HANDLERS.get(row.happening.name, {}).get(row.handler)
    if handler is None:
        raise NotFound(_("No desk answers this news any more."), handler=row.handler)
    return handler


def _postpone(pk: int, error: Exception, now: datetime) -> None:
    with transaction.atomic():
        row = Delivery.objects.select_for_update().get(pk=pk)
        if row.status == Delivery.Status.DONE:
            return
        row.attempts += 1
        row.error = f"{type(error).__name__}: {error}"[:2000]
        row.due = now + FIRST_WAIT * 2 ** min(row.attempts - 1, 10)
        if row.attempts >= MAX_ATTEMPTS:
            row.status = Delivery.Status.STUCK
            _tell_stuck(row, now)
        row.save(update_fields=["attempts", "error", "due", "status"])


def _tell_stuck(row: Delivery, now: datetime) -> None:
    """Announce it, unless it is such an announcement itself: that would go round for ever."""
    if row.happening.name != NewsStuck.__name__:
        emit(NewsStuck(row.pk, row.happening.name, row.attempts), now=now)


@transaction.atomic
def retry_delivery(*, who: Actor, pk: int, now: datetime) -> None:
    """Put a stuck delivery back in line; it is tried at once. Twice is once."""
    _may_retry(who)
    _put_back(who, Delivery.objects.filter(pk=pk), now)


@transaction.atomic
def retry_all(*, who: Actor, now: datetime) -> int:
    """Put every stuck delivery back in line, for the worker. Returns how many."""
    _may_retry(who)
    return _put_back(who, Delivery.objects.all(), now, at_once=False)


def _may_retry(who: Actor) -> None:
    if not may_see_outbox(who):
        raise NotAllowed(_("Only the operator of the system and the authority retry news."))


def _put_back(who: Actor, rows: QuerySet[Delivery], now: datetime, *, at_once: bool = True) -> int:
    stuck = list(rows.filter(status="stuck").select_for_update(no_key=True, skip_locked=True))
    for row in stuck:
        row.status, row.attempts, row.due = Delivery.Status.WAITING, 0, now
        row.save(update_fields=["status", "attempts", "due"])
        if at_once:
            transaction.on_commit(partial(deliver_happening, row.happening_id), robust=True)
    for row in stuck:
        record(who=who, action="journal.retry", subject=("delivery", row.pk), now=now)
    return len(stuck)


@transaction.atomic
def ask_for_check(*, who: Actor, now: datetime) -> None:
    """Have the worker walk the chain soon; asking again while it waits changes nothing."""
    if not may_see_outbox(who):
        raise NotAllowed
    with suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task(
            CHECK_TASK, queue="journal", queueing_lock="journal.check_chain.asked"
        ).defer(timestamp=int(now.timestamp()))


@transaction.atomic
def check_chain(*, now: datetime) -> ChainCheck:
    """Walk the chain and keep what was found, with the head, for the next walk to hold it to."""
    length, head = chain_head()
    faults = list(islice(verify(noted=last_head()), MOST_FAULTS))
    if faults:
        log.error("the journal was tampered with: %s", "; ".join(faults))
    else:
        log.info("the journal is whole: %s entries, newest digest %s", length, head)
    found = ChainCheck.objects.create(at=now, length=length, head=head, faults=faults)
    if faults:
        emit(JournalFaulty(check=found.pk, faults=len(faults)), now=now)
    return found


@transaction.atomic
def publish_release(*, who: Actor, content: dict[str, Any], now: datetime) -> Release:
    """Store a checked rulebook as the next immutable release.

    Refused when the content is the one in force already, or when rules of publishing say no.
    """
    if not (who.is_system or who.has("sysop")):
        raise NotAllowed(_("Only the operator of the system may publish a rulebook."))
    new = Rulebook.from_content(content)
    latest = Release.objects.select_for_update().order_by("-id").first()
    digest = digest_of(canonical(content))
    if latest is not None:
        if latest.digest == digest:
            refuse([Problem("same-content", _("This rulebook is in force already."))])
        found = problems_of_publishing(Rulebook.from_content(latest.content), new)
        if found:
            language = get_language() or "zh"
            raise Refused(Problem("unpublishable", text.say(language)) for text in found)
    release = Release.objects.create(
        region=new.region.id,
        number=(latest.number if latest else 0) + 1,
        digest=digest,
        content=content,
        published_at=now,
        published_by=who.id,
        publisher=who.name,
    )
    record(
        who=who,
        action="rulebook.publish",
        subject=("release", release.number),
        after={"digest": digest},
        now=now,
    )
    return release
