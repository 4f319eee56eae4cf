"""The invented calls are made through the services: each course, applications in all states."""

from collections import Counter, defaultdict
from datetime import timedelta

import pytest

from pilotline.config import demonstration
from pilotline.config.demonstration.calls import build_calls
from pilotline.config.demonstration.experts import build_experts
from pilotline.config.demonstration.facilities import build_facility
from pilotline.config.demonstration.material import Material
from pilotline.config.demonstration.parts import one_load
from pilotline.config.demonstration.people import build_people
from pilotline.config.demonstration.places import place, places_of
from pilotline.desks.calls.models import (
    Application,
    Ballot,
    Call,
    CultivationPlan,
    GoalTest,
    Milestone,
    Objection,
)
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.registry.models import Facility
from pilotline.desks.review.models import Assignment, Panel, PanelItem, Question, StepRun
from tests.factories import NOW

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("rulebook")]
SEED = 20260101
BUILT = ("北辰绿色化工中试基地", "聊川农化中间体中试平台", "泉智机器人中试验证中心")
BUILT += ("蓝湾海工装备试验平台", "齐岱原料药技术转移中心", "枣锂新能源电池中试平台")
BUILT += ("烟芯传感器中试平台", "日照示例生物基材料中试平台")


def test_calls_in_every_course():
    material = Material.read(demonstration.folder())
    start = NOW - timedelta(days=300)
    with one_load():
        cast = build_people(material, secret="hang-dao-7391", seed=SEED, now=start)
        for row in material.facilities:
            if row["name"] in BUILT:
                body, _user = cast.operators[row["name"]]
                build_facility(material, row, organisation=body, seed=SEED, now=start)
        build_experts(demonstration.folder(), cast, seed=SEED, now=NOW)
        # Calls that speak of facilities which were not built are left out.
        made = build_calls(demonstration.folder(), cast, seed=SEED, now=NOW)
    _applications_in_every_place()
    assert made == Call.objects.count() > 15
    assert set(Call.objects.values_list("state", flat=True)) == set(Call.State.values)
    states = Counter(Application.objects.values_list("state", flat=True))
    assert set(states) == set(Application.State.values)
    # The final action of a recognition stands in the facility's own history.
    risen = Facility.objects.get(name="聊川农化中间体中试平台")
    assert risen.tier == "city_level"
    assert set(Milestone.objects.values_list("state", flat=True)) == {"open", "passed", "failed"}
    assert set(GoalTest.objects.values_list("reached", flat=True)) == {True, False}
    answered = Objection.objects.values_list("answered_at", flat=True)
    assert {at is None for at in answered} == {True, False}
    assert Ballot.objects.count() > 5
    assert CultivationPlan.objects.filter(ready_at=None).exists()
    closed = Panel.objects.filter(about_kind="call", state="closed")
    assert closed.exists()
    # Everybody who was asked has marked: a closed panel lacks nobody's marks.
    asked = Assignment.objects.filter(item__panel__in=closed, item__withdrawn_at=None)
    wanted = current_rulebook().review_rules["usual"].marks
    by_item = Counter(asked.filter(state="submitted").values_list("item_id", flat=True))
    assert set(by_item.values()) == {wanted}
    assert not asked.exclude(state="submitted").exists()
    assert Question.objects.filter(subject_kind="application", state="answered").exists()
    assert not Call.objects.filter(is_demo=False).exists()
    # Whoever reads English reads English titles.
    for named in (Application.objects.exclude(title=""), Panel.objects, PanelItem.objects):
        assert not named.filter(title_en="").exists()


def _applications_in_every_place():
    """Of every shipped program, in every state and at every step that its track has."""
    book = current_rulebook()
    runs: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for run in StepRun.objects.filter(proceeding__subject_kind="application"):
        runs[run.proceeding_id].append((run.step, run.state))
    found = defaultdict(set)
    for made in Application.objects.select_related("call"):
        on_track = runs[made.proceeding] if made.state == "accepted" else []
        found[made.call.program] |= place(made.state, on_track)
    missing = {}
    for program in book.programs:
        track = book.tracks[program.track] if program.track else None
        missing[program.id] = set(places_of(program, track)) - found[program.id]
    assert missing == {program.id: set() for program in book.programs}


def test_places_are_what_the_rulebook_says():
    """The expectation itself, held against two tracks read with the eye."""
    book = current_rulebook()
    lecture, loan = book.programs["pilot_lecture"], book.programs["loan_interest"]
    assert set(places_of(lecture, None)) == {"draft", "withdrawn", "seated", "waiting"}
    assert set(places_of(loan, book.tracks[loan.track])) == {
        "draft", "withdrawn", "at:papers_check", "returned:papers_check", "at:opinion",
        "reviewed", "listed", "not_listed", "granted", "refused",
    }  # fmt: skip
