"""Waiting in line, series, closures, changeovers, feeds and how full a resource is."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from pilotline.desks.booking import queries, services
from pilotline.desks.booking.models import Booking, Closure, Occupation, Opening, Waiting
from pilotline.desks.booking.rules.recurring import Repeat
from pilotline.desks.booking.rules.wishes import Wish
from pilotline.desks.journal.models import Happening
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from tests.factories import NOW, actor
from tests.factories_booking import HOUR, at, bookable, confirmed, hold, place

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rulebook")]


def codes(refused):
    return [problem.code for problem in refused.value.problems]


@pytest.fixture
def line():
    operator, facility = place()
    return operator, bookable(operator, facility)


def wait(who, thing, start, end, minutes=120, **given):
    values = {"organisation": min(who.organisations), "purpose": "候补中试", "now": NOW}
    return services.wait_for(
        **{"who": who, "resource": thing.pk, "minutes": minutes, "start": start, "end": end}
        | values
        | given
    )


def test_a_freed_time_goes_to_the_first_in_line_and_then_to_the_next(line):
    _operator, thing = line
    who, first, second = actor(), actor(), actor()
    made = confirmed(who, thing, at(5, 9), 8)
    one, two = wait(first, thing, at(5, 9), at(5, 17)), wait(second, thing, at(5), at(5, 11))
    services.cancel(who=who, booking=made.pk, now=NOW)
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.state, two.state) == ("offered", "waiting")
    assert one.booking.starts == at(5, 9)
    assert one.booking.held_until == NOW + timedelta(minutes=240)
    # The first does not answer in time: it is the next one's turn.
    services.sweep(now=NOW + timedelta(minutes=240))
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.state, two.state) == ("lapsed", "offered")
    services.confirm(who=second, booking=two.booking.pk, now=NOW + timedelta(minutes=300))
    two.refresh_from_db()
    assert two.state == "taken"
    assert Happening.objects.filter(name="SlotOffered").count() == 2


def test_nobody_waits_for_what_is_free(line):
    _operator, thing = line
    who = actor()
    with pytest.raises(Refused) as refused:
        wait(who, thing, at(5), at(6))
    assert codes(refused) == ["free"]
    hold(actor(), thing, at(5, 9), 8)
    wait(who, thing, at(5, 9), at(5, 17))
    with pytest.raises(Refused) as refused:
        wait(who, thing, at(5, 9), at(5, 17))
    assert codes(refused) == ["in-line"]
    for start, end, minutes, code in (
        (at(5, 12), at(5, 9), 60, "negative"),
        (at(1), at(1, 12), 60, "past"),
        (at(5), at(5, 10), 120, "window"),
        (at(5), at(5, 12), -60, "length"),
        (at(5), at(5).replace(year=2031), 60, "too-far"),
    ):
        with pytest.raises(Refused) as refused:
            wait(who, thing, start, end, minutes)
        assert code in codes(refused)
    services.leave_line(who=who, waiting=Waiting.objects.get().pk, now=NOW)
    assert Waiting.objects.get().state == "left"
    with pytest.raises(NotFound):
        services.leave_line(who=actor(), waiting=Waiting.objects.get().pk, now=NOW)


def series(who, thing, start, repeat, **given):
    values = {"organisation": min(who.organisations), "purpose": "每周试验", "now": NOW}
    wishes = [Wish(thing.pk, start, start + HOUR)]
    return services.hold_series(**{"who": who, "wishes": wishes, "repeat": repeat} | values | given)


def test_a_series_is_kept_whole_or_says_what_does_not_fit(line):
    _operator, thing = line
    hold(actor(), thing, at(17, 9))
    who = actor()
    with pytest.raises(Refused) as refused:
        series(who, thing, at(3), Repeat("week", 4))
    assert codes(refused) == ["taken"]
    assert "2026-11-17" in str(refused.value)
    assert Booking.objects.count() == 1
    made, kept, misfits = series(who, thing, at(3), Repeat("week", 4), whole=False)
    assert [b.starts for b in kept] == [at(3), at(10), at(24)]
    assert [m["day"] for m in misfits] == ["2026-11-17"]
    assert made.left_out == misfits


@pytest.mark.parametrize(
    ("repeat", "code"),
    [
        (Repeat("week", 260), "series-count"),  # five years
        (Repeat("month", 60), "series-days"),
        (Repeat("day", 1), "series-count"),
        (Repeat("fortnight", 3), "no-rhythm"),
        (Repeat("week", 3, 0), "no-rhythm"),
        (Repeat("week", 10**9), "series-count"),
    ],
)
def test_endless_series_are_refused(line, repeat, code):
    with pytest.raises(Refused) as refused:
        series(actor(), line[1], at(3), repeat)
    assert code in codes(refused)
    assert Booking.objects.count() == 0


def test_a_month_without_the_day_is_named():
    operator, facility = place()
    every_day = bookable(
        operator, facility, openings=[(d, 0, 1440) for d in range(7)], days="every"
    )
    with pytest.raises(Refused) as refused:
        series(actor(), every_day, at(30), Repeat("month", 5))
    assert codes(refused) == ["no-such-day"]
    assert "2027-02-30" in str(refused.value)
    _made, kept, misfits = series(actor(), every_day, at(30), Repeat("month", 5), whole=False)
    assert (len(kept), [m["day"] for m in misfits]) == (4, ["2027-02-30"])


def test_a_closure_blocks_and_names_what_is_in_the_way(line):
    operator, thing = line
    made = confirmed(actor(), thing, at(5, 9))
    with pytest.raises(Refused) as refused:
        _close(operator, [thing.pk], at(4), at(6))
    assert codes(refused) == ["in-the-way"]
    assert made.number in str(refused.value)
    with pytest.raises(Refused) as refused:
        _close(operator, [thing.pk], at(6), at(4), kind="holiday")
    assert set(codes(refused)) == {"negative", "kind"}
    with pytest.raises(NotAllowed):
        _close(actor("operator"), [thing.pk], at(9), at(10))
    closure = _close(operator, [thing.pk], at(9), at(10))
    with pytest.raises(Refused) as refused:
        hold(actor(), thing, at(9, 10))
    assert codes(refused) == ["taken"]
    services.lift_closure(who=operator, closure=closure.pk, now=NOW)
    assert hold(actor(), thing, at(9, 10)).state == "held"
    assert Closure.objects.get().lifted_at == NOW


def _close(who, resources, start, end, kind="maintenance"):
    return services.close_resources(
        who=who, resources=resources, start=start, end=end, kind=kind, now=NOW
    )


def test_overlapping_opening_hours_are_refused_whole(line):
    operator, thing = line
    before = list(Opening.objects.values_list("weekday", "start", "end"))
    with pytest.raises(Refused) as refused:
        services.set_bookable(
            who=operator,
            resource=thing.pk,
            values={"slot": 1, "shortest": 90, "longest": 60, "scale": "galactic"},
            openings=[(0, 480, 720), (0, 700, 1000), (9, 0, 10), (1, 800, 700)],
            changeovers=[("aqueous", "moon", -1)],
            now=NOW,
        )
    assert {"overlap", "weekday", "hours", "out-of-range", "lengths", "scale", "family"} == set(
        codes(refused)
    )
    assert list(Opening.objects.values_list("weekday", "start", "end")) == before


def test_changeovers_of_both_neighbours():
    operator, facility = place()
    thing = bookable(
        operator, facility, changeovers=[("solvent", "aqueous", 120), ("aqueous", "solvent", 60)]
    )
    hold(actor(), thing, at(5, 9), 1, family="solvent")
    late = hold(actor(), thing, at(5, 16), 1, family="solvent")
    assert late.occupations.get().blocked.lower == at(5, 16)
    for hour in (11, 14):
        with pytest.raises(Refused):
            hold(actor(), thing, at(5, hour), 2 if hour == 14 else 0.5, family="aqueous")
    middle = hold(actor(), thing, at(5, 12), 1, family="aqueous")
    assert middle.occupations.get().blocked.lower == at(5, 10)
    assert late.occupations.get().blocked.lower == at(5, 15)
    services.cancel(who=actor_of(middle), booking=middle.pk, now=NOW)
    assert late.occupations.get().blocked.lower == at(5, 16)


def actor_of(booking):
    from pilotline.desks.people.queries import actor_for

    return actor_for(booking.person)


def test_what_no_longer_fits_after_a_cancellation_is_noted():
    """solvent 9–10, aqueous 10–11, food 11–12; without the middle one 3 h of cleaning are due."""
    operator, facility = place()
    thing = bookable(operator, facility, changeovers=[("solvent", "food", 180)])
    hold(actor(), thing, at(5, 9), 1, family="solvent")
    middle = hold(actor(), thing, at(5, 10), 1, family="aqueous")
    last = hold(actor(), thing, at(5, 11), 1, family="food")
    services.cancel(who=actor_of(middle), booking=middle.pk, now=NOW)
    row = Occupation.objects.get(booking=last)
    assert (row.blocked.lower, row.short) == (at(5, 10), 120)


def test_a_feed_is_read_by_its_link_until_it_is_ended(line):
    operator, thing = line
    who = actor()
    made = confirmed(who, thing, at(5, 9))
    feed, secret = services.make_feed(who=who, language="zh-hans", now=NOW)
    file = queries.feed_file(feed=queries.feed_by(secret=secret), now=NOW)
    (event,) = Calendar.from_ical(file.content).walk("VEVENT")
    assert event.decoded("dtstart") == at(5, 9)
    assert made.number in event["summary"]
    services.cancel(who=who, booking=made.pk, now=NOW)
    assert queries.feed_file(feed=feed, now=NOW).tag != file.tag
    services.end_feed(who=who, feed=feed.pk, now=NOW)
    with pytest.raises(NotFound):
        queries.feed_by(secret=secret)
    with pytest.raises(NotFound):
        services.make_feed(who=who, resource=thing.pk, language="en", now=NOW)
    whole, secret = services.make_feed(
        who=operator, facility=thing.facility_id, language="en", now=NOW
    )
    confirmed(who, thing, at(6, 9))
    _close(operator, [thing.pk], at(9), at(10))
    content = queries.feed_file(feed=whole, now=NOW).content.decode()
    assert content.count("BEGIN:VEVENT") == 2


def test_how_full_it_is(line):
    operator, thing = line
    services.set_bookable(who=operator, resource=thing.pk, values={"scale": "pilot"}, now=NOW)
    who = actor()
    confirmed(who, thing, at(3, 9), 4.5)
    hold(who, thing, at(4, 9), 8)  # a hold does not count
    _close(operator, [thing.pk], at(5, 8, 30), at(5, 17, 30))
    bookables = queries.own_used(who=operator)
    (use,) = queries.use_of(bookables=bookables, start=at(2, 0), end=at(7, 0))
    assert (use.open, use.booked, use.closed) == (5 * 540, 270, 540)
    assert use.share == pytest.approx(270 / (4 * 540))
    assert use.verdict == "low"
    (scale,) = queries.by_scale([use])
    assert (scale.scale, scale.count, scale.verdict) == ("pilot", 1, "low")
    assert list(queries.idle(bookables=bookables, now=NOW)) == []
    assert [b.pk for b in queries.idle(bookables=bookables, now=at(30, month=12))] == [thing.pk]


def test_only_the_owner_reads_names_in_a_calendar(line):
    operator, thing = line
    who = actor()
    made = confirmed(who, thing, at(3, 9))
    bookables = list(queries.own_bookables(who=operator))
    stretch = {"bookables": bookables, "start": at(2, 0), "end": at(9, 0), "now": NOW}
    for reader, knows in ((operator, True), (who, True), (actor(), False)):
        (row,) = queries.calendar(who=reader, **stretch)
        (block,) = row.shown
        assert (block.occupation is not None) is knows
        assert row.free.windows[0].start == at(2, 8, 30)
    with pytest.raises(NotFound):
        queries.booking(who=actor(), id=made.pk)
    with pytest.raises(Conflict):
        services.approve(who=operator, booking=hold(who, thing, at(4)).pk, now=NOW)


def test_free_for_several_at_once(line):
    operator, thing = line
    second = bookable(*place(), slot=60, openings=[(1, 600, 900)])
    hold(actor(), thing, at(3, 10), 1)
    asked = {"who": actor(), "resources": [thing.pk, second.pk], "now": NOW}
    found = queries.next_free(minutes=120, start=at(2), end=at(9), **asked)
    assert found == [at(3, 11), at(3, 13)]
    rows = queries.free_times(start=at(3, 0), end=at(4, 0), **asked)
    assert [[(w.start, w.end) for w in row.windows] for row in rows] == [
        [(at(3, 8, 30), at(3, 10)), (at(3, 11), at(3, 17, 30))],
        [(at(3, 10), at(3, 15))],
    ]
    with pytest.raises(Refused):
        queries.free_times(start=at(3), end=at(3).replace(year=2031), **asked)
    assert operator.id
