"""Whatever the track and whatever happens: nothing opens early, nothing is lost, somebody acts."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from pilotline.engines.tracks import baseline
from pilotline.engines.tracks.inbox import inboxes, items
from pilotline.engines.tracks.problem import Course, Problem
from pilotline.engines.tracks.solve import plan, solve
from tests.engines.tracks.tracks_drawn import DAYS, OFF, problems, tracks


@settings(max_examples=60)
@given(problems())
def test_no_step_opens_early_and_none_is_lost(problem: Problem) -> None:
    standing = solve(problem)
    by_step = {run.step: run for run in standing.runs}
    for run in standing.runs:
        for name in problem.track.step(run.step).after:
            before = by_step[name]
            assert before.state in ("done", "skipped")
            assert before.closed is not None
            assert before.closed <= run.opened
    in_line = {step.id for step in problem.track.steps if not step.called}
    if not standing.ended:
        # What has not opened is waited for: a step before it is living or not yet open itself.
        for name in in_line - set(by_step):
            before = problem.track.step(name).after
            assert any(b not in by_step or by_step[b].is_living for b in before)


@settings(max_examples=60)
@given(problems())
def test_every_case_ends_or_has_somebody_who_must_act(problem: Problem) -> None:
    standing = solve(problem)
    acting = [run for run in standing.living if run.state in ("open", "waiting")]
    assert bool(acting) != bool(standing.ended)
    assert all(run.closed for run in standing.runs if not run.is_living)
    for held in (run for run in standing.living if run.state == "held"):
        assert any(run.called_by == held.step for run in standing.living)
    living = [run.step for run in standing.living]
    assert len(set(living)) == len(living)


@settings(max_examples=60)
@given(problems())
def test_clocks_and_outlook_are_in_order(problem: Problem) -> None:
    standing = solve(problem)
    for run in standing.runs:
        if run.due is not None:
            assert run.due >= run.opened
            assert run.days == 0 or run.due not in OFF
        else:
            assert run.state in ("waiting", "held", "skipped", "dropped")
        assert run.late == 0 or run.due < (run.closed or problem.today)
    if standing.latest is not None:
        assert problem.today <= standing.earliest <= standing.usual <= standing.latest
    assert standing.spent >= 0


@settings(max_examples=100)
@given(problems())
def test_the_engine_agrees_with_the_baseline(problem: Problem) -> None:
    ours, plain = solve(problem), baseline.solve(problem, OFF)
    assert sorted(ours.runs, key=str) == sorted(plain.runs, key=str)
    assert (ours.ended, ours.ended_on) == (plain.ended, plain.ended_on)
    assert (ours.spent, ours.summed) == (plain.spent, plain.summed)


@settings(max_examples=40)
@given(problems())
def test_the_inbox_holds_just_what_waits(problem: Problem) -> None:
    standing = solve(problem)
    found = items(problem.track, [(7, problem.course)], DAYS, problem.today)
    wanted = {
        (run.step, "applicant" if run.state == "waiting" else run.doer, run.late)
        for run in standing.living
        if run.state != "held"
    }
    assert {(i.step, i.doer, i.late) for i in found} == wanted
    assert sum(len(listed) for listed in inboxes(found).values()) == len(found)


@given(tracks(), st.booleans())
def test_side_by_side_is_never_slower(track, green: bool) -> None:
    promised = plan(track, green=green)
    assert 0 <= promised.side_by_side <= promised.one_after_another
    assert plan(track, green=True).side_by_side <= plan(track, green=False).side_by_side


@given(
    start=st.dates(date(2026, 1, 1), date(2026, 6, 1)),
    stop=st.integers(1, 20),
    back=st.integers(1, 20),
)
def test_standing_still_moves_the_due_day_by_what_was_lost(start, stop, back) -> None:
    opened, stopped = start.toordinal(), start.toordinal() + stop
    due = DAYS.add(opened, 15)
    if stopped < due:
        lost = DAYS.count(stopped, stopped + back)
        assert DAYS.count(opened, DAYS.add(due, lost)) == 15 + lost


@settings(max_examples=40)
@given(problems())
def test_the_past_is_replayed_alike(problem: Problem) -> None:
    """The same course seen later keeps every run that had ended."""
    later = Problem(problem.track, problem.course, DAYS, problem.today + timedelta(5))
    closed = [run for run in solve(problem).runs if not run.is_living]
    assert closed == [run for run in solve(later).runs if not run.is_living]
    assert isinstance(problem.course, Course)
