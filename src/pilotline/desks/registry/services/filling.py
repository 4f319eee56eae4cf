"""Many things of one facility at once, as one change."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.registry.models import Capability, Facility, Resource
from pilotline.desks.registry.rules.records import problems_of_certificate
from pilotline.desks.registry.rules.statements import build_capability
from pilotline.desks.registry.services.capabilities import put_capability, store_certificate
from pilotline.desks.registry.services.facilities import editable
from pilotline.desks.registry.services.resources import TWICE, fill_resource
from pilotline.desks.registry.services.writing import finish
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import Problem, Refused, refuse

Statements = Sequence[tuple[str, str]]


@transaction.atomic
def fill_facility(
    *,
    who: Actor,
    facility: str,
    now: datetime,
    resources: Sequence[Mapping[str, Any]] = (),
    capabilities: Statements = (),
    certificates: Sequence[Mapping[str, Any]] = (),
) -> list[Resource]:
    """Add resources, facility-wide statements and certificates in one change, or none of them.

    Each resource holds RESOURCE_COLUMNS (without `line`), and if it likes `line_name` (the name
    of a line that stands earlier in the list or in the catalogue) and `capabilities`, pairs of
    attribute id and text as typed. Gives back the new resources in order. Problems of the n-th
    resource carry the field `resources.<n>.<field>`.
    """
    owner = editable(who, facility)
    made, stated = _new(owner, resources, now)
    Resource.objects.bulk_create([r for r in made if r.pk is None], batch_size=500)
    Capability.objects.bulk_create(stated, batch_size=500)
    for capability in _statements(capabilities, now):
        capability.facility = owner
        put_capability(capability)
    rulebook = current_rulebook()
    for values in certificates:
        refuse(problems_of_certificate(values, rulebook))
        store_certificate(owner, values)
    after = {
        "resources": [{"id": r.pk, "kind": r.kind, "name": r.name} for r in made],
        "capabilities": list(capabilities),
        "certificates": [dict(c) for c in certificates],
    }
    finish(owner, who=who, action="registry.fill", after=after, now=now)
    return made


def _new(
    owner: Facility, resources: Sequence[Mapping[str, Any]], now: datetime
) -> tuple[list[Resource], list[Capability]]:
    """The checked resources with what is stated of each; only lines are stored yet, for the
    others to point at. Raises Refused with all problems."""
    standing = list(owner.resources.filter(status=Resource.Status.ACTIVE))
    lines = {r.name: r.pk for r in standing if r.kind == Resource.Kind.LINE}
    # The facility is locked, so nobody takes a place meanwhile.
    taken = {_place(r) for r in standing}
    made: list[Resource] = []
    stated: list[Capability] = []
    problems = []
    for number, given in enumerate(resources):
        try:
            resource, about = _one(owner, given, lines, now)
            if _place(resource) in taken:
                raise Refused([Problem("twice", TWICE, "name")])
        except Refused as refused:
            problems += [
                Problem(p.code, p.text, f"resources.{number}.{p.field}") for p in refused.problems
            ]
            continue
        taken.add(_place(resource))
        if resource.kind == Resource.Kind.LINE:
            resource.save(force_insert=True)
            lines[resource.name] = resource.pk
        made.append(resource)
        stated += about
    refuse(problems)
    return made, stated


def _place(resource: Resource) -> tuple[Any, ...]:
    """What no two active resources of one facility share."""
    return (resource.kind, resource.line_id, resource.name, resource.facts.get("model") or "")


def _one(
    owner: Facility, given: Mapping[str, Any], lines: Mapping[str, int], now: datetime
) -> tuple[Resource, list[Capability]]:
    values = dict(given)
    statements = values.pop("capabilities", ())
    line = values.pop("line_name", "")
    if line:
        # An unknown name becomes an id that no line has, and so the problem is told at `line`.
        values["line"] = lines.get(line, 0)
    resource = Resource(facility=owner)
    fill_resource(resource, values, now=now, lines=lines.values())
    # What is said twice of a new resource is kept once.
    about = {(c.attribute, c.low, c.high, *c.values): c for c in _statements(statements, now)}
    for capability in about.values():
        capability.facility, capability.resource = owner, resource
    return resource, list(about.values())


def _statements(statements: Statements, now: datetime) -> Iterator[Capability]:
    rulebook, today = current_rulebook(), timezone.localdate(now)
    for attribute, written in statements:
        yield build_capability(rulebook, attribute, written, today=today)
