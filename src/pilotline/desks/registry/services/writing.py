"""What every change of the registry ends with: words to search, a new version, the news."""

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import Enum
from itertools import islice
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models
from django.db.models import Value
from django.db.models.functions import Cast

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.journal.services import emit, record
from pilotline.desks.registry.events import CatalogueChanged
from pilotline.desks.registry.models import Facility, IndexRow, Resource
from pilotline.desks.registry.queries.documents import documents_of
from pilotline.desks.registry.queries.offers import with_everything
from pilotline.desks.registry.queries.words import vector_of
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotFound
from pilotline.rulebook import Rulebook


class Says(Enum):
    """Whose words for the search a change has touched."""

    ALL = "all"
    OWN = "own"  # the facility's, but not those of its parts
    NOTHING = "nothing"


# One writer at a time draws a version and commits it: a reader who has seen version 7 will
# never later meet a 6. Held until the commit, so it is taken after all other locks.
VERSION_LOCK = 0x7265_6769


def locked_facility(code: str) -> Facility:
    """The facility, with its row locked until the end of the transaction. Raises NotFound."""
    try:
        return Facility.objects.select_for_update(no_key=True).get(code=code)
    except Facility.DoesNotExist:
        raise NotFound from None


def locked_resource(facility: Facility, pk: int) -> Resource:
    """An active resource of a facility that is locked already. Raises NotFound."""
    try:
        return Resource.objects.get(pk=pk, facility=facility, status=Resource.Status.ACTIVE)
    except Resource.DoesNotExist:
        raise NotFound from None


def finish(
    facility: Facility,
    *,
    who: Actor,
    action: str,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    says: Says = Says.ALL,
) -> None:
    """Search words, version and news of one changed facility, then its journal entry."""
    facility.version = touch([facility.pk], now=now, says=says)
    facility.updated_at = now
    record(
        who=who,
        action=action,
        subject=("facility", facility.pk),
        organisation=facility.operator_id,
        before=before,
        after=after,
        now=now,
    )


def touch(
    facilities: Collection[int], *, now: datetime, is_edit: bool = True, says: Says = Says.ALL
) -> int:
    """Write the search words of these facilities and draw them one new version."""
    if says is not Says.NOTHING:
        write_words(facilities, current_rulebook(), parts=says is Says.ALL)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [VERSION_LOCK])
        cursor.execute("SELECT nextval('registry_version')")
        version: int = cursor.fetchone()[0]
    dates = {"updated_at": now} if is_edit else {}
    Facility.objects.filter(pk__in=facilities).update(version=version, **dates)
    emit(CatalogueChanged(version=version, facilities=sorted(facilities)), now=now)
    return version


def write_words(facilities: Collection[int], rulebook: Rulebook, *, parts: bool = True) -> None:
    """Replace the index rows of these facilities and, if wished, of their parts."""
    rows = []
    found = Facility.objects.filter(pk__in=facilities).select_related("operator")
    for facility in with_everything(found):
        documents = documents_of(facility, rulebook)
        rows += (_row(facility, *one) for one in (documents if parts else islice(documents, 1)))
    old = IndexRow.objects.filter(facility__in=facilities)
    (old if parts else old.filter(resource=None)).delete()
    IndexRow.objects.bulk_create(rows, batch_size=500)


def _row(
    facility: Facility, resource: Resource | None, document: list[tuple[str, str]]
) -> IndexRow:
    return IndexRow(
        facility=facility,
        resource=resource,
        kind=resource.kind if resource else "facility",
        words=Cast(Value(vector_of(document)), SearchVectorField()),
    )


def assign(row: models.Model, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set the values that differ; give back what was and what is, of these alone."""
    before, after = {}, {}
    for name, value in values.items():
        old = getattr(row, name)
        if old != value:
            before[name], after[name] = _plain(old), _plain(value)
            setattr(row, name, value)
    return before, after


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value
