"""From totals to the list: quota, budget, ties, and nobody overtaken."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotline.engines.scoring.selection import TIES, Candidate, Decision, Rule, select


def totals(*given):
    return [Candidate(n, None if t is None else Decimal(t), n) for n, t in enumerate(given)]


def passing(candidates, rule):
    return [d.id for d in select(candidates, rule) if d.passes]


def test_best_first_and_equal_totals_share_a_rank():
    found = select(totals(70, 90, 90, 60), Rule(minimum=Decimal(65)))
    assert [(d.id, d.rank, d.why) for d in found] == [
        (1, 1, "in"),
        (2, 1, "in"),
        (0, 3, "in"),
        (3, 4, "minimum"),
    ]


@pytest.mark.parametrize(
    ("ties", "expected"), [("all_in", [0, 1, 2]), ("all_out", [0]), ("earlier", [0, 1])]
)
def test_a_tie_at_the_last_place_goes_by_rule(ties, expected):
    assert passing(totals(90, 80, 80, 70), Rule(quota=2, ties=ties)) == expected


def test_the_budget_is_paid_in_order_and_nobody_is_overtaken():
    asked = [Candidate(n, Decimal(90 - n), n, Decimal(a)) for n, a in enumerate([40, 80, 10])]
    found = select(asked, Rule(budget=Decimal(100), most=Decimal(70)))
    assert found == [
        Decision(0, 1, "in", Decimal(40)),
        Decision(1, 2, "budget", Decimal(0)),
        Decision(2, 3, "budget", Decimal(0)),
    ]


def test_what_nobody_marks_goes_by_arrival():
    unmarked = [Candidate(n, None, 9 - n, Decimal(60)) for n in range(3)]
    found = select(unmarked, Rule(budget=Decimal(130), ties="earlier"))
    assert [(d.id, d.rank, d.why) for d in found] == [(2, 1, "in"), (1, 2, "in"), (0, 3, "budget")]


def test_strange_input_is_refused():
    with pytest.raises(ValueError, match="negative"):
        Candidate(1, None, 0, Decimal(-1))
    with pytest.raises(ValueError, match="none of"):
        Rule(ties="coin")
    with pytest.raises(ValueError, match="negative"):
        Rule(quota=-1)


candidates = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 50)), min_size=1, max_size=12
).map(lambda rows: [Candidate(n, Decimal(t), n, Decimal(a)) for n, (t, a) in enumerate(rows)])
rules = st.builds(
    Rule,
    minimum=st.none() | st.integers(0, 6).map(Decimal),
    quota=st.none() | st.integers(0, 8),
    budget=st.none() | st.integers(0, 200).map(Decimal),
    most=st.none() | st.integers(1, 40).map(Decimal),
    ties=st.sampled_from(TIES),
)


@given(candidates, rules)
def test_what_always_holds(given_candidates, rule):
    found = select(given_candidates, rule)
    by_id = {c.id: c for c in given_candidates}
    assert sorted(d.id for d in found) == sorted(by_id)
    granted = sum((d.granted for d in found), Decimal(0))
    assert rule.budget is None or granted <= rule.budget
    chosen = [d for d in found if d.passes]
    if rule.quota is not None and rule.ties != "all_in":
        assert len(chosen) <= rule.quota
    for decision in chosen:
        candidate = by_id[decision.id]
        assert rule.minimum is None or candidate.total >= rule.minimum
        assert rule.most is None or decision.granted <= rule.most
        better = [c for c in given_candidates if c.total > candidate.total]
        assert {c.id for c in better} <= {d.id for d in chosen}
    if rule.ties != "earlier":
        for total in {c.total for c in given_candidates}:
            fates = {d.why for d in found if by_id[d.id].total == total}
            assert len(fates) == 1
