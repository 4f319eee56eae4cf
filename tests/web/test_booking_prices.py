"""Prices and fees in yuan where one books: before a hold, on the booking, before a late change."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pilotline.desks.booking import services
from pilotline.desks.booking.models import Booking
from pilotline.desks.booking.rules.wishes import Wish
from pilotline.desks.people.queries import actor_for
from pilotline.web.shared import values
from tests.factories import person
from tests.factories_booking import HOUR, bookable, place
from tests.factories_tariffs import CONTENT, tariff
from tests.web.test_booking_pages import OPEN, ahead, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rulebook")]
PLAIN = {
    "entries": [
        {"id": "use", "title": "机时费", "kind": "use", "unit": "hour", "price": "300"},
    ],
}  # fmt: skip


@pytest.fixture
def priced():
    """A line at 300 yuan an hour, and an applicant."""
    operator, facility = place()
    thing = bookable(operator, facility, days="every", openings=OPEN, slot=60)
    tariff(
        facility, thing.pk, content=CONTENT | PLAIN | {"factors": {}, "overhead": "0", "tax": "0"}
    )
    return facility, thing, person()


def test_the_price_stands_beside_the_form_before_anything_is_held(priced):
    facility, thing, user = priced
    url = reverse("applicant:hold-price", args=[facility.code])
    given = {
        "resources": [thing.pk],
        "start": f"{ahead(3):%Y-%m-%dT%H:%M}",
        "end": f"{ahead(3) + 3 * HOUR:%Y-%m-%dT%H:%M}",
        "organisation": min(user.memberships.values_list("organisation", flat=True)),
    }
    client = client_of(user)
    assert "¥900" in client.post(url, given).content.decode()
    assert "¥900" not in client.post(url, given | {"end": ""}).content.decode()
    backwards = given | {"end": f"{ahead(3) - HOUR:%Y-%m-%dT%H:%M}"}
    assert "结束" in client.post(url, backwards).content.decode()
    assert client.post(url, given | {"organisation": "999999"}).status_code == 200
    assert not Booking.objects.exists()


def test_a_late_cancellation_says_what_it_costs_in_yuan(priced):
    _facility, thing, user = priced
    who, start = actor_for(user), ahead(1)
    made = services.hold(
        who=who,
        organisation=min(who.organisations),
        wishes=[Wish(thing.pk, start, start + 4 * HOUR)],
        purpose="中试",
        now=timezone.now(),
    )
    services.confirm(who=who, booking=made.pk, now=timezone.now())
    client, url = client_of(user), reverse("applicant:booking", args=[made.pk])
    page = client.get(url)
    assert page.context["price"]["sum"] == Decimal("1200.00")
    percent = page.context["costs"].cancelling
    assert percent > 0
    due = Decimal(1200) * percent / 100
    assert page.context["fees"]["cancelling"] == due
    assert values.money(due) in page.content.decode()
    services.cancel(who=who, booking=made.pk, reason="改期", percent=percent, now=timezone.now())
    page = client.get(url)
    assert page.context["fees"]["due"] == due


def test_a_booking_at_three_places_asks_as_often_for_its_prices_as_at_one():
    user, counts = person(), []
    who = actor_for(user)
    for number in (1, 3):
        wishes = []
        for turn in range(number):
            operator, facility = place()
            thing = bookable(operator, facility, days="every", openings=OPEN, slot=60)
            tariff(facility, thing.pk, content=CONTENT | PLAIN)
            start = ahead(3 + turn)
            wishes.append(Wish(thing.pk, start, start + HOUR))
        made = services.hold(
            who=who,
            organisation=min(who.organisations),
            wishes=wishes,
            purpose="中试",
            now=timezone.now(),
        )
        url = reverse("applicant:booking", args=[made.pk])
        client = client_of(user)
        client.get(url)
        with CaptureQueriesContext(connection) as caught:
            page = client.get(url)
        assert len(page.context["price"]["rows"]) == number
        counts.append(len(caught))
    assert counts[0] == counts[1]
