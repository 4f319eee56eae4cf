"""Quotations: worked out by class and tariff, frozen, accepted in time and once."""

from datetime import timedelta
from decimal import Decimal as D
from typing import Any

import pytest
from psycopg.types.range import TimestamptzRange

from pilotline.desks.booking.models import Booking, Occupation, Quotation
from pilotline.desks.booking.queries import quotations as queries
from pilotline.desks.booking.rules.tariffs import Meter
from pilotline.desks.booking.services import prices, quotations
from pilotline.desks.journal.models import Entry, Happening
from pilotline.desks.people.models import Organisation
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from tests.factories import CITY, NOW, OTHER_CITY, actor, organisation
from tests.factories_matching import operated
from tests.factories_tariffs import CONTENT, TODAY, hours, quotation, resource, tariff

pytestmark = pytest.mark.usefixtures("rulebook")


@pytest.fixture
def place() -> Any:
    """An operator, a facility with a tariff for all of it, and one piece of equipment."""
    who, facility = operated()
    tariff(facility, who=who)
    return who, facility, resource(who, facility)


def test_every_line_says_which_entry_made_it_and_how(place) -> None:
    _who, facility, pk = place
    made = quotation(actor(), facility, hours(pk, "6", Meter("utility", "kwh", D(100), "电")))
    assert [(x["kind"], x["entry"], x["amount"]) for x in made.lines] == [
        ("use", "use", "1621.67"),
        ("cleaning", "clean", "200.00"),
        ("utility", "power", "85.00"),
        ("overhead", "", "190.67"),
        ("tax", "", "125.84"),
    ]
    assert made.lines[0]["terms"] == [
        {"word": "given", "value": "6", "unit": "hour"},
        {"word": "price", "value": "300.31", "unit": "hour"},
        {"word": "class", "value": "0.9", "unit": ""},
    ]
    assert (made.user_class, made.net, made.tax, made.total) == (
        "sme",
        D("2097.34"),
        D("125.84"),
        D("2223.18"),
    )
    assert made.number.startswith("BJ-2026-")
    assert made.tariffs == [{"tariff": made.lines[0]["tariff"], "version": 1}]
    assert made.valid_until == TODAY + timedelta(days=30)
    assert Happening.objects.filter(name="QuotationMade").count() == 1


@pytest.mark.parametrize(
    ("kind", "region", "expected"),
    [
        ("srdi", OTHER_CITY, "sme"),
        ("university", CITY, "academic"),
        ("large_enterprise", CITY, "industry"),
        ("srdi", "320100", "outside"),
    ],
)
def test_the_class_follows_from_the_organisation(place, kind, region, expected) -> None:
    _who, facility, _pk = place
    made = organisation(kind=kind)
    # Registration offers the region's own cities only.
    Organisation.objects.filter(pk=made.pk).update(region=region)
    found = prices.user_class_of(organisation=made.pk, operator=facility.operator_id)
    assert found == expected
    own = prices.user_class_of(organisation=made.pk, operator=made.pk)
    assert own == "inside"


def test_accepted_once_and_never_after_its_last_day(place) -> None:
    _who, facility, pk = place
    who = actor()
    made, other = (quotation(who, facility, hours(pk, "2")) for _ in range(2))
    last = NOW + timedelta(days=30)
    first = quotations.accept_quotation(who=who, quotation=made.pk, now=last)
    again = quotations.accept_quotation(who=who, quotation=made.pk, now=last)
    assert first.state == again.state == "accepted"
    assert Entry.objects.filter(action="booking.quotation-accept").count() == 1
    with pytest.raises(Refused) as caught:
        quotations.accept_quotation(who=who, quotation=other.pk, now=last + timedelta(days=1))
    assert [p.code for p in caught.value.problems] == ["expired"]
    today = TODAY + timedelta(days=31)
    shown = dict(queries.my_quotations(who=who, today=today).values_list("pk", "shown_state"))
    assert shown == {made.pk: "accepted", other.pk: "expired"}
    with pytest.raises(Refused):
        quotations.decline_quotation(who=who, quotation=made.pk, now=last)


def test_what_was_altered_behind_our_back_is_not_accepted(place) -> None:
    _who, facility, pk = place
    who = actor()
    made = quotation(who, facility, hours(pk, "2"))
    Quotation.objects.filter(pk=made.pk).update(total=D("0.01"))
    with pytest.raises(quotations.QuotationAltered):
        quotations.accept_quotation(who=who, quotation=made.pk, now=NOW)


def test_the_facility_withdraws_with_a_reason(place) -> None:
    operator, facility, pk = place
    who = actor()
    made = quotation(who, facility, hours(pk, "2"))
    with pytest.raises(Refused):
        quotations.withdraw_quotation(who=operator, quotation=made.pk, reason=" ", now=NOW)
    with pytest.raises(NotAllowed):
        quotations.withdraw_quotation(who=who, quotation=made.pk, reason="x", now=NOW)
    with pytest.raises(NotAllowed):
        quotations.accept_quotation(who=operator, quotation=made.pk, now=NOW)
    done = quotations.withdraw_quotation(
        who=operator, quotation=made.pk, reason="设备检修", now=NOW
    )
    assert (done.state, done.reason) == ("withdrawn", "设备检修")
    with pytest.raises(Refused):
        quotations.accept_quotation(who=who, quotation=made.pk, now=NOW)


def test_strangers_see_no_quotation_and_ask_none_for_others(place) -> None:
    operator, facility, pk = place
    mine = actor()
    made = quotation(mine, facility, hours(pk, "2"))
    insiders = [mine, operator, actor("authority", region=CITY)]
    for who in insiders:
        assert queries.quotation(who=who, id=made.pk) == made
    for who in (actor(), actor("operator"), actor("authority", region=OTHER_CITY)):
        with pytest.raises(NotFound):
            queries.quotation(who=who, id=made.pk)
        with pytest.raises(NotFound):
            quotations.accept_quotation(who=who, quotation=made.pk, now=NOW)
        with pytest.raises(NotAllowed):
            quotations.quote(
                who=who,
                code=facility.code,
                organisation=made.organisation_id,
                wanted=[hours(pk, "2")],
                now=NOW,
            )


def test_everything_that_cannot_be_priced_is_said_at_once(place) -> None:
    _who, facility, pk = place
    who = actor()
    odd = [Meter("utility", "m3", D(1), "水"), Meter("use", "hour", D(-1))]
    with pytest.raises(Refused) as caught:
        quotation(who, facility, hours(pk, "2", *odd), hours(pk, "NaN"))
    assert {(p.code, p.field) for p in caught.value.problems} == {
        ("not-a-number", "uses.1.quantities.0.amount")
    }
    with pytest.raises(Refused) as caught:
        quotation(who, facility, hours(pk, "2", *odd))
    assert {(p.code, p.field) for p in caught.value.problems} == {
        ("no-tariff", "uses.0.quantities.1"),
        ("negative", "uses.0.quantities.2"),
    }
    for wanted in ([], [hours(10**9, "2")], [hours(pk, "0")]):
        with pytest.raises(Refused):
            quotation(who, facility, *wanted)
    _other, bare = operated(name="未定价平台")
    with pytest.raises(Refused) as caught:
        quotation(who, bare, hours(None, "2"))
    assert [p.code for p in caught.value.problems] == ["no-prices"]
    assert not Quotation.objects.exists()


def test_what_was_measured_is_priced_by_what_was_quoted(place) -> None:
    operator, facility, pk = place
    who = actor()
    made = quotation(who, facility, hours(pk, "6"))
    dearer = CONTENT["entries"][0] | {"price": "999"}
    tariff(facility, who=operator, content=CONTENT | {"entries": [dearer]})
    given = {"who": who, "code": facility.code, "organisation": made.organisation_id, "now": NOW}
    now = prices.priced(**given, wanted=[hours(pk, "6")])
    then = prices.priced(**given, wanted=[hours(pk, "6")], under=made)
    assert (then.total, then.lines) == (made.total, made.lines)
    assert now.total > then.total


def booked(who: Any, *places: tuple[int, int, int]) -> Booking:
    """A confirmed booking row; `places`: resource, hours from NOW, hours long."""
    booking = Booking.objects.create(
        number=f"YY-2026-{Booking.objects.count():06d}",
        organisation_id=min(who.organisations),
        purpose="试验",
        state="confirmed",
        starts=NOW,
        ends=NOW + timedelta(days=9),
        release=1,
        made_at=NOW,
    )
    for pk, start, length in places:
        begins = NOW + timedelta(hours=start)
        use = TimestamptzRange(begins, begins + timedelta(hours=length))
        Occupation.objects.create(booking=booking, resource_id=pk, use=use, blocked=use)
    return booking


def test_the_price_of_a_booking_over_two_facilities_and_its_fee(place) -> None:
    _who, facility, pk = place
    other, bare = operated(name="未定价平台")
    who = actor()
    booking = booked(who, (pk, 1, 6), (resource(other, bare), 1, 6))
    priced, unpriced = prices.price_of(who=who, booking=booking.pk, now=NOW)
    assert priced.total == D("2124.07")
    assert (unpriced.total, [p.code for p in unpriced.problems]) == (None, ["no-prices"])
    assert prices.fee_of([priced], 20) == D("424.81")
    assert prices.fee_of([priced, unpriced], 20) is None
    assert prices.fee_of([priced, unpriced], 0) == 0
    made = quotation(who, facility, hours(pk, "6"), booking=booking.pk)
    quotations.accept_quotation(who=who, quotation=made.pk, now=NOW)
    found = prices.price_of(who=who, booking=booking.pk, now=NOW)[0]
    assert (found.quotation, found.total) == (made, made.total)
    with pytest.raises(NotFound):
        prices.price_of(who=actor(), booking=booking.pk, now=NOW)


def test_one_accepted_quotation_a_booking_and_only_its_own(place) -> None:
    operator, facility, pk = place
    who = actor()
    booking = booked(who, (pk, 1, 6))
    offered = quotation(
        operator,
        facility,
        hours(pk, "6"),
        booking=booking.pk,
        organisation=booking.organisation_id,
    )
    asked = quotation(who, facility, hours(pk, "6"), booking=booking.pk)
    quotations.accept_quotation(who=who, quotation=offered.pk, now=NOW)
    with pytest.raises(Conflict):
        quotations.accept_quotation(who=who, quotation=asked.pk, now=NOW)
    assert queries.accepted_for(booking=booking.pk) == [offered]
    stranger = actor()
    with pytest.raises(NotFound):
        quotation(stranger, facility, hours(pk, "6"), booking=booking.pk)


@pytest.mark.parametrize("number", [1, 3])
def test_lists_ask_the_same_for_one_row_and_for_three(
    place, number, django_assert_num_queries
) -> None:
    operator, facility, pk = place
    who = actor()
    for _ in range(number):
        quotation(who, facility, hours(pk, "2"))
    with django_assert_num_queries(1):
        rows = list(queries.my_quotations(who=who, today=TODAY))
        assert [r.facility.name for r in rows] == [facility.name] * number
    with django_assert_num_queries(1):
        assert len(queries.operator_quotations(who=operator, today=TODAY)) == number
