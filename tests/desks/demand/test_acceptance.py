"""Accepted on arrival: at once when complete, once only, or one list of all that is missing."""

from datetime import timedelta

import pytest

from pilotline.desks.demand import queries, services
from pilotline.desks.demand.models import Case, Receipt
from pilotline.desks.journal.models import Entry, Happening
from pilotline.desks.journal.rules import canonical, digest_of
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from tests.factories import CITY, NOW, OTHER_CITY, actor
from tests.factories_demand import COMPLETE, NEED, accepted, draft

pytestmark = pytest.mark.usefixtures("rulebook")


def fields_of(refused):
    return [(p.field, p.code) for p in refused.value.problems]


@pytest.mark.parametrize(
    ("kind", "event", "number"),
    [
        ("need", "NeedAccepted", "XQ-2026-000001"),
        ("technology", "TechnologyAccepted", "CG-2026-000001"),
    ],
)
def test_complete_is_accepted_in_the_same_call(kind, event, number):
    who = actor()
    case = draft(who, kind)
    receipt = services.submit(
        who=who, case=case.pk, version=case.version, answers=COMPLETE[kind], key="k", now=NOW
    )
    case.refresh_from_db()
    assert (case.status, case.number, case.accepted_at, case.release) == (
        "accepted",
        number,
        NOW,
        1,
    )
    assert (receipt.number, receipt.at) == (number, NOW)
    assert receipt.digest == digest_of(canonical(receipt.content))
    told = Happening.objects.get(name=event)
    assert told.payload == {
        "case": case.pk,
        "number": number,
        "organisation": case.organisation_id,
    }
    assert Entry.objects.filter(case=case.pk, action="demand.submit").count() == 1


def test_columns_repeat_the_answers():
    case = accepted()
    assert (case.title, case.fields, case.verifications, case.services, case.scale) == (
        NEED["title"],
        ["new_energy_materials"],
        ["process"],
        ["equipment", "sample_making"],
        "pilot",
    )
    assert (str(case.budget), str(case.deadline), case.region) == ("800000.00", "2027-09-30", CITY)
    assert case.confidential == ["contact_email", "contact_name", "contact_phone", "secret"]
    assert case.released == []


def test_incomplete_says_all_that_is_missing_and_keeps_what_was_typed():
    who = actor()
    case = draft(who)
    given = NEED | {"title": "", "begin": "2020-01-01", "budget_high": "很多", "consent": False}
    with pytest.raises(Refused) as refused:
        services.submit(
            who=who, case=case.pk, version=case.version, answers=given, key="k", now=NOW
        )
    assert fields_of(refused) == [
        ("title", "required"),
        ("begin", "past-date"),
        ("budget_high", "not-a-number"),
        ("consent", "required"),
    ]
    case.refresh_from_db()
    assert case.status == "draft"
    assert (case.answers["begin"], case.answers["budget_high"]) == ("2020-01-01", "很多")
    assert Receipt.objects.count() == 0


def test_a_double_click_gives_one_receipt():
    who = actor()
    case = draft(who)
    given = {"who": who, "case": case.pk, "version": case.version, "answers": NEED, "key": "same"}
    first = services.submit(**given, now=NOW)
    second = services.submit(**given, now=NOW + timedelta(seconds=1))
    assert first.pk == second.pk
    assert Receipt.objects.count() == Happening.objects.filter(name="NeedAccepted").count() == 1


def test_an_accepted_case_is_not_handed_in_anew_with_other_answers():
    who = actor()
    case = accepted(who)
    with pytest.raises(Refused) as refused:
        services.submit(
            who=who, case=case.pk, version=9, answers={"title": "另一个"}, key="new", now=NOW
        )
    assert fields_of(refused) == [("", "wrong-state")]


def test_strangers_find_nothing_and_nobody_may_begin():
    case = draft()
    with pytest.raises(NotFound):
        services.submit(who=actor(), case=case.pk, version=1, answers=NEED, key="k", now=NOW)
    with pytest.raises(NotFound):
        queries.case(who=actor("authority"), id=case.pk)
    with pytest.raises(NotFound):
        services.start_case(who=actor(), organisation=case.organisation_id, kind="need", now=NOW)
    with pytest.raises(NotAllowed):
        services.start_case(
            who=actor("authority"), organisation=case.organisation_id, kind="need", now=NOW
        )


def test_numbers_run_on_without_gaps():
    who = actor()
    first, second = accepted(who), accepted(who)
    assert [first.number, second.number] == ["XQ-2026-000001", "XQ-2026-000002"]


def test_an_amendment_keeps_before_and_after_and_tells():
    who = actor()
    case = accepted(who)
    services.amend(
        who=who,
        case=case.pk,
        version=case.version,
        answers={"title": "高镍前驱体共沉淀放大", "contact_phone": "0531-86111111"},
        reason="名称写错",
        now=NOW + timedelta(days=1),
    )
    entry = Entry.objects.get(case=case.pk, action="demand.amend")
    assert entry.before["answers"] == {"title": NEED["title"], "contact_phone": "•••"}
    assert entry.after == {
        "answers": {"title": "高镍前驱体共沉淀放大", "contact_phone": "•••"},
        "reason": "名称写错",
    }
    told = Happening.objects.get(name="CaseAmended")
    assert told.payload["changed"] == ["title", "contact_phone"]


def test_an_amendment_must_leave_the_case_complete():
    who = actor()
    case = accepted(who)
    with pytest.raises(Refused) as refused:
        services.amend(who=who, case=case.pk, version=case.version, answers={"title": " "}, now=NOW)
    assert fields_of(refused) == [("title", "required")]
    case.refresh_from_db()
    assert case.title == NEED["title"]


def test_a_day_that_has_passed_since_is_no_fault_of_an_amendment():
    who = actor()
    case = accepted(who, begin="2026-11-03")
    changed = services.amend(
        who=who,
        case=case.pk,
        version=case.version,
        answers={"trl": "6"},
        now=NOW + timedelta(days=30),
    )
    assert changed.answers["trl"] == "6"


def test_withdrawing_needs_a_reason_and_leaves_a_trail():
    who = actor()
    case = accepted(who)
    with pytest.raises(Refused) as refused:
        services.withdraw(who=who, case=case.pk, reason=" ", now=NOW)
    assert fields_of(refused) == [("reason", "missing")]
    services.withdraw(who=who, case=case.pk, reason="改由自有装置完成", now=NOW)
    case.refresh_from_db()
    assert (case.status, case.end_reason) == ("withdrawn", "改由自有装置完成")
    assert Happening.objects.get(name="CaseWithdrawn").payload["reason"] == "改由自有装置完成"
    with pytest.raises(Refused):
        services.withdraw(who=who, case=case.pk, reason="再次", now=NOW)
    with pytest.raises(NotFound):
        queries.public_case(number=case.number, language="zh")


def test_two_people_typing_at_once_lose_nothing():
    who = actor()
    case = draft(who, title="第一版")
    services.save_draft(
        who=who, case=case.pk, version=case.version, answers={"title": "甲的版本"}, now=NOW
    )
    with pytest.raises(Conflict) as conflict:
        services.save_draft(
            who=who, case=case.pk, version=case.version, answers={"title": "乙的版本"}, now=NOW
        )
    case.refresh_from_db()
    aside = queries.asides(who=who, case=case)
    assert case.title == "甲的版本"
    assert [(a.pk, a.answers) for a in aside] == [
        (conflict.value.data["aside"], {"title": "乙的版本"})
    ]


def test_saving_the_same_again_is_no_change_and_no_conflict():
    who = actor()
    case = draft(who, title="第一版")
    for _ in range(2):
        case = services.save_draft(
            who=who, case=case.pk, version=1, answers={"title": "同一版"}, now=NOW
        )
    assert case.version == 2
    assert Entry.objects.filter(case=case.pk, action="demand.save").count() == 1


def test_characters_that_nobody_can_see_and_very_long_texts():
    who = actor()
    text = "聚合\x00釜\ud800<script>alert(1)</script>\r\n" + "长" * 50_000
    case = draft(who, title="\x07标题", detail=text)
    case.refresh_from_db()
    assert case.answers["title"] == "标题"
    assert case.answers["detail"] == "聚合釜<script>alert(1)</script>\n" + "长" * 50_000
    with pytest.raises(Refused) as refused:
        services.submit(
            who=who,
            case=case.pk,
            version=case.version,
            answers={k: v for k, v in NEED.items() if k != "detail"},
            key="k",
            now=NOW,
        )
    assert fields_of(refused) == [("detail", "too-long")]
    case.refresh_from_db()
    assert len(case.answers["detail"]) == 50_029


def test_the_next_step_is_always_known():
    for kind in ("need", "technology"):
        for status in Case.status.field.choices:
            step = queries.next_step(Case(kind=kind, status=status[0]))
            assert str(step.text)


def test_lists_show_each_what_is_theirs():
    who = actor()
    mine, other = accepted(who), accepted()
    unfinished = draft(who)
    city, elsewhere = actor("authority", region=CITY), actor("authority", region=OTHER_CITY)
    assert set(queries.cases(who=who, door="applicant")) == {mine, unfinished}
    assert set(queries.cases(who=city, door="authority")) == {mine, other}
    assert set(queries.cases(who=elsewhere, door="authority")) == set()
    operator = actor("operator")
    services.open_to(case=other.pk, organisation=min(operator.organisations), now=NOW)
    assert set(queries.cases(who=operator, door="operator")) == {other}
    with pytest.raises(NotAllowed):
        queries.cases(who=who, door="authority")


def test_matched_reopened_and_closed():
    who = actor()
    case = accepted(who)
    services.mark_matched(who=who, id=case.pk, now=NOW)
    with pytest.raises(Refused) as refused:
        services.mark_matched(who=who, id=case.pk, now=NOW)
    assert fields_of(refused) == [("", "wrong-state")]
    assert queries.open_case_ids() == []
    services.reopen(who=who, id=case.pk, now=NOW)
    assert queries.open_case_ids() == [case.pk]
    services.close_case(who=who, id=case.pk, reason="中试完成", now=NOW)
    case.refresh_from_db()
    assert (case.status, case.end_reason, case.closed_at) == ("closed", "中试完成", NOW)
    assert Happening.objects.get(name="CaseClosed").payload["reason"] == "中试完成"
    with pytest.raises(Refused):
        services.amend(who=who, case=case.pk, version=99, answers={"title": "迟了"}, now=NOW)
