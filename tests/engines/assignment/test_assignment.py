"""Assignment: never what is barred, never too many, never worse than any other way."""

from collections import Counter
from itertools import product
from time import process_time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotline.engines.matching.assignment import baseline
from pilotline.engines.matching.assignment.problem import Expert, Item, Problem
from pilotline.engines.matching.assignment.result import Value, Why, faults_of, value_of
from pilotline.engines.matching.assignment.solve import solve


def world(scores, wanted, limits, *, held=None, groups=None, barred=(), least=0.0, slack=0):
    """A problem whose expertise is given: `scores[e][i]`."""
    experts = tuple(
        Expert(f"e{e}", limit=limit, held=(held or [0] * 9)[e], group=(groups or [""] * 9)[e])
        for e, limit in enumerate(limits)
    )
    items = tuple(Item(f"i{i}", wanted=n) for i, n in enumerate(wanted))
    given_scores = {
        (f"e{e}", f"i{i}"): value for e, row in enumerate(scores) for i, value in enumerate(row)
    }
    return Problem(
        experts,
        items,
        barred=dict.fromkeys(barred, ("why",)),
        least=least,
        slack=slack,
        scores=given_scores,
    )


@st.composite
def worlds(draw, experts=5, items=4):
    e, i = draw(st.integers(1, experts)), draw(st.integers(1, items))
    grid = draw(
        st.lists(
            st.lists(st.integers(0, 8).map(lambda n: n / 8), min_size=i, max_size=i),
            min_size=e,
            max_size=e,
        )
    )
    pairs = [(f"e{a}", f"i{b}") for a in range(e) for b in range(i)]
    return world(
        grid,
        draw(st.lists(st.integers(0, 3), min_size=i, max_size=i)),
        draw(st.lists(st.integers(0, 3), min_size=e, max_size=e)),
        held=draw(st.lists(st.integers(0, 2), min_size=e, max_size=e)),
        groups=draw(st.lists(st.sampled_from(["", "a", "b"]), min_size=e, max_size=e)),
        barred=draw(st.sets(st.sampled_from(pairs))),
        least=draw(st.sampled_from([0.0, 0.3])),
        slack=draw(st.integers(0, 1)),
    )


def allowed(problem):
    return [
        pair
        for pair, score in problem.scores.items()
        if pair not in problem.barred and score >= problem.least
    ]


def brute(problem):
    """The best value among all subsets of the allowed pairs."""
    best = Value(0, 0, 0, 0.0)
    pairs = allowed(problem)
    for taken in product((False, True), repeat=len(pairs)):
        chosen = [pair for pair, yes in zip(pairs, taken, strict=True) if yes]
        if not faults_of(problem, chosen):
            best = max(best, _rounded(value_of(problem, chosen, dict(problem.scores))))
    return best


def _rounded(value):
    return Value(value.served, value.doubled, value.uneven, round(value.expertise, 6))


@settings(max_examples=40)
@given(worlds())
def test_nothing_is_broken_and_no_way_is_better(problem):
    found, plain = solve(problem), baseline.solve(problem)
    assert faults_of(problem, found.pairs) == faults_of(problem, plain.pairs) == []
    assert all(g.score >= problem.least for g in found.given)
    assert _rounded(found.value) >= _rounded(plain.value)
    assert sum(s.lacking for s in found.short) == sum(i.wanted for i in problem.items) - len(
        found.given
    )


@settings(max_examples=30)
@given(worlds(experts=3, items=3))
def test_equal_to_brute_force(problem):
    assert _rounded(solve(problem).value) == brute(problem)


@settings(max_examples=40)
@given(worlds())
def test_what_is_short_is_proved(problem):
    """The items named may go to the experts named only, who can do no more for them."""
    found, may = solve(problem), set(allowed(problem))
    loads = Counter(expert for expert, _item in found.pairs)
    places = {e.key: e.places for e in problem.experts}
    for short in found.short:
        assert short.item in short.items
        able = {e for e, i in may if i in short.items and places[e]}
        assert able == set(short.experts)
        for expert in able:
            mine = {i for e, i in may if e == expert and i in short.items}
            assert loads[expert] == places[expert] or {(expert, i) for i in mine} <= found.pairs


@settings(max_examples=40)
@given(worlds())
def test_every_expert_has_a_reason_for_every_item(problem):
    found = solve(problem)
    told = found.pairs | {(p.expert, p.item) for p in found.passed}
    assert told == {(e.key, i.key) for e in problem.experts for i in problem.items}
    for passed in found.passed:
        pair = (passed.expert, passed.item)
        assert (passed.why is Why.BARRED) == (pair in problem.barred)
        assert passed.reasons == problem.barred.get(pair, ())


def test_served_goes_before_expertise():
    """Best first gives the only expert of item 1 to item 0 and leaves item 1 alone."""
    problem = world([[0.9, 0.8], [0.7, 0.0]], [1, 1], [1, 1], least=0.1)
    assert baseline.solve(problem).value.served == 1
    assert solve(problem).pairs == {("e0", "i1"), ("e1", "i0")}
    assert solve(problem).passed_over("i0")[0].why is Why.FULL


def test_two_of_one_employer_only_when_nobody_else_is_there():
    apart = world([[0.9], [0.8], [0.1]], [2], [1, 1, 1], groups=["works", "works", "other"])
    assert solve(apart).pairs == {("e0", "i0"), ("e2", "i0")}
    assert solve(apart).passed_over("i0")[0].why is Why.COLLEAGUE
    alone = world([[0.9], [0.8]], [2], [1, 1], groups=["works", "works"])
    assert solve(alone).value == Value(2, -1, 0, pytest.approx(1.7))


def test_the_load_is_even_and_what_is_held_counts():
    problem = world([[0.9] * 4, [0.2] * 4], [1] * 4, [4, 4])
    assert Counter(e for e, _i in solve(problem).pairs) == {"e0": 2, "e1": 2}
    busy = world([[0.9] * 4, [0.2] * 4], [1] * 4, [4, 4], held=[2, 0])
    assert Counter(e for e, _i in solve(busy).pairs) == {"e0": 1, "e1": 3}
    eased = world([[0.9] * 4, [0.2] * 4], [1] * 4, [4, 4], slack=2)
    assert Counter(e for e, _i in solve(eased).pairs) == {"e0": 4}


def test_expertise_is_read_from_texts_and_fields():
    problem = Problem(
        (
            Expert("chemist", ("连续流微反应 加氢", "催化剂放大与失活"), frozenset({"chemistry"})),
            Expert("welder", ("铝合金激光焊接", "装备结构疲劳"), frozenset({"machinery"})),
        ),
        (Item("i", ("加氢催化剂在微反应器中的放大验证",), frozenset({"chemistry"}), wanted=1),),
    )
    found = solve(problem)
    (pair,) = found.given
    assert pair.expert == "chemist"
    assert pair.fields == ("chemistry",)
    assert {word for word, _part in pair.words} == {"催化剂", "放大"}
    assert found.passed_over("i")[0].score < pair.score


def test_a_bar_is_told_with_its_reasons():
    problem = world([[0.9], [0.1]], [1], [1, 1], barred=[("e0", "i0")])
    (passed,) = solve(problem).passed_over("i0")
    assert (passed.why, passed.reasons) == (Why.BARRED, ("why",))


def test_nobody_may():
    problem = world([[0.9]], [2], [3], barred=[("e0", "i0")])
    (short,) = solve(problem).short
    assert (short.lacking, short.experts, short.barred) == (2, (), 1)


@pytest.mark.parametrize(
    "build",
    [
        lambda: Problem((Expert("a"), Expert("a")), ()),
        lambda: Problem((Expert("a"),), (Item("i"),), barred={("b", "i"): ()}),
        lambda: Problem((Expert("a"),), (Item("i"),), scores={("a", "i"): 2.0}),
        lambda: Problem((), (), words=0, fields=0),
        lambda: Expert("a", limit=-1),
        lambda: Item("i", wanted=-1),
    ],
)
def test_nonsense_is_refused(build):
    with pytest.raises(ValueError, match=r"key|pair|score|weights|negative"):
        build()


def test_nothing_at_all():
    assert solve(Problem((), ())).given == ()


def test_a_call_of_usual_size_takes_seconds():
    rng = np.random.default_rng(7)
    problem = world(
        rng.random((60, 80)).round(3).tolist(),
        [3] * 80,
        [6] * 60,
        held=[0] * 60,
        groups=[f"g{n % 20}" for n in range(60)],
        least=0.4,
    )
    start = process_time()
    found = solve(problem)
    assert found.value.served == 240
    assert found.value.expertise > baseline.solve(problem).value.expertise * 0.9
    assert process_time() - start < 10
