"""A facility as its pages show it: lines with what they can do, then what serves all lines."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pilotline.desks.registry.rules import show_statement
from pilotline.kernel import units
from pilotline.web.shared import book, values

KINDS = {
    "line": (gettext_lazy("Lines"), "line"),
    "equipment": (gettext_lazy("Equipment"), "equipment"),
    "site": (gettext_lazy("Sites"), "place"),
    "process": (gettext_lazy("Processes"), "settings"),
    "service": (gettext_lazy("Services"), "service"),
    "skill": (gettext_lazy("Staff skills"), "people"),
}
KIND_WORDS = {
    "line": gettext_lazy("Line"),
    "equipment": gettext_lazy("Piece of equipment"),
    "site": gettext_lazy("Site"),
    "process": gettext_lazy("Process"),
    "service": gettext_lazy("Service"),
    "skill": gettext_lazy("Staff skill"),
}
FACTS = {
    "model": gettext_lazy("Model"),
    "maker": gettext_lazy("Maker"),
    "year": gettext_lazy("Year made"),
    "area": gettext_lazy("Area"),
    "headcount": gettext_lazy("Headcount"),
    "title": gettext_lazy("Job title"),
}
# A line is put into use; what stands in it was made.
FACTS_OF_A_LINE = FACTS | {"year": gettext_lazy("In use since (year)")}
STATUS_WORDS = {
    "draft": gettext_lazy("draft"),
    "published": gettext_lazy("published"),
    "archived": gettext_lazy("archived"),
}
STATUS_TONES = {"draft": "warn", "published": "good", "archived": "quiet"}


@dataclass(frozen=True, slots=True)
class Stated:
    """One capability in words."""

    id: int
    title: str
    text: str
    written: str
    measured_on: Any
    evidence: str


@dataclass(slots=True)
class Item:
    """A resource with its capabilities, and for a line what belongs to it, by kind."""

    resource: Any
    name: str
    stated: list[Stated] = field(default_factory=list)
    facts: list[tuple[Any, Any]] = field(default_factory=list)
    processes: str = ""
    groups: list["Group"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Group:
    """Resources of one kind."""

    kind: str
    title: Any
    icon: str
    items: list[Item]


@dataclass(frozen=True, slots=True)
class Whole:
    """The facility ready to be shown; `groups` serve all its lines."""

    facility: Any
    name: str
    summary: str
    lines: list[Item]
    groups: list[Group]
    stated: list[Stated]
    tier: str

    @property
    def is_bare(self) -> bool:
        return not (self.lines or self.groups or self.stated)


def fact_titles(kind: str) -> dict[str, Any]:
    """What the facts of a resource of this kind are called."""
    return FACTS_OF_A_LINE if kind == "line" else FACTS


def shown(facility: Any) -> Whole:
    """A facility of the registry's `facility`, `public_facility` or `editable_facility`."""
    items = items_of(facility)
    lines = [i for i in items if i.resource.kind == "line"]
    for line in lines:
        line.groups = _groups(i for i in items if i.resource.line_id == line.resource.pk)
    rest = (i for i in items if i.resource.kind != "line" and i.resource.line_id is None)
    return Whole(
        facility=facility,
        name=name_of(facility),
        summary=text_of(facility.summary, facility.summary_en),
        lines=lines,
        groups=_groups(rest),
        stated=[_stated(c) for c in facility.stated if c.resource_id is None],
        tier=tier_words(facility.tier, facility.tier_step),
    )


def items_of(facility: Any) -> list[Item]:
    """All active resources with what is stated of each."""
    stated: dict[int | None, list[Stated]] = {}
    for capability in facility.stated:
        stated.setdefault(capability.resource_id, []).append(_stated(capability))
    return [_item(resource, stated.get(resource.pk, [])) for resource in facility.active]


def name_of(thing: Any) -> str:
    return text_of(thing.name, thing.name_en)


def text_of(zh: str, en: str) -> str:
    """The English text where English is read and there is one."""
    return zh if values.is_chinese() or not en else en


def tier_words(tier: str, step: str) -> str:
    """`某级平台 · 某一步`; empty without a tier."""
    rulebook = book.rulebook()
    known = rulebook.tiers.get(tier) if rulebook else None
    if known is None:
        return tier
    inner = next((s.title.say(values.language()) for s in known.steps if s.id == step), "")
    return " · ".join(words for words in (known.title.say(values.language()), inner) if words)


def _groups(items: Iterable[Item]) -> list[Group]:
    by_kind: dict[str, list[Item]] = {}
    for item in items:
        by_kind.setdefault(item.resource.kind, []).append(item)
    return [
        Group(kind, title, icon, by_kind[kind])
        for kind, (title, icon) in KINDS.items()
        if kind in by_kind
    ]


def _item(resource: Any, stated: list[Stated]) -> Item:
    titles = fact_titles(resource.kind)
    facts = [(titles[key], resource.facts[key]) for key in titles if resource.facts.get(key)]
    if resource.quantity > 1:
        facts.append((_("Quantity"), resource.quantity))
    return Item(
        resource=resource,
        name=name_of(resource),
        stated=stated,
        facts=facts,
        processes=process_words(resource.processes),
    )


def process_words(processes: Iterable[str]) -> str:
    """Process codes of the vocabulary in words."""
    rulebook = book.rulebook()
    attribute = rulebook.attributes.get("process") if rulebook else None
    joint = "、" if values.is_chinese() else ", "
    language = values.language()
    return joint.join(attribute.value_title(p, language) if attribute else p for p in processes)


def _stated(capability: Any) -> Stated:
    rulebook = book.rulebook()
    attribute = rulebook.attributes.get(capability.attribute) if rulebook else None
    language = values.language()
    if attribute is None:
        title, text = capability.attribute, capability.written
    else:
        title = attribute.title.say(language)
        text = show_statement(
            attribute, capability.low, capability.high, capability.values, language
        )
    return Stated(
        capability.pk,
        title,
        text,
        f"{capability.written} {units.show(capability.unit, language)}".strip(),
        capability.measured_on,
        capability.evidence,
    )


def tier_history(facility: Any) -> list[dict[str, Any]]:
    """The dated steps, newest first, in words."""
    return [
        {
            "words": tier_words(step.tier, step.step),
            "since": step.since,
            "decided_by": step.decided_by,
            "note": step.note,
        }
        for step in reversed(facility.tier_steps.all())
    ]
