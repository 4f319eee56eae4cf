"""What the journal answers: the rulebook in force, a subject's history, what is stuck."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from pilotline.desks.journal.models import ChainCheck, Delivery, Entry, Link, Release
from pilotline.desks.journal.rules import (
    GENESIS,
    canonical,
    digest_of,
    link_digest,
    may_read_entries,
    may_see_outbox,
    says_the_same,
)
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotAllowed, NotFound
from pilotline.rulebook import Rulebook

# From one kind to the next along the index: the book may hold millions of entries of a few kinds.
ACTIONS = f"""
    WITH RECURSIVE kind AS (
        (SELECT action FROM {Entry._meta.db_table} ORDER BY action LIMIT 1)
        UNION ALL
        SELECT (SELECT action FROM {Entry._meta.db_table} AS entry
                WHERE entry.action > kind.action ORDER BY action LIMIT 1)
        FROM kind WHERE kind.action IS NOT NULL
    )
    SELECT action FROM kind WHERE action IS NOT NULL
"""  # noqa: S608  nothing but the table's name


class NoRulebook(NotFound):
    """No rulebook has been published yet: run `pilotline rulebook publish`."""

    code = "no-rulebook"


@lru_cache(maxsize=8)
def _rulebook(digest: str) -> Rulebook:
    content = Release.objects.values_list("content", flat=True).filter(digest=digest)[0]
    return Rulebook.from_content(content)


def has_release() -> bool:
    return Release.objects.exists()


_remembered: ContextVar[list[tuple[int, str]] | None] = ContextVar("release", default=None)


@contextmanager
def release_remembered() -> Iterator[None]:
    """Inside, the release in force is asked for once: for loads and pages that publish nothing."""
    if _remembered.get() is not None:
        yield
        return
    token = _remembered.set([])
    try:
        yield
    finally:
        _remembered.reset(token)


def current_release() -> tuple[int, str]:
    """Number and digest of the release in force (one small query)."""
    kept = _remembered.get()
    if kept:
        return kept[0]
    row = Release.objects.order_by("-id").values_list("number", "digest").first()
    if row is None:
        raise NoRulebook
    if kept is not None:
        kept.append(row)
    return row


def current_rulebook() -> Rulebook:
    """The rulebook in force, parsed once a process and release."""
    return _rulebook(current_release()[1])


def rulebook_of(number: int) -> Rulebook:
    """The rulebook of an older release, for replaying a decision made under it."""
    kept = _remembered.get()
    if kept and kept[0][0] == number:
        return _rulebook(kept[0][1])
    digest = Release.objects.filter(number=number).values_list("digest", flat=True).first()
    if digest is None:
        raise NotFound
    return _rulebook(digest)


def releases() -> QuerySet[Release]:
    return Release.objects.defer("content").order_by("-number")


def history(*, kind: str, id: int | str) -> QuerySet[Entry]:
    """Entries of one subject, oldest first. The caller has fetched the subject through a check."""
    return Entry.objects.filter(subject_kind=kind, subject_id=str(id)).select_related("link")


def case_history(*, case: int) -> QuerySet[Entry]:
    """Every entry of one thread, oldest first. The caller has fetched the case through a check."""
    return Entry.objects.filter(case=case).select_related("link").order_by("id")


def entries(*, who: Actor, text: str = "") -> QuerySet[Entry]:
    """The whole book, newest first, for those who may read it."""
    if not may_read_entries(who):
        raise NotAllowed(_("The whole book is open to the authority of the region only."))
    return found_in(Entry.objects.select_related("link").order_by("-id"), text)


def found_in(rows: QuerySet[Entry], text: str) -> QuerySet[Entry]:
    """The entries that hold every word: in who, what or the thing's number or content."""
    for word in text.split():
        rows = rows.filter(
            Q(actor_name__icontains=word)
            | Q(subject_id=word)
            | Q(action__icontains=word)
            | Q(body__icontains=word)
        )
    return rows


def entry(*, who: Actor, id: int) -> Entry:
    """One entry of the book, for those who may read it."""
    found = entries(who=who).filter(pk=id).first()
    if found is None:
        raise NotFound
    return found


def actions() -> list[str]:
    """Every kind of change that the book holds, in order."""
    with connection.cursor() as cursor:
        cursor.execute(ACTIONS)
        return sorted(action for (action,) in cursor.fetchall())


def deliveries(*, who: Actor, status: str = "") -> QuerySet[Delivery]:
    """Deliveries that are not done, newest first, for the operator of the system."""
    if not may_see_outbox(who):
        raise NotAllowed(_("Only the operator of the system and the authority see this."))
    found = Delivery.objects.select_related("happening").order_by("-id")
    return found.filter(status=status) if status else found.exclude(status="done")


def delivery(*, who: Actor, id: int) -> Delivery:
    """One delivery, done or not, for those who see the outbox."""
    if not may_see_outbox(who):
        raise NotAllowed
    found = Delivery.objects.select_related("happening").filter(pk=id).first()
    if found is None:
        raise NotFound
    return found


def outbox_counts() -> dict[str, int]:
    """How many deliveries wait and how many are stuck."""
    rows = Delivery.objects.exclude(status="done").values_list("status").annotate(n=Count("id"))
    return {"waiting": 0, "stuck": 0} | dict(rows)


def chain_head() -> tuple[int, str]:
    """Sequence number and digest of the newest link; note it elsewhere to catch a cut tail."""
    row = Link.objects.order_by("-seq").values_list("seq", "digest").first()
    return row or (0, "")


def last_check() -> ChainCheck | None:
    """The newest walk along the chain."""
    return ChainCheck.objects.order_by("-id").first()


def last_head() -> tuple[int, str]:
    """Length and digest that the newest walk without faults found: (0, "") before the first."""
    check = ChainCheck.objects.filter(faults=[]).order_by("-id").first()
    return (check.length, check.head) if check else (0, "")


def verify(*, noted: tuple[int, str] = (0, "")) -> Iterator[str]:
    """Walk the whole chain and yield a plain sentence for everything that does not fit.

    Found: a changed body, a column that no longer says what its body says, a removed or
    reordered entry, a forged link, an entry written past the chain, a changed rulebook release.
    A cut tail shows only against a head noted before (number and digest of the newest link, see
    `chain_head`): give it as `noted`.
    """
    expected, previous = 1, GENESIS
    seen = ""
    links = Link.objects.select_related("entry").order_by("seq")
    for link in links.iterator(2000):
        entry = link.entry
        if link.seq != expected:
            yield _("Link %(wanted)s is missing: the next one is %(found)s.") % {
                "wanted": expected,
                "found": link.seq,
            }
        if link.previous != previous:
            yield _("Link %(seq)s does not follow the one before it.") % {"seq": link.seq}
        if link.digest != link_digest(link.previous, entry.pk, entry.body):
            yield _("Entry %(entry)s of %(at)s or its link was changed after it was written.") % {
                "entry": entry.pk,
                "at": f"{entry.at:%Y-%m-%d %H:%M}",
            }
        if not says_the_same(entry.body, columns_of(entry)):
            yield _("Entry %(entry)s: its columns do not say what its body says.") % {
                "entry": entry.pk
            }
        if link.seq == noted[0]:
            seen = link.digest
        expected, previous = link.seq + 1, link.digest
    if noted[0] and seen != noted[1]:
        yield _("The chain is not the one noted before: link %(seq)s was %(digest)s.") % {
            "seq": noted[0],
            "digest": noted[1],
        }
    loose = Entry.objects.filter(link=None).count()
    if loose:
        yield _("%(count)s entries stand outside the chain.") % {"count": loose}
    yield from _changed_releases()


def _changed_releases() -> Iterator[str]:
    for release in Release.objects.order_by("id").iterator(5):
        if release.digest != digest_of(canonical(release.content)):
            yield _("Rulebook release %(number)s was changed after it was published.") % {
                "number": release.number
            }


def columns_of(entry: Entry) -> dict[str, Any]:
    """An entry's columns, as `record` wrote them into its body."""
    return {
        "at": entry.at,
        "actor": entry.actor,
        "actor_name": entry.actor_name,
        "action": entry.action,
        "subject_kind": entry.subject_kind,
        "subject_id": entry.subject_id,
        "case": entry.case,
        "organisation": entry.organisation,
        "release": entry.release,
        "before": entry.before,
        "after": entry.after,
    }
