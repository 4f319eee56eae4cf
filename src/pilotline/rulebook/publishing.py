"""What changes from one release to the next, and what may not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pilotline.rulebook.book import Rulebook
from pilotline.rulebook.model import Text

Entries = dict[tuple[str, str], Mapping[str, Any]]

VERBS = {
    "added": Text("新增", "added"),
    "removed": Text("删除", "removed"),
    "changed": Text("修改", "changed"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One entry that was added, removed or changed, and what of it changed."""

    how: str
    kind: str
    id: str
    title: Text
    parts: tuple[str, ...] = ()

    @property
    def text(self) -> Text:
        """One plain sentence in both languages."""
        verb, listed = VERBS[self.how], ", ".join(self.parts)
        zh, en = f"（{listed}）" if listed else "", f" ({listed})" if listed else ""
        return Text(
            f"{verb.zh} {self.kind}“{self.title.zh}”[{self.id}]{zh}。",
            f"{self.kind} “{self.title.en}” [{self.id}] {verb.en}{en}.",
        )


def compare(old: Rulebook, new: Rulebook) -> list[Change]:
    """Every change from old to new: what was removed first, then changed, then added."""
    before, after = _entries(old), _entries(new)
    removed = [_change("removed", key, before[key]) for key in before if key not in after]
    added = [_change("added", key, after[key]) for key in after if key not in before]
    changed = [
        _change("changed", key, after[key], _differing(before[key], after[key]))
        for key in after
        if key in before and before[key] != after[key]
    ]
    return removed + changed + added


def problems_of_publishing(old: Rulebook, new: Rulebook) -> list[Text]:
    """Why `new` may not follow `old`; empty when it may.

    What was published stays readable for ever: cases and facilities hold its ids. So an entry,
    a value, a choice, a field or a step never vanishes; an entry ends by its `valid_to`.
    """
    return list(_problems(old, new))


def _problems(old: Rulebook, new: Rulebook) -> Iterator[Text]:
    if old.hash == new.hash:
        yield Text("内容与现行版本相同。", "The content is that of the release in force.")
        return
    if old.region.id != new.region.id:
        zh = f"这是地区“{new.region.id}”的规则，现行的是“{old.region.id}”。"
        en = f"This is the rulebook of region {new.region.id}; that of {old.region.id} is in force."
        yield Text(zh, en)
        return
    before, after = _entries(old), _entries(new)
    for (kind, entry_id), raw in before.items():
        title = Text.read(raw["title"])
        now = after.get((kind, entry_id))
        if now is None:
            yield Text(
                f"{kind}“{title.zh}”[{entry_id}]已发布，不能删除；请写明失效日期 valid_to。",
                f"{kind} “{title.en}” [{entry_id}] is published and cannot be removed; "
                f"give it a valid_to.",
            )
            continue
        for part, gone in _gone(raw, now):
            yield Text(
                f"{kind}“{title.zh}”[{entry_id}]中的 {part}“{gone}”已发布，不能删除。",
                f"{part} “{gone}” of {kind} “{title.en}” [{entry_id}] is published and cannot "
                f"be removed.",
            )
        if kind == "attributes":
            yield from _meaning(title, entry_id, raw, now)


def _gone(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Ids inside an entry that stored records may hold and the new release lacks."""
    for part in ("values", "steps", "fields"):
        kept = _ids(after.get(part))
        for gone in _ids(before.get(part)):
            if gone not in kept:
                yield part, gone
    now = {field["id"]: field for field in after.get("fields", []) if isinstance(field, Mapping)}
    for field in before.get("fields", []):
        if isinstance(field, Mapping) and field["id"] in now:
            kept = _ids(now[field["id"]].get("options"))
            listed = "options_from" in now[field["id"]]
            for gone in _ids(field.get("options")):
                if gone not in kept and not listed:
                    yield f"{field['id']}.options", gone


def _ids(parts: Any) -> list[str]:
    return [part["id"] for part in parts or [] if isinstance(part, Mapping)]


def _meaning(
    title: Text, entry_id: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[Text]:
    # Stored capabilities are figures in the attribute's unit: another unit would change them all.
    for key in ("kind", "unit"):
        if before.get(key) != after.get(key):
            yield Text(
                f"能力“{title.zh}”[{entry_id}]的 {key} 已发布，不能改动；请另立一项。",
                f"The {key} of attribute “{title.en}” [{entry_id}] is published and cannot "
                f"change; add another attribute.",
            )


def _entries(book: Rulebook) -> Entries:
    kinds: Mapping[str, list[Mapping[str, Any]]] = book.to_content()["kinds"]
    return {(kind, raw["id"]): raw for kind, entries in kinds.items() for raw in entries}


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    keys = dict.fromkeys([*before, *after])
    return tuple(key for key in keys if before.get(key) != after.get(key))


def _change(
    how: str, key: tuple[str, str], raw: Mapping[str, Any], parts: tuple[str, ...] = ()
) -> Change:
    return Change(how, key[0], key[1], Text.read(raw["title"]), parts)
