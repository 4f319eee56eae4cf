"""What a schema cannot see: sources that exist, ids that point somewhere, names that are clear."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self
from zoneinfo import ZoneInfo

from pilotline.kernel.actor import covers
from pilotline.rulebook import words
from pilotline.rulebook.draft import Draft, DraftEntry
from pilotline.rulebook.entries import KINDS, OPTIONAL, SINGLES
from pilotline.rulebook.model import Text
from pilotline.rulebook.reading import Fault


@dataclass(frozen=True, slots=True)
class Sound:
    """The entries whose shape is right, and the ids that may be pointed to.

    Ids count even when their entry is spoilt, and every id counts when a file of its kind could
    not be read or holds no list of entries: one fault is told once, not by everything that
    points there.
    """

    entries: Mapping[str, list[DraftEntry]]
    ids: Mapping[str, frozenset[str]]
    unread: frozenset[str]

    def of(self, kind: str) -> list[DraftEntry]:
        return self.entries.get(kind, [])

    def knows(self, kind: str, entry_id: str) -> bool:
        return kind in self.unread or entry_id in self.ids.get(kind, ())

    @classmethod
    def read(cls, draft: Draft, is_spoilt: Callable[[DraftEntry], bool]) -> Self:
        entries: dict[str, list[DraftEntry]] = {}
        ids: dict[str, set[str]] = {}
        for entry in draft.entries():
            ids.setdefault(entry.kind, set()).add(entry.id)
            if not is_spoilt(entry):
                entries.setdefault(entry.kind, []).append(entry)
        known = {kind: frozenset(its) for kind, its in ids.items()}
        shapeless = {kind for kind, _ in draft.documents if kind not in ids}
        return cls(entries, known, draft.unread | shapeless)


# The kinds whose names people type, so that one name must mean one entry.
READ_BY_NAME = (
    "fields",
    "tiers",
    "verifications",
    "service_kinds",
    "resource_kinds",
    "organisation_kinds",
    "construction_models",
    "scales",
    "certificate_kinds",
)


def entry_faults(found: Sound) -> Iterator[Fault]:
    """Faults of all entries whose shape is right; forms and attributes have files of their own."""
    yield from _kinds_missing(found)
    for kind, entries in found.entries.items():
        yield from _unique_ids(entries)
        if kind in READ_BY_NAME:
            yield from _unique_names(entries)
        for entry in entries:
            if kind != "documents":
                yield from _source(entry, found)
            yield from _days(entry)
    for kind, rule in OF_KIND.items():
        yield from rule(found.of(kind), found)


def _kinds_missing(found: Sound) -> Iterator[Fault]:
    for kind in KINDS:
        name = kind.replace("_", "-") + ("/" if kind in ("forms", "attributes") else ".yaml")
        if kind not in found.ids and kind not in found.unread:
            if kind in OPTIONAL:
                continue
            said = Text("缺少这个文件或其中没有条目。", "This file is missing or holds no entry.")
            yield Fault(name, 1, said)
        elif kind in SINGLES and len(found.of(kind)) > 1:
            zh, en = "这类内容只能有一份。", "There may be only one of this kind."
            yield found.of(kind)[1].fault((), zh, en)


def _unique_ids(entries: list[DraftEntry]) -> Iterator[Fault]:
    seen: set[str] = set()
    for entry in entries:
        if entry.id in seen:
            zh = f"“{entry.id}”已经用过，id 不能重复。"
            yield entry.fault(("id",), zh, f"The id “{entry.id}” is used already.")
        seen.add(entry.id)


def _unique_names(entries: list[DraftEntry]) -> Iterator[Fault]:
    owner: dict[str, str] = {}
    for entry in entries:
        title = entry.data["title"]
        names = [("title", title["zh"]), ("title", title["en"])]
        names += [("synonyms", name) for name in entry.data.get("synonyms", [])]
        for key, name in names:
            first = owner.setdefault(name.casefold(), entry.id)
            if first != entry.id:
                zh = f"“{name}”已经指“{first}”，一个说法只能指一条。"
                en = f"“{name}” means “{first}” already; one name must mean one entry."
                yield entry.fault((key,), zh, en)


def _source(entry: DraftEntry, found: Sound) -> Iterator[Fault]:
    source, example = entry.data.get("source"), entry.data.get("example")
    if source and example:
        zh = "“source”与“example”只能写一个。"
        yield entry.fault(("source",), zh, "Give either a source or `example: true`, not both.")
        return
    if not source:
        if not example:
            zh = "要写依据（source），没有官方依据时写 example: true。"
            en = "Give a source, or `example: true` where nothing official exists."
            yield entry.fault((), zh, en)
        return
    name, _, clause = source.partition(":")
    document = next((d for d in found.of("documents") if d.id == name), None)
    if not found.knows("documents", name):
        zh, en = f"依据文件里没有“{name}”。", f"There is no document “{name}”."
        yield entry.fault(("source",), zh, en)
    elif document is None:
        return
    elif clause and not (document.data["has_clauses"] and found.knows("clauses", clause)):
        zh, en = f"条款里没有“{clause}”。", f"There is no clause “{clause}”."
        yield entry.fault(("source",), zh, en)
    elif not clause and document.data["has_clauses"] and entry.kind != "clauses":
        zh, en = f"请写明“{name}”的条款号。", f"Say which clause of “{name}”."
        yield entry.fault(("source",), zh, en)


def _days(entry: DraftEntry) -> Iterator[Fault]:
    days: dict[str, date] = {}
    if "valid_from" not in entry.data:
        zh = "缺少“valid_from”（生效日期）。"
        yield entry.fault((), zh, "“valid_from” is missing: the day from which it holds.")
    for key in ("valid_from", "valid_to", "by"):
        if key not in entry.data:
            continue
        try:
            days[key] = date.fromisoformat(entry.data[key])
        except ValueError:
            zh = f"没有“{entry.data[key]}”这一天。"
            yield entry.fault((key,), zh, f"There is no such day as {entry.data[key]}.")
    if "valid_to" in days and "valid_from" in days and days["valid_to"] <= days["valid_from"]:
        zh = "失效日期应晚于生效日期。"
        yield entry.fault(("valid_to",), zh, "It must end after the day from which it holds.")


def _cities(entries: list[DraftEntry], found: Sound) -> Iterator[Fault]:
    region = next((e.id for e in found.of("region")), "")
    tiles: dict[tuple[int, ...], str] = {}
    for entry in entries:
        if region and not (covers(region, entry.id) and entry.id != region):
            zh = f"“{entry.id}”不属于地区“{region}”。"
            yield entry.fault(("id",), zh, f"“{entry.id}” is not part of region “{region}”.")
        tile = tuple(entry.data["tile"])
        if tile in tiles:
            zh = f"格子 {list(tile)} 已被“{tiles[tile]}”占用。"
            yield entry.fault(("tile",), zh, f"The tile {list(tile)} is taken by “{tiles[tile]}”.")
        tiles.setdefault(tile, entry.id)


def _elsewhere(entries: list[DraftEntry], found: Sound) -> Iterator[Fault]:
    region = next((e.id for e in found.of("region")), "")
    for entry in entries:
        if region and (covers(region, entry.id) or covers(entry.id, region)):
            zh = f"“{entry.id}”不在地区“{region}”之外。"
            yield entry.fault(("id",), zh, f"“{entry.id}” does not lie outside “{region}”.")


def _region(entries: list[DraftEntry], _found: Sound) -> Iterator[Fault]:
    for entry in entries:
        try:
            ZoneInfo(entry.data["time_zone"])
        except (KeyError, ValueError, OSError):
            zh, en = "没有这个时区。", "There is no such time zone."
            yield entry.fault(("time_zone",), zh, en)
        letters: dict[str, str] = {}
        for kind, prefix in entry.data["number_prefixes"].items():
            first = letters.setdefault(prefix, kind)
            if first != kind:
                zh = f"字母“{prefix}”已用于“{first}”。"
                en = f"The letters “{prefix}” stand for “{first}” already."
                yield entry.fault(("number_prefixes", kind), zh, en)


def _chains(entries: list[DraftEntry], found: Sound) -> Iterator[Fault]:
    for entry in entries:
        for at, name in enumerate(entry.data["fields"]):
            if not found.knows("fields", name):
                zh = f"重点领域里没有“{name}”。"
                yield entry.fault(("fields", at), zh, f"There is no field “{name}”.")


def _tiers(entries: list[DraftEntry], _found: Sound) -> Iterator[Fault]:
    for entry in entries:
        seen: set[str] = set()
        for at, step in enumerate(entry.data.get("steps", [])):
            if step["id"] in seen:
                zh = f"步骤“{step['id']}”写了两次。"
                yield entry.fault(("steps", at), zh, f"The step “{step['id']}” is there twice.")
            seen.add(step["id"])


def _resource_kinds(entries: list[DraftEntry], _found: Sound) -> Iterator[Fault]:
    lacking = [kind for kind in words.RESOURCE_KINDS if kind not in {e.id for e in entries}]
    if entries and lacking:
        listed = ", ".join(lacking)
        yield entries[0].fault((), f"还缺少：{listed}。", f"These are missing: {listed}.")


def _targets(entries: list[DraftEntry], found: Sound) -> Iterator[Fault]:
    for entry in entries:
        tier = entry.data.get("tier")
        if tier is None:
            yield entry.fault((), "请写明层级（tier）。", "Say which tier is counted.")
        elif not found.knows("tiers", tier):
            yield entry.fault(("tier",), f"没有层级“{tier}”。", f"There is no tier “{tier}”.")


def _uploads(entries: list[DraftEntry], _found: Sound) -> Iterator[Fault]:
    owner: dict[str, str] = {}
    for entry in entries:
        for at, extension in enumerate(entry.data["extensions"]):
            first = owner.setdefault(extension, entry.id)
            if first != entry.id:
                zh = f"扩展名“{extension}”已属于“{first}”。"
                en = f"The extension “{extension}” belongs to “{first}” already."
                yield entry.fault(("extensions", at), zh, en)


def _matching(entries: list[DraftEntry], _found: Sound) -> Iterator[Fault]:
    for entry in entries:
        total = sum(entry.data["parts"].values())
        if abs(total - 1) > 1e-9:
            zh, en = f"权重合计为 {total:g}，应为 1。", f"The weights add to {total:g}, not to 1."
            yield entry.fault(("parts",), zh, en)
        if entry.data["near_km"] >= entry.data["far_km"]:
            zh = "“near_km”应小于“far_km”。"
            yield entry.fault(("near_km",), zh, "“near_km” must be less than “far_km”.")


def _data_quality(entries: list[DraftEntry], _found: Sound) -> Iterator[Fault]:
    for entry in entries:
        total = sum(part["weight"] for part in entry.data["parts"])
        if total != 100:
            zh, en = f"分值合计为 {total}，应为 100。", f"The points add to {total}, not to 100."
            yield entry.fault(("parts",), zh, en)
        seen: set[str] = set()
        for at, part in enumerate(entry.data["parts"]):
            if part["measure"] in seen:
                zh, en = f"“{part['measure']}”写了两次。", f"“{part['measure']}” is there twice."
                yield entry.fault(("parts", at), zh, en)
            seen.add(part["measure"])


OF_KIND: dict[str, Callable[[list[DraftEntry], Sound], Iterator[Fault]]] = {
    "region": _region,
    "cities": _cities,
    "elsewhere": _elsewhere,
    "chains": _chains,
    "tiers": _tiers,
    "resource_kinds": _resource_kinds,
    "targets": _targets,
    "uploads": _uploads,
    "matching": _matching,
    "data_quality": _data_quality,
}
