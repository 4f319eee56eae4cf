"""The engine against the plain oracle, on random worlds."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotline.engines.matching import catalogue as catalogue_module
from pilotline.engines.matching import encode as encode_module
from pilotline.engines.matching.baseline import (
    PlainRow,
    judge_plainly,
    opened_by,
    pair_totals,
    smallest_conflicts,
    solve_plainly,
)
from pilotline.engines.matching.catalogue import Catalogue
from pilotline.engines.matching.problem import Problem
from pilotline.engines.matching.result import Result, Row, Status
from pilotline.engines.matching.reverse import Needs, solve_reverse
from pilotline.engines.matching.schema import Record
from pilotline.engines.matching.solve import solve
from pilotline.engines.matching.tokenise import Tokeniser
from tests.engines.matching.worlds import (
    World,
    problem_of,
    randoms,
    record_of,
    worlds,
)

PLAIN = Tokeniser(use_dictionary=False)


def same_row(row: Row, plain: PlainRow) -> None:
    assert row.group == plain.record.group
    assert row.total == pytest.approx(plain.total, abs=1e-9)
    assert row.parts == pytest.approx(dict(plain.parts), abs=1e-9)
    assert {check.key: check.status for check in row.checks} == dict(plain.statuses)
    assert row.all_known_met == all(
        plain.statuses[check.key] is Status.MET for check in row.checks if check.hard
    )


def same_answer(result: Result, problem: Problem, records: list[Record], world: World) -> None:
    """The same rows in the same order; equal totals may stand in any order."""
    plain = solve_plainly(problem, records, world.schema, PLAIN)
    assert result.found == len(plain)
    assert len(result.rows) == min(problem.limit, len(plain))
    by_id = {row.record.id: row for row in plain}
    for row, expected in zip(result.rows, plain, strict=False):
        same_row(row, by_id[row.id])
        assert row.total == pytest.approx(expected.total, abs=1e-9)
        assert by_id[row.id].unknown == expected.unknown


@settings(max_examples=120, deadline=None)
@given(worlds())
def test_rows_scores_and_statuses_are_the_oracles(world: World) -> None:
    catalogue = Catalogue(world.schema, world.records, PLAIN)
    same_answer(solve(world.problem, catalogue), world.problem, world.records, world)


@settings(max_examples=40, deadline=None)
@given(worlds(), randoms(), st.integers(1, 8))
def test_after_inserts_replacements_removals_and_merges(
    world: World, rng: Random, steps: int
) -> None:
    catalogue = Catalogue(world.schema, world.records, PLAIN)
    held = {record.id: record for record in world.records}
    for _ in range(steps):
        number = rng.randint(0, 15)
        action = rng.choice(("insert", "insert", "remove", "merge"))
        if action == "insert":
            held[number] = record_of(rng, world.schema, number)
            catalogue.insert(held[number])
        elif action == "remove":
            assert catalogue.remove(number) == (held.pop(number, None) is not None)
        else:
            catalogue.merge()
        assert len(catalogue) == len(held)
        records = list(held.values())
        same_answer(solve(world.problem, catalogue), world.problem, records, world)


@settings(max_examples=30, deadline=None)
@given(worlds())
def test_many_blocks_build_one_catalogue(world: World) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encode_module, "BLOCK", 3)
        catalogue = Catalogue(world.schema, iter(world.records), PLAIN)
    same_answer(solve(world.problem, catalogue), world.problem, world.records, world)


@settings(max_examples=30, deadline=None)
@given(worlds(), randoms())
def test_many_small_parts_answer_as_one(world: World, rng: Random) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue_module, "FRESH_ROWS", 2)
        catalogue = Catalogue(world.schema, (), PLAIN)
        for record in rng.sample(world.records, len(world.records)):
            catalogue.insert(record)
        same_answer(solve(world.problem, catalogue), world.problem, world.records, world)


@settings(max_examples=120, deadline=None)
@given(worlds())
def test_why_nothing_is_left(world: World) -> None:
    problem = world.problem
    result = solve(problem, Catalogue(world.schema, world.records, PLAIN))
    plain = judge_plainly(problem, world.records, world.schema, PLAIN)
    if problem.telling_only:
        plain = [row for row in plain if row.tells(problem)]
    failures = [row.fails(problem) for row in plain]
    keys = [requirement.key for requirement in problem.hard]
    if not (problem.near_misses or problem.pairs or result.found == 0):
        assert result.conflicts == result.waivers == result.near_misses == result.pairs == ()
        return
    conflicts = {frozenset(names) for names in result.conflicts}
    smallest = smallest_conflicts(failures, keys)
    assert conflicts <= smallest
    assert len(conflicts) == min(5, len(smallest))
    assert {waiver.keys for waiver in result.waivers if len(waiver.keys) == 1} == {
        (key,) for key in keys
    }
    for waiver in result.waivers:
        assert waiver.opens == opened_by(problem, plain, frozenset(waiver.keys))
        assert waiver.opens > 0 or len(waiver.keys) == 1
    singles = [waiver.opens for waiver in result.waivers if len(waiver.keys) == 1]
    assert all(first >= second for first, second in pairwise(singles))
    if failures and all(failures):
        assert any(waiver.opens for waiver in result.waivers)
    passing = {row.candidate for row, f in zip(plain, failures, strict=True) if not f}
    near = {
        row.record.id: row
        for row, failed in zip(plain, failures, strict=True)
        if len(failed) == 1 and row.candidate not in passing
    }
    candidates = [near[miss.row.id].candidate for miss in result.near_misses]
    assert len(set(candidates)) == len(candidates)
    everyone = {row.candidate for row in near.values()}
    assert len(candidates) == min(problem.near_misses, len(everyone))
    for miss in result.near_misses:
        assert near[miss.row.id].fails(problem) == {miss.fails}


@settings(max_examples=120, deadline=None)
@given(worlds())
def test_pairs_really_cover_and_are_the_best(world: World) -> None:
    problem = world.problem
    result = solve(problem, Catalogue(world.schema, world.records, PLAIN))
    plain = judge_plainly(problem, world.records, world.schema, PLAIN)
    keys = {requirement.key for requirement in problem.hard}
    alone = any(all(row.statuses[key] is Status.MET for key in keys) for row in plain)
    expected = {} if alone or not keys else pair_totals(problem, plain)
    assert len(result.pairs) == min(problem.pairs, len(expected))
    ranked = sorted(expected.values(), reverse=True)
    for pair, total in zip(result.pairs, ranked, strict=False):
        assert pair.total == pytest.approx(total, abs=1e-9)
        assert set(pair.covers) == keys
        for requirement in problem.hard:
            by = pair.covers[requirement.key]
            assert by == tuple(
                row.id
                for row in (pair.first, pair.second)
                if row.status(requirement.key) is Status.MET
            )
            assert len(by) == 2 if requirement.each else len(by) >= 1


@settings(max_examples=120, deadline=None)
@given(worlds(most_records=5), randoms())
def test_the_other_direction_is_the_same_sum(world: World, rng: Random) -> None:
    if not world.records:
        return
    catalogue = Catalogue(world.schema, world.records, PLAIN)
    problems = {i: problem_of(rng, world.schema, rng.randint(0, 5)) for i in range(4)}
    offer = world.records[0].id
    answer = solve_reverse(offer, Needs(catalogue, problems), catalogue, limit=3)
    expected = {}
    for number, problem in problems.items():
        row = judge_plainly(problem, world.records, world.schema, PLAIN)[0]
        if not row.fails(problem) and (row.shares_word or not problem.must_match_text):
            expected[number] = row
    assert answer.found == len(expected)
    assert len(answer.takers) == min(3, len(expected))
    order = sorted(expected.values(), key=lambda row: (row.unknown, -row.total))
    for taker, best in zip(answer.takers, order, strict=False):
        same_row(taker.row, expected[taker.need])
        assert taker.row.total == pytest.approx(best.total, abs=1e-9)


@settings(max_examples=120, deadline=None)
@given(worlds())
def test_word_shares_add_up_and_margins_agree_with_statuses(world: World) -> None:
    result = solve(world.problem, Catalogue(world.schema, world.records, PLAIN))
    held = {record.id: record for record in world.records}
    for row in result.rows:
        if "text" in row.parts:
            total = sum(share.points for share in row.words)
            assert total == pytest.approx(row.parts["text"], abs=1e-9)
        for check in row.checks:
            assert check.source == held[row.id].sources.get(check.attribute)
            if check.slack is not None:
                assert (check.status is Status.MET) == (check.slack >= 0)
            assert (check.status is Status.UNKNOWN) <= (
                check.offered is None or None in check.offered
            )
