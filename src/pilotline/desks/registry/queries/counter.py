"""What the matching desk asks at the registry's counter, beside the offers themselves."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.registry.models import Facility, Resource
from pilotline.desks.registry.queries.offers import Offer, offers_of, with_everything
from pilotline.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Place:
    """A published facility, and one of its active lines if one was named."""

    facility: int
    line: int | None
    code: str
    name: str
    name_en: str
    region: str
    operator_id: int | None


def facility_versions() -> dict[int, int]:
    """The version of every published facility.

    Compared as a whole: versions are drawn before they are committed, so the newest one alone
    does not tell that an older one has just appeared.
    """
    published = Facility.objects.filter(status=Facility.Status.PUBLISHED)
    return dict(published.order_by().values_list("pk", "version"))


def offers_for(facilities: Iterable[int]) -> Iterator[Offer]:
    """The offers of these facilities, in a few queries; unpublished ones have none."""
    wanted = Facility.objects.filter(pk__in=list(facilities), status=Facility.Status.PUBLISHED)
    rulebook = current_rulebook()
    for facility in with_everything(wanted.order_by("id")):
        yield from offers_of(facility, rulebook)


def facility_for_match(*, facility: int, line: int | None) -> Place:
    """The place a case is matched with. Raises NotFound when it is not on offer."""
    found = Facility.objects.filter(pk=facility, status=Facility.Status.PUBLISHED).first()
    if found is None:
        raise NotFound
    if line is not None and not _has_line(facility, line):
        raise NotFound
    return Place(
        facility=found.pk,
        line=line,
        code=found.code,
        name=found.name,
        name_en=found.name_en,
        region=found.region,
        operator_id=found.operator_id,
    )


def _has_line(facility: int, line: int) -> bool:
    return Resource.objects.filter(
        pk=line,
        facility_id=facility,
        kind=Resource.Kind.LINE,
        status=Resource.Status.ACTIVE,
    ).exists()
