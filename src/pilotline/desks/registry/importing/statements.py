"""Statements of capability: from attribute columns, from free text, from a list of their own."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from pilotline.desks.registry.importing.rows import Row, Statement
from pilotline.desks.registry.importing.stock import Held
from pilotline.desks.registry.models import Capability, Resource
from pilotline.desks.registry.problem import statements_in
from pilotline.desks.registry.rules.statements import build_capability
from pilotline.desks.registry.rules.vocabulary import PROCESS
from pilotline.kernel import units
from pilotline.kernel.errors import Refused
from pilotline.rulebook import Rulebook


def add_read_statements(row: Row, rulebook: Rulebook, today: date) -> None:
    """What specification and parameters state, unless a column of its own says it already."""
    stated = {s.attribute for s in row.statements}
    for key in ("spec", "parameters"):
        for found in statements_in(row.text(key), rulebook=rulebook, today=today):
            if found.attribute == PROCESS:
                row.values.setdefault("processes", found.written)
            elif found.attribute not in stated:
                place = row.places.get(key, "")
                row.statements.append(Statement(found.attribute, found.written, "", place))


@dataclass(slots=True)
class Claimed:
    """A readable statement of a row, waiting until all rows of the file are known."""

    row: Row
    held: Held
    capability: Capability


class Statements:
    """All statements of a file, settled together: one for one replaces, more than one adds."""

    def __init__(self, rulebook: Rulebook, today: date) -> None:
        self.rulebook, self.today = rulebook, today
        self.waiting: dict[tuple[int, int, str], list[Claimed]] = defaultdict(list)

    def read(self, row: Row, more: dict[str, Any]) -> list[Capability]:
        """The row's statements as capabilities; what cannot be read becomes its problem."""
        found = []
        for said in row.statements:
            try:
                found.append(
                    build_capability(
                        self.rulebook,
                        said.attribute,
                        said.written,
                        unit=said.unit,
                        today=self.today,
                        **more,
                    )
                )
            except Refused as refused:
                row.problems += [(said.cell, str(p.text)) for p in refused.problems]
        return found

    def claim(
        self, held: Held, resource: Resource | None, row: Row, found: list[Capability]
    ) -> None:
        for capability in found:
            capability.facility, capability.resource = held.facility, resource
            # New records have no key yet and cannot be hashed; who they are is enough here.
            key = (id(held), id(resource), capability.attribute)
            self.waiting[key].append(Claimed(row, held, capability))

    def settle(self) -> list[tuple[Row, Held, tuple[str, str, str]]]:
        """Hold all against the catalogue; gives back what changes, by row."""
        changes = []
        stands: dict[tuple[int, int, str], list[Capability]] = defaultdict(list)
        for held in {id(c[0].held): c[0].held for c in self.waiting.values()}.values():
            for c in held.capabilities:
                stands[id(held), id(c.resource), c.attribute].append(c)
        for key, claimed in self.waiting.items():
            held, first = claimed[0].held, claimed[0].capability
            there = stands[key]
            said = {_reading(one.capability) for one in claimed}
            replaces = len(said) == len(there) == 1
            for one in claimed:
                old = next((c for c in there if _reading(c) == _reading(one.capability)), None)
                old = old or (there[0] if replaces else None)
                change = _put(held, there, old, one.capability)
                if change:
                    changes.append((one.row, held, (first.attribute, *change)))
        return changes


def _put(
    held: Held, there: list[Capability], old: Capability | None, new: Capability
) -> tuple[str, str] | None:
    """Write a statement over the old one or beside the others; None when nothing changes."""
    if old is None:
        held.capabilities.append(new)
        there.append(new)
        held.write(new)
        return "", _shown(new)
    # A free text gives no day and no evidence: it takes none away.
    new.measured_on, new.evidence = new.measured_on or old.measured_on, new.evidence or old.evidence
    names = ("low", "high", "values", "measured_on", "evidence")
    if _reading(old) != _reading(new):
        names = (*names, "written", "unit")
    before = _shown(old)
    changed = [name for name in names if getattr(old, name) != getattr(new, name)]
    for name in changed:
        setattr(old, name, getattr(new, name))
    if not changed:
        return None
    held.write(old)
    return before, _shown(old)


def _reading(capability: Capability) -> tuple[Any, ...]:
    return capability.low, capability.high, tuple(capability.values)


def _shown(capability: Capability) -> str:
    more = [f"{capability.written} {units.show(capability.unit)}".strip()]
    more += [capability.measured_on.isoformat()] if capability.measured_on else []
    return " · ".join([*more, *([capability.evidence] if capability.evidence else [])])


def attribute_named(rulebook: Rulebook, text: str) -> str:
    """The id of the attribute of that name. Raises KeyError with a sentence."""
    wanted = text.strip().casefold()
    for attribute in rulebook.attributes:
        if wanted in {attribute.id, *(name.casefold() for name in attribute.names)}:
            return attribute.id
    raise KeyError(_("The vocabulary has no item “%(name)s”.") % {"name": text})
