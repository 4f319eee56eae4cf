"""No code, template or translation knows a region, a city, a field of industry or a tier."""

import ast
import re
from pathlib import Path

import pytest

from tests.rulebook.conftest import RULEBOOKS

SOURCE = RULEBOOKS.parent / "src" / "pilotline"
READ = ("*.py", "*.html", "*.txt", "*.js", "*.css", "*.po", "*.json", "*.svg", "*.xml")


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return {
        path.relative_to(SOURCE).as_posix(): path.read_text()
        for pattern in READ
        for path in sorted(SOURCE.rglob(pattern))
        if "vendor" not in path.parts
    }


def hits(texts: dict[str, str], pattern: str) -> list[str]:
    return [
        f"{name}:{text[: found.start()].count(chr(10)) + 1}: {found.group()}"
        for name, text in texts.items()
        for found in re.finditer(pattern, text)
    ]


def test_no_region_or_city_is_named(texts, province):
    names = [province.region.short.zh, province.region.short.en]
    for city in province.cities:
        names += [city.short.zh, city.short.en]
    either = "|".join(rf"\b{n}\b" if n.isascii() else n for n in names)
    assert hits(texts, either) == []


def test_no_code_of_a_place_is_named(texts, province):
    codes = "|".join([province.region.id, *province.cities.ids])
    assert hits(texts, rf"(?<![0-9])(?:{codes})(?![0-9])") == []


def test_no_field_tier_or_chain_is_named(texts, province):
    """Ids as whole words in any text, and titles in Chinese."""
    named = [*province.fields, *province.tiers]
    ids = [e.id for e in named] + [s.id for t in province.tiers for s in t.steps]
    titles = [e.title.zh for e in named]
    assert hits(texts, "|".join([*(rf"\b{i}\b" for i in ids), *titles])) == []


def test_no_form_field_is_asked_for_by_its_id(province):
    """Answers are found by role. Ids that are also roles may be said, for roles are fixed."""
    roles = {f.role for form in province.forms for f in form.fields}
    ids = {f.id for form in province.forms for f in form.fields} - roles
    distinctive = {i for i in ids if "_" in i}
    found = [
        f"{path.relative_to(SOURCE)}:{node.lineno}: {node.value}"
        for path in sorted(Path(SOURCE).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and node.value in distinctive
    ]
    assert found == []
