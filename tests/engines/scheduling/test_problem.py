"""A problem that is wrong is refused before anything is computed."""

import pytest

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
from pilotline.engines.scheduling.stop import Stop

R = Resource("r", (Span(0, 10),))
STEP = Step((Mode(("r",), 3),), "a")
P = Project("p", (STEP,), Span(0, 10))


@pytest.mark.parametrize(
    "make",
    [
        lambda: Resource("r", (Span(0, 5), Span(4, 9))),
        lambda: Resource("r", (Span(5, 5),)),
        lambda: Mode((), 3),
        lambda: Mode(("r", "r"), 3),
        lambda: Mode(("r",), 0),
        lambda: Project("p", (), Span(0, 10)),
        lambda: Project("p", (STEP,), Span(4, 4)),
        lambda: Project("p", (STEP,), Span(0, 10), weight=-1),
        lambda: Project("p", (STEP,), Span(0, 10), weight=float("nan")),
        lambda: Project("p", (STEP,), Span(0, 10), held=Held.CONFIRMED),
        lambda: Project("p", (STEP,), Span(0, 10), today=(Place(0, 1),)),
        lambda: Project("p", (STEP,), Span(0, 10), today=(Place(0, 0), Place(4, 0))),
        lambda: Problem((P, P), (R,)),
        lambda: Problem((P,), (R, R)),
        lambda: Problem((P,), ()),
        lambda: Problem((), (R,), (Occupation("x", Span(0, 1)),)),
        lambda: Problem((P,), (R,), cleaning={("a", "b"): -1}),
        lambda: Problem(
            (P,), (R,), cleaning={("a", "b"): 9, ("a", "c"): 2, ("c", "b"): 3, ("b", "a"): 1}
        ),
        lambda: Problem((P,), (R,), fairness=1.5),
        lambda: Problem((P,), (R,), move_cost=-1),
        lambda: Stop(),
        lambda: Stop(seconds=3),
        lambda: Stop(iterations=-1),
        lambda: Params(window_projects=41),
        lambda: Params(heat=-1),
        lambda: Params(chunk=0),
    ],
)
def test_refused(make):
    with pytest.raises(ValueError, match=r"."):
        make()


def test_the_triangle_is_kept_when_the_detour_is_as_quick():
    Problem((P,), (R,), cleaning={("a", "b"): 5, ("a", "c"): 2, ("c", "b"): 3})


def test_an_occupation_without_a_family_is_no_family():
    problem = Problem((P,), (R,), (Occupation("r", Span(0, 2)),), {("a", "b"): 4})
    assert problem.families == ("a", "b")
    assert problem.horizon == 10
