"""From free text to requirements that the applicant confirms, corrects, dismisses or adds."""

from decimal import Decimal

import pytest

from pilotline.desks.demand import queries, services
from pilotline.desks.journal.models import Happening
from pilotline.kernel.errors import NotFound, Refused
from tests.factories import NOW, actor
from tests.factories_demand import accepted, draft

pytestmark = pytest.mark.usefixtures("rulebook")

TEXT = (
    "我们在济南做加氢反应的放大,需要500L以上的反应釜,温度-20~150℃,压力10MPa。"
    "希望2027年6月底前完成,预算80万元以内。"
)


def read(who, text=TEXT, **more):
    case = draft(who, detail=text, **more)
    services.read_text(who=who, case=case.pk, now=NOW)
    case.refresh_from_db()
    return case


def said(case):
    return {row.attribute: (row.low, row.high) for row in queries.requirements(case.pk)}


def test_a_text_is_read_and_its_words_are_marked():
    case = read(actor())
    rows = queries.requirements(case.pk)
    assert said(case)["temperature"] == (Decimal("-20"), Decimal("150"))
    assert {row.state for row in rows} == {"offered"}
    for row in rows:
        assert TEXT[row.start : row.end] == row.words
    pieces = queries.marked_text(TEXT, rows)
    assert "".join(piece.text for piece in pieces) == TEXT
    assert sorted({pk for piece in pieces for pk in piece.requirements}) == sorted(
        row.pk for row in rows if any(row.pk in p.requirements for p in pieces)
    )


def test_the_title_is_read_too_and_the_body_says_it_first():
    who = actor()
    case = read(who, "年产中试,需要精馏。", title="薄荷醇高纯精馏与结晶")
    assert [(r.values, r.source) for r in queries.requirements(case.pk)] == [
        (["distillation"], "detail"),
        (["crystallisation"], "title"),
    ]
    services.save_draft(
        who=who,
        case=case.pk,
        version=case.version,
        answers={"detail": "需要精馏,随后结晶。"},
        now=NOW,
    )
    services.read_text(who=who, case=case.pk, now=NOW)
    assert {r.source for r in queries.requirements(case.pk)} == {"detail"}


def test_what_is_only_welcome_is_offered_as_a_wish():
    who = actor()
    text = "需500L反应釜,材质搪玻璃或316L均可,最好有GMP车间。"
    rows = {r.attribute: r for r in queries.requirements(read(who, text).pk)}
    assert {name: row.must for name, row in rows.items()} == {
        "volume": True,
        "contact_material": True,
        "gmp": False,
    }
    material = rows["contact_material"]
    assert (material.relation, material.words) == ("any_of", "搪玻璃或316L")
    assert sorted(material.values) == ["glass_lined", "ss316l"]


def test_open_questions_are_offered_an_answer():
    case = read(actor())
    offered = {o["field"]: o["value"] for o in case.offered}
    assert (offered["city"], offered["end"], offered["budget_high"]) == (
        ["370100"],
        "2027-06-30",
        "800000",
    )
    answered = read(actor(), city=["370200"], budget_high="900000")
    assert {"city", "budget_high"} & {o["field"] for o in answered.offered} == set()


def test_reading_again_offers_nothing_twice_and_respects_decisions():
    who = actor()
    case = read(who)
    first = queries.requirements(case.pk)
    services.dismiss_requirement(who=who, requirement=first[0].pk, now=NOW)
    services.correct_requirement(
        who=who, requirement=first[1].pk, written="-30~160℃", now=NOW
    ) if first[1].attribute == "temperature" else services.confirm_requirements(
        who=who, case=case.pk, ids=[first[1].pk], now=NOW
    )
    services.read_text(who=who, case=case.pk, now=NOW)
    states = ("offered", "confirmed", "dismissed")
    again = queries.requirements(case.pk, states=states)
    assert sorted(row.pk for row in again) == sorted(row.pk for row in first)
    assert {row.pk: row.state for row in again}[first[0].pk] == "dismissed"


def test_correcting_reads_units_and_refuses_what_cannot_be():
    who = actor()
    case = read(who)
    row = next(r for r in queries.requirements(case.pk) if r.attribute == "temperature")
    services.correct_requirement(
        who=who, requirement=row.pk, written="零下30℃至433.15K", must=False, now=NOW
    )
    row.refresh_from_db()
    assert (row.low, row.high, row.state, row.must) == (
        Decimal("-30"),
        Decimal("160"),
        "confirmed",
        False,
    )
    for wrong in ("200~100℃", "-300℃", "10 MPa", "", "很热", "1" * 500):
        with pytest.raises(Refused) as refused:
            services.correct_requirement(who=who, requirement=row.pk, written=wrong, now=NOW)
        assert [p.field for p in refused.value.problems] == ["written"]


def test_adding_twice_adds_once():
    who = actor()
    case = draft(who)
    rows = [
        services.add_requirement(who=who, case=case.pk, attribute="pressure", written=text, now=NOW)
        for text in ("1 MPa", "10 bar")
    ]
    assert rows[0].pk == rows[1].pk
    assert [(r.state, r.origin, r.must) for r in queries.requirements(case.pk)] == [
        ("confirmed", "typed", True)
    ]
    with pytest.raises(Refused):
        services.add_requirement(who=who, case=case.pk, attribute="charm", written="5", now=NOW)


def test_a_changed_text_moves_the_marks_and_drops_stale_offers():
    who = actor()
    case = read(who)
    services.confirm_requirements(
        who=who,
        case=case.pk,
        ids=[r.pk for r in queries.requirements(case.pk) if r.attribute == "temperature"],
        now=NOW,
    )
    case.refresh_from_db()
    text = "补充说明:温度-20~150℃,其余面议。"
    services.save_draft(
        who=who, case=case.pk, version=case.version, answers={"detail": text}, now=NOW
    )
    rows = queries.requirements(case.pk)
    assert [(r.attribute, text[r.start : r.end] == r.words) for r in rows] == [
        ("temperature", True)
    ]
    case.refresh_from_db()
    services.save_draft(
        who=who, case=case.pk, version=case.version, answers={"detail": "全部重写。"}, now=NOW
    )
    rows = queries.requirements(case.pk)
    assert [(r.attribute, r.start, r.end) for r in rows] == [("temperature", None, None)]


def test_requirements_of_an_accepted_case_tell_what_changed():
    who = actor()
    case = accepted(who)
    services.add_requirement(who=who, case=case.pk, attribute="pressure", written="1 MPa", now=NOW)
    told = Happening.objects.get(name="CaseAmended")
    assert told.payload["changed"] == ["requirements"]


def test_only_the_applicant_decides():
    who = actor()
    case = read(who)
    row = queries.requirements(case.pk)[0]
    for stranger in (actor(), actor("authority"), actor("operator")):
        with pytest.raises(NotFound):
            services.dismiss_requirement(who=stranger, requirement=row.pk, now=NOW)
        with pytest.raises(NotFound):
            services.read_text(who=stranger, case=case.pk, now=NOW)
    with pytest.raises(NotFound):
        services.dismiss_requirement(who=who, requirement=10**9, now=NOW)


def test_a_text_that_is_too_long_to_read_is_said_so():
    who = actor()
    case = draft(who, detail="温度80℃。" * 10_000)
    with pytest.raises(Refused) as refused:
        services.read_text(who=who, case=case.pk, now=NOW)
    assert [(p.code, p.field) for p in refused.value.problems] == [("too-long", "detail")]


def test_others_see_confirmed_ones_without_confidential_words():
    who, operator = actor(), actor("operator")
    case = accepted(who, confidential=())
    services.read_text(who=who, case=case.pk, now=NOW)
    services.open_to(case=case.pk, organisation=min(operator.organisations), now=NOW)
    assert queries.shown_requirements(who=operator, case=case, language="zh") == []
    services.confirm_requirements(who=who, case=case.pk, now=NOW)
    mine = queries.shown_requirements(who=who, case=case, language="zh")
    theirs = queries.shown_requirements(who=operator, case=case, language="zh")
    assert theirs == mine
    assert all(row.written for row in theirs)
    case.refresh_from_db()
    services.amend(
        who=who, case=case.pk, version=case.version, answers={}, confidential=["detail"], now=NOW
    )
    case.refresh_from_db()
    hidden = queries.shown_requirements(who=operator, case=case, language="zh")
    assert [row.text for row in hidden] == [row.text for row in mine]
    assert {row.source: row.written for row in hidden} == {"detail": "", "title": "共沉淀"}
