"""Calendars and bookings as people see them, from all three doors."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pilotline.desks.booking import services
from pilotline.desks.booking.models import Booking, Closure, Licence, Waiting
from pilotline.desks.booking.rules.wishes import Wish
from pilotline.desks.people.models import User
from pilotline.desks.people.queries import actor_for
from tests.factories import actor, person
from tests.factories_booking import HOUR, bookable, place

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rulebook")]
OPEN = [(day, 0, 1440) for day in range(7)]


def ahead(days, hour=9):
    now = timezone.localtime().replace(hour=hour, minute=0, second=0, microsecond=0)
    return now + timedelta(days=days)


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def book(who, thing, start, hours=2):
    return services.hold(
        who=who,
        organisation=min(who.organisations),
        wishes=[Wish(thing.pk, start, start + hours * HOUR)],
        purpose="中试",
        now=timezone.now(),
    )


@pytest.fixture
def world():
    """An operator's browser, their facility and a line that is open day and night."""
    operator, facility = place()
    thing = bookable(operator, facility, days="every", openings=OPEN, slot=60)
    return _client_of_actor(operator), facility, thing


def test_an_applicant_finds_holds_confirms_moves_and_gives_back(world):
    _operator, facility, thing = world
    user = person()
    client = client_of(user)
    page = client.get(reverse("public:facility", args=[facility.code]))
    assert thing.name in page.content.decode()
    url = reverse("applicant:book", args=[facility.code])
    page = client.get(url, {"resource": thing.pk})
    assert page.status_code == 200
    assert "timeline-row" in page.content.decode()
    assert page.context["suggested"]
    given = {
        "resources": [thing.pk],
        "start": f"{ahead(3):%Y-%m-%dT%H:%M}",
        "end": f"{ahead(3) + 2 * HOUR:%Y-%m-%dT%H:%M}",
        "purpose": "三批试制",
        "organisation": min(user.memberships.values_list("organisation", flat=True)),
    }
    assert client.post(url, given | {"purpose": ""}).status_code == 422
    assert client.post(url, given).status_code == 302
    booking = Booking.objects.get()
    here = reverse("applicant:booking", args=[booking.pk])
    assert client.get(here).status_code == 200
    assert client.post(here, {"move": "confirm"}).status_code == 302
    row = booking.occupations.get()
    moved = {"move": "change", "percent": 0}
    moved[f"start_{row.pk}"] = f"{ahead(4):%Y-%m-%dT%H:%M}"
    moved[f"end_{row.pk}"] = f"{ahead(4) - HOUR:%Y-%m-%dT%H:%M}"
    assert client.post(here, moved).status_code == 422
    moved[f"end_{row.pk}"] = f"{ahead(4) + HOUR:%Y-%m-%dT%H:%M}"
    assert client.post(here, moved).status_code == 302
    assert client.post(here, {"move": "cancel", "reason": "计划调整"}).status_code == 302
    booking.refresh_from_db()
    assert (booking.state, booking.starts) == ("cancelled", ahead(4))
    assert client_of(person()).get(here).status_code == 404


def test_a_taken_time_says_so_in_the_form(world):
    _operator, facility, thing = world
    book(actor(), thing, ahead(3))
    user = person()
    given = {
        "resources": [thing.pk],
        "start": f"{ahead(3):%Y-%m-%dT%H:%M}",
        "end": f"{ahead(3) + HOUR:%Y-%m-%dT%H:%M}",
        "purpose": "三批试制",
        "organisation": min(user.memberships.values_list("organisation", flat=True)),
    }
    page = client_of(user).post(reverse("applicant:book", args=[facility.code]), given)
    assert page.status_code == 422
    assert "最近的空闲时间" in page.content.decode()
    series = given | {"every": "day", "count": 400, "start": f"{ahead(5):%Y-%m-%dT%H:%M}"}
    series["end"] = f"{ahead(5) + HOUR:%Y-%m-%dT%H:%M}"
    page = client_of(user).post(reverse("applicant:book", args=[facility.code]), series)
    assert page.status_code == 422
    assert Booking.objects.count() == 1


def test_the_operator_sets_approves_uses_and_measures(world):
    operator, _facility, thing = world
    client = operator
    url = reverse("operator:bookable", args=[thing.pk])
    assert client.get(url).status_code == 200
    given = {"is_open": "on", "approval": "on", "days": "every", "slot": 60, "shortest": 60}
    given |= {"longest": 6000, "lead": 0, "horizon_days": 300, "changeover": 0, "scale": "pilot"}
    given |= {f"openings_{n}": "00:00-24:00" for n in range(7)}
    given["changeovers"] = "水系物料 > 有机溶剂体系: 60\n* > 粉体: 30"
    assert client.post(url, given | {"openings_1": "8:00-12:00, 11:00-13:00"}).status_code == 422
    assert client.post(url, given | {"openings_1": "morning"}).status_code == 422
    assert client.post(url, given | {"changeovers": "a lot"}).status_code == 422
    assert client.post(url, given).status_code == 302
    assert "水系物料 &gt; 有机溶剂体系: 60" in client.get(url).content.decode()
    who = actor()
    made = book(who, thing, ahead(2))
    services.confirm(who=who, booking=made.pk, now=timezone.now())
    assert made.number in client.get(reverse("operator:approvals")).content.decode()
    here = reverse("operator:booking", args=[made.pk])
    assert client.post(here, {"move": "decline", "reason": ""}).status_code == 422
    assert client.post(here, {"move": "approve"}).status_code == 302
    Booking.objects.update(starts=ahead(-1), ends=ahead(0))
    assert client.post(here, {"move": "use"}).status_code == 302
    row = made.occupations.get()
    assert client.post(here, {"move": "close", f"minutes_{row.pk}": "75"}).status_code == 302
    assert made.occupations.get().measured_minutes == 75


@pytest.mark.parametrize("span", ["day", "week", "month"])
def test_calendars_of_every_span(world, span):
    operator, _facility, thing = world
    book(actor(), thing, ahead(1))
    page = operator.get(reverse("operator:calendar"), {"span": span, "day": f"{ahead(1):%Y-%m-%d}"})
    text = page.content.decode()
    assert page.status_code == 200
    assert 'class="waits"' in text
    assert not re.search(r"style=|<script>", text)
    bad = operator.get(reverse("operator:calendar"), {"day": "2027-02-29", "span": "age"})
    assert bad.status_code == 200


def test_closures_and_licences(world):
    operator, _facility, thing = world
    client, url = operator, reverse("operator:closures")
    given = {"resources": [thing.pk], "kind": "calibration", "reason": ""}
    given |= {"start": f"{ahead(4):%Y-%m-%dT%H:%M}", "end": f"{ahead(3):%Y-%m-%dT%H:%M}"}
    assert client.post(url, given).status_code == 422
    given["end"] = f"{ahead(5):%Y-%m-%dT%H:%M}"
    assert client.post(url, given).status_code == 302
    closure = Closure.objects.get()
    assert client.post(reverse("operator:closure-lift", args=[closure.pk])).status_code == 302
    url, trained = reverse("operator:licences"), person()
    given = {"resource": thing.pk, "login": "nobody-at-all", "until": "2030-01-01"}
    assert client.post(url, given).status_code == 422
    assert client.post(url, given | {"login": trained.username}).status_code == 302
    licence = Licence.objects.get()
    assert client.post(reverse("operator:licence-end", args=[licence.pk])).status_code == 302


def test_waiting_and_calendar_links(world):
    _operator, facility, thing = world
    book(actor(), thing, ahead(3), 8)
    user = person()
    client = client_of(user)
    url = reverse("applicant:wait", args=[facility.code])
    given = {
        "resources": thing.pk,
        "minutes": 60,
        "start": f"{ahead(3):%Y-%m-%dT%H:%M}",
        "end": f"{ahead(3) + 8 * HOUR:%Y-%m-%dT%H:%M}",
        "purpose": "候补",
        "organisation": min(user.memberships.values_list("organisation", flat=True)),
    }
    assert client.get(url).status_code == 200
    assert client.post(url, given).status_code == 302
    waiting = Waiting.objects.get()
    assert client.post(reverse("applicant:waiting-leave", args=[waiting.pk])).status_code == 302
    page = client.post(reverse("applicant:calendar-links"), {"of": ""})
    link = page.context["made"]
    path = link.partition("testserver")[2]
    anyone = Client()
    found = anyone.get(path)
    assert found["Content-Type"].startswith("text/calendar")
    again = anyone.get(path, headers={"If-None-Match": found["ETag"]})
    assert again.status_code == 304
    feed = page.context["feeds"][0][0]
    client.post(reverse("applicant:calendar-link-end", args=[feed.pk]))
    assert anyone.get(path).status_code == 404


def test_utilisation_and_idle(world):
    client = client_of(person("authority"))
    assert client.get(reverse("authority:utilisation")).status_code == 200
    assert world[2].name in client.get(reverse("authority:idle")).content.decode()


LISTS = {
    "applicant:bookings": "applicant",
    "applicant:waiting": "applicant",
    "operator:bookings": "operator",
    "operator:approvals": "operator",
    "operator:waiting": "operator",
    "operator:closures": "operator",
    "operator:licences": "operator",
    "operator:bookables": "operator",
    "operator:calendar": "operator",
    "authority:idle": "authority",
    "authority:utilisation": "authority",
}


def test_every_list_asks_as_often_for_three_rows_as_for_one():
    operator, facility = place()
    clients = {"operator": _client_of_actor(operator), "authority": client_of(person("authority"))}
    applicant = person()
    clients["applicant"] = client_of(applicant)
    counts = []
    for rows in (1, 2):
        for _ in range(rows):
            _one_of_each(operator, facility, applicant)
        counts.append({name: _queries(clients[role], name) for name, role in LISTS.items()})
    assert counts[0] == counts[1]


def _one_of_each(operator, facility, applicant):
    now = timezone.now()
    thing = bookable(operator, facility, days="every", openings=OPEN, approval=True, slot=60)
    spare = bookable(operator, facility, days="every", openings=OPEN, slot=60)
    who = actor_for(applicant)
    made = book(who, thing, ahead(2), 8)
    services.confirm(who=who, booking=made.pk, now=now)
    services.wait_for(
        who=who, organisation=min(who.organisations), resource=thing.pk, minutes=60,
        start=ahead(2), end=ahead(2) + 8 * HOUR, purpose="候补", now=now,
    )  # fmt: skip
    services.close_resources(
        who=operator, resources=[thing.pk], start=ahead(4), end=ahead(5), kind="calibration",
        now=now,
    )  # fmt: skip
    services.give_licence(
        who=operator, resource=spare.pk, user=applicant.pk, until=ahead(60).date(), now=now
    )


def _queries(client, name):
    client.get(reverse(name))
    with CaptureQueriesContext(connection) as caught:
        assert client.get(reverse(name)).status_code == 200
    return len(caught)


def _client_of_actor(who):
    return client_of(User.objects.get(pk=who.id))
