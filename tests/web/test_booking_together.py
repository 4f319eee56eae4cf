"""The page that books over several resources and facilities at once, all or none."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pilotline.desks.booking import services
from pilotline.desks.booking.models import Booking
from pilotline.desks.people.queries import actor_for
from tests.factories import actor, person
from tests.factories_booking import HOUR, bookable, place
from tests.factories_tariffs import CONTENT, tariff
from tests.web.test_booking_pages import OPEN, ahead, book, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rulebook")]


def stood(name):
    operator, facility = place()
    return operator, facility, bookable(operator, facility, days="every", openings=OPEN, name=name)


def form_of(user, *starts):
    given = {
        "purpose": "先反应后检测",
        "organisation": min(user.memberships.values_list("organisation", flat=True)),
    }
    for number, start in enumerate(starts):
        given[f"start_{number}"] = f"{start:%Y-%m-%dT%H:%M}"
        given[f"end_{number}"] = f"{start + 2 * HOUR:%Y-%m-%dT%H:%M}"
    return given


def test_two_cities_in_one_booking_all_or_none():
    (_a, _b, line), (_c, facility, lab) = stood("固相反应线"), stood("质谱分析室")
    tariff(facility, lab.pk, content=CONTENT)
    user = person()
    client, url = client_of(user), reverse("applicant:book-together")
    page = client.get(url, {"q": "质谱 分析"})
    assert [hit["bookable"].pk for hit in page.context["hits"]] == [lab.pk]
    assert page.context["chosen"] == []
    chosen = f"{url}?resource={line.pk}&resource={lab.pk}"
    page = client.get(chosen)
    assert page.status_code == 200
    assert len(page.context["lines"]) == 2
    assert page.context["suggested"]
    priced = client.post(
        f"{reverse('applicant:book-together-price')}?resource={line.pk}&resource={lab.pk}",
        form_of(user, ahead(3), ahead(4)),
    )
    assert len(priced.context["price"]["rows"]) == 2
    book(actor(), lab, ahead(4))
    refused = client.post(chosen, form_of(user, ahead(3), ahead(4)))
    assert refused.status_code == 422
    assert "最近的空闲时间" in refused.content.decode()
    assert Booking.objects.count() == 1
    assert client.post(chosen, form_of(user, ahead(3))).status_code == 422
    made = client.post(chosen, form_of(user, ahead(3), ahead(5)))
    found = Booking.objects.latest("pk")
    assert made["Location"] == reverse("applicant:booking", args=[found.pk])
    assert {row.resource_id for row in found.occupations.all()} == {line.pk, lab.pk}
    assert client.get(made["Location"]).status_code == 200


def test_an_address_of_nonsense_or_of_hidden_things_shows_nothing_of_them():
    _operator, facility, line = stood("固相反应线")
    client, url = client_of(person()), reverse("applicant:book-together")
    assert client.get(url, {"resource": "x1"}).context["chosen"] == []
    assert client.get(url, {"resource": "999999"}).status_code == 404
    facility.status = "draft"
    facility.save()
    assert client.get(url, {"resource": line.pk}).status_code == 404
    assert client.get(url, {"q": "固相"}).context["hits"] == []


def test_equal_pieces_are_chosen_several_times():
    operator, _facility, shaker = stood("摇床")
    shaker.quantity = 2
    shaker.save()
    services.set_bookable(
        who=operator, resource=shaker.pk, values={"pieces": 2}, now=timezone.now()
    )
    user = person()
    client, url = client_of(user), reverse("applicant:book-together")
    twice = f"{url}?resource={shaker.pk}&resource={shaker.pk}"
    assert client.get(f"{url}?resource={shaker.pk}&q=摇床").context["hits"]
    assert not client.get(f"{twice}&q=摇床").context["hits"]
    assert client.post(twice, form_of(user, ahead(3), ahead(3))).status_code == 302
    page = client.get(reverse("applicant:booking", args=[Booking.objects.get().pk]))
    assert [row.piece_shown for row in page.context["booking"].times] == [1, 2]
    one_facility = reverse("applicant:book", args=[shaker.facility.code])
    given = form_of(user) | {
        "resources": [shaker.pk],
        "pieces": "2",
        "start": f"{ahead(6):%Y-%m-%dT%H:%M}",
        "end": f"{ahead(6) + HOUR:%Y-%m-%dT%H:%M}",
    }
    assert client.post(one_facility, given | {"pieces": "3"}).status_code == 422
    assert client.post(one_facility, given).status_code == 302
    assert Booking.objects.latest("pk").occupations.count() == 2


def test_the_page_asks_as_often_for_three_resources_as_for_one():
    things = [stood(f"{n}号设备")[2] for n in range(3)]
    client, counts = client_of(person()), []
    for chosen in (things[:1], things):
        query = "&".join(f"resource={t.pk}" for t in chosen)
        client.get(f"{reverse('applicant:book-together')}?{query}")
        with CaptureQueriesContext(connection) as caught:
            client.get(f"{reverse('applicant:book-together')}?{query}")
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_nobody_books_for_others():
    _operator, _facility, line = stood("固相反应线")
    user, other = person(), actor_for(person())
    given = form_of(user, ahead(3)) | {"organisation": min(other.organisations)}
    url = f"{reverse('applicant:book-together')}?resource={line.pk}"
    assert client_of(user).post(url, given).status_code == 422
    assert not Booking.objects.exists()
