"""A rulebook folder as it was read: entries with their places, not yet checked.

A kind is one file (`cities.yaml`) or a folder of files (`attributes/…`). A file is either one
entry, or a head (`valid_from`, `source` or `example`, `group`) that all its `entries` share
unless they say otherwise.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as Folder
from typing import Any

from pilotline.rulebook.book import FORMAT
from pilotline.rulebook.entries import KINDS, ONE_A_FILE
from pilotline.rulebook.model import Text
from pilotline.rulebook.reading import Document, Fault, Path, read_document

HEAD = ("valid_from", "group")


@dataclass(frozen=True, slots=True)
class DraftEntry:
    """One entry with what its file's head gives it; `path` is its place in the document."""

    kind: str
    data: Mapping[str, Any]
    document: Document
    path: Path

    @property
    def id(self) -> str:
        return str(self.data.get("id"))

    def fault(self, path: Path, zh: str, en: str) -> Fault:
        """A fault at a path inside the entry, or at the head that gave what the path names."""
        own = (*self.path, *path)
        from_head = own not in self.document.lines and path[:1] and path in self.document.lines
        return self.document.fault(path if from_head else own, zh, en)


@dataclass(frozen=True, slots=True)
class Draft:
    """All that was read from a folder, the faults of reading it, and the kinds they left short."""

    documents: tuple[tuple[str, Document], ...]
    faults: tuple[Fault, ...]
    unread: frozenset[str] = frozenset()

    def entries(self, kind: str | None = None) -> Iterator[DraftEntry]:
        """The entries, of one kind or all, in the order of files and of lines."""
        for its_kind, document in self.documents:
            if kind in (None, its_kind):
                yield from _entries(its_kind, document)

    def content(self) -> dict[str, Any]:
        """The JSON content of a release. Only meaningful for a draft without faults."""
        kinds: dict[str, list[Any]] = {kind: [] for kind in KINDS}
        for entry in self.entries():
            kinds[entry.kind].append(dict(entry.data))
        return {"format": FORMAT, "kinds": kinds}


def read_folder(folder: Folder) -> Draft:
    """Read every YAML file of a rulebook folder; what cannot be read is among the faults."""
    documents: list[tuple[str, Document]] = []
    faults: list[Fault] = []
    unread: set[str] = set()
    if not folder.is_dir():
        fault = Fault(str(folder), 1, Text("没有这个文件夹。", "There is no such folder."))
        return Draft((), (fault,), frozenset(KINDS))
    for place in sorted([*folder.rglob("*.yaml"), *folder.rglob("*.yml")]):
        name = place.relative_to(folder).as_posix()
        kind = name.partition("/")[0].rpartition(".")[0] or name.partition("/")[0]
        kind = kind.replace("-", "_")
        if kind not in KINDS:
            known = "、".join(k.replace("_", "-") for k in KINDS)
            zh = f"不认识这类文件；可用的名称：{known}。"
            en = f"No such kind of file; these are known: {known}."
            faults.append(Fault(name, 1, Text(zh, en)))
            continue
        found = read_document(name, place.read_bytes())
        if isinstance(found, Document):
            documents.append((kind, found))
        else:
            faults += found
            unread.add(kind)
    return Draft(tuple(documents), tuple(faults), frozenset(unread))


def _entries(kind: str, document: Document) -> Iterator[DraftEntry]:
    data = document.data
    if not isinstance(data, Mapping):
        return
    if kind in ONE_A_FILE:
        yield DraftEntry(kind, data, document, ())
        return
    listed = data.get("entries")
    for at, raw in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(raw, Mapping):
            whole = _with_head(data, raw)
            yield DraftEntry(kind, whole, document, ("entries", at))


def _with_head(head: Mapping[str, Any], raw: Mapping[str, Any]) -> dict[str, Any]:
    """The entry with what it leaves to the head; its own source or example goes before."""
    whole = {key: head[key] for key in HEAD if key in head} | dict(raw)
    if "source" not in raw and "example" not in raw:
        whole |= {key: head[key] for key in ("source", "example") if key in head}
    return whole
