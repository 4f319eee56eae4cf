"""Every text has its Chinese, no translation is a guess, and what ships is what was written."""

import ast
import gettext
import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "pilotline"
CATALOGUES = sorted(SOURCE.rglob("LC_MESSAGES/*.po"))
QUOTED = re.compile(r'(?:(msgid|msgid_plural|msgctxt|msgstr)(?:\[\d+\])? )?(".*")$')
HOLE = re.compile(r"%\((\w+)\)[sd]|{(\w*)}")


def room_of(path: Path) -> str:
    return path.relative_to(SOURCE).parents[2].as_posix()


def entries(path: Path) -> list[dict[str, str]]:
    """The catalogue's entries as msgid, msgstr (plural forms joined) and flags."""
    found = []
    for block in re.split(r"\n\s*\n", path.read_text()):
        entry = {"flags": "", "msgid": "", "msgstr": ""}
        part = ""
        for line in block.splitlines():
            if line.startswith("#,"):
                entry["flags"] += line
            elif line.startswith(("#~", "#|")):
                entry["flags"] += " obsolete" if line.startswith("#~") else " previous"
            elif match := QUOTED.match(line):
                part = match[1] or part
                entry[part] = entry.get(part, "") + ast.literal_eval(match[2])
        found.append(entry)
    return found


@pytest.mark.parametrize("path", CATALOGUES, ids=room_of)
def test_catalogue_is_complete(path):
    told = [e for e in entries(path) if e["msgid"]]
    assert [e["msgid"] for e in told if not e["msgstr"]] == []
    assert [e["msgid"] for e in entries(path) if e["flags"] and "fuzzy" in e["flags"]] == []
    assert [e["msgid"] for e in told if "obsolete" in e["flags"]] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=room_of)
def test_catalogue_keeps_the_holes(path):
    """A hole the translation lacks loses a figure; one it invents breaks the page."""
    wrong = [
        e["msgid"]
        for e in entries(path)
        if e["msgid"] and "msgid_plural" not in e
        if set(HOLE.findall(e["msgid"])) != set(HOLE.findall(e["msgstr"]))
    ]
    assert wrong == []


@pytest.mark.parametrize("path", CATALOGUES, ids=room_of)
def test_compiled_catalogue_is_up_to_date(path):
    with path.with_suffix(".mo").open("rb") as compiled:
        catalogue = gettext.GNUTranslations(compiled)._catalog
    told = {}
    for entry in entries(path):
        if not entry["msgid"]:
            continue
        key = "\x04".join(filter(None, [entry.get("msgctxt"), entry["msgid"]]))
        told[(key, 0) if "msgid_plural" in entry else key] = entry["msgstr"]
    assert {k: v for k, v in catalogue.items() if k != ""} == told


def test_there_are_catalogues():
    assert CATALOGUES != []
