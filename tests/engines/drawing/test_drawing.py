"""A draw is done again by anybody, and whoever tampers with it is seen."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotline.engines.drawing.problem import Ballot, Lot, Problem, Ticket, sha256
from pilotline.engines.drawing.solve import solve
from pilotline.engines.drawing.verify import faults

SEED = sha256("anything")


@st.composite
def ballots(draw):
    experts = tuple(
        Ticket(f"E{n}", draw(st.sampled_from(["", "a", "b"])), draw(st.integers(0, 3)))
        for n in range(draw(st.integers(1, 8)))
    )
    items = tuple(Lot(f"I{n}", draw(st.integers(0, 3))) for n in range(draw(st.integers(1, 5))))
    pairs = [(e.code, i.item) for e in experts for i in items]
    return Ballot(items, experts, frozenset(draw(st.sets(st.sampled_from(pairs)))))


@given(ballots(), st.binary(min_size=32, max_size=32).map(bytes.hex))
def test_a_draw_keeps_its_rules(ballot, seed):
    drawn = solve(Problem(ballot, seed))
    pairs = [(code, item) for item, codes in drawn.codes.items() for code in codes]
    assert not set(pairs) & ballot.barred
    assert len(set(pairs)) == len(pairs)
    loads = Counter(code for code, _item in pairs)
    assert all(loads[e.code] <= e.places for e in ballot.experts)
    for lot in ballot.items:
        lacking = drawn.lacking.get(lot.item, 0)
        assert len(drawn.codes[lot.item]) + lacking == lot.wanted
        able = {
            e.code
            for e in ballot.experts
            if loads[e.code] < e.places and (e.code, lot.item) not in ballot.barred
        }
        assert not lacking or able <= set(drawn.codes[lot.item])


@given(ballots(), st.binary(min_size=32, max_size=32).map(bytes.hex))
def test_honest_draws_fit(ballot, seed):
    problem = Problem(ballot, seed)
    again = Ballot.read(ballot.content())
    assert again == ballot
    assert not faults(
        ballot=again,
        digest=ballot.digest,
        commitment=problem.commitment,
        seed=seed,
        figure="",
        told=solve(problem).codes,
    )


def draw_of_ten(beacon="", figure=""):
    ballot = Ballot(
        (Lot("A", 2), Lot("B", 2)),
        tuple(Ticket(f"E{n}", f"g{n % 3}", 2) for n in range(10)),
        frozenset({("E1", "A")}),
        beacon,
    )
    problem = Problem(ballot, SEED, figure)
    return {
        "ballot": ballot,
        "digest": ballot.digest,
        "commitment": problem.commitment,
        "seed": SEED,
        "figure": figure,
        "told": solve(problem).codes,
    }


def kinds(told):
    return [fault.kind for fault in faults(**told)]


def test_tampering_shows():
    told = draw_of_ten()
    assert kinds(told) == []
    assert kinds(told | {"seed": sha256("another")}) == ["seed"]
    assert kinds(told | {"seed": "short"}) == ["seed"]
    fewer = replace(told["ballot"], experts=told["ballot"].experts[1:])
    assert kinds(told | {"ballot": fewer}) == ["ballot"]
    unbarred = replace(told["ballot"], barred=frozenset())
    assert kinds(told | {"ballot": unbarred}) == ["ballot"]
    first, second = told["told"]["A"]
    assert kinds(told | {"told": told["told"] | {"A": (second, first)}}) == ["result"]
    assert kinds(told | {"told": told["told"] | {"C": ("E1",)}}) == ["result"]
    assert kinds(told | {"figure": "07 12"}) == ["figure"]


def test_the_public_figure_decides_with_the_seed():
    one, two = draw_of_ten("numbers of 1 December", "1"), draw_of_ten("numbers of 1 December", "2")
    assert one["commitment"] == two["commitment"]
    assert one["told"] != two["told"]
    assert kinds(one) == kinds(two) == []


@settings(max_examples=5)
@given(st.integers(0, 1000))
def test_the_lot_falls_on_everybody_alike(start):
    ballot = Ballot((Lot("A", 1),), tuple(Ticket(f"E{n}", "", 1) for n in range(5)))
    drawn = Counter(
        solve(Problem(ballot, sha256(f"{start}/{n}"))).codes["A"][0] for n in range(400)
    )
    # 80 are expected of each; five standard deviations are 40.
    assert all(40 <= drawn[f"E{n}"] <= 120 for n in range(5))


@pytest.mark.parametrize(
    "build",
    [
        lambda: Ballot((Lot("A", 1), Lot("A", 1)), ()),
        lambda: Ballot((Lot("A", -1),), ()),
        lambda: Ballot((Lot("A", 1),), (), frozenset({("E", "A")})),
        lambda: Ballot((Lot("A|B", 1),), ()),
        lambda: Ballot.read({"version": 9}),
        lambda: Ballot.read({}),
        lambda: Problem(Ballot((), ()), "seed"),
        lambda: Problem(Ballot((), ()), SEED, "figure without a beacon"),
    ],
)
def test_nonsense_is_refused(build):
    with pytest.raises(ValueError, match=r"name|negative|bar|version|ballot|seed|beacon"):
        build()
