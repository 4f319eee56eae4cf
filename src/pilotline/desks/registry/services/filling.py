"""Many things of one facility at once, as one change."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.registry.models import Facility, Resource
from pilotline.desks.registry.rules.records import problems_of_certificate
from pilotline.desks.registry.rules.statements import build_capability
from pilotline.desks.registry.services.capabilities import put_capability, store_certificate
from pilotline.desks.registry.services.facilities import editable
from pilotline.desks.registry.services.resources import fill_resource, write_resource
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
    lines = dict(owner.resources.filter(kind="line", status="active").values_list("name", "pk"))
    made, problems = [], []
    for number, given in enumerate(resources):
        try:
            resource = _add(owner, given, lines, now)
        except Refused as refused:
            problems += [
                Problem(p.code, p.text, f"resources.{number}.{p.field}") for p in refused.problems
            ]
            continue
        made.append(resource)
        if resource.kind == Resource.Kind.LINE:
            lines[resource.name] = resource.pk
    refuse(problems)
    _state(owner, None, capabilities, now)
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


def _add(
    owner: Facility, given: Mapping[str, Any], lines: Mapping[str, int], now: datetime
) -> Resource:
    values = dict(given)
    statements = values.pop("capabilities", ())
    line = values.pop("line_name", "")
    if line:
        # An unknown name becomes an id that no line has, and so the problem is told at `line`.
        values["line"] = lines.get(line, 0)
    resource = Resource(facility=owner)
    fill_resource(resource, values, now=now)
    write_resource(resource)
    _state(owner, resource, statements, now)
    return resource


def _state(
    owner: Facility, resource: Resource | None, statements: Statements, now: datetime
) -> None:
    rulebook, today = current_rulebook(), timezone.localdate(now)
    for attribute, written in statements:
        new = build_capability(rulebook, attribute, written, today=today)
        new.facility, new.resource = owner, resource
        put_capability(new)
