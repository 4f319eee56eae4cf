"""The operator's plans: asked for, shown as a picture and in words, accepted; both languages."""

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pilotline.desks.booking import queries, services
from pilotline.desks.booking.models import PlanLine, PlanProposal
from pilotline.desks.booking.rules.steps import StepWish
from pilotline.desks.people.queries import actor_for
from tests.desks.booking.test_planning import wait
from tests.factories import NOW, actor, person
from tests.factories_booking import at, bookable, confirmed
from tests.factories_matching import operated

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rulebook")]


def client_of(user, language="zh-hans"):
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    client.force_login(user)
    return client


@pytest.fixture(autouse=True)
def the_day_of_the_tests(monkeypatch):
    """The pages ask the clock; it stands at the day on which the bookings are made."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def desk():
    """An operator with a full line, a free one like it, and a function that lets people wait."""
    user = person("operator")
    operator, facility = operated(actor_for(user))
    taken, free = bookable(operator, facility), bookable(operator, facility)
    confirmed(actor(), taken, at(5, 9), 8)
    return user, operator, taken, free


def make_plan(operator, widely=True):
    made = services.propose_plan(
        who=operator, operator=min(operator.organisations), widely=widely, now=NOW
    )
    services.work_out(now=NOW, seconds=1)
    return queries.proposal(who=operator, id=made.pk)


def test_asked_looked_at_and_accepted(desk):
    user, operator, taken, _free = desk
    for _ in range(3):
        wait(taken, at(5, 9), at(5, 17), 180)
    client = client_of(user)
    plan = make_plan(operator)
    page = client.get(reverse("operator:plan", args=[plan.pk]))
    text = page.content.decode()
    assert page.status_code == 200
    assert "<svg" in text
    assert text.count('class="proposed"') == 2
    assert text.count('name="line"') == 2
    assert "前没有空闲时段" in text or "开放时间不足" in text
    line = PlanLine.objects.filter(state="proposed").first()
    address = reverse("operator:plan-accept", args=[plan.pk])
    assert client.post(address, {"some": "1", "line": line.pk}).status_code == 302
    assert client.post(address, {"some": "1"}).status_code == 422
    assert client.post(address, {"all": "1"}).status_code == 302
    assert PlanLine.objects.filter(state="accepted").count() == 2
    english = client_of(user, "en").get(reverse("operator:plan", args=[plan.pk]))
    assert "No plan could serve more than" in english.content.decode()


def test_while_it_is_worked_out_the_page_says_so(desk):
    user, _operator, taken, _free = desk
    client = client_of(user)
    assert client.post(reverse("operator:plan-ask")).status_code == 302  # nobody waits
    wait(taken, at(5, 9), at(5, 17))
    answer = client.post(reverse("operator:plan-ask"), {"widely": "1"})
    page = client.get(answer["Location"]).content.decode()
    assert "<progress" in page
    assert "hx-trigger" in page


def test_a_project_of_several_steps_from_the_form_to_the_offer(desk):
    _user, operator, taken, free = desk
    applicant = person()
    client = client_of(applicant)
    url = reverse("applicant:wait-in-steps", args=[taken.facility.code])
    given = {
        "ways1": [taken.pk, free.pk],
        "minutes1": 120,
        "ways2": [free.pk],
        "beside2": taken.pk,
        "minutes2": 60,
        "start": f"{at(5, 9):%Y-%m-%dT%H:%M}",
        "end": f"{at(6, 17):%Y-%m-%dT%H:%M}",
        "purpose": "先小试后放大",
        "organisation": min(applicant.memberships.values_list("organisation", flat=True)),
    }
    assert client.get(url).status_code == 200
    wrong = client.post(url, {**given, "minutes1": ""})
    assert wrong.status_code == 422
    assert "请填写该步骤的时长" in wrong.content.decode()
    assert client.post(url, {**given, "ways1": [], "ways2": [], "beside2": ""}).status_code == 422
    assert client.post(url, given).status_code == 302
    assert "分钟" in client.get(reverse("applicant:waiting")).content.decode()
    desk_of = client_of(desk[0])
    assert "→" in desk_of.get(reverse("operator:waiting")).content.decode()
    plan = make_plan(operator)
    page = desk_of.get(reverse("operator:plan", args=[plan.pk])).content.decode()
    assert page.count('name="line"') == 1
    assert page.count('class="planned-step"') == 2
    assert f"{free.name} + {taken.name}" in page
    assert page.count('class="proposed"') == 3
    address = reverse("operator:plan-accept", args=[plan.pk])
    assert desk_of.post(address, {"all": "1"}).status_code == 302
    assert PlanLine.objects.filter(state="accepted").count() == 2


def test_a_step_without_a_place_is_explained_and_a_failure_is_shown(desk):
    user, operator, taken, _free = desk
    applicant = actor()
    services.wait_in_steps(
        who=applicant,
        organisation=min(applicant.organisations),
        steps=[StepWish(120, ((taken.pk,),)), StepWish(60, ((taken.pk,),))],
        start=at(5, 9),
        end=at(5, 17),
        purpose="候补",
        now=NOW,
    )
    plan = make_plan(operator)
    client = client_of(user)
    text = client.get(reverse("operator:plan", args=[plan.pk])).content.decode()
    assert "第 1 步：" in text
    assert "整个项目最早可于" in text
    PlanProposal.objects.update(state="failed", reason="MemoryError: too much")
    text = client.get(reverse("operator:plan", args=[plan.pk])).content.decode()
    assert "MemoryError: too much" in text
    assert "系统不会自动重试" in text


def test_others_find_nothing(desk):
    _user, operator, taken, _free = desk
    wait(taken, at(5, 9), at(5, 17))
    plan = make_plan(operator)
    other = person("operator")
    operated(actor_for(other), name="另一中试平台")
    client = client_of(other)
    assert client.get(reverse("operator:plan", args=[plan.pk])).status_code == 404
    assert client.post(reverse("operator:plan-accept", args=[plan.pk])).status_code == 404
    wrong = {"organisation": str(min(operator.organisations))}
    assert client.post(reverse("operator:plan-ask"), wrong).status_code == 404


def queries_of(client, address):
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_one_plan_or_three_and_one_wish_or_three_cost_the_same(desk):
    user, operator, taken, _free = desk
    client = client_of(user)
    wait(taken, at(5, 9), at(5, 17))
    one = make_plan(operator)
    listed = queries_of(client, reverse("operator:plans"))
    shown = queries_of(client, reverse("operator:plan", args=[one.pk]))
    wait(taken, at(5, 9), at(5, 17))
    wait(taken, at(5, 9), at(5, 17))
    make_plan(operator)
    three = make_plan(operator)
    assert three.served == 3
    assert queries_of(client, reverse("operator:plans")) == listed
    assert queries_of(client, reverse("operator:plan", args=[three.pk])) == shown
