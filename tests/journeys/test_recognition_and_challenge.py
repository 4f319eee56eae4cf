"""Two calls from end to end through the services, told once in Chinese and once in English.

A facility is not ready, brings what it lacks, applies, is recommended, marked, checked, listed
and recognised; on the way an applicant withdraws and an expert leaves. A challenge is published,
whoever is related is refused, the best bid is awarded, its milestones are checked and its goals
tested.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from django.utils import translation

from pilotline.desks.calls import queries, services
from pilotline.desks.calls.models import Application
from pilotline.desks.journal.queries import history
from pilotline.desks.journal.services import deliver_due
from pilotline.desks.notices.models import Notice
from pilotline.desks.people.queries import actor_for
from pilotline.desks.registry import queries as registry
from pilotline.desks.registry import services as registry_services
from pilotline.desks.review import services as review
from pilotline.desks.review.models import Assignment, Panel
from pilotline.desks.review.queries import proceedings, rubric_of
from pilotline.kernel.actor import NOBODY, SYSTEM, Actor
from pilotline.kernel.errors import Refused
from tests import factories, factories_calls
from tests import factories_experts as experts
from tests.factories import CITY, NOW
from tests.factories_matching import REACTOR

pytestmark = pytest.mark.usefixtures("rulebook")
DAY = timedelta(days=1)
CLOSED = NOW + 40 * DAY


class Told(NamedTuple):
    """What people write in one language."""

    aims: str
    reason: str
    objection: str
    answer: str
    report: str
    lacking: str


TOLD = {
    "zh-hans": Told(
        aims="聚焦前驱体共沉淀放大，建成百升到千升级中试线，三年服务企业三十家。",
        reason="材料属实，同意推荐。",
        objection="该平台近两年服务项目数与公开信息不一致，请核实。",
        answer="已核对服务合同与台账，数据一致，异议不成立。",
        report="三批平均收率 86 %，检测报告随附。",
        lacking="至少有一条中试线",
    ),
    "en": Told(
        aims="Scale-up of precursors by co-precipitation, from 100 L to 1000 L, open to everybody.",
        reason="What was handed in is true; recommended.",
        objection="The number of projects differs from what was published: please check.",
        answer="Contracts and records were checked; the figures agree.",
        report="A mean yield of 86 % over three batches; the report is attached.",
        lacking="It has at least one pilot line",
    ),
}


@pytest.fixture(params=sorted(TOLD))
def told(request: pytest.FixtureRequest) -> Any:
    with translation.override(request.param):
        yield TOLD[request.param]


def finish(who: Actor, made: Application, act: str, outcome: str, words: str, now: Any) -> None:
    """The one whose step it is gives it its outcome."""
    (run,) = proceedings.open_steps(subject_kind="application", subjects=[made.pk], act=act)
    review.finish_step(who=who, run=run.pk, outcome=outcome, reasons=words, now=now)


def ready_facility(name: str) -> tuple[Actor, Any]:
    """A local facility that has everything but a line and equipment."""
    who = factories.actor("operator")
    made = registry_services.create_facility(
        who=who,
        organisation=min(who.organisations),
        values={
            "name": name,
            "region": CITY,
            "address": "示例产业园 8 号",
            "fields": ["new_energy_materials"],
            "construction_model": "enterprise_led",
            "summary": "面向社会开放的前驱体共沉淀中试平台，可承接放大、样品制备与工艺验证。" * 2,
            "contact": "业务受理窗口",
            "phone": "0531-88886666",
        },
        now=NOW,
    )
    registry_services.publish_facility(who=who, code=made.code, now=NOW)
    registry_services.decide_tier(
        who=SYSTEM,
        code=made.code,
        tier="local_level",
        since=date(2025, 3, 1),
        decided_by="备案文件",
        now=NOW,
    )
    return who, made


def build(who: Actor, place: Any) -> None:
    """The line, its equipment and a service: what a plan of cultivation asks for."""
    line = {"kind": "line", "name": "共沉淀线", "processes": ["catalyst_preparation"]}
    parts = [
        {
            "kind": "equipment",
            "name": f"反应釜{n}",
            "line_name": "共沉淀线",
            "capabilities": REACTOR,
        }
        for n in range(3)
    ]
    service = {"kind": "service", "name": "样品制备", "price": 800, "price_unit": "天"}
    registry_services.fill_facility(
        who=who, facility=place.code, resources=[line, *parts, service], now=NOW
    )


def mark_all(panel: Panel, share: dict[int, int], now: Any) -> None:
    """Everybody who was asked accepts and marks each item as told, out of 20 a criterion."""
    for one in Assignment.objects.filter(item__panel=panel, state="offered"):
        who = experts.actor_of(one.expert)
        review.answer(who=who, assignment=one.pk, answer="accepted", declares=True, now=now)
        rubric = rubric_of(panel).criteria
        marks = {c.id: str(c.full * share[one.item.subject] / 100) for c in rubric}
        words = {c.id: "依据充分，数据可信。" for c in rubric}
        review.submit_sheet(who=who, assignment=one.pk, marks=marks, comments=words, now=now)


def test_a_facility_becomes_ready_and_is_recognised(told: Told) -> None:
    province, city = factories.actor("authority"), factories.actor("authority", region=CITY)
    call = factories_calls.opened("tier", who=province)
    who, place = ready_facility("海岱前驱体中试平台")
    pool = [experts.expert(fields=["new_energy_materials"]) for _number in range(5)]

    # Not ready: the gates say what is lacking, and the facility takes it on.
    facts = {"facility": place.code, "aims": told.aims}
    _who, draft = factories_calls.begun(call, who=who, **facts)
    with pytest.raises(Refused) as refused:
        services.submit_application(who=who, application=draft.pk, now=NOW)
    assert told.lacking in " ".join(str(p.text) for p in refused.value.problems)
    plan = services.make_plan(
        who=who, facility=place.code, program=call.program, until=date(2027, 6, 1), words="",
        now=NOW,
    )  # fmt: skip
    build(who, place)
    assert services.look_again(now=NOW) == 1
    plan.refresh_from_db()
    assert plan.ready_at == NOW

    # Accepted on arrival; another facility applies too, and withdraws in the middle.
    made = services.submit_application(who=who, application=draft.pk, now=NOW)
    assert (made.state, made.facts["facility_lines"]) == ("accepted", 1)
    rival, other_place = ready_facility("胶济膜材料中试平台")
    build(rival, other_place)
    _rival, other = factories_calls.applied(call, who=rival, facility=other_place.code)
    for one in (made, other):
        finish(city, one, "recommend", "recommend", told.reason, NOW + DAY)

    # The panel: who withdraws is marked no more, who leaves the pool is replaced.
    found = services.gather_panel(who=province, call=call.pk, now=NOW + 2 * DAY)
    panel = Panel.objects.get(pk=found.panel)
    review.propose(who=province, panel=panel.pk, now=NOW + 2 * DAY)
    review.confirm(who=province, panel=panel.pk, now=NOW + 2 * DAY)
    services.withdraw_application(
        who=rival, application=other.pk, reason="场地搬迁", now=NOW + 3 * DAY
    )
    leaver = Assignment.objects.filter(item__panel=panel, state="offered")[0].expert
    review.leave_pool(who=experts.actor_of(leaver), expert=leaver.pk, now=NOW + 3 * DAY)
    asked = Assignment.objects.filter(item__panel=panel, state="offered")
    assert {a.item.subject for a in asked} == {made.pk}
    assert len({a.expert_id for a in asked} - {leaver.pk}) == 3 <= len(pool)
    mark_all(panel, {made.pk: 85}, NOW + 4 * DAY)
    review.close_panel(who=province, panel=panel.pk, now=NOW + 5 * DAY)
    deliver_due(now=NOW + 5 * DAY)

    # On site, opinion, then the list, the notice with an objection, and the final action.
    finish(province, made, "site_check", "confirmed", told.reason, NOW + 6 * DAY)
    finish(province, made, "decision", "propose", told.reason, NOW + 7 * DAY)
    deliver_due(now=NOW + 7 * DAY)
    services.follow_the_clock(now=CLOSED + 10 * DAY)
    services.make_list(who=province, call=call.pk, now=CLOSED + 11 * DAY)
    shown = services.open_notice(who=province, call=call.pk, now=CLOSED + 11 * DAY)
    assert [a.pk for a in queries.results(call=queries.call(who=NOBODY, id=call.pk))] == [made.pk]
    someone = factories.actor("known")
    objection = services.raise_objection(
        who=someone, call=call.pk, application=made.pk, text=told.objection, now=CLOSED + 12 * DAY
    )
    after = CLOSED + 30 * DAY
    assert shown.notice_to < after.date()
    with pytest.raises(Refused):
        services.publish_results(who=province, call=call.pk, now=after)
    services.answer_objection(
        who=province, objection=objection.pk, upheld=False, answer=told.answer, now=after
    )
    services.publish_results(who=province, call=call.pk, now=after)
    deliver_due(now=after)

    made.refresh_from_db()
    assert (made.state, float(made.points)) == ("granted", 85)
    risen = registry.public_facility(place.code)
    assert (risen.tier, registry.public_facility(other_place.code).tier) == (
        "provincial_level",
        "local_level",
    )
    (step,) = [s for s in risen.tier_steps.all() if s.tier == "provincial_level"]
    assert made.number in step.note
    kinds = set(Notice.objects.filter(user=who.id).values_list("kind", flat=True))
    assert {"plan.ready", "application.accepted", "call.notice", "application.granted"} <= kinds
    said = [entry.action for entry in history(kind="application", id=made.pk)]
    assert said[-1] == "calls.grant"


def test_a_challenge_from_its_goals_to_its_acceptance_test(told: Told) -> None:
    province, issuer = factories.actor("authority"), factories.user()
    body = factories.organisation(owner=issuer)
    call = factories_calls.opened("challenge", who=province, issuer=body.pk)
    for _number in range(3):
        experts.expert(keywords=["膜材料", "中试验证", "高性能"])

    # Whoever issued it may not bid, nor may an organisation that shares a person with the issuer.
    sister = factories.organisation(owner=issuer)
    for organisation in (body, sister):
        draft = services.start_application(
            who=actor_for(issuer), call=call.pk, organisation=organisation.pk, now=NOW
        )
        services.save_application(
            who=actor_for(issuer), application=draft.pk, answers=factories_calls.answers(call),
            now=NOW,
        )  # fmt: skip
        with pytest.raises(Refused) as refused:
            services.submit_application(who=actor_for(issuer), application=draft.pk, now=NOW)
        assert {p.code for p in refused.value.problems} == {"related"}

    bids = {factories_calls.applied(call)[1]: share for share in (90, 75)}
    who, best = factories_calls.applied(call)
    bids[best] = 95
    for bid in bids:
        finish(province, bid, "review", "pass", told.reason, NOW + DAY)
    found = services.gather_panel(who=province, call=call.pk, now=NOW + DAY)
    panel = Panel.objects.get(pk=found.panel)
    review.propose(who=province, panel=panel.pk, now=NOW + DAY)
    review.confirm(who=province, panel=panel.pk, now=NOW + DAY)
    mark_all(panel, {bid.pk: share for bid, share in bids.items()}, NOW + 2 * DAY)
    review.close_panel(who=province, panel=panel.pk, now=NOW + 3 * DAY)
    deliver_due(now=NOW + 3 * DAY)
    for bid in bids:
        finish(province, bid, "decision", "propose", told.reason, NOW + 4 * DAY)
    deliver_due(now=NOW + 4 * DAY)
    services.close_call(who=province, call=call.pk, now=CLOSED)
    services.make_list(who=province, call=call.pk, now=CLOSED)
    services.open_notice(who=province, call=call.pk, now=CLOSED)
    after = CLOSED + 20 * DAY
    services.publish_results(who=province, call=call.pk, now=after)
    states = dict(call.applications.exclude(state="draft").values_list("pk", "state"))
    assert [pk for pk, state in states.items() if state == "granted"] == [best.pk]

    # What was promised is reported, found wanting, reported again; then the goals are tested.
    due = best.milestones.get()
    services.report_milestone(who=who, milestone=due.pk, report="见附件", now=after + DAY)
    services.judge_milestone(
        who=province, milestone=due.pk, passed=False, verdict=told.answer, now=after + 2 * DAY
    )
    services.report_milestone(who=who, milestone=due.pk, report=told.report, now=after + 3 * DAY)
    services.judge_milestone(
        who=province, milestone=due.pk, passed=True, verdict="", now=after + 4 * DAY
    )
    for measured, reached in ((Decimal(80), False), (Decimal(86), True)):
        (test,) = services.enter_test(
            who=province, application=best.pk, measured={0: measured}, proof=told.report,
            now=after + 5 * DAY,
        )  # fmt: skip
        assert test.reached is reached
    deliver_due(now=after + 5 * DAY)
    kinds = set(Notice.objects.filter(user=who.id).values_list("kind", flat=True))
    assert {"milestone.failed", "milestone.passed", "goals.missed"} <= kinds
