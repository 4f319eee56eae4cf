"""Import: a file becomes a plan that is shown, and exactly that plan is carried out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.journal.services import draw_number, record
from pilotline.desks.registry.importing.opening import open_file
from pilotline.desks.registry.importing.plan import Plan
from pilotline.desks.registry.importing.planning import Planner, Terms
from pilotline.desks.registry.importing.stock import Held, Stock
from pilotline.desks.registry.models import (
    Capability,
    Certificate,
    Facility,
    ImportFile,
    Resource,
    TierStep,
)
from pilotline.desks.registry.queries.facilities import known_regions
from pilotline.desks.registry.rules.access import may_create, may_edit, may_import_official
from pilotline.desks.registry.rules.records import problems_of_operator
from pilotline.desks.registry.services.writing import touch
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Problem, refuse

OFFICIAL, CATALOGUE = "official", "catalogue"
KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was handed in. `facility` is the code that is meant where a row names none."""

    name: str
    content: bytes
    kind: str
    organisation: int | None = None
    facility: str = ""
    source_url: str = ""


@transaction.atomic
def plan_import(*, who: Actor, upload: Upload, now: datetime) -> ImportFile:
    """Read a file and keep what it would do. Writes nothing of the catalogue.

    Raises UnreadableFile for what cannot be opened, NotAllowed for who may not import this.
    """
    _guard(who, upload)
    if upload.organisation is not None:
        refuse(problems_of_operator(Facility(operator_id=upload.organisation).operator))
    plan = _planned(who, upload, now)[1]
    facility = Facility.objects.filter(code=upload.facility).first() if upload.facility else None
    return ImportFile.objects.create(
        kind=upload.kind,
        facility=facility,
        organisation=upload.organisation,
        name=upload.name[-200:],
        source_url=upload.source_url,
        content=upload.content,
        plan=plan.to_json(),
        digest=plan.digest,
        made_by=who.id,
        made_at=now,
    )


@transaction.atomic
def apply_import(*, who: Actor, pk: int, now: datetime) -> ImportFile:
    """Carry out the plan that was shown. A second time does nothing; refused rows are left out.

    Raises Conflict when the catalogue has changed so that the plan would be another.
    """
    file = ImportFile.objects.select_for_update(no_key=True).filter(pk=pk, made_by=who.id).first()
    if file is None:
        raise NotFound
    if file.status == ImportFile.Status.APPLIED:
        return file
    code = file.facility.code if file.facility else ""
    upload = Upload(
        file.name, bytes(file.content), file.kind, file.organisation, code, file.source_url
    )
    _guard(who, upload)
    stock, plan = _planned(who, upload, now, locked=True)
    if plan.digest != file.digest:
        raise Conflict(_("The catalogue has changed since this list was checked. Check it again."))
    if not plan.does_something:
        refuse([Problem("nothing-to-do", _("Nothing in this list is new or changed."))])
    changed = [held for held in stock.held if held.rows]
    for held in changed:
        _write(held, now)
    touch([held.facility.pk for held in changed], now=now)
    file.status, file.applied_at = ImportFile.Status.APPLIED, now
    file.save(update_fields=["status", "applied_at"])
    _record(who, file, plan, changed, now)
    return file


@transaction.atomic
def forget_old_imports(*, now: datetime) -> int:
    """Delete files that were handed in long ago; what they changed stands in the journal."""
    return ImportFile.objects.filter(made_at__lt=now - KEPT).delete()[0]


def _guard(who: Actor, upload: Upload) -> None:
    if upload.kind == OFFICIAL:
        allowed = any(may_import_official(who, r) for r in _governed(who)) or who.is_system
    else:
        allowed = upload.organisation is not None and may_create(
            who, organisation=upload.organisation
        )
    if upload.facility and allowed:
        found = Facility.objects.filter(code=upload.facility).first()
        allowed = found is not None and may_edit(who, found)
    if not allowed:
        raise NotAllowed


def _governed(who: Actor) -> Iterable[str]:
    rulebook = current_rulebook()
    return (rulebook.region.id, *rulebook.cities.ids)


def _planned(
    who: Actor, upload: Upload, now: datetime, *, locked: bool = False
) -> tuple[Stock, Plan]:
    rulebook = current_rulebook()
    book = open_file(upload.name, upload.content, rulebook)
    official = upload.kind == OFFICIAL
    own = _official(who) if official else _of_organisation(upload.organisation)
    if locked:
        # The rows of the facilities stand for all that is below them.
        list(own.order_by("pk").select_for_update(no_key=True).values_list("pk"))
    stock = Stock(own)
    terms = Terms(
        rulebook=rulebook,
        today=timezone.localdate(now),
        official=official,
        organisation=upload.organisation,
        facility=upload.facility,
        source_url=upload.source_url,
        governs=lambda region: may_import_official(who, region),
    )
    return stock, Planner(terms, stock).plan(book)


def _official(who: Actor) -> QuerySet[Facility]:
    regions = [r for r in known_regions() if may_import_official(who, r)]
    return Facility.objects.filter(region__in=regions)


def _of_organisation(organisation: int | None) -> QuerySet[Facility]:
    return Facility.objects.filter(operator=organisation)


def _write(held: Held, now: datetime) -> None:
    """Write what is new or changed of one facility, parents before what hangs on them."""
    rulebook = current_rulebook()
    facility = held.facility
    if facility.pk is None:
        series, year = rulebook.number_prefixes["facility"], timezone.localdate(now).year
        facility.code = draw_number(series=series, year=year)
        facility.created_at = now
        facility.is_demo = bool(facility.operator and facility.operator.is_demo)
        facility.updated_at = now
        facility.save(force_insert=True)
    elif facility in held.dirty:
        facility.save()
    below = [one for one in held.dirty if one is not facility]
    lines = [one for one in below if isinstance(one, Resource) and one.kind == "line"]
    parts = [one for one in below if isinstance(one, Resource) and one.kind != "line"]
    rest = [one for one in below if not isinstance(one, Resource)]
    for batch in (lines, parts, rest):
        for one in batch:
            _attach(one, facility, now)
        _store(batch)


def _attach(one: Any, facility: Facility, now: datetime) -> None:
    """Point to the parents: they were written a moment ago and only now have keys."""
    one.facility = facility
    if isinstance(one, Resource):
        one.line = one.line
    elif isinstance(one, Capability | Certificate):
        one.resource = one.resource
    elif isinstance(one, TierStep):
        one.recorded_at = now


def _store(batch: list[Any]) -> None:
    """New rows together, changed ones each for itself."""
    new: dict[type[Model], list[Any]] = {}
    for one in batch:
        if one.pk is None:
            new.setdefault(type(one), []).append(one)
        else:
            one.save()
    for kind, rows in new.items():
        kind._default_manager.bulk_create(rows, batch_size=500)


def _record(who: Actor, file: ImportFile, plan: Plan, changed: list[Held], now: datetime) -> None:
    for held in changed:
        record(
            who=who,
            action="registry.import",
            subject=("facility", held.facility.pk),
            organisation=held.facility.operator_id,
            after={"import": file.pk, "rows": held.rows},
            now=now,
        )
    record(
        who=who,
        action="registry.import",
        subject=("import", file.pk),
        organisation=file.organisation,
        after={"file": file.name, "digest": file.digest, "counts": plan.counts},
        now=now,
    )
