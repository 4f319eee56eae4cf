"""CP-SAT on windows: lawful, never worse, proved best where the window is everything."""

import sys

import pytest
from hypothesis import given, settings

from benchmarks.scheduling.workload import SIZES, generate
from pilotline.engines.scheduling.params import Params
from pilotline.engines.scheduling.solve import solve
from pilotline.engines.scheduling.stop import Stop
from pilotline.engines.scheduling.verify import verify
from tests.engines.scheduling.making import problems

pytest.importorskip("ortools")


@settings(max_examples=6)
@given(problems())
def test_windows_are_lawful_and_never_worse(problem):
    stop = Stop(iterations=5)
    without = solve(problem, stop=stop, params=Params(bound_trials=0))
    with_windows = solve(
        problem, stop=stop, params=Params(bound_trials=6, windows=1, window_effort=0.05)
    )
    assert verify(problem, with_windows.places) == []
    if problem.fairness == 0:
        assert with_windows.weight >= without.weight
        assert with_windows.weight <= with_windows.bound + 1e-6


def test_a_window_finds_what_few_moves_did_not():
    problem = generate(SIZES["quick"], 1)
    stop = Stop(iterations=10)
    plain = solve(problem, stop=stop, params=Params(bound_trials=0))
    better = solve(problem, stop=stop, params=Params(bound_trials=0, windows=3, window_effort=0.3))
    assert better.weight > plain.weight
    assert better.windows >= 1


def test_without_ortools_it_says_how_to_get_it(monkeypatch):
    for name in [n for n in sys.modules if n.split(".")[0] == "ortools"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "ortools", None)
    with pytest.raises(ModuleNotFoundError, match=r"pilotline\[planning\]"):
        solve(generate(SIZES["quick"], 1), stop=Stop(iterations=1), params=Params(windows=1))
