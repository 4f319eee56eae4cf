"""Every address, walked as every role and as nobody, against the one table."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import path, resolve
from django.utils import timezone

from pilotline.desks.people import services
from pilotline.desks.people.queries import actor_for
from pilotline.web.shared.access import ACCESS, may_open
from tests import factories
from tests.factories import OTHER_CITY
from tools import access

pytestmark = pytest.mark.django_db

# What is never offered: no log-in by a code that is sent, no addresses of allauth's past.
CLOSED = {"account_confirm_login_code", "django.views.generic.base.RedirectView"}
PEOPLE = {
    "nobody": None,
    "known": ("known", ""),
    "applicant": ("applicant", ""),
    "operator": ("operator", ""),
    "expert": ("expert", ""),
    "authority of another city": ("authority", OTHER_CITY),
    "authority": ("authority", factories.PROVINCE),
    "sysop": ("sysop", ""),
}


def visitor(who: str, *, program: bool) -> tuple[Client, set[str]]:
    """A browser or, for the API, a program with a token for everything; and its roles."""
    if PEOPLE[who] is None:
        return Client(), set()
    role, region = PEOPLE[who]
    user = factories.person(role, region=region)
    roles = set(actor_for(user).roles)
    if not program:
        client = Client()
        client.force_login(user)
        return client, roles
    _token, plain = services.make_token(
        who=actor_for(user),
        name="walk",
        scopes=["write"],
        expires=timezone.now() + timedelta(days=1),
        now=timezone.now(),
    )
    return Client(headers={"Authorization": f"Bearer {plain}"}), roles - {"sysop"}


def opens(name: str, who: str, roles: set[str]) -> bool:
    """What the table says, worked out anew and not by the function that the pages use."""
    allowed = ACCESS.get(name, set())
    if "anyone" in allowed:
        return True
    return who != "nobody" and ("known" in allowed or bool(roles & allowed))


def is_refused(response, who: str) -> bool:
    """True for the answer that the table gives: to the log-in, or not for you."""
    if who == "nobody":
        to_log_in = response.headers.get("Location", "").startswith("/accounts/login/")
        return response.status_code == 401 or to_log_in
    return response.status_code == 403


@pytest.mark.parametrize("who", PEOPLE)
def test_pages_open_as_the_table_says(rulebook, who):
    client, roles = visitor(who, program=False)
    wrong = []
    for route in access.routes():
        if route.path.startswith("/api/") or route.name == "account_logout":
            continue
        allowed = opens(route.name, who, roles)
        response = client.get(route.path) if allowed else client.post(route.path)
        if not allowed and not is_refused(response, who):
            wrong.append(f"{route.path} ({route.name}) is open: {response.status_code}")
        if allowed and response.status_code >= 500:
            wrong.append(f"{route.path} ({route.name}) breaks: {response.status_code}")
    assert wrong == []


@pytest.mark.parametrize("who", PEOPLE)
def test_the_interface_for_programs_opens_as_the_table_says(rulebook, who):
    client, roles = visitor(who, program=True)
    wrong = []
    for route in access.routes():
        if not route.path.startswith("/api/"):
            continue
        allowed = opens(route.name, who, roles)
        for method in ("get",) if allowed else ("get", "post", "put", "patch", "delete"):
            response = getattr(client, method)(route.path, content_type="application/json")
            status = response.status_code
            if not allowed and status != (401 if who == "nobody" else 403):
                wrong.append(f"{method} {route.path} ({route.name}) is open: {status}")
            if allowed and status >= 500:
                wrong.append(f"{method} {route.path} ({route.name}) breaks: {status}")
    assert wrong == []


def test_the_table_names_every_address_and_no_other():
    named = {route.name for route in access.routes()}
    assert set(ACCESS) == named - CLOSED
    assert named >= CLOSED


def test_every_address_leads_to_the_view_it_is_named_for():
    lost = [route for route in access.routes() if resolve(route.path).view_name != route.name]
    assert lost == []


def test_what_the_table_does_not_name_is_refused_to_all(rulebook, settings):
    def open_secret(request):
        raise AssertionError("must not be reached")

    urls = type("Urls", (), {"urlpatterns": [path("secret/", open_secret, name="secret")]})
    from pilotline.config import urls as real

    urls.urlpatterns += real.urlpatterns
    urls.handler403, urls.handler404 = real.handler403, real.handler404
    settings.ROOT_URLCONF = urls
    for who in PEOPLE:
        client, _roles = visitor(who, program=False)
        assert is_refused(client.get("/secret/"), who)
        assert is_refused(client.post("/secret/"), who)


def test_the_table_speaks_of_roles_that_exist():
    assert {role for allowed in ACCESS.values() for role in allowed} <= {
        "anyone",
        "known",
        *access.ROLES,
    }


def test_the_function_of_the_pages_agrees_with_the_table(rulebook):
    for who, made in PEOPLE.items():
        actor = factories.NOBODY if made is None else factories.actor(made[0], region=made[1])
        for name in [*ACCESS, "unknown", ""]:
            assert may_open(actor, name) == opens(name, who, set(actor.roles)), (who, name)


def test_the_reference_page_says_what_the_table_says():
    assert access.PAGE.read_text() == access.page()


def test_people_of_the_machine_open_no_page_of_people():
    assert not may_open(factories.SYSTEM, "applicant:profile")
    assert may_open(factories.SYSTEM, "public:home")
