"""The manual in docs is the one that the schemas give; schemas and closed sets agree."""

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from pilotline.engines.pricing import problem
from pilotline.rulebook import words
from pilotline.rulebook.answers import CHECKS
from pilotline.rulebook.check_schema import described, schemas, target
from pilotline.rulebook.entries import KINDS
from pilotline.rulebook.reference import reference
from tests.rulebook.conftest import RULEBOOKS

ROOT = RULEBOOKS.parent


def test_the_manual_is_fresh():
    written = (ROOT / "docs" / "reference" / "rulebook.md").read_text()
    assert written == reference(), "write docs/reference/rulebook.md anew: see docs/explain"


@pytest.mark.parametrize("kind", ["shared", *KINDS])
def test_schemas_are_schemas(kind):
    Draft202012Validator.check_schema(schemas()[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_is_explained_in_both_languages(kind):
    def walk(schema):
        for key, part in schema.get("properties", {}).items():
            words_of = described(part)
            assert words_of.zh, key
            assert words_of.en, key
            assert re.search(r"[\u4e00-\u9fff]", words_of.zh), key
            assert not re.search(r"[\u4e00-\u9fff]", words_of.en.replace("四(七)", "")), key
            walk(target(part))
            walk(part.get("items", {}))

    walk(schemas()[kind])


@pytest.mark.parametrize(
    "file", sorted(RULEBOOKS.rglob("*.yaml")), ids=lambda p: p.relative_to(RULEBOOKS).as_posix()
)
def test_editors_find_the_schema(file: Path):
    first = file.read_text().splitlines()[0]
    place = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert place, first
    schema = (file.parent / place[1]).resolve()
    kind = file.relative_to(RULEBOOKS).parts[1].removesuffix(".yaml").replace("-", "_")
    assert schema.name == f"{kind}.json"
    assert json.loads(schema.read_text()) == schemas()[kind]


def test_closed_sets_and_schemas_say_the_same():
    field = schemas()["shared"]["$defs"]["form_fields"]["items"]["properties"]
    assert tuple(field["type"]["enum"]) == words.FIELD_TYPES == tuple(CHECKS)
    assert tuple(field["role"]["enum"]) == words.ROLES
    assert tuple(field["options_from"]["enum"]) == words.OPTION_KINDS
    attribute = schemas()["attributes"]["properties"]["entries"]["items"]["properties"]
    assert tuple(attribute["kind"]["enum"]) == words.ATTRIBUTE_KINDS == tuple(words.FITS)
    matching = schemas()["matching"]["properties"]
    assert tuple(matching["parts"]["properties"]) == words.MATCHING_PARTS
    assert tuple(matching["text_fields"]["properties"]) == words.TEXT_FIELDS
    assert tuple(matching["hard"]["items"]["enum"]) == words.HARD_LIMITS
    quality = schemas()["data_quality"]["properties"]["parts"]["items"]["properties"]
    assert tuple(quality["measure"]["enum"]) == words.QUALITY_MEASURES
    program = schemas()["programs"]["properties"]
    assert tuple(program["kind"]["enum"]) == words.PROGRAM_KINDS
    assert tuple(program["action"]["properties"]["kind"]["enum"]) == words.FINAL_ACTIONS
    condition = program["eligibility"]["items"]["properties"]
    assert tuple(condition["fact"]["enum"]) == words.FACTS
    prefixes = schemas()["region"]["properties"]["number_prefixes"]
    assert tuple(prefixes["properties"]) == words.NUMBERED


def test_tariffs_and_the_engine_share_their_closed_sets():
    assert problem.UNITS == words.PRICE_UNITS
    assert problem.TIMES == words.TIME_UNITS
    assert problem.KINDS == words.CHARGES
    assert problem.PERIODS == words.CAP_PERIODS
    assert problem.TIER_RULES == words.TIER_RULES
    assert problem.TIER_SPANS == words.TIER_SPANS
    assert problem.TAX_MODES == words.TAX_MODES
    assert problem.MODES == words.ROUNDINGS
    group = schemas()["price_groups"]["properties"]["entries"]["items"]["properties"]
    assert tuple(group["unit"]["enum"]) == words.PRICE_UNITS
    assert tuple(schemas()["pricing"]["properties"]["rounding"]["enum"]) == words.ROUNDINGS
