"""Changes of what is measured and certified."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.registry.models import Capability, Certificate, Facility
from pilotline.desks.registry.rules.records import problems_of_certificate
from pilotline.desks.registry.rules.statements import build_capability
from pilotline.desks.registry.services.facilities import editable, only
from pilotline.desks.registry.services.papers import forget_content
from pilotline.desks.registry.services.writing import assign, finish, locked_resource, touch
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotFound, Problem, Refused, refuse

CERTIFICATE_COLUMNS = ("resource", "kind", "number", "issuer", "valid_from", "valid_to")
STATEMENT = ("written", "unit", "measured_on", "evidence")


@transaction.atomic
def set_capability(
    *,
    who: Actor,
    facility: str,
    attribute: str,
    written: str,
    now: datetime,
    resource: int | None = None,
    unit: str = "",
    measured_on: date | None = None,
    evidence: str = "",
    replaces: int | None = None,
) -> Capability:
    """State an attribute as typed, for a resource or the whole facility.

    What stands there already is not written twice. `replaces` is the id of the capability that
    this one corrects. Refused with all problems, an unreadable text at `written`.
    """
    owner = editable(who, facility)
    if resource is not None:
        locked_resource(owner, resource)
    new = build_capability(
        current_rulebook(),
        attribute,
        written,
        today=timezone.localdate(now),
        unit=unit,
        measured_on=measured_on,
        evidence=evidence,
    )
    new.facility, new.resource_id = owner, resource
    before = None
    if replaces is not None:
        old = _capability(owner, replaces)
        before = shown(old)
        old.delete()
    stored, is_new = put_capability(new)
    if is_new or before:
        finish(
            owner,
            who=who,
            action="registry.set-capability",
            before=before,
            after=shown(stored),
            now=now,
        )
    return stored


def put_capability(new: Capability) -> tuple[Capability, bool]:
    """Store it, or bring what says the same up to date; False when nothing changed."""
    same = Capability.objects.filter(
        facility=new.facility,
        resource=new.resource_id,
        attribute=new.attribute,
        low=new.low,
        high=new.high,
        values=new.values,
    ).first()
    if same is None:
        new.save(force_insert=True)
        return new, True
    after = assign(same, {name: getattr(new, name) for name in STATEMENT})[1]
    if after:
        same.save(update_fields=STATEMENT)
    return same, bool(after)


@transaction.atomic
def remove_capability(*, who: Actor, facility: str, capability: int, now: datetime) -> None:
    owner = editable(who, facility)
    found = _capability(owner, capability)
    before = shown(found)
    found.delete()
    finish(owner, who=who, action="registry.remove-capability", before=before, now=now)


@transaction.atomic
def add_certificate(
    *, who: Actor, facility: str, values: Mapping[str, Any], now: datetime
) -> Certificate:
    """A certificate of the facility, or of the resource whose id is in `values`."""
    owner = editable(who, facility)
    known = only(values, CERTIFICATE_COLUMNS)
    if known.get("resource") is not None:
        locked_resource(owner, known["resource"])
    refuse(problems_of_certificate(known, current_rulebook()))
    certificate = store_certificate(owner, known)
    finish(owner, who=who, action="registry.add-certificate", after=known, now=now)
    return certificate


def store_certificate(owner: Facility, values: Mapping[str, Any]) -> Certificate:
    """Write checked values; the same kind and number twice is refused."""
    known = dict(values)
    certificate = Certificate(facility=owner, resource_id=known.pop("resource", None), **known)
    try:
        with transaction.atomic():
            certificate.save()
    except IntegrityError as error:
        if "no_certificate_twice" not in str(error):
            raise
        words = _("This certificate is on the list already.")
        raise Refused([Problem("twice", words, "number")]) from None
    return certificate


@transaction.atomic
def remove_certificate(*, who: Actor, facility: str, certificate: int, now: datetime) -> None:
    owner = editable(who, facility)
    found = Certificate.objects.filter(facility=owner, pk=certificate).first()
    if found is None:
        raise NotFound
    before = {"kind": found.kind, "number": found.number, "resource": found.resource_id}
    papers = list(found.papers.all())
    before |= {"papers": [[paper.name, paper.sha256] for paper in papers]}
    forget_content(papers)
    found.delete()
    finish(owner, who=who, action="registry.remove-certificate", before=before, now=now)


def _capability(facility: Facility, pk: int) -> Capability:
    found = Capability.objects.filter(facility=facility, pk=pk).first()
    if found is None:
        raise NotFound
    return found


def shown(capability: Capability) -> dict[str, Any]:
    """A capability as the journal keeps it."""
    names = ("id", "resource_id", "attribute", "written", "low", "high", "values")
    return {name: getattr(capability, name) for name in names}


@transaction.atomic
def turn_certificates(*, now: datetime) -> int:
    """Draw a new version for facilities with a certificate that began or ended lately.

    Called at least once a day; looks back two days, so that a missed one does no harm.
    """
    today = timezone.localdate(now)
    lately = (today - timedelta(days=2), today)
    found = Certificate.objects.filter(
        Q(valid_from__range=lately) | Q(valid_to__range=(lately[0] - timedelta(days=1), today))
    )
    facilities = sorted(set(found.values_list("facility", flat=True)))
    if facilities:
        touch(facilities, now=now, is_edit=False)
    return len(facilities)
