"""What the journal answers: the rulebook in force, a subject's history, what is stuck."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from pilotline.desks.journal.models import Delivery, Entry, Link, Release
from pilotline.desks.journal.rules import (
    GENESIS,
    canonical,
    link_digest,
    may_read_entries,
    may_see_outbox,
)
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotAllowed, NotFound
from pilotline.rulebook import Rulebook


class NoRulebook(NotFound):
    """No rulebook has been published yet: run `pilotline rulebook publish`."""

    code = "no-rulebook"


@lru_cache(maxsize=8)
def _rulebook(digest: str) -> Rulebook:
    content = Release.objects.values_list("content", flat=True).filter(digest=digest)[0]
    return Rulebook.from_content(content)


def has_release() -> bool:
    return Release.objects.exists()


def current_release() -> tuple[int, str]:
    """Number and digest of the release in force (one small query)."""
    row = Release.objects.order_by("-id").values_list("number", "digest").first()
    if row is None:
        raise NoRulebook
    return row


def current_rulebook() -> Rulebook:
    """The rulebook in force, parsed once a process and release."""
    return _rulebook(current_release()[1])


def rulebook_of(number: int) -> Rulebook:
    """The rulebook of an older release, for replaying a decision made under it."""
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


def entries(*, who: Actor, text: str = "", action: str = "") -> QuerySet[Entry]:
    """The whole book, newest first, for those who may read it."""
    if not may_read_entries(who):
        raise NotAllowed
    found = Entry.objects.select_related("link").order_by("-id")
    if action:
        found = found.filter(action=action)
    if text:
        found = found.filter(
            Q(actor_name__icontains=text)
            | Q(subject_id=text)
            | Q(action__icontains=text)
            | Q(subject_kind__icontains=text)
        )
    return found


def deliveries(*, who: Actor, status: str = "") -> QuerySet[Delivery]:
    """Deliveries that are not done, newest first, for the operator of the system."""
    if not may_see_outbox(who):
        raise NotAllowed(_("Only the operator of the system and the authority see this."))
    found = Delivery.objects.select_related("happening").order_by("-id")
    return found.filter(status=status) if status else found.exclude(status="done")


def outbox_counts() -> dict[str, int]:
    """How many deliveries wait and how many are stuck."""
    rows = Delivery.objects.exclude(status="done").values_list("status").annotate(n=Count("id"))
    return {"waiting": 0, "stuck": 0} | dict(rows)


def chain_head() -> tuple[int, str]:
    """Sequence number and digest of the newest link; note it elsewhere to catch a cut tail."""
    row = Link.objects.order_by("-seq").values_list("seq", "digest").first()
    return row or (0, "")


def verify() -> Iterator[str]:
    """Walk the whole chain and yield a plain sentence for everything that does not fit.

    Found: a changed body, a column that no longer says what its body says, a removed or
    reordered entry, a forged link, an entry written past the chain. A cut tail shows only
    against a head noted elsewhere: see `chain_head`.
    """
    expected, previous = 1, GENESIS
    links = Link.objects.select_related("entry").order_by("seq")
    for link in links.iterator(2000):
        entry = link.entry
        if link.seq != expected:
            yield f"link {expected} is missing: the next one is {link.seq}"
        if link.previous != previous:
            yield f"link {link.seq} does not follow the one before it"
        if link.digest != link_digest(link.previous, entry.pk, entry.body):
            yield f"entry {entry.pk} was changed after it was written ({entry.at:%Y-%m-%d %H:%M})"
        if entry.body != canonical(columns_of(entry)):
            yield f"entry {entry.pk}: its columns do not say what its body says"
        expected, previous = link.seq + 1, link.digest
    loose = Entry.objects.filter(link=None).count()
    if loose:
        yield f"{loose} entries stand outside the chain"


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
