"""From one release to the next: what changed, and what may not."""

from collections.abc import Callable
from typing import Any

import pytest

from pilotline.rulebook import Rulebook
from pilotline.rulebook.publishing import compare, problems_of_publishing


@pytest.fixture
def next_book(invented) -> Callable[..., Rulebook]:
    """The invented region's rulebook with one change made to its content."""

    def changed(change: Callable[[dict[str, Any]], Any]) -> Rulebook:
        content = invented.to_content()
        change(content["kinds"])
        return Rulebook.from_content(content)

    return changed


def said(old: Rulebook, new: Rulebook) -> list[str]:
    return [text.en for text in problems_of_publishing(old, new)]


def test_the_same_content_is_refused(invented):
    again = Rulebook.from_content(invented.to_content())
    assert compare(invented, again) == []
    assert said(invented, again) == ["The content is that of the release in force."]


def test_changes_are_told_one_by_one(invented, next_book):
    def change(kinds):
        kinds["scales"][0]["title"]["en"] = "Teacup"
        kinds["scales"][1]["valid_to"] = "2027-01-01"
        kinds["scales"].append(kinds["scales"][0] | {"id": "barrel"})
        del kinds["chains"][0]

    changes = compare(invented, next_book(change))
    assert [(c.how, c.kind, c.id, c.parts) for c in changes] == [
        ("removed", "chains", "brick_tea", ()),
        ("changed", "scales", "cup", ("title",)),
        ("changed", "scales", "cart", ("valid_to",)),
        ("added", "scales", "barrel", ()),
    ]
    assert changes[0].text.en == "chains “Brick tea” [brick_tea] removed."
    assert changes[2].text.zh == "修改 scales“车”[cart]（valid_to）。"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda k: k["scales"].pop(),
            "scales “Cart” [cart] is published and cannot be removed; give it a valid_to.",
        ),
        (
            lambda k: k["attributes"][1]["values"].pop(),
            "values “bud” of attributes “Leaf grade” [leaf_grade] is published and cannot be "
            "removed.",
        ),
        (
            lambda k: k["tiers"][1]["steps"].pop(),
            "steps “peak” of tiers “Summit” [summit] is published and cannot be removed.",
        ),
        (
            lambda k: k["forms"][0]["fields"].pop(4),
            "fields “yuan” of forms “Tea need” [need] is published and cannot be removed.",
        ),
        (
            lambda k: k["attributes"][0].update(unit="m^3"),
            "The unit of attribute “Wok size” [wok_size] is published and cannot change; add "
            "another attribute.",
        ),
        (
            lambda k: k["region"][0].update(id="980000"),
            "This is the rulebook of region 980000; that of 990000 is in force.",
        ),
    ],
)
def test_what_was_published_does_not_vanish(invented, next_book, change, sentence):
    assert said(invented, next_book(change)) == [sentence]


def test_choices_of_a_question_stay(invented):
    def with_choices(*ids: str) -> Rulebook:
        content = invented.to_content()
        field = content["kinds"]["forms"][0]["fields"][2]
        field.pop("options_from")
        field["options"] = [{"id": i, "title": {"zh": i, "en": i}} for i in ids]
        return Rulebook.from_content(content)

    assert said(with_choices("a", "b"), with_choices("a", "b", "c")) == []
    assert said(with_choices("a", "b", "c"), with_choices("a", "b")) == [
        "ye.options “c” of forms “Tea need” [need] is published and cannot be removed."
    ]


def test_ending_adding_and_rewording_may_be_published(invented, next_book):
    def change(kinds):
        kinds["scales"][1]["valid_to"] = "2027-01-01"
        kinds["scales"].append(kinds["scales"][0] | {"id": "barrel"})
        kinds["fields"][0]["title"]["zh"] = "茶叶业"
        kinds["matching"][0]["parts"] |= {"text": 0.3, "load": 0.1}

    assert said(invented, next_book(change)) == []
