"""Rubrics, conflicts and review rules: what they decide and what is refused in them."""

from datetime import date
from decimal import Decimal

import pytest


def test_a_sheet_is_whole_or_every_gap_is_told(province):
    rubric = province.rubrics["pilot_project"]
    assert rubric.faults({}, {}) == [(c.id, "missing") for c in rubric.criteria]
    marks = {"need": 2, "technology": 7, "conditions": 8.5, "safety": 11, "benefit": 6, "x": 1}
    assert rubric.faults(marks, {}) == [
        ("x", "strange"),
        ("need", "comment"),
        ("technology", "comment"),
        ("conditions", "step"),
        ("safety", "scale"),
    ]


def test_a_conflict_ends_with_its_years(province):
    rule = province.conflicts["employment"]
    today = date(2026, 11, 28)
    assert rule.counts(ended=None, today=today)
    assert rule.counts(ended=date(2023, 11, 29), today=today)
    assert not rule.counts(ended=date(2023, 11, 28), today=today)
    assert not rule.counts(ended=date(2023, 2, 28), today=date(2026, 2, 28))
    assert not rule.counts(ended=date(2021, 2, 28), today=date(2024, 2, 29))
    holding = province.conflicts["holding"]
    assert not holding.counts(ended=None, today=today, share=Decimal("0.5"))


def test_another_region_decides_otherwise(invented):
    assert invented.review_rules["plain"].methods == ("draw",)
    assert invented.conflicts["worked_there"].years == 5


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "says"),
    [
        ("rubrics.yaml", "weight: 40", "weight: 30", 8, "The weights add to 90"),
        ("rubrics.yaml", "id: leaf", "id: taste", 10, "is there twice"),
        ("rubrics.yaml", "full: 5, weight: 60", "full: 5, step: 2, weight: 60", 9, "whole number"),
        ("rubrics.yaml", "below: 40, above: 100", "below: 40, above: 10", 11, "not be more"),
        ("rubrics.yaml", "trim: 0", "trim: 2", 13, "3 sheets or more"),
        ("rubrics.yaml", "taste: 1", "taste: 3", 17, "must fail"),
        ("conflicts.yaml", "    years: 5\n", "", 4, "how many years"),
        ("conflicts.yaml", "years: 5", "years: 5\n    share: 3", 8, "belongs to a shareholding"),
        ("conflicts.yaml", "measure: employer", "measure: cousin", 6, "cannot be “cousin”"),
        ("review-rules.yaml", "remind_days: 1", "remind_days: 4", 10, "must be less"),
        ("review-rules.yaml", "word_weight: 1", "word_weight: 0", 14, "both weigh nothing"),
        ("review-rules.yaml", "[draw]", "[auction]", 12, "cannot be “auction”"),
    ],
)
def test_faults_have_line_and_sentence(spoil, file, old, new, line, says):
    found = spoil(file, old, new)
    assert [(f.file, f.line) for f in found] == [(file, line)]
    assert says in found[0].text.en
    assert found[0].text.zh


def test_a_kind_of_conflict_is_ruled_once(spoil, folder):
    place = folder / "conflicts.yaml"
    text = place.read_text()
    place.write_text(text + text[text.index("  - id") :].replace("worked_there", "again"))
    (fault,) = spoil("conflicts.yaml", "again", "once_more")
    assert "is ruled by" in fault.text.en
