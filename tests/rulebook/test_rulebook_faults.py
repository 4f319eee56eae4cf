"""Each kind of fault, planted: the right file, the right line, the right sentence, nothing else."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotline.rulebook import Rulebook
from pilotline.rulebook.check import Unsound, check, read_sound
from pilotline.rulebook.draft import read_folder
from tests.rulebook.conftest import INVENTED

# File, what is replaced, by what, and every fault that follows: line and English sentence, with
# the file before them when it is another one.
PLANTED = [
    (
        "cities.yaml",
        "valid_from: 2025-01-01\nexample",
        "valid_from: 2025-01-01\nvalid_from: 2025-01-01\nexample",
        [(2, "“valid_from” is there twice.")],
    ),
    (
        "scales.yaml",
        "{id: cup",
        "!!python/object:os.system {id: cup",
        [(4, "The tag “tag:yaml.org,2002:python/object:os.system” is not allowed.")],
    ),
    (
        "fields.yaml",
        "{id: tea, ",
        "{",
        [("chains.yaml", 4, "There is no field “tea”."), (4, "“id” is missing.")],
    ),
    (
        "fields.yaml",
        "synonyms",
        "synonym",
        [(4, "“synonym” is not known; did you mean “synonyms”?")],
    ),
    ("cities.yaml", "'990200'", "990200", [(5, "“id” must be text; put it in quotes.")]),
    (
        "fields.yaml",
        "id: tea",
        "id: Green Tea",
        [
            ("chains.yaml", 4, "There is no field “tea”."),
            (
                4,
                "“id” is not written rightly (“Green Tea”): Lower-case letters, digits and "
                "underscores; never changed once published.",
            ),
        ],
    ),
    (
        "tiers.yaml",
        "valid_from: 2025-01-01",
        "valid_from: spring",
        [(1, "“valid_from” is not written rightly (“spring”): A day such as 2026-01-01.")],
    ),
    (
        "organisation-kinds.yaml",
        "[apply, operate]",
        "[apply, rule]",
        [(4, "“may[2]” cannot be “rule”; it must be one of: apply, operate, advise.")],
    ),
    (
        "targets.yaml",
        "facilities_at_tier",
        "happiness",
        [(6, "“measure” cannot be “happiness”; it must be one of: facilities_at_tier.")],
    ),
    ("cities.yaml", "latitude: 30.5", "latitude: 300", [(4, "“latitude” may not be above 90.")]),
    ("synonyms.yaml", "[茶, 茗, tea]", "[茶]", [(4, "“words” needs 2 entries or more.")]),
    ("synonyms.yaml", "[茶, 茗, tea]", "[茶, 茗, 茶]", [(4, "“words” has an entry twice.")]),
    ("scales.yaml", "zh: 杯", "zh: ''", [(4, "“zh” may not be empty.")]),
    ("matching.yaml", "length: 3", "length: many", [(10, "“length” must be a whole number.")]),
    (
        "documents.yaml",
        "has_clauses: true",
        "has_clauses: 1",
        [(5, "“has_clauses” must be true or false.")],
    ),
    ("fields.yaml", "id: timber", "id: tea", [(5, "The id “tea” is used already.")]),
    (
        "fields.yaml",
        "zh: 木业",
        "zh: 普洱",
        [(5, "“普洱” means “tea” already; one name must mean one entry.")],
    ),
    ("fields.yaml", "ordinance:一", "statute:一", [(2, "There is no document “statute”.")]),
    ("targets.yaml", "ordinance:一", "ordinance:九", [(2, "There is no clause “九”.")]),
    ("targets.yaml", "ordinance:一", "ordinance", [(2, "Say which clause of “ordinance”.")]),
    (
        "scales.yaml",
        "{id: cup,",
        "{id: cup, source: 'ordinance:一', example: true,",
        [(4, "Give either a source or `example: true`, not both.")],
    ),
    (
        "region.yaml",
        "example: true\n",
        "",
        [(3, "Give a source, or `example: true` where nothing official exists.")],
    ),
    ("region.yaml", "Asia/Urumqi", "Asia/Nowhere", [(8, "There is no such time zone.")]),
    (
        "region.yaml",
        "technology: YC",
        "technology: YX",
        [(9, "The letters “YX” stand for “need” already.")],
    ),
    ("scales.yaml", "2025-01-01", "2025-02-30", [(1, "There is no such day as 2025-02-30.")]),
    (
        "chains.yaml",
        "fields: [tea]",
        "fields: [tea], valid_to: 2024-01-01",
        [(4, "It must end after the day from which it holds.")],
    ),
    ("chains.yaml", "fields: [tea]", "fields: [coffee]", [(4, "There is no field “coffee”.")]),
    ("cities.yaml", "tile: [1, 1]", "tile: [0, 0]", [(5, "The tile [0, 0] is taken by “990100”.")]),
    ("cities.yaml", "'990200'", "'880200'", [(5, "“880200” is not part of region “990000”.")]),
    ("tiers.yaml", "id: peak", "id: camp", [(10, "The step “camp” is there twice.")]),
    ("targets.yaml", "tier: summit", "tier: moon", [(7, "There is no tier “moon”.")]),
    (
        "resource-kinds.yaml",
        "  - {id: skill, title: {zh: 手艺, en: Skill}}\n",
        "",
        [(4, "These are missing: skill.")],
    ),
    ("matching.yaml", "load: 0.2", "load: 0.3", [(5, "The weights add to 1.1, not to 1.")]),
    ("matching.yaml", "near_km: 5", "near_km: 50", [(8, "“near_km” must be less than “far_km”.")]),
    ("data-quality.yaml", "weight: 40", "weight: 30", [(6, "The points add to 90, not to 100.")]),
    ("attributes/leaves.yaml", "unit: L", "unit: cupful", [(10, "There is no unit “cupful”.")]),
    ("attributes/leaves.yaml", "    unit: L\n", "", [(5, "A range needs a unit.")]),
    (
        "attributes/leaves.yaml",
        "unit: L",
        "unit: L\n    units: [kg]",
        [(11, "“kg” cannot become “L”.")],
    ),
    ("attributes/leaves.yaml", "low: 0", "low: 900", [(11, "“low” must be less than “high”.")]),
    (
        "attributes/leaves.yaml",
        "id: certificate",
        "id: papers",
        [(5, "The vocabulary needs a set called “certificate”.")],
    ),
    (
        "attributes/leaves.yaml",
        "fit: superset",
        "fit: cover",
        [(25, "A set cannot use “cover”, only: superset.")],
    ),
    (
        "attributes/leaves.yaml",
        "id: bud",
        "id: coarse",
        [(20, "The value “coarse” is there twice.")],
    ),
    (
        "attributes/leaves.yaml",
        "zh: 芽尖",
        "zh: 粗叶",
        [(20, "“粗叶” means “coarse” already; one name must mean one value.")],
    ),
    (
        "attributes/leaves.yaml",
        "low: 50, high: 50",
        "low: 60, high: 50",
        [(13, "This example of “wok_size” must pass, but: it reads 50 L.")],
    ),
    (
        "attributes/leaves.yaml",
        "text: 50 kg",
        "text: 60 L",
        [(13, "This example of “wok_size” must fail, but: it reads 60 L.")],
    ),
    (
        "attributes/leaves.yaml",
        "values: [bud]",
        "values: [coarse]",
        [(21, "This example of “leaf_grade” must pass, but: it reads bud.")],
    ),
    (
        "attributes/leaves.yaml",
        "{text: 露天, ok: false}",
        "{text: 遮荫, ok: true}",
        [(34, "Give at least one example that must pass and one that must fail.")],
    ),
    (
        "forms/need.yaml",
        "section: all, type: text, title: {zh: 名",
        "section: x, type: text, title: {zh: 名",
        [(7, "There is no section “x”.")],
    ),
    (
        "forms/need.yaml",
        "en: All}}]\nfields:\n  - {id: ming, role: title, section: all",
        "en: All}}, {id: b, title: {zh: 乙, en: B}}]\nfields:\n"
        "  - {id: ming, role: title, section: b",
        [(8, "Fields must stand in the order of their sections.")],
    ),
    (
        "forms/need.yaml",
        "role: consent",
        "role: title",
        [
            (6, "No field has the role “consent”."),
            (12, "The role “title” is held by “ming” already."),
        ],
    ),
    (
        "forms/need.yaml",
        "id: jin",
        "id: ye",
        [
            (10, "The field “ye” is there twice."),
            (11, "There is no field “jin”."),
            (15, "There is no field “jin”."),
        ],
    ),
    (
        "forms/need.yaml",
        "options_from: fields, ",
        "",
        [(9, "Give either “options” or “options_from”.")],
    ),
    (
        "forms/need.yaml",
        "low: 1, high: 1000",
        "max_length: 5",
        [(10, "“max_length” does not limit a number.")],
    ),
    ("forms/need.yaml", "low: 1, high", "low: 2000, high", [(10, "“low” is above “high”.")]),
    (
        "forms/need.yaml",
        "public: true",
        "public: true, confidential: true",
        [(7, "What is confidential cannot be public.")],
    ),
    (
        "forms/need.yaml",
        "{field: jin, at_least: 500}",
        "{field: ox, at_least: 500}",
        [(11, "There is no field “ox”.")],
    ),
    (
        "forms/need.yaml",
        "{field: jin, at_least: 500}",
        "{field: jin}",
        [(11, "A condition needs one of “is”, “in”, “at_least”.")],
    ),
    (
        "forms/need.yaml",
        "{field: jin, at_least: 500}",
        "{field: ye, is: rice}",
        [(11, "“ye” has no choice “rice”.")],
    ),
    (
        "forms/need.yaml",
        "{field: jin, at_least: 500}",
        "{field: ye, at_least: 5}",
        [(11, "“ye” is not a number.")],
    ),
    (
        "forms/need.yaml",
        "examples:",
        "ordered: [[ming, jin]]\nexamples:",
        [(13, "“ming” and “jin” cannot be compared.")],
    ),
    (
        "forms/need.yaml",
        "missing: [yuan]",
        "missing: [ming]",
        [(15, "This example of “need” must fail, but: missing: yuan.")],
    ),
    (
        "forms/need.yaml",
        "shuo: 山上的新茶, ",
        "",
        [
            (14, "This example of “need” must pass, but: missing: shuo."),
            (15, "This example of “need” must fail, but: missing: shuo, yuan."),
            (16, "This example of “need” must fail, but: missing: nuo, shuo, ye."),
        ],
    ),
    (
        "targets.yaml",
        "{value: 3, ok: true}",
        "{value: 0, ok: true}",
        [(10, "This example of “two_summits” must pass, but: it is not met.")],
    ),
    (
        "uploads.yaml",
        "megabytes: 2",
        "megabytes: 1",
        [(10, "This example of “paper” must fail, but: it is taken.")],
    ),
    (
        "matching.yaml",
        "second: {load: 1}",
        "second: {load: 0}",
        [(16, "This example of “order” must fail, but: the scores are 0.020 / 0.000.")],
    ),
    (
        "data-quality.yaml",
        "score: 60",
        "score: 50",
        [(9, "This example of “record” must pass, but: the score is 60.")],
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "faults"), PLANTED)
def test_a_planted_fault_is_found_and_nothing_else(spoil, file, old, new, faults):
    expected = [fault if len(fault) == 3 else (file, *fault) for fault in faults]
    assert [(f.file, f.line, f.text.en) for f in spoil(file, old, new)] == expected


def test_sentences_are_chinese_too(spoil):
    faults = spoil("fields.yaml", "id: timber", "id: tea")
    assert [f.say("zh-hans") for f in faults] == ["fields.yaml:5: “tea”已经用过，id 不能重复。"]


def test_all_faults_come_at_once(spoil, folder):
    (folder / "scales.yaml").unlink()
    (folder / "cities.yaml").write_bytes("云岭".encode("gbk"))
    faults = spoil("matching.yaml", "load: 0.2", "load: 0.3")
    assert [(f.file, f.line) for f in faults] == [
        ("booking.yaml", 13),
        ("cities.yaml", 1),
        ("matching.yaml", 5),
        ("scales.yaml", 1),
    ]


def test_an_unsound_rulebook_is_not_read(spoil, folder):
    spoil("fields.yaml", "id: timber", "id: tea")
    with pytest.raises(Unsound) as caught:
        read_sound(folder)
    assert [f.line for f in caught.value.faults] == [5]


def test_a_file_of_no_shape_is_told_once(folder):
    (folder / "tiers.yaml").write_text("- {id: summit}")
    (folder / "fields.yaml").write_text("valid_from: 2025-01-01\nentries: many")
    assert [f.say("en") for f in check(folder)] == [
        "fields.yaml:2: “entries” must be a list.",
        "tiers.yaml:1: “文件/file” must be keys with values.",
    ]


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    listed = enumerate(value) if isinstance(value, list) else ()
    for key, part in value.items() if isinstance(value, dict) else listed:
        yield from places(part, (*path, key))


def replaced(value: Any, path: tuple[str | int, ...], new: Any) -> Any:
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(value[path[0]], path[1:], new)
    return copy


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**6) | st.floats(-1e9, 1e9) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=4,
)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_stands_anywhere_is_judged(data):
    """Any value in any place: faults in words, or a rulebook that can be built; never an error."""
    draft = read_folder(INVENTED)
    at = data.draw(st.integers(0, len(draft.documents) - 1))
    kind, document = draft.documents[at]
    path = data.draw(st.sampled_from(sorted(places(document.data), key=str)))
    spoilt = replace(document, data=replaced(document.data, path, data.draw(ANYTHING)))
    documents = (*draft.documents[:at], (kind, spoilt), *draft.documents[at + 1 :])
    changed = replace(draft, documents=documents)
    faults = check(changed)
    assert all(f.line >= 1 and f.text.zh and f.text.en for f in faults)
    if not faults:
        assert Rulebook.from_content(changed.content()).hash


def test_no_folder_is_one_fault(tmp_path):
    assert [f.text.en for f in check(tmp_path / "nowhere")] == ["There is no such folder."]
