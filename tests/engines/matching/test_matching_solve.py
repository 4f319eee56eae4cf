"""One small province by hand: what people will read in an answer."""

import pytest

from pilotline.engines.matching.catalogue import Catalogue
from pilotline.engines.matching.problem import Feedback, Fit, Problem, Requirement
from pilotline.engines.matching.result import Check, Status, Waiver
from pilotline.engines.matching.reverse import Needs, solve_reverse
from pilotline.engines.matching.schema import (
    Attribute,
    Kind,
    Measure,
    Record,
    Schema,
    TextField,
)
from pilotline.engines.matching.solve import solve

SCHEMA = Schema(
    attributes=(
        Attribute("process", Kind.SET, ("hydrogenation", "drying")),
        Attribute("volume", Kind.RANGE, logarithmic=True),
        Attribute("temperature", Kind.RANGE),
        Attribute("material", Kind.SET, ("glass", "steel", "hastelloy")),
        Attribute("cleanroom", Kind.LEVEL, ("A", "B", "C", "D")),
        Attribute("gmp", Kind.FLAG),
    ),
    text_fields=(TextField("name", 3.0), TextField("equipment")),
    measures=(Measure("price", 1000.0), Measure("load", 0.5)),
    partition="process",
)
RECORDS = (
    Record(
        1,
        {
            "process": ("hydrogenation",),
            "volume": (50.0, 500.0),
            "temperature": (-20.0, 150.0),
            "material": ("glass", "steel"),
            "gmp": ("yes",),
        },
        {"name": "加氢中试线", "equipment": "500L 搪瓷反应釜"},
        {"price": 1000.0, "load": 0.5},
        (117.0, 36.65),
        group=10,
        sources={"volume": 501, "temperature": "equipment 7"},
    ),
    Record(
        2,
        {"process": ("hydrogenation",), "volume": (100.0, 5000.0), "material": ("steel",)},
        {"name": "加氢车间"},
        place=(120.4, 36.07),
        group=20,
    ),
    Record(
        3,
        {
            "process": ("drying",),
            "volume": (10.0, 100.0),
            "temperature": (20.0, 300.0),
            "cleanroom": ("C",),
            "material": ("hastelloy",),
            "gmp": ("no",),
        },
        {"name": "喷雾干燥线"},
        group=10,
    ),
)
VOLUME = Requirement("volume", "volume", Fit.COVER, 200.0, 400.0)
WARM = Requirement("temperature", "temperature", Fit.COVER, 0.0, 120.0)
HYDROGENATION = Requirement("process", "process", Fit.ANY_OF, values=("hydrogenation",))
GMP = Requirement("gmp", "gmp", Fit.ANY_OF, values=("yes",))
HASTELLOY = Requirement("material", "material", Fit.SUPERSET, values=("hastelloy",))


def catalogue() -> Catalogue:
    return Catalogue(SCHEMA, RECORDS)


@pytest.mark.parametrize(
    ("offered", "wanted", "status"),
    [
        ((None, 100.0), Requirement("v", "volume", Fit.AT_MOST, high=200.0), Status.MET),
        ((None, 100.0), Requirement("v", "volume", Fit.AT_MOST, high=50.0), Status.UNKNOWN),
        ((500.0, None), Requirement("v", "volume", Fit.AT_LEAST, low=300.0), Status.MET),
        ((500.0, None), Requirement("v", "volume", Fit.AT_LEAST, low=800.0), Status.UNKNOWN),
        ((None, None), Requirement("v", "volume", Fit.AT_MOST, high=200.0), Status.UNKNOWN),
    ],
)
def test_an_open_end_is_known_to_reach_as_far_as_the_other_end(
    offered: tuple[float | None, float | None], wanted: Requirement, status: Status
) -> None:
    book = Catalogue(SCHEMA, (Record(1, {"volume": offered}, {"name": "釜"}, group=1),))
    (row,) = solve(Problem((wanted,)), book).rows
    assert row.status("v") is status


def test_every_requirement_is_met_unmet_or_unknown_with_its_margin_and_source() -> None:
    clean = Requirement("clean", "cleanroom", Fit.AT_LEAST, values=("C",), hard=False)
    glass = Requirement("glass", "material", Fit.SUPERSET, values=("glass",), hard=False)
    result = solve(Problem((HYDROGENATION, VOLUME, WARM, clean, glass)), catalogue())
    assert [row.id for row in result.rows] == [1, 2]
    assert result.found == 2
    known, unsure = result.rows
    assert known.all_known_met
    assert not unsure.all_known_met
    assert known.checks == (
        Check("process", "process", True, Status.MET, ("hydrogenation",), ("hydrogenation",)),
        Check("volume", "volume", True, Status.MET, (200.0, 400.0), (50.0, 500.0), 100.0, (), 501),
        Check(
            "temperature",
            "temperature",
            True,
            Status.MET,
            (0.0, 120.0),
            (-20.0, 150.0),
            20.0,
            (),
            "equipment 7",
        ),
        Check("clean", "cleanroom", False, Status.UNKNOWN, ("C",), None, None, ("C",)[:0]),
        Check("glass", "material", False, Status.MET, ("glass",), ("glass", "steel")),
    )
    assert unsure.status("temperature") is Status.UNKNOWN
    assert unsure.checks[4].missing == ("glass",)
    with pytest.raises(KeyError):
        known.status("nothing")


def test_unknown_is_kept_below_or_left_out_as_the_problem_says() -> None:
    kept = solve(Problem((WARM,)), catalogue())
    assert [row.id for row in kept.rows] == [1, 2]
    strict = solve(Problem((WARM,), keep_unknown=False), catalogue())
    assert [row.id for row in strict.rows] == [1]


def test_an_oversized_vessel_is_a_poorer_fit() -> None:
    result = solve(Problem((VOLUME,), weights={"fit": 1.0}), catalogue())
    parts = {row.id: row.parts["fit"] for row in result.rows}
    assert parts[1] > parts[2] > 0.5


def test_price_load_and_distance_count_where_known() -> None:
    weights = {"distance": 1.0, "price": 1.0, "load": 1.0}
    result = solve(Problem(weights=weights, place=(117.0, 36.65)), catalogue())
    first, second, third = result.rows
    assert first.parts == pytest.approx({"distance": 1.0, "price": 0.5, "load": 0.5})
    assert second.distance == pytest.approx(312, abs=2)
    assert second.parts["price"] == second.parts["load"] == 0.0
    assert third.distance is None
    assert third.total == 0.0


def test_near_misses_say_what_is_missing_and_how_much() -> None:
    hot = Requirement("temperature", "temperature", Fit.AT_LEAST, low=200.0)
    problem = Problem((HYDROGENATION, hot, VOLUME), near_misses=5)
    result = solve(problem, catalogue())
    assert [(miss.row.id, miss.fails) for miss in result.near_misses] == [(1, "temperature")]
    [short] = [c for c in result.near_misses[0].row.checks if c.key == "temperature"]
    assert (short.status, short.slack) == (Status.UNMET, -50.0)


def test_an_empty_answer_names_the_conflict_and_what_each_waiver_opens() -> None:
    problem = Problem((HYDROGENATION, HASTELLOY, GMP, VOLUME), keep_unknown=False)
    result = solve(problem, catalogue())
    assert result.rows == ()
    # Nobody has hastelloy and hydrogenates, nor is GMP; nor 200 to 400 L.
    assert result.conflicts == (
        ("material", "gmp"),
        ("material", "volume"),
        ("process", "material"),
    )
    assert result.waivers[0] == Waiver(("material",), 1)
    assert {waiver.keys: waiver.opens for waiver in result.waivers} == {
        ("material",): 1,
        ("process",): 0,
        ("gmp",): 0,
        ("volume",): 0,
    }


def test_when_no_single_waiver_helps_the_smallest_sets_are_named() -> None:
    icy = Requirement("temperature", "temperature", Fit.AT_MOST, high=-100.0)
    result = solve(Problem((HASTELLOY, icy, GMP), keep_unknown=False), catalogue())
    assert [w for w in result.waivers if w.opens] == [
        Waiver(("material", "temperature"), 1),
        Waiver(("temperature", "gmp"), 1),
    ]


def test_two_together_offer_what_none_can_alone() -> None:
    dry = Requirement("drying", "process", Fit.ANY_OF, values=("drying",))
    result = solve(Problem((dry, VOLUME, GMP), pairs=3), catalogue())
    [pair] = result.pairs
    assert (pair.first.id, pair.second.id) in {(1, 3), (3, 1)}
    assert dict(pair.covers) == {"drying": (3,), "volume": (1,), "gmp": (1,)}
    every = Requirement("gmp", "gmp", Fit.ANY_OF, values=("yes",), each=True)
    assert solve(Problem((dry, VOLUME, every), pairs=3), catalogue()).pairs == ()


def test_what_describes_one_vessel_is_not_shared_out() -> None:
    dry = Requirement("drying", "process", Fit.ANY_OF, values=("drying",), together="vessel")
    small = Requirement("small", "volume", Fit.COVER, 10.0, 50.0, together="vessel")
    large = Requirement("large", "volume", Fit.COVER, 200.0, 400.0, together="vessel")
    [pair] = solve(Problem((dry, small, GMP), pairs=3), catalogue()).pairs
    assert dict(pair.covers) == {"drying": (3,), "small": (3,), "gmp": (1,)}
    assert solve(Problem((dry, large, GMP), pairs=3), catalogue()).pairs == ()


def test_no_pairs_when_one_can_do_it_alone() -> None:
    assert solve(Problem((VOLUME, GMP), pairs=3), catalogue()).pairs == ()


def test_an_empty_catalogue_has_no_conflict_to_name() -> None:
    result = solve(Problem((VOLUME,), words="反应釜", pairs=2, near_misses=2), Catalogue(SCHEMA))
    assert result.rows == result.conflicts == result.pairs == result.near_misses == ()
    assert result.waivers == (Waiver(("volume",), 0),)


def test_alternatives_of_one_candidate_are_counted_once_and_shown_by_the_best() -> None:
    vessels = [
        Record(1, {"volume": (1.0, 100.0), "gmp": ("yes",)}, candidate=7),
        Record(2, {"volume": (1.0, 500.0), "gmp": ("no",)}, candidate=7),
        Record(3, {"volume": (1.0, 900.0), "gmp": ("no",)}, candidate=7),
        Record(4, {"volume": (1.0, 400.0), "gmp": ("no",)}, candidate=8),
    ]
    book = Catalogue(SCHEMA, vessels)
    volume = solve(Problem((VOLUME,)), book)
    assert ([row.id for row in volume.rows], volume.found) == ([4, 2], 2)
    both = solve(Problem((VOLUME, GMP), near_misses=9), book)
    assert both.rows == ()
    assert [(miss.row.id, miss.fails) for miss in both.near_misses] == [(1, "volume"), (4, "gmp")]
    assert both.waivers == (Waiver(("gmp",), 2), Waiver(("volume",), 1))


def test_a_new_record_is_found_at_once_and_a_replaced_one_no_longer() -> None:
    book = catalogue()
    problem = Problem((VOLUME,), words="结晶", must_match_text=True)
    assert solve(problem, book).rows == ()
    book.insert(Record(1, {"volume": (1.0, 1000.0)}, {"name": "结晶线"}))
    assert [row.id for row in solve(problem, book).rows] == [1]
    assert len(book) == 3
    assert [row.id for row in solve(Problem((GMP,), keep_unknown=False), book).rows] == []
    assert book.remove(1)
    assert not book.remove(1)
    assert 1 not in book
    assert 2 in book
    assert solve(problem, book).rows == ()


def test_a_refused_insert_changes_nothing() -> None:
    book = catalogue()
    good = Record(7, {"gmp": ("yes",)})
    with pytest.raises(ValueError, match="no value 'maybe'"):
        book.insert(good, Record(8, {"gmp": ("maybe",)}))
    with pytest.raises(ValueError, match="given twice"):
        book.insert(good, good)
    assert 7 not in book
    assert len(book) == 3


def test_an_offer_looks_for_its_takers() -> None:
    book = catalogue()
    clean = Requirement("c", "cleanroom", Fit.AT_MOST, values=("B",))
    needs = Needs(
        book,
        {
            100: Problem((HYDROGENATION, VOLUME)),
            101: Problem((HASTELLOY,)),
            102: Problem((HYDROGENATION, WARM, GMP), words="加氢"),
            103: Problem((clean,)),
            104: Problem((clean,), keep_unknown=False),
        },
    )
    answer = solve_reverse(1, needs, book, limit=2)
    assert answer.found == 3
    assert [taker.need for taker in answer.takers] == [100, 102]
    assert answer.takers[0].row == solve(Problem((HYDROGENATION, VOLUME)), book).rows[0]
    with pytest.raises(KeyError):
        solve_reverse(99, needs, book)
    with pytest.raises(ValueError, match="feedback"):
        Needs(book, {1: Problem(words="x", feedback=Feedback())})


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (Record(9, {"colour": ("red",)}), "no attribute 'colour'"),
        (Record(9, {"process": ("milling",)}), "one known value"),
        (Record(9, {"process": ("drying", "hydrogenation")}), "one known value"),
        (Record(9, {"material": ("gold",)}), "no value 'gold'"),
        (Record(9, {"volume": (5.0, 1.0)}), "not a range"),
        (Record(9, {"volume": (1.0, float("inf"))}), "None"),
        (Record(9, {"volume": ("a", "b")}), "low and a high end"),
    ],
)
def test_records_that_the_schema_does_not_allow_are_refused(record: Record, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Catalogue(SCHEMA, [record])


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Requirement("k", "volume", Fit.COVER, 3.0, 1.0),
        lambda: Requirement("k", "volume", Fit.COVER, float("nan")),
        lambda: Requirement("k", "volume", Fit.COVER, 1.0, weight=-1.0),
        lambda: Problem((VOLUME, VOLUME)),
        lambda: Problem(limit=0),
        lambda: Problem(weights={"fit": -1.0}),
        lambda: Problem(distance_half=0.0),
        lambda: Problem(tuple(Requirement(str(i), "gmp", Fit.ANY_OF) for i in range(63))),
        lambda: Feedback(records=0),
        lambda: Attribute("a", Kind.SET),
        lambda: Attribute("a", Kind.RANGE, ("x",)),
        lambda: Attribute("a", Kind.SET, ("x", "x")),
        lambda: Attribute("a", Kind.FLAG, logarithmic=True),
        lambda: TextField("t", weight=0.0),
        lambda: TextField("t", length_penalty=2.0),
        lambda: TextField("t", typical_length=0.0),
        lambda: Measure("m", half=0.0),
        lambda: Schema((Attribute("a", Kind.FLAG), Attribute("a", Kind.FLAG))),
        lambda: Schema((Attribute("a", Kind.FLAG),), partition="a"),
        lambda: Schema(partition="a"),
        lambda: Schema(saturation=0.0),
        lambda: Schema(tuple(Attribute(str(i), Kind.FLAG) for i in range(65))),
    ],
)
def test_faulty_input_checks_itself(wrong: object) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        wrong()  # type: ignore[operator]


@pytest.mark.parametrize(
    "requirement",
    [
        Requirement("k", "colour", Fit.ANY_OF, values=("red",)),
        Requirement("k", "volume", Fit.SUPERSET, values=("red",)),
        Requirement("k", "volume", Fit.COVER),
        Requirement("k", "volume", Fit.AT_LEAST, 1.0, 2.0),
        Requirement("k", "volume", Fit.OVERLAP, 1.0),
        Requirement("k", "gmp", Fit.ANY_OF),
        Requirement("k", "gmp", Fit.ANY_OF, values=("maybe",)),
        Requirement("k", "gmp", Fit.ANY_OF, 1.0, values=("yes",)),
        Requirement("k", "cleanroom", Fit.AT_LEAST, values=("A", "B")),
    ],
)
def test_problems_that_do_not_speak_the_schema_are_refused(requirement: Requirement) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        solve(Problem((requirement,)), catalogue())
    with pytest.raises(ValueError, match="no measure"):
        solve(Problem(weights={"beauty": 1.0}), catalogue())
