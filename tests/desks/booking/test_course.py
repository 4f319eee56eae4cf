"""From hold to closed, with every refusal said at once and nothing half-written."""

from datetime import timedelta

import pytest

from pilotline.desks.booking import services
from pilotline.desks.booking.models import Booking, Occupation
from pilotline.desks.booking.rules.wishes import Wish
from pilotline.desks.journal.models import Entry, Happening
from pilotline.desks.people.queries import actor_for
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


def test_the_whole_course(line):
    operator, thing = line
    who = actor()
    made = hold(who, thing, at(3, 9))
    assert (made.state, made.number) == ("held", "YY-2026-000001")
    assert made.held_until == NOW + timedelta(minutes=60)
    services.confirm(who=who, booking=made.pk, now=NOW)
    with pytest.raises(Refused) as early:
        services.mark_used(who=operator, booking=made.pk, now=NOW)
    assert codes(early) == ["too-early"]
    services.mark_used(who=operator, booking=made.pk, now=at(3, 10))
    time = made.occupations.get()
    closed = services.close(who=operator, booking=made.pk, minutes={time.pk: 95}, now=at(3, 12))
    assert closed.state == "closed"
    time.refresh_from_db()
    assert time.measured_minutes == 95
    assert list(Happening.objects.filter(name__startswith="Booking").values_list("name")) == [
        ("BookingHeld",),
        ("BookingConfirmed",),
        ("BookingUsed",),
        ("BookingClosed",),
    ]
    news = Happening.objects.get(name="BookingClosed").payload
    assert news["minutes"] == {str(time.pk): 95}
    assert news["operators"] == [min(operator.organisations)]
    actions = Entry.objects.filter(subject_kind="booking").values_list("action", flat=True)
    assert list(actions) == [f"booking.{a}" for a in ("hold", "confirm", "use", "close")]


def test_a_taken_time_names_the_next_free_ones(line):
    _operator, thing = line
    hold(actor(), thing, at(3, 9))
    with pytest.raises(Refused) as refused:
        hold(actor(), thing, at(3, 10))
    (problem,) = refused.value.problems
    assert problem.code == "taken"
    free = [time["start"] for time in problem.data["free"]]
    assert free[0] == at(3, 11).isoformat()
    assert "2026-11-03 11:00" in str(problem.text)
    assert Booking.objects.count() == 1


def test_times_that_touch_do_not_overlap(line):
    _operator, thing = line
    hold(actor(), thing, at(3, 9))
    assert hold(actor(), thing, at(3, 11)).state == "held"


def test_all_or_none_over_two_facilities(line):
    _operator, thing = line
    second = bookable(*place())
    hold(actor(), second, at(3, 9))
    who = actor()
    wishes = [Wish(thing.pk, at(3), at(3, 11)), Wish(second.pk, at(3, 10), at(3, 12))]
    with pytest.raises(Refused) as refused:
        services.hold(
            who=who, organisation=min(who.organisations), wishes=wishes, purpose="联试", now=NOW
        )
    assert [p.data["resource"] for p in refused.value.problems] == [second.pk]
    assert Occupation.objects.count() == 1
    wishes[1] = Wish(second.pk, at(4), at(4, 12))
    both = services.hold(
        who=who, organisation=min(who.organisations), wishes=wishes, purpose="联试", now=NOW
    )
    assert both.occupations.count() == 2
    assert (both.starts, both.ends) == (at(3), at(4, 12))


@pytest.mark.parametrize(
    ("start", "hours", "code"),
    [
        (at(1), 2, "past"),
        (at(3, 12), -1, "negative"),
        (at(3, 12), 0, "negative"),
        (at(3, 9, 10), 1, "off-grid"),
        (at(3, 16), 2, "closed"),
        (at(7, 10), 1, "closed"),  # a plain Saturday
        (at(3, 9) + timedelta(days=364.5), 1, "too-far"),
        (at(3, 9).replace(year=2199), 1, "too-far"),
        (at(3, 9).replace(year=9999), 1, "no-such-day"),
        (at(3, 9).replace(year=1, tzinfo=None).replace(tzinfo=NOW.tzinfo), 1, "no-such-day"),
    ],
)
def test_bad_times(line, start, hours, code):
    _operator, thing = line
    with pytest.raises(Refused) as refused:
        hold(actor(), thing, start, hours)
    assert code in codes(refused)
    assert Booking.objects.count() == 0
    assert Entry.objects.filter(action="booking.hold").count() == 0


def test_everything_wrong_is_said_at_once(line):
    operator, _thing = line
    _who, facility = place()
    strict = bookable(_who, facility, licence=True, lead=48 * 60, shortest=120)
    with pytest.raises(Refused) as refused:
        hold(actor(), strict, at(2, 16), 1)
    assert set(codes(refused)) == {"too-short", "too-soon", "no-licence"}
    with pytest.raises(Refused) as refused:
        hold(actor(), strict, at(1), -1, purpose=" ", family="moon dust")
    assert set(codes(refused)) == {"no-purpose", "negative", "family"}
    assert operator.id


def test_a_holiday_and_a_shifted_working_day(line):
    _operator, thing = line
    now = at(21, month=9)
    with pytest.raises(Refused) as refused:
        hold(actor(), thing, at(2, month=10), now=now)
    assert codes(refused) == ["closed"]
    assert hold(actor(), thing, at(10, month=10), now=now).state == "held"  # worked Saturday


def test_beyond_the_working_calendar(line):
    operator, facility = place()
    far = bookable(operator, facility, horizon_days=1000)
    start = at(2, month=1).replace(year=2029)
    with pytest.raises(Refused) as refused:
        hold(actor(), far, start)
    assert codes(refused) == ["calendar-ends"]
    assert "2028-12-31" in str(refused.value)


def test_a_hold_expires_at_once_when_somebody_asks(line):
    _operator, thing = line
    first = hold(actor(), thing, at(3))
    later = NOW + timedelta(minutes=60)
    assert hold(actor(), thing, at(3), now=later).state == "held"
    first.refresh_from_db()
    assert first.state == "expired"
    with pytest.raises(Conflict):
        services.confirm(who=actor_for(first.person), booking=first.pk, now=later)


def test_the_owner_approves_or_declines():
    operator, facility = place()
    thing = bookable(operator, facility, approval=True)
    who = actor()
    made = services.confirm(who=who, booking=hold(who, thing, at(3)).pk, now=NOW)
    assert made.state == "asked"
    with pytest.raises(NotFound):
        services.approve(who=actor("operator"), booking=made.pk, now=NOW)
    assert services.approve(who=operator, booking=made.pk, now=NOW).state == "confirmed"
    other = services.confirm(who=who, booking=hold(who, thing, at(4)).pk, now=NOW)
    with pytest.raises(Refused) as refused:
        services.decline(who=operator, booking=other.pk, reason="", now=NOW)
    assert codes(refused) == ["no-reason"]
    services.decline(who=operator, booking=other.pk, reason="设备检修", now=NOW)
    assert hold(actor(), thing, at(4)).state == "held"


def test_the_operator_needs_no_approval_of_their_own():
    operator, facility = place()
    thing = bookable(operator, facility, approval=True, licence=True, lead=10_000)
    made = hold(operator, thing, at(3))
    assert services.confirm(who=operator, booking=made.pk, now=NOW).state == "confirmed"


def test_cancelling_costs_what_was_shown(line):
    operator, thing = line
    who = actor()
    made = confirmed(who, thing, at(5, 9))
    with pytest.raises(Conflict) as risen:
        services.cancel(who=who, booking=made.pk, percent=0, now=at(3, 10))
    assert risen.value.data["percent"] == 20
    with pytest.raises(NotFound):
        services.cancel(who=actor(), booking=made.pk, now=NOW)
    done = services.cancel(who=who, booking=made.pk, percent=20, now=at(3, 10))
    assert (done.state, done.fee_percent) == ("cancelled", 20)
    second = confirmed(who, thing, at(5, 9))
    with pytest.raises(Refused):
        services.cancel(who=operator, booking=second.pk, now=at(5, 8))
    done = services.cancel(who=operator, booking=second.pk, reason="停电", now=at(5, 8))
    assert done.fee_percent == 0


def test_a_used_time_cannot_be_cancelled(line):
    _operator, thing = line
    who = actor()
    made = confirmed(who, thing, at(3))
    with pytest.raises(Refused) as refused:
        services.cancel(who=who, booking=made.pk, now=at(3, 10))
    assert codes(refused) == ["begun"]


def test_moving_a_booking(line):
    _operator, thing = line
    who = actor()
    made = confirmed(who, thing, at(5, 9))
    hold(actor(), thing, at(5, 13))
    with pytest.raises(Refused) as refused:
        services.change(
            who=who, booking=made.pk, wishes=[Wish(thing.pk, at(5, 12), at(5, 14))], now=NOW
        )
    assert codes(refused) == ["taken"]
    made.refresh_from_db()
    assert made.occupations.get().use.lower == at(5, 9)
    # Onto a part of its own old time.
    moved = services.change(
        who=who, booking=made.pk, wishes=[Wish(thing.pk, at(5, 10), at(5, 12))], now=at(4, 10)
    )
    assert (moved.state, moved.fee_percent, moved.starts) == ("confirmed", 10, at(5, 10))
    with pytest.raises(Refused) as refused:
        services.change(
            who=who, booking=made.pk, wishes=[Wish(thing.pk, at(6), at(6, 10))], now=at(5, 9)
        )
    assert codes(refused) == ["too-late"]


def test_other_peoples_organisations_and_resources(line):
    _operator, thing = line
    who, stranger = actor(), actor()
    with pytest.raises(NotAllowed):
        hold(who, thing, at(3), organisation=min(stranger.organisations))
    with pytest.raises(NotFound):
        hold(who, thing, at(3), wishes=[Wish(987_654, at(3), at(3, 10))])
    with pytest.raises(NotAllowed):
        services.set_bookable(who=who, resource=thing.pk, values={"slot": 60}, now=NOW)


def test_the_same_key_is_the_same_booking(line):
    _operator, thing = line
    who = actor()
    assert hold(who, thing, at(3), key="k1") == hold(who, thing, at(3), key="k1")
    assert Booking.objects.count() == 1


def test_a_licence_opens_the_resource_until_its_day():
    operator, facility = place()
    thing = bookable(operator, facility, licence=True)
    who = actor()
    services.give_licence(who=operator, resource=thing.pk, user=who.id, until=at(4).date(), now=NOW)
    assert hold(who, thing, at(3)).state == "held"
    with pytest.raises(Refused) as refused:
        hold(who, thing, at(5))
    assert codes(refused) == ["licence-ends"]


def test_one_booking_at_two_facilities_closes_when_both_have_measured(line):
    operator, thing = line
    other, facility = place()
    second = bookable(other, facility)
    who = actor()
    wishes = [Wish(thing.pk, at(3), at(3) + HOUR), Wish(second.pk, at(3), at(3) + HOUR)]
    made = hold(who, thing, at(3), wishes=wishes)
    services.confirm(who=who, booking=made.pk, now=NOW)
    services.mark_used(who=operator, booking=made.pk, now=at(3, 10))
    assert services.close(who=operator, booking=made.pk, now=at(3, 11)).state == "used"
    foreign = made.occupations.get(resource=thing).pk
    with pytest.raises(Refused) as refused:
        services.close(who=other, booking=made.pk, minutes={foreign: -5}, now=at(3, 11))
    assert set(codes(refused)) == {"not-yours", "out-of-range"}
    assert services.close(who=other, booking=made.pk, now=at(3, 11)).state == "closed"
