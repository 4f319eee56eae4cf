"""Projects over several operators, from the form to the offer, at every door; both languages."""

import pytest
from django.urls import reverse

from pilotline.desks.booking import services
from pilotline.desks.booking.models import Booking, PlanProposal, Waiting
from pilotline.desks.journal import services as journal
from pilotline.desks.notices.models import Notice
from pilotline.desks.people.queries import actor_for
from tests.factories import CITY, NOW, OTHER_CITY, person
from tests.factories_booking import OFFICE, at, bookable
from tests.factories_matching import operated
from tests.factories_settlement import Stage
from tests.web.test_plan_pages import client_of, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rulebook")]


@pytest.fixture(autouse=True)
def the_day_of_the_tests(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def two():
    """Two operators' users, each with a resource."""
    found = []
    for name in ("泺源中试平台", "胶东检测平台"):
        user = person("operator")
        operator, facility = operated(actor_for(user), name=name)
        found.append((user, bookable(operator, facility, name=f"{name}一号")))
    return found


def form_of(applicant, line, analyser):
    return {
        "ways1": [line.pk],
        "minutes1": 120,
        "ways2": [analyser.pk],
        "minutes2": 60,
        "start": f"{at(5, 9):%Y-%m-%dT%H:%M}",
        "end": f"{at(6, 17):%Y-%m-%dT%H:%M}",
        "purpose": "中试后送检",
        "organisation": min(applicant.memberships.values_list("organisation", flat=True)),
    }


def ask(line, analyser):
    applicant = person()
    url = reverse("applicant:wait-in-steps", args=[line.facility.code])
    client = client_of(applicant)
    answer = client.post(f"{url}?also={analyser.pk}", form_of(applicant, line, analyser))
    assert answer.status_code == 302, answer.content.decode()
    return client, Waiting.objects.latest("pk")


def work_out():
    assert services.work_out(now=NOW, seconds=1) == 1
    return PlanProposal.objects.latest("pk")


def test_from_the_form_over_both_operators_to_the_offer(two):
    (first, line), (second, analyser) = two
    applicant = person()
    client = client_of(applicant)
    url = reverse("applicant:wait-in-steps", args=[line.facility.code])
    page = client.get(url, {"q": "胶东"}).content.decode()
    assert f"?also={analyser.pk}" in page
    page = client.get(url, {"also": analyser.pk}).content.decode()
    assert f"{analyser.name} · {analyser.facility.name}" in page
    assert client.get(url, {"also": "9" * 17}).status_code == 404
    # What the address does not add cannot be chosen.
    assert client.post(url, form_of(applicant, line, analyser)).status_code == 422
    client, wish = ask(line, analyser)
    own = reverse("applicant:waiting-one", args=[wish.pk])
    assert "每天进行一次联合排程" in client.get(own).content.decode()
    desk = client_of(first)
    assert "跨运营方联合排程 (1)" in desk.get(reverse("operator:plans")).content.decode()
    answer = desk.post(reverse("operator:joint-plan-ask"))
    plan = work_out()
    page = desk.get(answer["Location"]).content.decode()
    assert line.name in page
    assert "由其他运营方承担" in page
    assert analyser.name not in page
    assert "2 家运营方中已有 0 家确认" in page
    journal.deliver_due(now=NOW)
    told = Notice.objects.get(kind="times.proposed", user=second)
    other = client_of(second, "en")
    assert other.get(reverse("shared:notice", args=[told.pk])).status_code == 302
    address = reverse("operator:joint-plan-answer", args=[plan.pk, wish.pk])
    assert desk.post(address, {"answer": "accept"}).status_code == 302
    assert "您已确认本方步骤" in desk.get(answer["Location"]).content.decode()
    assert analyser.name in client.get(own).content.decode()
    page = other.get(reverse("operator:joint-plan", args=[plan.pk])).content.decode()
    assert "1 of 2 operators have accepted" in page
    assert "lies with another operator" in page
    assert other.post(address, {"answer": "accept"}).status_code == 302
    booking = Booking.objects.get()
    assert (booking.state, booking.occupations.count()) == ("held", 2)
    assert reverse("applicant:booking", args=[booking.pk]) in client.get(own).content.decode()


def test_a_decline_needs_a_reason_and_the_applicant_reads_it(two):
    (_first, line), (second, analyser) = two
    client, wish = ask(line, analyser)
    desk = client_of(second)
    desk.post(reverse("operator:joint-plan-ask"))
    plan = work_out()
    address = reverse("operator:joint-plan-answer", args=[plan.pk, wish.pk])
    assert desk.post(address, {"answer": "decline"}).status_code == 422
    assert desk.post(address, {"answer": "decline", "reason": "设备大修"}).status_code == 302
    assert desk.post(address, {"answer": "accept"}).status_code == 422
    page = client.get(reverse("applicant:waiting-one", args=[wish.pk])).content.decode()
    assert "设备大修" in page
    journal.deliver_due(now=NOW)
    assert Notice.objects.filter(kind="times.declined").count() == 1


def test_the_authority_follows_and_others_find_nothing(two):
    (_first, line), (_second, analyser) = two
    client, wish = ask(line, analyser)
    city = client_of(person("authority", region=CITY), "en")
    answer = city.post(reverse("authority:joint-plan-ask"))
    plan = work_out()
    page = city.get(answer["Location"]).content.decode()
    assert line.name in page
    assert analyser.name in page
    assert "Accept our part" not in page
    elsewhere = client_of(person("authority", region=OTHER_CITY))
    assert elsewhere.get(reverse("authority:joint-plan", args=[plan.pk])).status_code == 404
    assert elsewhere.post(reverse("authority:joint-plan-ask")).status_code == 302
    stranger = client_of(person())
    assert stranger.get(reverse("applicant:waiting-one", args=[wish.pk])).status_code == 404
    assert client.get(reverse("applicant:waiting-one", args=[10**9])).status_code == 404


def test_one_project_or_three_cost_the_same(two):
    (first, line), (_second, analyser) = two
    desk = client_of(first)
    ask(line, analyser)
    desk.post(reverse("operator:joint-plan-ask"))
    one = work_out()
    listed = queries_of(desk, reverse("operator:joint-plans"))
    shown = queries_of(desk, reverse("operator:joint-plan", args=[one.pk]))
    waiting = queries_of(desk, reverse("operator:waiting"))
    one.lines.update(state="refused", why="late")
    ask(line, analyser)
    ask(line, analyser)
    desk.post(reverse("operator:joint-plan-ask"))
    three = work_out()
    assert three.lines.values("waiting").distinct().count() == 3
    assert queries_of(desk, reverse("operator:joint-plans")) == listed
    assert queries_of(desk, reverse("operator:joint-plan", args=[three.pk])) == shown
    assert queries_of(desk, reverse("operator:waiting")) == waiting


def test_an_order_and_a_match_lead_to_the_form_filled_in():
    applicant = person()
    stage = Stage(applicant=actor_for(applicant))
    booking = {"slot": 30, "shortest": 30}
    services.set_bookable(
        who=stage.operator, resource=stage.line, values=booking, openings=OFFICE, now=NOW
    )
    order = stage.draft()
    client = client_of(applicant)
    url = reverse("applicant:wait-in-steps", args=[stage.facility.code])
    from_match, from_order = f"{url}?match={order.match_id}", f"&amp;order={order.pk}"
    page = client.get(reverse("applicant:order", args=[order.pk])).content.decode()
    assert f"{from_match}{from_order}" in page
    talk = client.get(reverse("applicant:talk", args=[order.match_id])).content.decode()
    assert f'"{from_match}"' in talk
    form = client.get(from_match).context["form"]
    assert order.case.number in form["purpose"].value()
    assert form["ways1"].value() == [str(stage.line)]
    shown = client.get(f"{from_match}&order={order.pk}")
    assert order.number in shown.context["form"]["purpose"].value()
    line = stage.facility.resources.get(pk=stage.line)
    given = form_of(applicant, line, line) | {"match": order.match_id}
    assert client.post(f"{from_match}&order={order.pk}", given).status_code == 302
    made = Waiting.objects.get()
    assert (made.match_id, made.case_id, made.joint) == (order.match_id, order.case_id, False)
    stranger = client_of(person())
    assert stranger.get(from_match).status_code == 404
