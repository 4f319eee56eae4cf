"""The present catalogue in memory, for a plan to be held against and to change."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, QuerySet

from pilotline.desks.registry.models import Capability, Certificate, Facility, Resource, TierStep
from pilotline.kernel.numerals import plain

# kind, line, name, model: what tells one resource from another.
ResourceKey = tuple[str, str, str, str]


def fold(text: Any) -> str:
    """Names are the same whatever their width, case and blanks."""
    return "".join(plain(str(text or "")).split()).casefold()


@dataclass(slots=True, eq=False)
class Held:
    """A facility with all that is below it, as it will be after the import.

    `named` finds resources whatever their line; `rows` tells which rows changed something.
    """

    facility: Facility
    resources: dict[ResourceKey, Resource] = field(default_factory=dict)
    capabilities: list[Capability] = field(default_factory=list)
    certificates: list[Certificate] = field(default_factory=list)
    steps: list[TierStep] = field(default_factory=list)
    named: dict[ResourceKey, list[Resource]] = field(default_factory=dict)
    marked: dict[int, Any] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return self.facility.pk is None

    @property
    def dirty(self) -> list[Any]:
        """What has to be written."""
        return list(self.marked.values())

    def write(self, instance: Any) -> None:
        # New records have no key yet and cannot be hashed; who they are is enough here.
        self.marked[id(instance)] = instance

    def find(self, kind: str, line: str | None, name: str, model: str) -> Resource | None:
        """The resource of these names; `line` None means any line, if only one fits."""
        if line is not None:
            return self.resources.get((kind, fold(line), fold(name), fold(model)))
        found = self.named.get((kind, "", fold(name), fold(model)), [])
        return found[0] if len(found) == 1 else next((r for r in found if line_of(r) is None), None)

    def add(self, resource: Resource) -> None:
        kind, _line, name, model = key = key_of_resource(resource)
        self.resources[key] = resource
        self.named.setdefault((kind, "", name, model), []).append(resource)


def line_of(resource: Resource) -> Resource | None:
    """The line a resource belongs to, stored or only planned."""
    return resource.line


def key_of_resource(resource: Resource) -> ResourceKey:
    line = line_of(resource)
    return (
        resource.kind,
        fold(line.name if line else ""),
        fold(resource.name),
        fold(resource.facts.get("model")),
    )


class Stock:
    """Facilities by code and by name. Those of others are known by name only."""

    def __init__(self, own: QuerySet[Facility]) -> None:
        self.held = [_held(facility) for facility in _whole(own)]

    def by_code(self, code: str) -> Held | None:
        return next((h for h in self.held if h.facility.code and h.facility.code == code), None)

    def by_name(self, name: str) -> list[Held]:
        return [h for h in self.held if fold(h.facility.name) == fold(name)]


def strangers(names: Iterable[str], stock: Stock) -> set[tuple[str, str]]:
    """(Name, region) of facilities that stand in the catalogue and are not in the stock."""
    own = [h.facility.pk for h in stock.held if h.facility.pk]
    found = Facility.objects.filter(name__in=set(names)).exclude(pk__in=own)
    rows = found.exclude(status=Facility.Status.ARCHIVED).values_list("name", "region")
    return {(fold(name), region) for name, region in rows}


def _whole(own: QuerySet[Facility]) -> QuerySet[Facility]:
    active = Resource.objects.filter(status="active").select_related("line")
    return (
        own.exclude(status=Facility.Status.ARCHIVED)
        .order_by("code")
        .prefetch_related(
            Prefetch("resources", active, to_attr="active"),
            Prefetch("capabilities", to_attr="stated"),
            Prefetch("certificates", to_attr="held"),
            Prefetch("tier_steps", to_attr="steps"),
        )
    )


def _held(facility: Facility) -> Held:
    held = Held(facility, steps=list(facility.steps))
    by_id = {r.pk: r for r in facility.active}
    for resource in facility.active:
        held.add(resource)
    standing = {None, *by_id}
    for capability in facility.stated:
        if capability.resource_id in standing:
            capability.resource = by_id.get(capability.resource_id)
            held.capabilities.append(capability)
    for certificate in facility.held:
        if certificate.resource_id in standing:
            certificate.resource = by_id.get(certificate.resource_id)
            held.certificates.append(certificate)
    return held
