"""Rules of booking: fees by the hours of notice, faults found with file and line."""

import pytest

from pilotline.rulebook.book import Rulebook


@pytest.mark.parametrize(
    ("hours", "percent"), [(1000, 0), (72, 0), (71.9, 20), (24, 20), (23, 50), (0, 50), (-5, 50)]
)
def test_the_nearest_step_counts(province, hours, percent):
    assert province.booking.cancellation_percent(hours) == percent


def test_a_change_has_steps_of_its_own(province):
    assert province.booking.change_percent(23) == 10
    assert province.booking.change_percent(24) == 0


def test_fullness_by_scale(province):
    assert province.booking.fullness("pilot").high < province.booking.fullness("demonstration").low
    assert province.booking.fullness("no-such") is None


def test_an_older_release_lacks_it(invented):
    content = invented.to_content()
    del content["kinds"]["booking"]
    older = Rulebook.from_content(content)
    assert (older.booking, len(older.material_families)) == (None, 0)


PLANTED = [
    (
        "scale: cup, low: 0.2",
        "scale: mug, low: 0.9",
        [(13, "The lower end is above the upper one."), (13, "There is no scale “mug”.")],
    ),
    (
        "change: [{hours: 12, percent: 5}]",
        "change: [{hours: 24, percent: 9}, {hours: 12, percent: 5}, {hours: 24, percent: 9}]",
        [(12, "24 hours stand here twice."), (12, "More notice must not cost more.")],
    ),
    (
        "approval_hours: 24",
        "approval_hours: 24\njoint_answer_hours: 25",
        [(8, "Operators cannot have longer to answer than approval_hours allow.")],
    ),
    (
        "hours: 2, percent: 0",
        "hours: 2, percent: 30",
        [(17, "This example of “hours” must fail, but: the fee is 30 %.")],
    ),
]


@pytest.mark.parametrize(("old", "new", "faults"), PLANTED)
def test_a_planted_fault_is_found_and_nothing_else(spoil, old, new, faults):
    found = spoil("booking.yaml", old, new)
    assert [(f.line, f.text.en) for f in found] == faults
