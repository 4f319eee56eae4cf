"""The earliest places of a whole project, and one more booking with few others moved."""

from dataclasses import replace

from hypothesis import given, settings

from pilotline.engines.scheduling.agenda import Agenda, earliest, insert_one
from pilotline.engines.scheduling.baseline import first_come_first_served
from pilotline.engines.scheduling.problem import (
    Held,
    Mode,
    Place,
    Problem,
    Project,
    Resource,
    Span,
    Step,
)
from pilotline.engines.scheduling.verify import verify
from tests.engines.scheduling.making import problems, ways


def end_of(project, places):
    return places[-1].start + project.steps[-1].modes[places[-1].mode].length


@settings(max_examples=60)
@given(problems())
def test_places_are_lawful_in_order_and_the_first_is_the_earliest(problem):
    if not problem.projects:
        return
    *others, asked = problem.projects
    standing = replace(problem, projects=tuple(others))
    places = first_come_first_served(standing)
    asked = replace(asked, steps=asked.steps[:1])
    whole = replace(problem, projects=(*others, asked))
    found = earliest(Agenda(standing, places), asked, 4)
    assert all(verify(whole, {**places, asked.id: way}) == [] for way in found)
    ends = [end_of(asked, way) for way in found]
    assert ends == sorted(ends)
    assert len(set(found)) == len(found)
    lawful = [w for w in ways(asked) if not verify(whole, {**places, asked.id: w})]
    if lawful:
        assert ends[0] == min(end_of(asked, way) for way in lawful)
        assert len(found) == min(4, len(set(lawful)))
    else:
        assert found == []


@settings(max_examples=60)
@given(problems())
def test_an_insertion_is_lawful_and_keeps_everybody(problem):
    if not problem.projects:
        return
    *others, asked = problem.projects
    standing = replace(problem, projects=tuple(others))
    places = first_come_first_served(standing)
    answer = insert_one(Agenda(standing, places), asked, tries=40)
    if answer is not None:
        plan = {**places, **answer.moved, asked.id: answer.places}
        assert verify(problem, plan) == []


def test_one_moves_aside_and_the_confirmed_does_not():
    left = Step((Mode(("r",), 4),), "a")
    either = Step((Mode(("r",), 4), Mode(("q",), 4)), "a")
    standing = (
        Project("x", (either,), Span(0, 4), today=(Place(0, 0),)),
        Project("y", (either,), Span(0, 8), today=(Place(4, 0),), held=Held.CONFIRMED),
    )
    resources = (Resource("r", (Span(0, 8),)), Resource("q", (Span(0, 8),)))
    agenda = Agenda(Problem(standing, resources))
    new = Project("new", (left,), Span(0, 8))
    answer = insert_one(agenda, new)
    assert answer is not None
    assert answer.places == (Place(0, 0),)
    assert answer.moved == {"x": (Place(0, 1),)}
    assert insert_one(agenda, replace(new, window=Span(4, 8))) is None


def test_later_places_begin_apart():
    step = Step((Mode(("r",), 4),), "a")
    agenda = Agenda(Problem((), (Resource("r", (Span(0, 40),)),)))
    found = earliest(agenda, Project("p", (step,), Span(0, 40)), 3, apart=10)
    assert found == [(Place(0, 0),), (Place(10, 0),), (Place(20, 0),)]
