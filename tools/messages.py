"""Words in both languages: gather them from the source, keep the catalogues, compile them.

    python tools/messages.py make      write new words into every catalogue, drop those gone
    python tools/messages.py compile   write the .mo beside every .po
    python tools/messages.py check     say what is missing or stale; exit 1 when something is

With names of rooms (`web/shared desks/people`) only those. Needs neither gettext's programs nor
a database. docs/how-to/translate.md explains the rest.
"""

import argparse
import ast
import re
import struct
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "src" / "pilotline"
CATALOGUE = Path("locale") / "zh_Hans" / "LC_MESSAGES" / "django.po"
HEADER = (
    "Content-Type: text/plain; charset=UTF-8\n"
    "Content-Transfer-Encoding: 8bit\n"
    "Language: zh_Hans\n"
    "Plural-Forms: nplurals=1; plural=0;\n"
)
# Which argument is the context, the words, the plural.
CALLS = {
    **dict.fromkeys(["_", "gettext", "gettext_lazy", "gettext_noop"], (None, 0, None)),
    **dict.fromkeys(["ngettext", "ngettext_lazy"], (None, 0, 1)),
    **dict.fromkeys(["pgettext", "pgettext_lazy"], (0, 1, None)),
    **dict.fromkeys(["npgettext", "npgettext_lazy"], (0, 1, 2)),
}
TEMPLATE_CALL = re.compile(
    r"""\b(?P<call>_|gettext|ngettext|pgettext|npgettext)\((?P<arguments>"""
    r"""(?:\s*u?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*,?)+)"""
)
# context, words, plural
Key = tuple[str | None, str, str | None]


def rooms(named: Iterable[str] = ()) -> list[Path]:
    """The folders that keep a catalogue: every Django app of ours, or those named."""
    if named:
        return [SOURCE / name for name in named]
    apps = [path.parent for path in SOURCE.glob("*/*/apps.py")]
    return sorted(room for room in apps if gathered(room))


def gathered(room: Path) -> set[Key]:
    """All words of a room that are shown to people."""
    found: set[Key] = set()
    for path in sorted(room.rglob("*.py")):
        if "migrations" not in path.parts:
            found |= set(from_python(path.read_text("utf-8")))
    for path in sorted((room / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            found |= set(from_template(path.read_text("utf-8"), str(path)))
    return found


def from_python(source: str) -> Iterator[Key]:
    tree = ast.parse(source)
    known = CALLS | _aliases(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in known:
            words = [a.value if isinstance(a, ast.Constant) else None for a in node.args]
            yield from _key(known[name], words)


def from_template(source: str, origin: str) -> Iterator[Key]:
    from django.utils.translation.template import templatize

    for match in TEMPLATE_CALL.finditer(templatize(source, origin=origin)):
        given = ast.literal_eval(f"[{match['arguments']}]")
        yield from _key(CALLS[match["call"]], given)


def _aliases(tree: ast.Module) -> dict[str, tuple[int | None, int, int | None]]:
    """`from django.utils.translation import gettext as words` makes `words` a call."""
    return {
        name.asname: CALLS[name.name]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if name.asname and name.name in CALLS
    }


def _key(places: tuple[int | None, int, int | None], words: list[object]) -> Iterator[Key]:
    context, text, plural = (words[p] if p is not None and p < len(words) else None for p in places)
    if isinstance(text, str) and text:
        one = context if isinstance(context, str) else None
        yield one, text, plural if isinstance(plural, str) else None


def read(path: Path) -> dict[Key, str]:
    """A catalogue's entries without its header; an entry that awaits a check counts as empty."""
    if not path.is_file():
        return {}
    entries: dict[Key, str] = {}
    for block in re.split(r"\n\s*\n", path.read_text("utf-8")):
        lines = [line for line in block.splitlines() if line and not line.startswith("#~")]
        parts = _parts(lines)
        if parts.get("msgid"):
            fuzzy = any(line.startswith("#,") and "fuzzy" in line for line in lines)
            said = parts.get("msgstr", parts.get("msgstr[0]", ""))
            key = (parts.get("msgctxt"), parts["msgid"], parts.get("msgid_plural"))
            entries[key] = "" if fuzzy else said
    return entries


def _parts(lines: list[str]) -> dict[str, str]:
    parts: dict[str, str] = {}
    name = ""
    for line in lines:
        if line.startswith("#"):
            continue
        if not line.startswith('"'):
            name, _, line = line.partition(" ")
            parts[name] = ""
        parts[name] += ast.literal_eval(line)
    return parts


def write(path: Path, entries: dict[Key, str]) -> None:
    """Sorted by words, so that two people's additions seldom meet."""
    blocks = [_block(None, "", None, HEADER)]
    blocks += [
        _block(*key, said) for key, said in sorted(entries.items(), key=lambda e: _order(e[0]))
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join(blocks) + "\n", "utf-8")


def _order(key: Key) -> tuple[str, str]:
    return key[1], key[0] or ""


def _block(context: str | None, words: str, plural: str | None, said: str) -> str:
    lines = [f"msgctxt {_quoted(context)}"] if context is not None else []
    lines.append(f"msgid {_quoted(words)}")
    if plural is not None:
        lines += [f"msgid_plural {_quoted(plural)}", f"msgstr[0] {_quoted(said)}"]
    else:
        lines.append(f"msgstr {_quoted(said)}")
    return "\n".join(lines)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    pieces = escaped.split("\n")
    if len(pieces) == 1:
        return f'"{escaped}"'
    lines = [piece + "\\n" for piece in pieces[:-1]] + ([pieces[-1]] if pieces[-1] else [])
    return "\n".join(['""', *(f'"{line}"' for line in lines)])


def compiled(entries: dict[Key, str]) -> bytes:
    """The catalogue in GNU gettext's binary form (revision 0, no hash table)."""
    pairs = {"": HEADER}
    for (context, words, plural), said in entries.items():
        if said:
            name = words if context is None else f"{context}\x04{words}"
            pairs[name if plural is None else f"{name}\x00{plural}"] = said
    ids = sorted(pairs, key=lambda text: text.encode())
    keys = [text.encode() for text in ids]
    texts = [pairs[text].encode() for text in ids]
    start = 7 * 4 + 16 * len(ids)
    tables: list[int] = []
    for group in (keys, texts):
        for raw in group:
            tables += [len(raw), start]
            start += len(raw) + 1
    head = [0x950412DE, 0, len(ids), 7 * 4, 7 * 4 + 8 * len(ids), 0, 7 * 4 + 16 * len(ids)]
    body = b"".join(raw + b"\0" for raw in [*keys, *texts])
    return struct.pack(f"<{len(head) + len(tables)}I", *head, *tables) + body


def faults(room: Path) -> list[str]:
    """What is missing or stale in one room's catalogue, each as a sentence."""
    path = room / CATALOGUE
    entries, wanted = read(path), gathered(room)
    name = room.relative_to(SOURCE).as_posix()
    found = [
        f"{name}: not in the catalogue: {k[1]!r}" for k in sorted(wanted - set(entries), key=_order)
    ]
    found += [f"{name}: no longer in the source: {k[1]!r}" for k in set(entries) - wanted]
    found += [f"{name}: not translated: {k[1]!r}" for k, said in entries.items() if not said]
    found += [
        f"{name}: placeholders differ: {k[1]!r}" for k, said in entries.items() if _differs(k, said)
    ]
    binary = path.with_suffix(".mo")
    if entries and (not binary.is_file() or binary.read_bytes() != compiled(entries)):
        found.append(f"{name}: the .mo is stale: run tools/messages.py compile")
    return found


def _differs(key: Key, said: str) -> bool:
    """A translation must use the same placeholders (a singular may leave its number out)."""
    pattern = re.compile(r"%\(\w+\)[a-z]|\{\w*\}|%[sd]")
    wanted = set(pattern.findall(key[2] or key[1]))
    return bool(said) and set(pattern.findall(said)) != wanted


def disagreements(listed: Iterable[Path]) -> list[str]:
    """Words that two rooms translate differently: Django would show one of them everywhere."""
    said: dict[Key, dict[str, str]] = {}
    for room in listed:
        for key, text in read(room / CATALOGUE).items():
            if text:
                said.setdefault(key, {})[text] = room.relative_to(SOURCE).as_posix()
    differing = {key: texts for key, texts in said.items() if len(texts) > 1}
    return [f"{key[1]!r} is said differently: {texts}" for key, texts in differing.items()]


def make(room: Path) -> None:
    old = read(room / CATALOGUE)
    by_words = {key[:2]: said for key, said in old.items()}
    wanted = gathered(room)
    if wanted:
        write(room / CATALOGUE, {key: old.get(key) or by_words.get(key[:2], "") for key in wanted})


def compile_room(room: Path) -> None:
    path = room / CATALOGUE
    if path.is_file():
        path.with_suffix(".mo").write_bytes(compiled(read(path)))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["make", "compile", "check"])
    parser.add_argument("rooms", nargs="*", help="such as web/shared; all when none is named")
    given = parser.parse_args(arguments)
    found: list[str] = []
    for room in rooms(given.rooms):
        if given.what == "make":
            make(room)
        elif given.what == "compile":
            compile_room(room)
        else:
            found += faults(room)
    if given.what == "check":
        found += disagreements(rooms())
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
