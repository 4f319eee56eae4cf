"""The advisory committee: terms, meetings, questions, advice; minutes that stay as they are."""

from datetime import date

import pytest

from pilotline.desks.review import queries, services
from pilotline.desks.review.models import Attendance, Question
from pilotline.kernel.actor import SYSTEM
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from tests import factories, factories_demand, factories_experts
from tests.factories import NOW, PROVINCE
from tests.factories_experts import accept, actor_of, asked, days, item, panel

pytestmark = pytest.mark.usefixtures("rulebook")
START, END = date(2026, 1, 1), date(2029, 1, 1)


def committee(seats=3, **given):
    made = services.set_up_committee(
        who=SYSTEM, title="中试专家咨询委员会", region=PROVINCE, now=NOW, **given
    )
    for _n in range(seats):
        services.seat_expert(
            who=SYSTEM,
            committee=made.pk,
            expert=factories_experts.expert().pk,
            seat="member",
            since=START,
            until=END,
            now=NOW,
        )
    return made


def ask(body, **given):
    values = {"who": SYSTEM, "title": "是否支持", "text": "请就布局提出意见", "now": NOW}
    return services.ask_committee(committee=body.pk, **values | given)


def test_asked_called_advised():
    body = committee()
    case = factories_demand.accepted()
    question = ask(body, case_number=case.number, program="recognition")
    assert [q.pk for q in queries.questions_of_case(case.pk)] == [question.pk]
    meeting = services.call_meeting(
        who=SYSTEM, committee=body.pk, title="第一次会议", agenda="审议", starts_at=days(7), now=NOW
    )
    question.refresh_from_db()
    assert (question.state, question.meeting_id) == ("called", meeting.pk)
    called = list(Attendance.objects.values_list("expert_id", flat=True))
    assert len(called) == 3
    services.seal_minutes(
        who=SYSTEM, meeting=meeting.pk, minutes="一致同意", came=called[:2], now=days(7)
    )
    with pytest.raises(Refused):
        services.give_advice(
            who=SYSTEM,
            question=question.pk,
            advice="支持",
            in_favour=4,
            against=0,
            abstained=0,
            now=NOW,
        )
    services.give_advice(
        who=SYSTEM,
        question=question.pk,
        advice="支持",
        in_favour=2,
        against=0,
        abstained=0,
        is_public=True,
        now=days(7),
    )
    (shown,) = queries.public_committees(today=date(2026, 12, 1))
    assert [q.advice for q in shown["advice"]] == ["支持"]
    assert len(shown["terms"]) == 3
    with pytest.raises(Conflict):
        services.give_advice(
            who=SYSTEM,
            question=question.pk,
            advice="不",
            in_favour=0,
            against=0,
            abstained=0,
            now=NOW,
        )


def test_sealed_minutes_do_not_change():
    body = committee()
    meeting = services.call_meeting(
        who=SYSTEM, committee=body.pk, title="会", agenda="议程", starts_at=days(1), now=NOW
    )
    with pytest.raises(Refused) as caught:
        services.seal_minutes(who=SYSTEM, meeting=meeting.pk, minutes=" ", came=[], now=NOW)
    assert [p.field for p in caught.value.problems] == ["minutes", "came"]
    here = list(Attendance.objects.values_list("expert_id", flat=True))
    sealed = services.seal_minutes(
        who=SYSTEM, meeting=meeting.pk, minutes="纪要", came=here, now=NOW
    )
    assert len(sealed.digest) == 64
    for call in (
        lambda: services.seal_minutes(
            who=SYSTEM, meeting=meeting.pk, minutes="改", came=here, now=NOW
        ),
        lambda: services.cancel_meeting(who=SYSTEM, meeting=meeting.pk, now=NOW),
    ):
        with pytest.raises(Conflict):
            call()


def test_questions_of_a_meeting_called_off_wait_for_the_next():
    body = committee()
    question = ask(body)
    meeting = services.call_meeting(
        who=SYSTEM, committee=body.pk, title="会", agenda="议程", starts_at=days(1), now=NOW
    )
    services.cancel_meeting(who=SYSTEM, meeting=meeting.pk, now=NOW)
    question.refresh_from_db()
    assert (question.state, question.meeting_id) == (Question.State.ASKED, None)


def test_a_panels_meeting_notes_who_left_the_room():
    applicant = factories.organisation()
    experts = [factories_experts.expert() for _n in range(3)]
    made = panel(item(1, organisation=applicant.pk), item(2))
    for assignment in asked(made):
        accept(assignment)
    # One of them buys shares after the marks were asked for.
    services.add_bond(
        who=actor_of(experts[0]),
        bond={"kind": "holding", "name": applicant.name, "share": 9},
        now=NOW,
    )
    meeting = services.call_meeting(
        who=SYSTEM, panel=made.pk, title="评审会", agenda="逐项评议", starts_at=days(3), now=NOW
    )
    first, second = queries.items(panel=made)
    sealed = services.seal_minutes(
        who=SYSTEM,
        meeting=meeting.pk,
        minutes="纪要",
        came=[e.pk for e in experts],
        findings={first.pk: {"outcome": "recommended", "words": "可行"}, 999: {"outcome": "x"}},
        now=days(3),
    )
    assert sealed.findings == {str(first.pk): {"outcome": "recommended", "words": "可行"}}
    away = {a.expert_id: a.away_for for a in Attendance.objects.all()}
    assert away == {experts[0].pk: [first.pk], experts[1].pk: [], experts[2].pk: []}
    assert [a.meeting_id for a in queries.my_meetings(who=actor_of(experts[1]))] == [meeting.pk]
    assert second.pk


def test_terms_do_not_overlap_and_end():
    body = committee(seats=0)
    expert = factories_experts.expert()
    given = {"who": SYSTEM, "committee": body.pk, "expert": expert.pk, "seat": "chair", "now": NOW}
    term = services.seat_expert(**given, since=START, until=END)
    with pytest.raises(Refused) as caught:
        services.seat_expert(**given, since=date(2028, 1, 1), until=date(2030, 1, 1))
    assert [p.code for p in caught.value.problems] == ["there"]
    services.end_term(who=SYSTEM, term=term.pk, now=NOW)
    assert queries.terms(committee=body, day=date(2026, 11, 3)).count() == 0
    with pytest.raises(Conflict):
        services.end_term(who=SYSTEM, term=term.pk, now=NOW)


def test_who_may():
    body = committee()
    city = factories.actor("authority", region=factories.CITY)
    assert ask(body, who=city).pk
    with pytest.raises(NotFound):
        services.seat_expert(
            who=city,
            committee=body.pk,
            expert=1,
            seat="chair",
            since=START,
            until=END,
            now=NOW,
        )
    with pytest.raises(NotAllowed):
        services.set_up_committee(who=city, title="x", region=PROVINCE, now=NOW)
    expert = actor_of(factories_experts.expert())
    with pytest.raises(NotAllowed):
        queries.committees(who=expert)
    with pytest.raises(Refused) as caught:
        ask(body, title="", text="", case_number="XQ-1999-000001")
    assert [p.field for p in caught.value.problems] == ["title", "text", "case_number"]
