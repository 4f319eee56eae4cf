"""Reading YAML: values, lines, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotline.rulebook.draft import read_folder
from pilotline.rulebook.reading import MOST_BYTES, Document, read_document


def read(text: str | bytes) -> Document | list[str]:
    raw = text if isinstance(text, bytes) else text.encode()
    found = read_document("a.yaml", raw)
    if isinstance(found, Document):
        return found
    return [f"{fault.line}: {fault.text.en}" for fault in found]


def test_values_are_what_they_look_like():
    found = read(
        "a: 2026-01-01\nb: 3\nc: 0.5\nd: true\ne: no\nf: null\ng: '3'\nh: 010\ni: [x, 1:2]"
    )
    assert found.data == {
        "a": "2026-01-01",
        "b": 3,
        "c": 0.5,
        "d": True,
        "e": "no",
        "f": None,
        "g": "3",
        "h": "010",
        "i": ["x", "1:2"],
    }


def test_every_key_and_entry_knows_its_line():
    found = read("# words\na:\n  - x\n  - y: 1\n    z: 2\n")
    assert found.lines == {
        (): 2,
        ("a",): 2,
        ("a", 0): 3,
        ("a", 1): 4,
        ("a", 1, "y"): 4,
        ("a", 1, "z"): 5,
    }
    assert found.line(("a", 1, "missing", 5)) == 4


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "1: The file is empty."),
        ("a: 1\na: 2", "2: “a” is there twice."),
        ("a: &x [1]\nb: *x", "1: Aliases are not allowed."),
        (
            "a: !!python/name:os.system x",
            "1: The tag “tag:yaml.org,2002:python/name:os.system” is not allowed.",
        ),
        ("? [a, b]\n: 1", "1: A key must be text."),
        ("a: " + "[" * 40 + "]" * 40, "1: It is nested too deeply."),
        ("a: 1\nb: 云岭".encode("gbk"), "2: The file is not UTF-8; save it as UTF-8."),
        (b"a: 1\nb: \x00", "2: There is a control character."),
        (b"#" * (MOST_BYTES + 1), "1: The file is larger than 1 MB."),
    ],
)
def test_what_cannot_be_read_is_refused(text, said):
    found = read(text)
    assert said in found if isinstance(found, list) else found.data == said


def test_bad_yaml_says_where():
    [said] = read("a: 1\nb: [1, 2\nc: 3\n")
    assert said.startswith("3: The YAML cannot be read: ")


def test_a_byte_order_mark_is_no_matter():
    assert read(b"\xef\xbb\xbfa: 1").data == {"a": 1}


@given(st.binary(max_size=300))
def test_no_bytes_can_break_it(raw):
    found = read_document("a.yaml", raw)
    assert isinstance(found, Document) or all(fault.line >= 1 for fault in found)


def test_an_unknown_file_is_named(folder):
    (folder / "weather.yaml").write_text("entries: []")
    faults = read_folder(folder).faults
    assert [(f.file, f.line) for f in faults] == [("weather.yaml", 1)]


def test_few_requirements_weigh_their_share_and_the_words_the_rest(province):
    matching = province.matching
    whole = matching.parts
    assert matching.parts_for(matching.enough_requirements) == pytest.approx(whole)
    assert matching.parts_for(99) == pytest.approx(whole)
    one = matching.parts_for(1)
    assert one["structured"] == pytest.approx(whole["structured"] / matching.enough_requirements)
    assert sum(one.values()) == pytest.approx(sum(whole.values()))
    assert matching.parts_for(0)["structured"] == 0
