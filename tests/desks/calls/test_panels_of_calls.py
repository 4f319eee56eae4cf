"""The panel of a call: marks come back to applications, who leaves is marked no more."""

import pytest

from pilotline.desks.calls import services
from pilotline.desks.calls.models import Call
from pilotline.desks.journal.services import deliver_due
from pilotline.desks.review import services as review
from pilotline.desks.review.models import Assignment, Panel, PanelItem, StepRun
from pilotline.desks.review.queries import shown_item
from pilotline.kernel.actor import SYSTEM
from tests import factories_experts as experts
from tests.factories import NOW
from tests.factories_calls import GOOD, applied, opened

pytestmark = pytest.mark.usefixtures("rulebook")
FIELD = {"field": "advanced_chemicals", "novelty": "加氢催化剂在微反应器中的放大验证" * 3}
MARKS = {"novelty": 8, "figures": 8, "use": 7}


def to_the_marks(call):
    """An application whose course has come to the marks."""
    who, made = applied(call, **FIELD)
    run = StepRun.objects.get(proceeding_id=made.proceeding, state="open")
    review.finish_step(who=SYSTEM, run=run.pk, outcome=GOOD[run.act], now=NOW)
    return who, made


def gathered(call):
    """The call's panel, with its experts asked."""
    found = services.gather_panel(who=SYSTEM, call=call.pk, now=NOW)
    review.propose(who=SYSTEM, panel=found.panel, now=NOW)
    review.confirm(who=SYSTEM, panel=found.panel, now=NOW)
    return Panel.objects.get(pk=found.panel)


def mark_all(panel):
    for assignment in Assignment.objects.filter(item__panel=panel, state="offered"):
        experts.accept(assignment)
        who = experts.actor_of(assignment.expert)
        review.submit_sheet(who=who, assignment=assignment.pk, marks=MARKS, comments={}, now=NOW)


def test_marks_come_back_to_the_application_once():
    for _expert in range(3):
        experts.expert()
    call = opened()
    _who, made = to_the_marks(call)
    panel = gathered(call)
    mark_all(panel)
    review.close_panel(who=SYSTEM, panel=panel.pk, now=NOW)
    deliver_due(now=NOW)
    made.refresh_from_db()
    assert made.points == made.raw_points == pytest.approx(77)
    assert not StepRun.objects.filter(proceeding_id=made.proceeding, act="marks", state="open")
    assert services.bring_marks(call=call.pk, panel=panel.pk, now=NOW) == 0
    version = made.version
    made.refresh_from_db()
    assert made.version == version


def test_blind_experts_do_not_read_who_applies():
    """Neither the contact nor the applicant's people; ties to both are found all the same."""
    call = opened("challenge")
    _who, made = applied(call, contact_name="钱不言")
    run = StepRun.objects.get(proceeding_id=made.proceeding, state="open")
    review.finish_step(who=SYSTEM, run=run.pk, outcome=GOOD[run.act], now=NOW)
    services.gather_panel(who=SYSTEM, call=call.pk, now=NOW)
    (thing,) = PanelItem.objects.all()
    accepted = shown_item(Assignment(item=thing, state="accepted"))
    assert accepted["blind"]
    assert accepted["material"]
    for name in ("钱不言", made.organisation.name, *thing.unnamed):
        assert name not in str(accepted)
    assert thing.people == ["钱不言"]
    assert thing.unnamed


def test_who_comes_after_a_closed_panel_gets_a_panel_of_their_own():
    for _expert in range(3):
        experts.expert()
    call = opened()
    to_the_marks(call)
    first = gathered(call)
    mark_all(first)
    review.close_panel(who=SYSTEM, panel=first.pk, now=NOW)
    deliver_due(now=NOW)
    _who, late = to_the_marks(call)
    second = gathered(call)
    assert second.pk != first.pk
    assert [item.subject for item in second.items.all()] == [late.pk]


def test_who_withdraws_is_marked_no_more():
    for _expert in range(3):
        experts.expert()
    call = opened()
    _stays, one = to_the_marks(call)
    who, other = to_the_marks(call)
    panel = gathered(call)
    services.withdraw_application(who=who, application=other.pk, reason="项目重组", now=NOW)
    left = Assignment.objects.filter(item__panel=panel, item__subject=other.pk)
    assert set(left.values_list("state", flat=True)) == {"replaced"}
    mark_all(panel)
    review.close_panel(who=SYSTEM, panel=panel.pk, now=NOW)
    deliver_due(now=NOW)
    one.refresh_from_db()
    other.refresh_from_db()
    assert one.points is not None
    assert (other.state, other.points) == ("withdrawn", None)
    assert Call.objects.get(pk=call.pk).panel == panel.pk


def test_a_panel_without_enough_experts_says_what_is_lacking():
    experts.expert()
    call = opened()
    to_the_marks(call)
    found = services.gather_panel(who=SYSTEM, call=call.pk, now=NOW)
    answer = review.propose(who=SYSTEM, panel=found.panel, now=NOW)
    (short,) = answer["short"]
    assert (short["lacking"], short["strangers"]) == (2, 0)
    assert Panel.objects.get(pk=found.panel).proposal["short"] == [short]
