"""Changes of what a facility consists of."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.registry.models import Facility, Resource
from pilotline.desks.registry.rules.records import RESOURCE_COLUMNS, problems_of_resource
from pilotline.desks.registry.services.facilities import editable, only
from pilotline.desks.registry.services.writing import assign, finish, locked_resource
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import Problem, Refused, refuse

TWICE = _("This facility has one of this kind, name and model already.")


@transaction.atomic
def add_resource(
    *, who: Actor, facility: str, values: Mapping[str, Any], now: datetime
) -> Resource:
    """A new line, piece of equipment, site, process, service or skill.

    `values`: RESOURCE_COLUMNS; `line` is the id of a line of the same facility.
    """
    owner = editable(who, facility)
    resource = Resource(facility=owner)
    after = fill_resource(resource, values, now=now)[1]
    write_resource(resource)
    after |= {"resource": resource.pk}
    finish(owner, who=who, action="registry.add-resource", after=after, now=now)
    return resource


@transaction.atomic
def update_resource(
    *, who: Actor, facility: str, resource: int, values: Mapping[str, Any], now: datetime
) -> Resource:
    owner = editable(who, facility)
    found = locked_resource(owner, resource)
    before, after = fill_resource(found, values, now=now)
    if after:
        write_resource(found)
        named = {"resource": found.pk, "name": found.name}
        finish(
            owner,
            who=who,
            action="registry.update-resource",
            before=named | before,
            after=named | after,
            now=now,
        )
    return found


@transaction.atomic
def retire_resource(*, who: Actor, facility: str, resource: int, now: datetime) -> None:
    """Take a resource out of use, and with a line all that belongs to it. Nothing is deleted."""
    owner = editable(who, facility)
    found = locked_resource(owner, resource)
    parts = Resource.objects.filter(line=found, status=Resource.Status.ACTIVE)
    retired = {"resource": found.pk, "name": found.name, "parts": [p.name for p in parts]}
    parts.update(status=Resource.Status.RETIRED)
    found.status = Resource.Status.RETIRED
    found.save(update_fields=["status"])
    finish(owner, who=who, action="registry.retire-resource", before=retired, now=now)


def fill_resource(
    resource: Resource,
    values: Mapping[str, Any],
    *,
    now: datetime,
    lines: Collection[int] | None = None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Check the values and set them. Gives back what was and what is, of those that differ.

    `lines`: ids of the facility's lines, for those who have them at hand.
    """
    known = only(values, RESOURCE_COLUMNS)
    old = resource if resource.pk else None
    standing = {n: getattr(resource, n) for n in ("price_unit",)}
    today = timezone.localdate(now)
    problems = problems_of_resource(standing | known, current_rulebook(), today=today, old=old)
    line = known.pop("line", None) if "line" in known else resource.line_id
    if line is not None and line not in (_lines_of(resource.facility) if lines is None else lines):
        problems.append(Problem("no-such-line", _("This facility has no such line."), "line"))
    if old and known.get("kind", old.kind) != old.kind:
        problems.append(Problem("kind-stays", _("The kind of a resource stays as it is."), "kind"))
    refuse(problems)
    if known.get("load") is not None:
        known.setdefault("load_stated_on", today)
    if "facts" in known:
        known["facts"] = {k: v for k, v in known["facts"].items() if v not in (None, "")}
    return assign(resource, known | {"line_id": line})


def _lines_of(facility: Facility) -> Collection[int]:
    lines = Resource.objects.filter(facility=facility, kind="line", status="active")
    return lines.values_list("pk", flat=True)


def write_resource(resource: Resource) -> None:
    """Write the row; two active ones of one kind, line, name and model are refused."""
    try:
        with transaction.atomic():
            resource.save()
    except IntegrityError as error:
        if "one_active_resource_a_name_and_model" not in str(error):
            raise
        raise Refused([Problem("twice", TWICE, "name")]) from None
