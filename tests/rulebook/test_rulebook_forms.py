"""What is missing from a form: all of it, at once, in both languages, whatever was typed."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

DAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def form(province):
    return province.forms["need"]


@pytest.fixture(scope="module")
def complete(province) -> dict[str, Any]:
    raw = next(f for f in province.to_content()["kinds"]["forms"] if f["id"] == "need")
    return raw["examples"][0]["answers"]


def test_an_empty_form_names_every_required_question(form):
    missing = form.missing({}, DAY)
    assert [m.field for m in missing] == [f.id for f in form.fields if f.required]
    assert {m.code for m in missing} == {"required"}
    assert missing[0].text.zh == "请填写“需求名称”。"
    assert missing[0].text.en == "Please fill in “Title”."
    assert missing[-1].text.zh == "请确认“承诺所填内容真实”。"


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({}, []),
        ({"title": " \n"}, [("title", "required")]),
        ({"title": "长" * 81}, [("title", "too-long")]),
        ({"title": "短"}, [("title", "too-short")]),
        ({"title": "放大\x00试验"}, [("title", "bad-characters")]),
        ({"title": 5}, [("title", "not-a-text")]),
        ({"detail": "字" * 20_000}, []),
        ({"detail": "字" * 50_000}, [("detail", "too-long")]),
        ({"field": "everything"}, [("field", "not-a-choice")]),
        ({"field": ["biomedicine"]}, [("field", "not-a-choice")]),
        ({"verification": []}, [("verification", "required")]),
        ({"verification": ["process", "magic"]}, [("verification", "not-a-choice")]),
        ({"verification": "process"}, [("verification", "not-a-choice")]),
        ({"trl": 0}, [("trl", "too-small")]),
        ({"trl": "10"}, [("trl", "too-large")]),
        ({"trl": "abc"}, [("trl", "not-a-number")]),
        ({"trl": True}, [("trl", "not-a-number")]),
        ({"trl": "NaN"}, [("trl", "not-a-number")]),
        ({"trl": "1e999999999"}, [("trl", "not-a-number")]),
        ({"budget_low": "-1"}, [("budget_low", "negative")]),
        ({"budget_low": "0.005"}, [("budget_low", "too-fine")]),
        ({"budget_low": "900000"}, [("budget_low", "low-above-high")]),
        (
            {"budget_low": "x", "budget_high": "-1"},
            [("budget_low", "not-a-number"), ("budget_high", "negative")],
        ),
        ({"begin": "2026-11-21"}, [("begin", "past-date")]),
        ({"begin": "2026-11-22"}, []),
        ({"begin": "soon"}, [("begin", "not-a-date")]),
        ({"begin": 20270101}, [("begin", "not-a-date")]),
        ({"begin": "2028-01-01"}, [("begin", "low-above-high")]),
        ({"hazardous": "chemicals"}, [("hazard_detail", "required")]),
        ({"hazardous": "chemicals", "hazard_detail": "使用甲苯二十升"}, []),
        ({"cooperation": "other"}, [("cooperation_detail", "required")]),
        ({"release": True}, [("summary", "required")]),
        ({"release": False}, []),
        ({"release": "yes"}, [("release", "not-a-flag")]),
        ({"consent": False}, [("consent", "required")]),
        ({"contact_phone": "call me"}, [("contact_phone", "bad-phone")]),
        ({"contact_phone": "+86 531 8600 0000"}, []),
        ({"contact_email": "nobody"}, [("contact_email", "bad-email")]),
        ({"contact_email": "a@b.example"}, []),
        ({"attachments": list(range(11))}, [("attachments", "too-many")]),
        ({"attachments": "a.pdf"}, [("attachments", "not-a-list")]),
        ({"asked_in_an_older_release": "x"}, []),
    ],
)
def test_each_fault_has_its_code(form, complete, change, codes):
    missing = form.missing(complete | change, DAY)
    assert [(m.field, m.code) for m in missing] == codes
    assert all(m.text.zh.endswith("。") and m.text.en.endswith(".") for m in missing)


def test_faults_come_in_the_order_of_the_form(form, complete):
    change = {"consent": None, "budget_low": "900000", "title": "", "begin": "2020-01-01"}
    missing = form.missing(complete | change, DAY)
    assert [m.field for m in missing] == ["title", "begin", "budget_low", "consent"]


def test_code_finds_answers_by_role(form, complete):
    assert form.answer(complete, "title") == complete["title"]
    assert form.answer(complete, "body") == complete["detail"]
    assert form.answer(complete, "city") is None
    assert form.answer(complete, "keywords") is None
    assert form.by_role("budget_high").type == "money"


def test_what_is_confidential_is_never_public(province):
    for form in province.forms:
        assert form.confidential_ids & form.public_ids == frozenset()
        assert form.by_role("contact_phone").id in form.confidential_ids
        assert form.by_role("title").id in form.public_ids
        assert [f for s in form.sections for f in form.in_section(s.id)] == list(form.fields)


def test_choices_come_from_the_rulebook(province, form):
    assert form.field("field").choices("zh", DAY) == province.fields.choices("zh", DAY)
    assert form.field("field").option_title("biomedicine", "en") == "Biomedicine"
    assert form.field("field").option_title("gone", "en") == "gone"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


@given(st.data())
def test_nothing_that_is_typed_can_break_it(form, complete, data):
    """Any JSON in any field: faults with field and both languages, or none; never an error."""
    keys = st.sampled_from([f.id for f in form.fields])
    change = data.draw(st.dictionaries(keys, json_values, max_size=6))
    missing = form.missing(complete | change, DAY)
    assert {m.field for m in missing} <= {f.id for f in form.fields}
    assert form.is_complete(complete | change, DAY) is (missing == [])


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_budget_may_not_be_upside_down(form, complete, low, high):
    answers = complete | {"budget_low": str(low), "budget_high": str(high)}
    said = [m.code for m in form.missing(answers, DAY)]
    assert said == (["low-above-high"] if low > high else [])


@given(st.integers(-400, 400))
def test_days_in_the_past_are_refused(form, complete, days):
    begin = DAY + timedelta(days=days)
    answers = complete | {"begin": begin.isoformat(), "end": None}
    codes = {m.code for m in form.missing(answers, DAY) if m.field == "begin"}
    assert codes == ({"past-date"} if days < 0 else set())
