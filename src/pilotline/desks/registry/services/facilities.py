"""Changes of a facility itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.journal.services import draw_number
from pilotline.desks.registry.models import Facility
from pilotline.desks.registry.rules.access import may_create, may_edit
from pilotline.desks.registry.rules.records import (
    FACILITY_COLUMNS,
    problems_of_facility,
    problems_of_operator,
    problems_of_publishing,
)
from pilotline.desks.registry.services.writing import Says, assign, finish, locked_facility
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import Conflict, NotAllowed, Problem, Refused, refuse

TWICE = _("A facility of this name stands in the catalogue of this city already.")


@transaction.atomic
def create_facility(
    *, who: Actor, organisation: int, values: Mapping[str, Any], now: datetime
) -> Facility:
    """A new facility as a draft of the operating organisation. `values`: FACILITY_COLUMNS."""
    if not may_create(who, organisation=organisation):
        raise NotAllowed(_("Only people of the operating organisation add a facility."))
    facility = Facility(operator_id=organisation, version=0, created_at=now, updated_at=now)
    refuse(problems_of_operator(facility.operator))
    facility.is_demo = facility.operator.is_demo
    return insert_facility(facility, values, who=who, now=now)


def insert_facility(
    facility: Facility, values: Mapping[str, Any], *, who: Actor, now: datetime
) -> Facility:
    """Check and write a new facility with a number of its own; the caller has checked who asks."""
    rulebook = current_rulebook()
    day = timezone.localdate(now)
    known = only(values, FACILITY_COLUMNS)
    refuse(problems_of_facility(known, rulebook, today=day))
    for name, value in known.items():
        setattr(facility, name, value)
    facility.code = draw_number(series=rulebook.number_prefixes["facility"], year=day.year)
    save(facility)
    finish(
        facility, who=who, action="registry.create", after={"code": facility.code, **known}, now=now
    )
    return facility


@transaction.atomic
def update_facility(
    *,
    who: Actor,
    code: str,
    values: Mapping[str, Any],
    now: datetime,
    seen_version: int | None = None,
) -> Facility:
    """Change some of FACILITY_COLUMNS. With `seen_version`, only if nobody was faster."""
    facility = editable(who, code)
    if seen_version is not None and seen_version != facility.version:
        raise Conflict(_("Somebody changed this facility while you were writing."))
    rulebook = current_rulebook()
    known = only(values, FACILITY_COLUMNS)
    place = {n: getattr(facility, n) for n in ("latitude", "longitude")}
    day = timezone.localdate(now)
    refuse(problems_of_facility(place | known, rulebook, today=day, old=facility))
    before, after = assign(facility, known)
    if after:
        save(facility)
        finish(facility, who=who, action="registry.update", before=before, after=after, now=now)
    return facility


@transaction.atomic
def publish_facility(*, who: Actor, code: str, now: datetime) -> Facility:
    """Show a draft or archived facility to everybody."""
    facility = editable(who, code)
    refuse(problems_of_publishing(facility))
    return _turn(facility, Facility.Status.PUBLISHED, "registry.publish", who, now)


@transaction.atomic
def archive_facility(*, who: Actor, code: str, now: datetime) -> Facility:
    """Take a facility out of the catalogue. Nothing is lost: it can be published again."""
    facility = editable(who, code)
    if facility.status == Facility.Status.ARCHIVED:
        refuse([Problem("archived", _("This facility is archived already."))])
    return _turn(facility, Facility.Status.ARCHIVED, "registry.archive", who, now)


def _turn(facility: Facility, status: str, action: str, who: Actor, now: datetime) -> Facility:
    before = {"status": facility.status}
    facility.status = status
    save(facility)
    finish(
        facility,
        who=who,
        action=action,
        before=before,
        after={"status": status},
        now=now,
        says=Says.NOTHING,
    )
    return facility


def editable(who: Actor, code: str) -> Facility:
    """The locked facility, for those who may edit it."""
    facility = locked_facility(code)
    if not may_edit(who, facility):
        raise NotAllowed(_("Only people of the operating organisation change this facility."))
    return facility


def save(facility: Facility) -> None:
    """Write the row; two of one name in one city are refused, whoever came first."""
    try:
        with transaction.atomic():
            facility.save()
    except IntegrityError as error:
        if "one_facility_a_name_and_region" not in str(error):
            raise
        raise Refused([Problem("twice", TWICE, "name")]) from None


def only(values: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """The values by these names; a name that is not among them is a fault of the caller."""
    strange = set(values) - set(names)
    if strange:
        raise TypeError(f"not to be set: {', '.join(sorted(strange))}")
    return dict(values)
