"""A panel from its opening to its standings: asked, answered, late, replaced, marked, closed."""

from decimal import Decimal

import pytest

from pilotline.desks.journal.models import Happening
from pilotline.desks.review import queries, services
from pilotline.desks.review.models import Assignment, Panel, PanelItem, Sheet
from pilotline.kernel.actor import SYSTEM
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from tests import factories, factories_experts
from tests.factories import NOW
from tests.factories_experts import (
    COMMENTS,
    MARKS,
    accept,
    actor_of,
    asked,
    days,
    item,
    mark,
    offered,
    panel,
)

pytestmark = pytest.mark.usefixtures("rulebook")


def pool(count):
    return [factories_experts.expert() for _n in range(count)]


def news(name):
    return [h.payload for h in Happening.objects.filter(name=name).order_by("pk")]


def answered(assignment, answer, **given):
    return services.answer(
        who=actor_of(assignment.expert), assignment=assignment.pk, answer=answer, now=NOW, **given
    )


def test_asked_marked_closed():
    pool(3)
    made = panel(item(1), item(2))
    assignments = asked(made)
    assert len(assignments) == 6
    for number, assignment in enumerate(assignments):
        mark(assignment, need=6 + number % 3)
    assert len(news("PanelMarked")) == 1
    live = services.standings_now(who=SYSTEM, panel=made.pk)
    closed = services.close_panel(who=SYSTEM, panel=made.pk, now=NOW)
    assert closed.standings == live == queries.standings(who=SYSTEM, panel=made.pk)
    assert [row["rank"] for row in live["items"]] in ([1, 2], [1, 1])
    assert {row["sheets"] for row in live["items"]} == {3}
    with pytest.raises(Conflict):
        services.add_items(who=SYSTEM, panel=made.pk, items=[item(3)], now=NOW)


def test_standings_show_raw_and_corrected():
    experts = pool(3)
    made = panel(*(item(n) for n in range(1, 5)))
    for assignment in asked(made):
        strict = assignment.expert_id == experts[0].pk
        mark(assignment, need=5 if strict else 9, safety=6 if strict else 9)
    table = services.standings_now(who=SYSTEM, panel=made.pk)
    by_expert = {m["expert"]: m for m in table["markers"]}
    assert by_expert[experts[0].pk]["effect"] < 0 < by_expert[experts[1].pk]["effect"]
    assert {m["kept"] for m in table["markers"]} == {"corrected"}
    assert all(Decimal(r["raw"]) and Decimal(r["corrected"]) for r in table["items"])


def test_few_sheets_are_not_corrected_and_say_so():
    pool(3)
    made = panel()
    for assignment in asked(made):
        mark(assignment)
    table = services.standings_now(who=SYSTEM, panel=made.pk)
    assert {m["kept"] for m in table["markers"]} == {"few"}
    assert table["items"][0]["raw"] == table["items"][0]["corrected"]


def test_an_expert_sees_nothing_but_their_own():
    pool(4)
    made = panel()
    first, second, _third = asked(made)
    mine, theirs = actor_of(first.expert), actor_of(second.expert)
    assert [a.pk for a in queries.my_assignments(who=mine)] == [first.pk]
    with pytest.raises(NotFound):
        queries.my_assignment(who=mine, id=second.pk)
    for call in (
        lambda: queries.panel(who=mine, id=made.pk),
        lambda: queries.standings(who=mine, panel=made.pk),
        lambda: queries.assignment(who=mine, id=first.pk),
        lambda: services.standings_now(who=mine, panel=made.pk),
        lambda: services.answer(
            who=mine, assignment=second.pk, answer="accepted", declares=True, now=NOW
        ),
    ):
        with pytest.raises(NotFound):
            call()
    with pytest.raises(NotAllowed):
        queries.panels(who=theirs)
    with pytest.raises(NotAllowed):
        queries.my_assignments(who=factories.actor("authority"))


def test_material_opens_with_the_declaration_and_closes_with_a_conflict():
    pool(4)
    (first, *_others) = asked(panel())
    assert queries.shown_item(first)["material"] == []
    accept(first)
    first.refresh_from_db()
    assert queries.shown_item(first)["material"][0]["text"] == "保密的方案正文"
    answered(first, "conflict", reason="与项目负责人是师生")
    with pytest.raises(NotFound):
        queries.my_assignment(who=actor_of(first.expert), id=first.pk)


def test_blind_rubrics_hide_the_applicant():
    pool(3)
    applicant = factories.organisation()
    made = panel(item(organisation=applicant.pk, people=["赵敏"]), rubric="challenge_bid")
    shown = queries.shown_item(asked(made)[0])
    assert (shown["applicant"], shown["people"], shown["blind"]) == ("", [], True)
    open_one = panel(item(organisation=applicant.pk), rubric="pilot_project")
    assert queries.shown_item(asked(open_one)[0])["applicant"] == applicant.name


def test_accepting_needs_the_declaration():
    pool(3)
    first = asked(panel())[0]
    for answer, code in (("accepted", "undeclared"), ("declined", "reason"), ("x", "answer")):
        with pytest.raises(Refused) as caught:
            answered(first, answer)
        assert [p.code for p in caught.value.problems] == [code]
    accepted = answered(first, "accepted", declares=True)
    assert accepted.due is not None
    assert answered(first, "accepted").due == accepted.due


@pytest.mark.parametrize("answer", ["declined", "conflict"])
def test_who_says_no_is_replaced_at_once(answer):
    pool(4)
    applicant = factories.organisation()
    made = panel(item(organisation=applicant.pk))
    first = asked(made)[0]
    answered(first, answer, reason="原因")
    (new,) = Assignment.objects.filter(instead_of=first)
    assert new.state == "offered"
    assert news("AssignmentReplaced")[0]["by"] == new.pk
    declared = first.expert.bonds.filter(kind="declared", organisation=applicant)
    assert declared.exists() == (answer == "conflict")


def test_nobody_left_is_told():
    pool(3)
    first = asked(panel())[0]
    answered(first, "declined", reason="出差")
    assert news("AssignmentReplaced")[0]["by"] is None


def test_late_reminded_told_replaced():
    pool(4)
    made = panel()
    first, second, third = asked(made)
    for assignment in (first, second):
        accept(assignment)
    mark(second)
    assert services.chase(now=NOW) == {"reminded": 0, "late": 0, "replaced": 0}
    first.refresh_from_db()
    # NOW is Monday, 2 November: answers are due on the 5th, marks on the 16th.
    assert (str(third.answer_by), str(first.due)) == ("2026-11-05", "2026-11-16")
    assert services.chase(now=days(4)) == {"reminded": 0, "late": 0, "replaced": 1}
    third.refresh_from_db()
    assert (third.state, third.reason) == ("replaced", "no-answer")
    (new,) = offered(made)
    accept(new, now=days(4))
    assert services.chase(now=days(8))["reminded"] == 0
    assert services.chase(now=days(9))["reminded"] == 1
    assert services.chase(now=days(9))["reminded"] == 0
    assert services.chase(now=days(15))["late"] == 1
    assert services.chase(now=days(17))["replaced"] == 1
    first.refresh_from_db()
    assert (first.state, first.reason) == ("replaced", "late")
    assert [n["late"] for n in news("AssignmentLate") if n["expert"] == first.expert_id] == [
        False,
        True,
    ]
    assert Assignment.objects.get(pk=second.pk).state == "submitted"


def test_an_expert_who_leaves_in_the_middle():
    """Open ones go to others, marks that were handed in stay, and the door closes."""
    pool(4)
    made = panel(item(1), item(2))
    assignments = asked(made)
    leaver = assignments[0].expert
    mine = [a for a in assignments if a.expert_id == leaver.pk]
    mark(mine[0])
    who = actor_of(leaver)
    services.leave_pool(who=who, expert=leaver.pk, now=NOW)
    states = dict(Assignment.objects.filter(expert=leaver).values_list("pk", "state"))
    assert states == {a.pk: "submitted" if a is mine[0] else "replaced" for a in mine}
    for gone in mine[1:]:
        assert Assignment.objects.filter(instead_of=gone, state="offered").count() == 1
    assert not actor_of(leaver).has("expert")
    for assignment in offered(made):
        mark(assignment)
    table = services.close_panel(who=SYSTEM, panel=made.pk, now=NOW).standings
    assert leaver.pk in {m["expert"] for m in table["markers"]}


def test_what_waits_stands_before_what_was_handed_in():
    pool(3)
    assignments = asked(panel(item(1), item(2), item(3)))
    expert = assignments[0].expert
    mine = [a for a in assignments if a.expert_id == expert.pk]
    mark(mine[0])
    listed = [a.pk for a in queries.my_assignments(who=actor_of(expert))]
    assert listed == [mine[1].pk, mine[2].pk, mine[0].pk]


def test_a_sheet_is_kept_as_a_draft_and_submitted_once():
    pool(3)
    first = asked(panel())[0]
    accept(first)
    who = actor_of(first.expert)
    given = {"who": who, "assignment": first.pk, "now": NOW}
    services.save_sheet(**given, marks={"need": 3}, comments={"need": "x"})
    with pytest.raises(Refused) as caught:
        services.submit_sheet(**given, marks={"need": 3}, comments={})
    assert {p.field for p in caught.value.problems} == {
        "comment_need",
        "mark_technology",
        "mark_conditions",
        "mark_safety",
        "mark_benefit",
    }
    assert Sheet.objects.get().marks == {"need": "3"}
    sheet = services.submit_sheet(**given, marks=MARKS, comments=COMMENTS)
    again = services.submit_sheet(**given, marks=MARKS | {"need": 0}, comments={})
    assert (again.digest, again.marks["need"]) == (sheet.digest, "8")
    with pytest.raises(Refused):
        services.save_sheet(**given, marks={"need": 0}, comments={})
    with pytest.raises(Refused):
        services.answer(who=who, assignment=first.pk, answer="declined", reason="x", now=NOW)


def test_an_item_withdrawn_in_the_middle():
    pool(3)
    made = panel(item(1), item(2))
    assignments = asked(made)
    services.withdraw_item(who=SYSTEM, panel=made.pk, subject=("test", 1), now=NOW)
    gone = [a.pk for a in assignments if a.item.subject == 1]
    assert set(Assignment.objects.filter(pk__in=gone).values_list("state", "reason")) == {
        ("replaced", "item-withdrawn")
    }
    assert len(offered(made)) == 3
    for assignment in offered(made):
        mark(assignment)
    assert len(services.close_panel(who=SYSTEM, panel=made.pk, now=NOW).standings["items"]) == 1


def test_closing_needs_marks_and_ends_what_is_open():
    pool(3)
    made = panel()
    first, *rest = asked(made)
    with pytest.raises(Refused) as caught:
        services.close_panel(who=SYSTEM, panel=made.pk, now=NOW)
    assert [p.code for p in caught.value.problems] == ["unmarked"]
    mark(first)
    services.close_panel(who=SYSTEM, panel=made.pk, now=NOW)
    states = Assignment.objects.filter(pk__in=[a.pk for a in rest]).values_list("state", "reason")
    assert set(states) == {("replaced", "panel-closed")}


def test_a_proposal_is_changed_by_hand():
    experts = pool(4)
    made = panel()
    services.propose(who=SYSTEM, panel=made.pk, now=NOW)
    (thing,) = PanelItem.objects.all()
    proposed = set(Assignment.objects.values_list("expert_id", flat=True))
    (spare,) = {e.pk for e in experts} - proposed
    first = Assignment.objects.order_by("pk")[0]
    services.drop(who=SYSTEM, assignment=first.pk, now=NOW)
    services.add_by_hand(who=SYSTEM, item=thing.pk, expert=spare, now=NOW)
    with pytest.raises(Refused):
        services.add_by_hand(who=SYSTEM, item=thing.pk, expert=spare, now=NOW)
    assert services.confirm(who=SYSTEM, panel=made.pk, now=NOW) == 3
    with pytest.raises(Conflict):
        services.drop(who=SYSTEM, assignment=Assignment.objects.order_by("pk")[0].pk, now=NOW)
    with pytest.raises(Refused):
        services.confirm(who=SYSTEM, panel=made.pk, now=NOW)


def test_the_authority_replaces_and_only_of_its_region():
    pool(4)
    made = panel(region="370100")
    first = asked(made)[0]
    elsewhere = factories.actor("authority", region=factories.OTHER_CITY)
    for call in (
        lambda: services.replace_assignment(who=elsewhere, assignment=first.pk, now=NOW),
        lambda: services.propose(who=elsewhere, panel=made.pk, now=NOW),
        lambda: queries.panel(who=elsewhere, id=made.pk),
    ):
        with pytest.raises(NotFound):
            call()
    province = factories.actor("authority")
    assert (
        services.replace_assignment(who=province, assignment=first.pk, now=NOW).state == "offered"
    )
    assert list(queries.panels(who=elsewhere)) == []
    assert [p.pk for p in queries.panels(who=province)] == [made.pk]


def test_opening_is_refused_with_all_reasons():
    with pytest.raises(Refused) as caught:
        panel(title=" ", rubric="x", rule="y")
    assert [p.code for p in caught.value.problems] == ["title", "rubric", "rule"]
    with pytest.raises(NotAllowed):
        panel(who=factories.actor("authority", region=factories.OTHER_CITY))


def test_colleagues_do_not_sit_together_and_loads_stay_even():
    employer = factories.organisation()
    colleagues = {factories_experts.expert(employer=employer.name).pk for _n in range(3)}
    pool(3)
    made = panel(*(item(n) for n in range(4)))
    answer = services.propose(who=SYSTEM, panel=made.pk, now=NOW)
    for thing in PanelItem.objects.all():
        there = {p["expert"] for p in answer["pairs"] if p["item"] == thing.pk}
        assert len(there & colleagues) <= 1
    assert answer["value"]["doubled"] == 0
    assert Panel.objects.get().proposal["engine"].startswith("assignment/")
