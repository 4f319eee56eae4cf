"""The documents point at things that exist."""

import re
from pathlib import Path

import pytest

from pilotline.config.command import build_parser

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+\s+(.*)$", re.M)


def anchor_of(heading: str) -> str:
    """The name under which a page's heading is linked to."""
    plain = re.sub(r"[`*\[\]]", "", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page):
    broken = []
    for target in (a or b for a, b in LINK.findall(page.read_text())):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        place = (page.parent / path).resolve() if path else page
        if not place.exists():
            broken.append(target)
        elif anchor and place.suffix == ".md":
            anchors = {anchor_of(h) for h in HEADING.findall(place.read_text())}
            broken += [] if anchor in anchors else [target]
    assert broken == []


def test_commands_in_the_documents_exist():
    subcommands = next(a for a in build_parser()._actions if a.choices and a.dest != "lang")
    said = {
        (page.name, name)
        for page in PAGES
        for name in re.findall(r"(?:^|`|\./run )pilotline ([a-z]+)", page.read_text(), re.M)
    }
    assert {(page, name) for page, name in said if name not in subcommands.choices} == set()
