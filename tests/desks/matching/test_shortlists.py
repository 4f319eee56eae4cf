"""Shortlists: reasons, freshness, gaps that open and close."""

import pytest

from pilotline.desks.journal.queries import case_history
from pilotline.desks.matching import queries, services
from pilotline.desks.matching.models import Gap, Shortlist
from pilotline.desks.registry import services as registry
from pilotline.kernel.actor import SYSTEM
from pilotline.kernel.errors import NotFound
from tests.factories import NOW, OTHER_CITY, actor
from tests.factories_matching import PROCESSES, REACTOR, operated, read_need, with_reactor

pytestmark = pytest.mark.usefixtures("rulebook")


def statuses(row: dict) -> dict[str, str]:
    return {part["attribute"]: part["status"] for part in row["requirements"]}


def test_a_line_that_meets_all_is_listed_with_the_record_behind_each_reason() -> None:
    operator, facility = operated()
    line = with_reactor(operator, facility)
    applicant = actor()
    case = read_need(applicant)
    stored = services.propose(case=case.pk, now=NOW)
    (row,) = stored.answer["rows"]
    assert (row["facility"], row["line"], row["complete"]) == (facility.pk, line, True)
    assert set(statuses(row).values()) == {"met"}
    volume = next(p for p in row["requirements"] if p["attribute"] == "volume")
    assert volume["source_name"] == "反应釜"
    assert volume["offered"]["high"].startswith("1000")
    assert stored.answer["full"] == 1
    assert not Gap.objects.exists()


def test_what_is_not_stated_is_unknown_and_never_met() -> None:
    operator, facility = operated()
    with_reactor(operator, facility, [("volume", "1000L"), ("temperature", "-20~150℃")])
    case = read_need(actor())
    answer = services.propose(case=case.pk, now=NOW).answer
    assert answer["full"] == 0
    (row,) = answer["rows"]
    assert row["complete"] is False
    assert statuses(row)["agitation_speed"] == "unknown"


def test_a_line_that_fails_one_limit_is_told_with_the_reason() -> None:
    operator, facility = operated()
    small = [("volume", "50L"), *[s for s in REACTOR if s[0] != "volume"]]
    with_reactor(operator, facility, small)
    case = read_need(actor())
    answer = services.propose(case=case.pk, now=NOW).answer
    assert answer["rows"] == []
    (near,) = answer["near"]
    assert statuses(near)["volume"] == "unmet"
    assert [part["attribute"] for part in answer["conflict"]] == ["volume"]


def test_a_facility_of_which_nothing_is_recorded_hides_no_gap() -> None:
    operator, facility = operated()
    small = [("volume", "50L"), *[s for s in REACTOR if s[0] != "volume"]]
    with_reactor(operator, facility, small)
    other, bare = operated(name="只有名称的平台")
    with_reactor(other, bare, [])
    case = read_need(actor())
    answer = services.propose(case=case.pk, now=NOW).answer
    assert answer["considered"] == 2
    assert answer["rows"] == []
    assert [part["attribute"] for part in answer["conflict"]] == ["volume"]
    assert [(p["attribute"], p["opens"]) for p in answer["waivers"]] == [("volume", 1)]
    (gap,) = Gap.objects.all()
    assert gap.attributes == ["volume"]


def test_conditions_of_one_vessel_are_not_borrowed_from_another() -> None:
    """The large vessel is not the hot one: a need for both is not met by the line as a whole."""
    operator, facility = operated()
    registry.fill_facility(
        who=operator,
        facility=facility.code,
        resources=[
            {"kind": "line", "name": "两釜线", "processes": PROCESSES},
            {
                "kind": "equipment",
                "name": "大釜",
                "line_name": "两釜线",
                "capabilities": [("volume", "1000L"), ("temperature", "0~30℃")],
            },
            {
                "kind": "equipment",
                "name": "热釜",
                "line_name": "两釜线",
                "capabilities": [("volume", "50L"), ("temperature", "0~150℃")],
            },
        ],
        now=NOW,
    )
    case = read_need(actor())
    answer = services.propose(case=case.pk, now=NOW).answer
    assert answer["full"] == 0
    assert all(not row["complete"] for row in answer["rows"])


def test_a_gap_opens_with_what_blocks_it_and_closes_when_somebody_adds_it() -> None:
    operator, facility = operated()
    with_reactor(operator, facility, [("volume", "50L")])
    case = read_need(actor())
    services.propose(case=case.pk, now=NOW)
    gap = Gap.objects.get(case_id=case.pk)
    assert "volume" in gap.attributes
    assert (gap.region, gap.scale, gap.fields) == (case.region, "pilot", ["new_energy_materials"])
    registry.fill_facility(
        who=operator,
        facility=facility.code,
        resources=[
            {"kind": "line", "name": "新线", "processes": PROCESSES},
            {"kind": "equipment", "name": "新釜", "line_name": "新线", "capabilities": REACTOR},
        ],
        now=NOW,
    )
    assert services.refresh_stale(now=NOW) == 1
    assert not Gap.objects.exists()
    assert services.refresh_stale(now=NOW) == 0


def test_a_new_record_is_found_at_once_and_reading_writes_nothing() -> None:
    operator, facility = operated()
    applicant = actor()
    case = read_need(applicant)
    services.propose(case=case.pk, now=NOW)
    before = Shortlist.objects.count()
    line = with_reactor(operator, facility)
    answer, stored = services.current_shortlist(who=applicant, case=case.pk)
    assert stored is None
    assert [row["line"] for row in answer["rows"]] == [line]
    assert Shortlist.objects.count() == before


def test_an_archived_facility_is_gone_from_the_answer() -> None:
    operator, facility = operated()
    with_reactor(operator, facility)
    case = read_need(actor())
    assert services.propose(case=case.pk, now=NOW).answer["full"] == 1
    registry.archive_facility(who=operator, code=facility.code, now=NOW)
    assert services.propose(case=case.pk, now=NOW).answer["full"] == 0


def test_the_answer_can_be_replayed() -> None:
    operator, facility = operated()
    with_reactor(operator, facility)
    case = read_need(actor())
    first = services.propose(case=case.pk, now=NOW)
    second = services.propose(case=case.pk, now=NOW)
    assert (first.problem_digest, first.answer) == (second.problem_digest, second.answer)
    assert (first.release, first.engine) == (1, "matching/1")
    actions = [entry.action for entry in case_history(case=case.pk)]
    assert actions.count("matching.propose") == 2


def test_a_shortlist_is_for_its_applicant_and_their_authority_only() -> None:
    applicant = actor()
    case = read_need(applicant)
    services.propose(case=case.pk, now=NOW)
    assert queries.latest_shortlist(who=applicant, case=case.pk) is not None
    assert queries.latest_shortlist(who=actor("authority"), case=case.pk) is not None
    for stranger in (actor(), actor("operator"), actor("authority", region=OTHER_CITY)):
        with pytest.raises(NotFound):
            queries.latest_shortlist(who=stranger, case=case.pk)
        with pytest.raises(NotFound):
            services.propose(case=case.pk, who=stranger, now=NOW)


def test_openings_say_what_one_more_capability_would_close() -> None:
    operator, facility = operated()
    small = [("volume", "50L"), *[s for s in REACTOR if s[0] != "volume"]]
    with_reactor(operator, facility, small)
    cases = [read_need(actor()) for _ in range(2)]
    for case in cases:
        services.propose(case=case.pk, now=NOW)
    (row,) = queries.openings(who=actor("authority"))
    assert row["attribute"] == "volume"
    assert {gap.case_id for gap in row["gaps"]} == {case.pk for case in cases}
    table = queries.gap_table(who=actor("authority"), rows="attributes", columns="fields")
    assert table == {"volume": {"new_energy_materials": 2}}


def test_each_process_that_nobody_has_is_an_opening_of_its_own() -> None:
    for process in ("酶催化", "偶联", "酶催化"):
        text = f"样品已备好,请承担{process}工序,其余条件由平台与我方另行商定。"
        case = read_need(actor(), title="工序中试", detail=text)
        services.propose(case=case.pk, now=NOW)
    rows = queries.openings(who=actor("authority"))
    assert [row["attribute"] for row in rows] == ["process", "process"]
    assert [len(row["gaps"]) for row in rows] == [2, 1]


def test_the_machine_reads_everything() -> None:
    case = read_need(actor())
    services.propose(case=case.pk, now=NOW)
    assert queries.latest_shortlist(who=SYSTEM, case=case.pk) is not None


def test_one_requirement_that_is_met_by_chance_does_not_outweigh_the_words() -> None:
    applicant = actor()
    case = read_need(
        applicant,
        title="高镍三元前驱体材料放大",
        detail="前驱体材料放大需500L的釜,其余条件由平台提出。",
    )
    who, facility = operated(name="海岱前驱体中试平台")
    right = with_reactor(who, facility, [("volume", "1000L")])
    other, place = operated(name="齐鲁果蔬饮料中试平台")
    other_line, _vat = registry.fill_facility(
        who=other,
        facility=place.code,
        resources=[
            {"kind": "line", "name": "果汁调配线"},
            {
                "kind": "equipment",
                "name": "调配罐",
                "line_name": "果汁调配线",
                "capabilities": [("volume", "1000L")],
            },
        ],
        now=NOW,
    )
    rows = {r["line"]: r for r in services.propose(case=case.pk, now=NOW).answer["rows"]}
    assert len(rows[right]["requirements"]) == 1
    assert rows[right]["parts"]["fit"]["points"] == rows[other_line.pk]["parts"]["fit"]["points"]
    assert rows[right]["total"] > rows[other_line.pk]["total"] + 0.05
    assert rows[other_line.pk]["total"] < 0.4
    assert list(rows) == [right, other_line.pk]
    assert sum(part["weight"] for part in rows[right]["parts"].values()) == pytest.approx(
        1, abs=1e-3
    )
