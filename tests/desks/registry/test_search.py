"""Search: at once, in Chinese and English, with facets; and the words it is made of."""

from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.registry import queries, services
from pilotline.desks.registry.queries.words import query_of, runs, vector_of
from tests.factories_registry import (
    NOW,
    authority,
    capability,
    facility,
    operator,
    organisation,
    publish_rulebook,
    resource,
)

pytestmark = pytest.mark.django_db


def answers(document: str, text: str) -> bool:
    """What PostgreSQL says: does the document answer the text?"""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT %s::tsvector @@ %s::tsquery", [vector_of([("A", document)]), query_of(text)]
        )
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("document", "text", "found"),
    [
        ("搪玻璃反应釜", "反应釜", True),
        ("搪玻璃反应釜", "玻璃釜", False),
        ("搪玻璃反应釜", "釜", True),
        ("搪玻璃反应釜", "反 釜", True),
        ("反应；应釜", "反应釜", False),
        ("Glass-lined reactor", "REACT", True),
        ("Glass-lined reactor", "lined glass", True),
        ("５００Ｌ反应釜", "500l", True),
        ("GMP车间", "gmp车间", True),
        ("反应釜", "冻干机", False),
    ],
)
def test_words(document, text, found):
    assert answers(document, text) is found


@given(st.text(max_size=60), st.text(max_size=30))
def test_any_text_is_a_document_and_a_question(document, text):
    vector = vector_of([("A", document)])
    assert vector.count("'") % 2 == 0
    assert bool(query_of(text)) == bool(runs(text))


@given(st.text(alphabet="反应釜中试平台加氢", min_size=2, max_size=12), st.data())
def test_every_part_of_a_chinese_text_finds_it(document, data):
    start = data.draw(st.integers(0, len(document) - 1))
    end = data.draw(st.integers(start + 1, len(document)))
    assert answers(document, document[start:end])


@pytest.fixture
def catalogue():
    publish_rulebook()
    made = facility(
        "海岱精细化工中试平台", name_en="Haidai fine chemicals", owner=organisation("某公司")
    )
    line = resource(made, "加氢线", verifications=["process"], processes=["hydrogenation"])
    kettle = resource(made, "高压反应釜", "equipment", line=line.pk, name_en="Pressure reactor")
    capability(made, "contact_material", "哈氏合金", kettle)
    other = facility("青岛装备平台", region="370200", fields=["advanced_equipment"])
    resource(other, "气相色谱检测", "service", service_kind="testing")
    facility("草稿平台反应釜", published=False)
    services.decide_tier(
        who=authority(),
        code=other.code,
        tier="national_level",
        since=NOW.date(),
        decided_by="工信部",
        now=NOW,
    )
    return made, other


def names(**asked) -> list[str]:
    return [hit.name for hit in queries.search(**asked).hits]


def test_new_records_are_found_at_once(catalogue):
    made, _other = catalogue
    assert names(text="反应釜") == ["高压反应釜"]
    assert names(text="pressure reactor") == ["高压反应釜"]
    assert names(text="哈氏合金") == ["高压反应釜"]
    assert names(text="加氢", kind="line") == ["加氢线"]
    assert names(text=made.code) == ["海岱精细化工中试平台"]
    services.update_facility(
        who=operator(made.operator), code=made.code, values={"name": "泰山平台"}, now=NOW
    )
    assert names(text="泰山", kind="facility") == ["泰山平台"]
    assert names(text="海岱", kind="facility") == []


def test_words_that_mean_the_same_find_each_other():
    publish_rulebook()
    first, second = current_rulebook().synonyms.valid_on(NOW.date())[0].words[:2]
    facility("海岱平台", summary=f"这里有{first}设备")
    assert names(text=second, kind="facility") == ["海岱平台"]


def test_facets_count_what_each_choice_would_give(catalogue):
    found = queries.search(filters={"region": "370100"})
    assert found.facets["region"] == {"370100": 3, "370200": 2}
    assert found.facets["kind"] == {"facility": 1, "line": 1, "equipment": 1}
    assert found.facets["verification"] == {"process": 1}
    assert [hit.kind for hit in found.hits] == ["facility", "line", "equipment"]
    assert queries.search(filters={"tier": "national_level"}).total == 2
    assert queries.search(filters={"field": "advanced_equipment"}, kind="service").total == 1


def test_kinds_of_service_and_processes_are_facets(catalogue):
    found = queries.search()
    assert found.facets["service"] == {"testing": 1}
    assert found.facets["process"] == {"hydrogenation": 1}
    assert names(filters={"service": "testing"}) == ["气相色谱检测"]
    assert names(filters={"process": "hydrogenation"}) == ["加氢线"]


@pytest.mark.parametrize(
    ("sort", "first"),
    [("tier", "青岛装备平台"), ("updated", "海岱精细化工中试平台"), ("strange", "青岛装备平台")],
)
def test_results_can_be_put_in_order(catalogue, sort, first):
    made, _other = catalogue
    services.update_facility(
        who=operator(made.operator),
        code=made.code,
        values={"summary": "反应与分离，新"},
        now=NOW + timedelta(days=1),
    )
    assert names(sort=sort, kind="facility")[0] == first


@pytest.mark.parametrize(
    "text", ["'", "\\", ":*", "& | !", "<->", "'a' <-> 'b'", "a" * 5000, "（）"]
)
def test_odd_questions_are_answered(catalogue, text):
    assert queries.search(text).total == 0


def test_pages_beyond_the_last_show_the_last(catalogue):
    assert queries.search(page=999).page == 1
    assert queries.search(page=-3).page == 1
