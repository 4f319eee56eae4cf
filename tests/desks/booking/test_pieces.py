"""Equal pieces of one resource: each has a calendar of its own, and the database keeps it."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from pilotline.desks.booking import queries, services
from pilotline.desks.booking.models import Closure, Occupation
from pilotline.desks.booking.rules.free import Diary, Gaps, Taken
from pilotline.desks.booking.rules.opening import Hours
from pilotline.desks.booking.rules.wishes import Wish
from pilotline.kernel.errors import Refused
from tests.factories import NOW, actor
from tests.factories_booking import HOUR, at, bookable, confirmed, hold, place

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rulebook")]


@pytest.fixture
def shakers():
    """Three equal shakers, with an hour's cleaning between uses."""
    operator, facility = place()
    thing = bookable(operator, facility, kind="equipment", name="摇床", changeover=60)
    thing.quantity = 3
    thing.save()
    services.set_bookable(who=operator, resource=thing.pk, values={"pieces": 3}, now=NOW)
    return operator, thing


def codes(refused):
    return [problem.code for problem in refused.value.problems]


def test_three_at_once_and_no_fourth(shakers):
    operator, thing = shakers
    start = at(3, 9)
    wish = Wish(thing.pk, start, start + 2 * HOUR)
    both = hold(actor(), thing, start, wishes=[wish, wish])
    assert sorted(both.occupations.values_list("piece", flat=True)) == [1, 2]
    third = hold(actor(), thing, start + HOUR)
    assert third.occupations.get().piece == 3
    with pytest.raises(Refused) as taken:
        hold(actor(), thing, start)
    assert codes(taken) == ["taken"]
    # The third is in use until noon and cleaned until one; the first two are clean at noon.
    assert "11-03 12:00" in str(taken.value)
    with pytest.raises(Refused) as many:
        hold(actor(), thing, at(4, 9), wishes=[Wish(thing.pk, at(4, 9), at(4, 11))] * 4)
    assert codes(many) == ["pieces"]
    free = queries.free_times(
        who=actor(), resources=[thing.pk], start=at(3, 0), end=at(4, 0), now=NOW
    )
    assert [(w.start, w.end) for w in free[0].windows] == [
        (at(3, 8, 30), at(3, 9)),
        (at(3, 12), at(3, 17, 30)),
    ]
    row = both.occupations.filter(piece=1).get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Occupation.objects.create(
            booking=third, resource=thing, piece=1, use=row.use, blocked=row.use
        )
    services.cancel(who=operator, booking=both.pk, reason="检修", now=NOW)
    assert hold(actor(), thing, start).occupations.get().piece == 1


def test_a_closure_takes_all_pieces_and_fewer_pieces_wait_for_what_stands(shakers):
    operator, thing = shakers
    made = services.close_resources(
        who=operator, resources=[thing.pk], start=at(5, 9), end=at(5, 12), kind="calibration",
        now=NOW,
    )  # fmt: skip
    assert made.occupations.count() == 3
    with pytest.raises(Refused):
        hold(actor(), thing, at(5, 10))
    for _ in range(2):
        confirmed(actor(), thing, at(4, 9))
    with pytest.raises(Refused) as stands:
        services.set_bookable(who=operator, resource=thing.pk, values={"pieces": 1}, now=NOW)
    assert codes(stands) == ["pieces-taken"]
    with pytest.raises(Refused) as more:
        services.set_bookable(who=operator, resource=thing.pk, values={"pieces": 4}, now=NOW)
    assert codes(more) == ["pieces"]
    services.set_bookable(who=operator, resource=thing.pk, values={"pieces": 2}, now=NOW)
    thing.quantity = 4
    thing.save()
    services.set_bookable(who=operator, resource=thing.pk, values={"pieces": 4}, now=NOW)
    assert {o.piece for o in Closure.objects.get().occupations.all()} == {1, 2, 3, 4}


def test_utilisation_counts_every_piece(shakers):
    operator, thing = shakers
    confirmed(actor(), thing, at(3, 9), 3)
    use = queries.use_of(
        bookables=queries.own_used(who=operator), start=at(3, 0), end=at(4, 0)
    )[0]  # fmt: skip
    assert (use.open, use.booked) == (3 * 9 * 60, 180)


ALWAYS = {day: [(0, 1440)] for day in range(7)}
uses = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 6)), max_size=14)


@given(uses=uses, pieces=st.integers(1, 3), length=st.integers(1, 5))
def test_starts_are_those_at_which_a_piece_is_clear_in_order_and_once(uses, pieces, length):
    zone = at(2).tzinfo
    diary = Diary(
        1, Hours(ALWAYS, False, None, zone), Gaps(60), (), slot=60, others=[()] * (pieces - 1)
    )
    for start, hours in uses:
        begin = at(2, 0) + start * HOUR
        diary = diary.with_use(begin, begin + hours * HOUR, "")
    for taken in diary.pieces:
        assert all(b.start - a.end >= HOUR for a, b in pairwise(taken))
    long = length * HOUR
    found = list(diary.starts(at(2, 0), at(4, 0), long, ""))
    wanted = [at(2, 0) + n * HOUR for n in range(48)]
    assert found == [s for s in wanted if diary.is_clear(s, s + long, "")]


def test_a_single_piece_is_as_before():
    zone = at(2).tzinfo
    taken = [Taken(at(2, 9), at(2, 11))]
    diary = Diary(1, Hours(ALWAYS, False, None, zone), Gaps(), taken)
    assert not diary.is_clear(at(2, 10), at(2, 12), "")
    assert diary.with_use(at(2, 10), at(2, 12), "") is diary
    assert diary.clear_piece(at(2, 11), at(2, 12), "") == 0
    windows = diary.clear_windows(at(2, 8), at(2, 12), "")
    assert [w.length for w in windows] == [HOUR, timedelta(hours=1)]
