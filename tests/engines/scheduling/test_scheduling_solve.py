"""Whatever the problem: a lawful plan, never worse than the office's, below a true bound."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.scheduling.workload import SIZES, generate
from pilotline.engines.scheduling.baseline import (
    earliest_deadline_first,
    first_come_first_served,
    weight_of,
)
from pilotline.engines.scheduling.fitting import first_start
from pilotline.engines.scheduling.params import Params
from pilotline.engines.scheduling.problem import (
    Held,
    Mode,
    Occupation,
    Place,
    Problem,
    Project,
    Resource,
    Span,
    Step,
)
from pilotline.engines.scheduling.result import Why
from pilotline.engines.scheduling.solve import Unlawful, check, solve
from pilotline.engines.scheduling.stop import Stop
from pilotline.engines.scheduling.verify import verify
from tests.engines.scheduling.making import HORIZON, best_weight, held, problems

ROOT = Path(__file__).resolve().parents[3]
SHORT = Stop(iterations=60)
LITTLE = Params(bound_trials=4)


@settings(max_examples=80)
@given(problems())
def test_plans_are_lawful_bounded_and_no_worse_than_the_office(problem):
    result = solve(problem, stop=SHORT, params=LITTLE)
    assert verify(problem, result.places) == []
    assert result.weight == weight_of(problem, result.places)
    assert result.weight <= result.bound + 1e-6
    assert {w.project for w in result.waiting} | set(result.places) == {
        p.id for p in problem.projects
    }
    if problem.fairness == 0:
        for simple in (first_come_first_served, earliest_deadline_first):
            places = simple(problem)
            assert verify(problem, places) == []
            assert result.weight >= weight_of(problem, places)


@settings(max_examples=80)
@given(problems(), st.lists(st.sampled_from(list(Held)), min_size=8, max_size=8))
def test_the_confirmed_never_move_and_the_promised_are_kept(problem, how):
    today = first_come_first_served(problem)
    standing = held(problem, today, lambda i: how[i])
    result = solve(standing, stop=SHORT, params=Params(bound_trials=3))
    assert verify(standing, result.places) == []
    for project in standing.projects:
        if project.held == Held.CONFIRMED:
            assert result.places[project.id] == project.today
            assert project.id not in result.moved
        if project.held == Held.MOVABLE:
            assert project.id in result.places
    assert result.weight >= weight_of(standing, today) - 1e-9 or problem.fairness > 0
    assert result.bound >= result.weight - 1e-6


@settings(max_examples=60)
@given(problems())
def test_every_reason_is_true(problem):
    result = solve(problem, stop=Stop(iterations=20), params=Params(bound_trials=0))
    projects = {p.id: p for p in problem.projects}
    for waiting in result.waiting:
        project = projects[waiting.project]
        window = project.window
        if waiting.why == Why.TOO_SHORT:
            assert sum(s.shortest for s in project.steps) > window.end - window.start
        later = Project(project.id, project.steps, Span(window.start, HORIZON + 200))
        if waiting.earliest:
            others = tuple(later if p.id == later.id else p for p in problem.projects)
            beside = Problem(others, problem.resources, problem.occupations, problem.cleaning)
            assert verify(beside, {**result.places, project.id: waiting.earliest}) == []
            last = waiting.earliest[-1]
            assert last.start + project.steps[-1].modes[last.mode].length > window.end
        if waiting.why == Why.CLOSED:
            alone = Problem((project,), problem.resources, _closing(problem), problem.cleaning)
            assert first_come_first_served(alone) == {}
        assert set(waiting.holders) <= set(result.places)


def _closing(problem):
    return tuple(o for o in problem.occupations if not o.family)


@settings(max_examples=15)
@given(problems(most=2))
def test_the_bound_is_above_what_trying_everything_finds(problem):
    small = Problem(
        tuple(Project(p.id, p.steps[:1], p.window, p.weight) for p in problem.projects),
        problem.resources,
        problem.occupations,
        problem.cleaning,
    )
    best = best_weight(small)
    for trials in (1, 4, 30):
        result = solve(small, stop=SHORT, params=Params(bound_trials=trials))
        assert result.weight <= best <= result.bound + 1e-6


def test_the_bound_proves_what_is_plain():
    """Three runs of six slots on a resource that is open for twelve: two are served."""
    step = Step((Mode(("r",), 6),), "a")
    problem = Problem(
        tuple(Project(f"p{i}", (step,), Span(0, 12)) for i in range(3)),
        (Resource("r", (Span(0, 12),)),),
    )
    result = solve(problem, stop=SHORT, params=Params(bound_trials=300))
    assert result.weight == 2
    assert 2 <= result.bound < 2.2
    assert result.waiting[0].why == Why.FULL
    assert len(result.waiting[0].holders) == 2


def test_the_same_seed_gives_the_same_plan():
    problem = generate(SIZES["quick"], 3)
    stop, params = Stop(iterations=120), Params(bound_trials=1)
    one, two = (solve(problem, stop=stop, seed=5, params=params) for _ in "ab")
    assert one == two
    other = solve(problem, stop=stop, seed=6, params=params)
    assert other.places != one.places


def test_the_search_beats_the_office():
    problem = generate(SIZES["quick"], 1)
    result = solve(problem, stop=Stop(iterations=800), params=Params(bound_trials=0))
    office = weight_of(problem, first_come_first_served(problem))
    assert result.weight > 1.1 * office


def test_fairness_lifts_the_worst_off():
    problem = generate(SIZES["quick"], 1)
    fair = Problem(problem.projects, problem.resources, (), problem.cleaning, fairness=0.9)
    stop, params = Stop(iterations=800), Params(bound_trials=0)
    plain = solve(problem, stop=stop, params=params).fairness
    even = solve(fair, stop=stop, params=params).fairness
    assert even.worst_unserved < plain.worst_unserved


def test_a_handed_clock_stops_the_search():
    ticks = iter(range(1000))
    stop = Stop(seconds=20, clock=lambda: float(next(ticks)))
    result = solve(generate(SIZES["quick"], 1), stop=stop, params=Params(chunk=5, bound_trials=2))
    assert 5 <= result.iterations <= 100
    assert result.trials >= 1


def test_a_promise_that_cannot_be_kept_is_refused():
    step = Step((Mode(("r",), 6),), "a")
    standing = [
        Project(f"p{i}", (step,), Span(0, 12), today=(Place(i, 0),), held=Held.MOVABLE)
        for i in range(2)
    ]
    problem = Problem(tuple(standing), (Resource("r", (Span(0, 12),)),))
    with pytest.raises(ValueError, match="p1 is promised"):
        solve(problem, stop=SHORT)


STEP = Step((Mode(("r",), 4), Mode(("r", "q"), 4)), "a")
TWO = Problem(
    (
        Project("a", (STEP, STEP), Span(0, 20)),
        Project("b", (Step(STEP.modes, "b"),), Span(2, 20)),
        Project("c", (STEP,), Span(0, 30), today=(Place(25, 0),), held=Held.CONFIRMED),
        Project("d", (STEP,), Span(0, 40), today=(Place(31, 0),), held=Held.MOVABLE),
    ),
    (Resource("r", (Span(0, 9), Span(10, 40))), Resource("q", (Span(0, 40),), every=2)),
    (Occupation("q", Span(20, 22)),),
    {("a", "b"): 2, ("b", "a"): 1},
)
LAWFUL = {
    "a": (Place(0, 0), Place(4, 1)),
    "b": (Place(10, 1),),
    "c": (Place(25, 0),),
    "d": (Place(31, 0),),
}


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("order", {"a": (Place(4, 0), Place(0, 1))}),
        ("overlap", {"b": (Place(3, 0),)}),
        ("cleaning", {"a": (Place(0, 0), Place(5, 1))}),
        ("grid", {"b": (Place(11, 1),)}),
        ("calendar", {"a": (Place(0, 0), Place(6, 0)), "b": (Place(14, 0),)}),
        ("window", {"b": (Place(17, 0),)}),
        ("window", {"b": (Place(0, 0),), "a": (Place(10, 0), Place(14, 0))}),
        ("overlap", {"d": (Place(18, 1),)}),
        ("incomplete", {"a": (Place(0, 0),)}),
        ("incomplete", {"a": (Place(0, 0), Place(4, 2))}),
        ("confirmed", {"c": (Place(26, 0),)}),
        ("confirmed", {"c": None}),
        ("promised", {"d": None}),
        ("unknown", {"x": (Place(0, 0),)}),
    ],
)
def test_the_verifier_finds_planted_faults(code, change):
    assert verify(TWO, LAWFUL) == []
    plan = {k: v for k, v in {**LAWFUL, **change}.items() if v is not None}
    assert code in {fault.code for fault in verify(TWO, plan)}
    with pytest.raises(Unlawful):
        check(TWO, plan)


def test_a_grid_begins_anew_with_each_cycle():
    day = Resource("r", (Span(0, 40),), every=3, cycle=10)
    starts = [slot for slot in range(24) if day.may_start(slot)]
    assert starts == [0, 3, 6, 9, 10, 13, 16, 19, 20, 23]
    assert [first_start(3, 10, slot) for slot in range(24)] == [
        min(s for s in starts if s >= slot) for slot in range(24)
    ]


@pytest.mark.slow
def test_compiled_and_plain_give_the_same_plan():
    """In two processes, for the choice is made at import."""
    program = (
        "from benchmarks.scheduling.workload import SIZES, generate\n"
        "from pilotline.engines.scheduling.compiled import IS_COMPILED\n"
        "from pilotline.engines.scheduling.params import Params\n"
        "from pilotline.engines.scheduling.solve import solve\n"
        "from pilotline.engines.scheduling.stop import Stop\n"
        "r = solve(generate(SIZES['quick'], 2), stop=Stop(iterations=300),"
        " params=Params(bound_trials=0))\n"
        "print(IS_COMPILED, sorted(r.places.items()))\n"
    )
    pytest.importorskip("numba")
    said = []
    for disabled in "01":
        done = subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ
            | {"NUMBA_DISABLE_JIT": disabled, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
            capture_output=True,
            text=True,
            check=True,
        )
        said.append(done.stdout.split(" ", 1))
    assert [is_compiled for is_compiled, _ in said] == ["True", "False"]
    assert said[0][1] == said[1][1]
