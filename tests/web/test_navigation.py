"""Which link of the frame is marked while a page is shown."""

import pytest
from django.urls import reverse

from pilotline.desks.people.queries import actor_for
from pilotline.web.shared import navigation
from tests.factories import person


@pytest.mark.django_db
@pytest.mark.usefixtures("rulebook")
def test_a_page_without_a_link_of_its_own_is_shown_under_the_one_that_leads_to_it():
    shown = {
        ("operator", "operator:tariff-list"): "operator:facilities",
        ("operator", "operator:waiting"): "operator:calendar",
        ("operator", "operator:shares"): "operator:statements",
        ("operator", "operator:disputes"): "operator:orders",
        ("applicant", "applicant:book-together"): "applicant:bookings",
        ("authority", "authority:idle"): "authority:utilisation",
        ("authority", "authority:bills"): "authority:revenue",
    }
    for (role, here), leads in shown.items():
        links = navigation.pages(actor_for(person(role)), here, reverse(here))
        assert [(link.view, link.current) for link in links if link.current] == [(leads, "true")]
    for views in navigation.BESIDE.values():
        assert not set(views) & {page.view for door in navigation.DOORS for page in door.pages}
