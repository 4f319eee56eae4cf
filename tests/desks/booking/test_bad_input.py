"""What people get wrong: a plain refusal each time, and nothing half-written.

Overlapping opening hours, faulty tiers and negative prices stand beside the tariffs and settings
they belong to; a voucher spent twice at one moment beside the vouchers. Here are the days.
"""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from pilotline.desks.booking import services
from pilotline.desks.booking.models import Booking, Occupation, Opening, Series, Tariff
from pilotline.desks.booking.rules.recurring import Repeat
from pilotline.desks.booking.rules.wishes import Wish
from pilotline.desks.booking.services.prices import price_of_wishes
from pilotline.kernel.actor import SYSTEM, Actor
from pilotline.kernel.errors import Refused
from tests.factories import NOW, actor, person
from tests.factories_booking import HOUR, OFFICE, bookable, place
from tests.factories_tariffs import CONTENT, tariff
from tests.web.test_booking_pages import OPEN, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rulebook")]
ZONE = timezone.get_default_timezone()
LEAP = datetime(2028, 2, 25, 8, tzinfo=ZONE)


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {problem.code for problem in refused.value.problems}


@pytest.fixture
def line() -> tuple[Actor, Any]:
    operator, facility = place()
    values = {"days": "every", "openings": OPEN, "slot": 60, "horizon_days": 1000}
    return operator, bookable(operator, facility, **values)


def hold(who: Actor, thing: Any, start: datetime, now: datetime, **given: Any) -> Booking:
    return services.hold(
        who=who,
        organisation=min(who.organisations),
        wishes=[Wish(thing.pk, start, start + given.get("length", 2 * HOUR))],
        purpose="三批试制",
        now=now,
    )


def test_the_end_of_a_leap_february(line: Any) -> None:
    _operator, thing = line
    who = actor()
    over_midnight = datetime(2028, 2, 28, 22, tzinfo=ZONE)
    made = hold(who, thing, over_midnight, LEAP, length=28 * HOUR)
    assert made.ends == datetime(2028, 3, 1, 2, tzinfo=ZONE)
    wish = Wish(
        thing.pk, datetime(2028, 3, 29, 9, tzinfo=ZONE), datetime(2028, 3, 29, 11, tzinfo=ZONE)
    )
    days = {"who": who, "organisation": min(who.organisations), "purpose": "每月一批", "now": LEAP}
    _series, kept, _misfits = services.hold_series(wishes=[wish], repeat=Repeat("month", 3), **days)
    assert [b.starts.astimezone(ZONE).date() for b in kept] == [
        date(2028, 3, 29), date(2028, 4, 29), date(2028, 5, 29),
    ]  # fmt: skip
    # From the thirty-first of January there is no thirty-first of February, in a leap year either.
    end = Wish(
        thing.pk, datetime(2028, 1, 31, 9, tzinfo=ZONE), datetime(2028, 1, 31, 11, tzinfo=ZONE)
    )
    with pytest.raises(Refused) as refused:
        services.hold_series(
            wishes=[end],
            repeat=Repeat("month", 2),
            **days | {"now": datetime(2028, 1, 30, tzinfo=ZONE)},
        )
    assert codes(refused) == {"no-such-day"}
    assert "2028-02-31" in str(refused.value)
    assert Series.objects.count() == 1
    # The day itself has prices, and a tariff may begin on it.
    tariff(thing.facility, thing.pk, content=CONTENT, valid_from=date(2028, 2, 29), now=LEAP)
    leap_day = datetime(2028, 2, 29, 9, tzinfo=ZONE)
    listed = price_of_wishes(
        who=who,
        organisation=min(who.organisations),
        wishes=[Wish(thing.pk, leap_day, leap_day + 2 * HOUR)],
        now=leap_day,
    )
    assert listed[0].total is not None


def test_a_day_that_no_calendar_has_is_told_at_its_field(line: Any) -> None:
    _operator, thing = line
    user = person()
    given = {
        "resources": [thing.pk],
        "start": "2027-02-29T09:00",
        "end": "2027-02-29T11:00",
        "purpose": "三批试制",
        "organisation": min(user.memberships.values_list("organisation", flat=True)),
    }
    page = client_of(user).post(reverse("applicant:book", args=[thing.facility.code]), given)
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"start", "end"}
    assert not Booking.objects.exists()


@pytest.mark.parametrize(
    ("start", "length", "code"),
    [
        (NOW - timedelta(hours=1), 2 * HOUR, "past"),
        (NOW - timedelta(days=400), 2 * HOUR, "past"),
        (NOW.replace(hour=9) + timedelta(days=1), -HOUR, "negative"),
        (datetime(1, 1, 1, tzinfo=ZONE), HOUR, "no-such-day"),
    ],
)
def test_a_booking_in_the_past_or_backwards(
    line: Any, start: datetime, length: timedelta, code: str
) -> None:
    _operator, thing = line
    with pytest.raises(Refused) as refused:
        hold(actor(), thing, start, NOW, length=length)
    assert codes(refused) == {code}
    assert (Booking.objects.count(), Occupation.objects.count()) == (0, 0)


def test_a_working_calendar_that_ends_before_the_booking() -> None:
    operator, facility = place()
    thing = bookable(operator, facility, openings=OFFICE, horizon_days=1000)
    late = datetime(2029, 1, 8, 9, tzinfo=ZONE)
    with pytest.raises(Refused) as refused:
        hold(actor(), thing, late, datetime(2028, 12, 1, tzinfo=ZONE))
    assert codes(refused) == {"calendar-ends"}
    assert "2028-12-31" in str(refused.value)
    assert (Booking.objects.count(), Occupation.objects.count()) == (0, 0)


def test_tiers_with_a_gap_or_an_overlap_set_no_price() -> None:
    _operator, facility = place()
    for second, code in (("20", "gap"), ("5", "overlap")):
        entry = CONTENT["entries"][0] | {
            "tiers": [
                {"start": "0", "end": "10", "factor": "1"},
                {"start": second, "end": None, "factor": "0.9"},
            ]
        }
        with pytest.raises(Refused) as refused:
            tariff(facility, who=SYSTEM, content=CONTENT | {"entries": [entry]})
        assert codes(refused) == {code}
    assert not Tariff.objects.exists()


def test_every_refusal_is_a_sentence_in_the_reader_s_language() -> None:
    operator, facility = place()
    office = bookable(operator, facility, openings=OFFICE, horizon_days=1000)
    who, entry = actor(), CONTENT["entries"][0]
    gap = [{"start": "0", "end": "10", "factor": "1"}, {"start": "20", "factor": "0.9"}]
    crossed = [(0, 480, 720), (0, 660, 900)]

    def priced(**wrong: Any) -> Any:
        faulty = CONTENT | {"entries": [entry | wrong]}
        return lambda: tariff(facility, who=SYSTEM, content=faulty)

    def hours() -> None:
        services.set_bookable(who=operator, resource=office.pk, openings=crossed, now=NOW)

    faults = {
        "past": lambda: hold(who, office, NOW - HOUR, NOW),
        "calendar-ends": lambda: hold(
            who, office, datetime(2029, 1, 8, 9, tzinfo=ZONE), datetime(2028, 12, 1, tzinfo=ZONE)
        ),
        "tiers": priced(tiers=gap),
        "price": priced(price="-5"),
        "hours": hours,
    }
    for name, fault in faults.items():
        for language in ("zh-hans", "en"):
            with translation.override(language), pytest.raises(Refused) as refused:
                fault()
            with translation.override(language):
                said = [str(problem.text) for problem in refused.value.problems]
            is_chinese = [any("\u4e00" <= c <= "\u9fff" for c in text) for text in said]
            # A resource keeps its Chinese name in an English sentence.
            plain = [text.replace(office.name, "") for text in said]
            english = [not any("\u4e00" <= c <= "\u9fff" for c in text) for text in plain]
            assert all(is_chinese if language == "zh-hans" else english), (name, said)
            assert all(text.rstrip()[-1] in "。.:：)）" for text in said), (name, said)
    assert not Booking.objects.exists()
    assert not Tariff.objects.exists()
    assert office.pk not in Opening.objects.filter(start=660).values_list("bookable", flat=True)
