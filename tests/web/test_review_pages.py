"""Pages of experts and panels: each sees theirs, a conflict is caught, lots are checked."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from pilotline.desks.people.models import User
from pilotline.desks.review import queries, services
from pilotline.desks.review.models import (
    Assignment,
    Committee,
    Draw,
    Expert,
    Namesake,
    Panel,
    Question,
)
from pilotline.kernel.actor import SYSTEM
from tests import factories, factories_demand, factories_experts
from tests.factories import NOW, PROVINCE
from tests.factories_experts import SINCE, asked, item, panel

pytestmark = pytest.mark.usefixtures("rulebook")


def browser(user, language="zh-hans"):
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = language
    return client


def of(expert):
    return browser(User.objects.get(pk=expert.user_id))


def page(client, name, /, *args, status=200):
    response = client.get(reverse(name, args=args))
    assert response.status_code == status, (name, response.status_code)
    return response.content.decode()


def send(client, name, /, *args, status=302, **data):
    response = client.post(reverse(name, args=args), data)
    assert response.status_code == status, (name, response.content.decode()[:3000])
    return response


APPLICATION = {
    "name": "李明",
    "title": "教授",
    "region": "370100",
    "fields_": ["new_energy_materials"],
    "keywords": "前驱体，共沉淀、反应釜",
    "employer": "齐鲁大学",
    "employer_since": "2015-09-01",
}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_conflict_of_interest_is_caught_on_the_way(language):
    """From the application to the standings: the expert who works for the applicant never sees
    the case, and the authority reads why."""
    authority = browser(factories.person("authority"), language)
    case = factories_demand.accepted()
    applicant = case.organisation
    everybody = {}
    for name, employer in (
        ("甲", "大学甲"),
        ("乙", "大学乙"),
        ("丙", "大学丙"),
        ("丁", applicant.name),
    ):
        user = factories.user()
        send(
            browser(user, language),
            "expert:apply",
            **APPLICATION | {"name": name, "employer": employer},
        )
        everybody[name] = (user, Expert.objects.get(user_id=user.pk))
    for _user, expert in everybody.values():
        send(authority, "authority:expert-decide", expert.pk, "accept")
    send(
        authority,
        "authority:panel-new",
        title="第一批",
        region=PROVINCE,
        rubric="pilot_project",
        rule="usual",
        cases=case.number,
    )
    made = Panel.objects.get()
    send(authority, "authority:panel-act", made.pk, "propose")
    told = page(authority, "authority:panel", made.pk)
    assert ("利益冲突" if language == "zh-hans" else "conflict of interest") in told
    send(
        authority,
        "authority:panel-add",
        made.pk,
        queries.items(panel=made)[0].pk,
        expert=everybody["丁"][1].pk,
    )
    assert everybody["丁"][1].pk not in Assignment.objects.values_list("expert_id", flat=True)
    send(authority, "authority:panel-act", made.pk, "confirm")
    own = browser(everybody["丁"][0], language)
    for assignment in Assignment.objects.select_related("expert"):
        page(own, "expert:assignment", assignment.pk, status=404)
        client = browser(User.objects.get(pk=assignment.expert.user_id), language)
        assert "500L反应釜" not in page(client, "expert:assignment", assignment.pk)
        send(client, "expert:answer", assignment.pk, status=422, answer="accepted")
        send(client, "expert:answer", assignment.pk, answer="accepted", declares="on")
        assert "500L反应釜" in page(client, "expert:assignment", assignment.pk)
        marks = {f"mark_{c}": "8" for c in factories_experts.MARKS}
        send(client, "expert:assignment", assignment.pk, do="save", mark_need="3")
        answer = send(client, "expert:assignment", assignment.pk, status=422, do="submit", **marks)
        assert "mark_need" in answer.content.decode()
        send(
            client,
            "expert:assignment",
            assignment.pk,
            do="submit",
            comment_technology="好",
            **marks,
        )
    send(authority, "authority:panel-act", made.pk, "close")
    assert "80.00" in page(authority, "authority:panel", made.pk)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_two_officials_set_a_namesake_aside(language):
    """On the pages: stated, confirmed by another, shown with both names at the assignment."""
    first, second = (factories.person("authority") for _n in range(2))
    expert = factories_experts.expert()
    work = {"kind": "work", "title": "论文", "names": ["赵敏"], "since": date(2026, 3, 1)}
    services.add_bond(who=factories_experts.actor_of(expert), bond=work, now=NOW)
    made = panel(item(people=["赵敏"]))
    thing = queries.items(panel=made)[0]
    one, other = browser(first, language), browser(second, language)
    assert "赵敏" in page(one, "authority:panel-conflicts", made.pk)
    where = ("authority:namesake-state", made.pk, thing.pk, expert.pk)
    again = send(one, *where, status=422, words="短").content.decode()
    assert ">短</textarea>" in again
    send(one, *where, words="两人单位不同，身份已核对")
    told = Namesake.objects.get()
    send(one, "authority:namesake", made.pk, told.pk, "confirm", status=422)
    send(other, "authority:namesake", made.pk, told.pk, "confirm")
    send(one, "authority:panel-add", made.pk, thing.pk, expert=expert.pk)
    shown = page(one, "authority:panel", made.pk)
    for words in ("两人单位不同，身份已核对", str(first), str(second)):
        assert words in shown
    send(other, "authority:namesake", made.pk, told.pk, "end", words="存疑")
    assert "存疑" in page(one, "authority:panel-conflicts", made.pk)
    send(one, "authority:namesake", made.pk, told.pk, "nonsense", status=404)


def test_an_expert_sees_only_what_is_theirs():
    experts = [factories_experts.expert() for _n in range(4)]
    made = panel()
    first, second, _third = asked(made)
    client = of(first.expert)
    assert first.item.title in page(client, "expert:assignments")
    # Neither the declaration nor the reason is "optional": each is needed with its answer.
    assert 'class="may"' not in page(client, "expert:assignment", first.pk)
    page(client, "expert:assignment", second.pk, status=404)
    send(client, "expert:answer", second.pk, status=404, answer="declined", reason="x")
    for name, *args in (
        ("authority:panels",),
        ("authority:panel", made.pk),
        ("authority:experts",),
        ("authority:expert", experts[0].pk),
        ("authority:cases",),
    ):
        page(client, name, *args, status=403)


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_ask_a_fixed_number_of_times(rows, django_assert_max_num_queries):
    experts = [factories_experts.expert() for _n in range(3)]
    for number in range(rows):
        panel(item(number))
    for made in Panel.objects.all():
        asked(made)
    authority = browser(factories.person("authority"))
    busy = max(experts, key=lambda e: Assignment.objects.filter(expert=e).count())
    client = of(busy)
    for who, name in (
        (authority, "authority:experts"),
        (authority, "authority:panels"),
        (client, "expert:assignments"),
        (client, "expert:meetings"),
    ):
        with django_assert_max_num_queries(14):
            page(who, name)


def test_a_draw_is_public_and_checked():
    for _n in range(5):
        factories_experts.expert()
    made = panel()
    authority = browser(factories.person("authority"))
    send(authority, "authority:panel-act", made.pk, "commit", beacon="3D号码")
    draw = Draw.objects.get()
    anybody = Client()
    before = page(anybody, "public:draw", draw.pk)
    assert draw.commitment in before
    assert draw.seed not in before
    assert (
        draw.seed not in anybody.get(reverse("public:draw-file", args=[draw.pk])).content.decode()
    )
    send(authority, "authority:panel-act", made.pk, "reveal", figure="3 0 8")
    after = page(anybody, "public:draw", draw.pk)
    assert "note good" in after
    assert not any(e.name in after for e in Expert.objects.all())
    Draw.objects.update(seed="0" * 64)
    assert "note bad" in page(anybody, "public:draw", draw.pk)
    assert made.title in page(anybody, "public:draws")


def test_the_committee_on_its_pages():
    expert = factories_experts.expert()
    authority = browser(factories.person("authority"))
    send(
        authority,
        "authority:committees",
        title="咨询委",
        title_en="Advisers",
        region=PROVINCE,
    )
    body = Committee.objects.get()
    send(
        authority,
        "authority:committee-seat",
        body.pk,
        expert=expert.pk,
        seat="chair",
        since="2026-01-01",
        until="2029-01-01",
    )
    send(authority, "authority:committee-ask", body.pk, title="布局", text="如何布局")
    send(authority, "authority:committee-ask", body.pk, status=422, title="", text="")
    send(
        authority,
        "authority:committee-meeting",
        body.pk,
        title="一次会议",
        starts_at="2026-12-10T09:00",
        agenda="审议",
    )
    assert "一次会议" in page(of(expert), "expert:meetings")
    meeting = body.meetings.get()
    send(authority, "authority:meeting", meeting.pk, status=422, minutes="")
    send(authority, "authority:meeting", meeting.pk, minutes="通过", came=expert.pk)
    assert "通过" in page(authority, "authority:meeting", meeting.pk)
    question = Question.objects.get()
    send(
        authority,
        "authority:question",
        question.pk,
        advice="按需布局",
        in_favour=1,
        against=0,
        abstained=0,
        is_public="on",
    )
    assert "按需布局" in page(Client(), "public:committees")
    page(authority, "authority:committee", body.pk)
    # Everybody reads its name in their own language.
    english = browser(factories.person("authority"), "en")
    for name, *args in (
        ("public:committees",),
        ("authority:committees",),
        ("authority:committee", body.pk),
    ):
        assert "Advisers" in page(english, name, *args)


def test_own_data_ties_invitation_and_leaving():
    authority = browser(factories.person("authority"))
    shown = send(authority, "authority:expert-invite", status=200, name="王院士").content.decode()
    code = re.search(r"code=([\w-]+)", shown)[1]
    user = factories.user()
    client = browser(user)
    address = f"{reverse('expert:apply')}?code={code}"
    assert client.post(address, APPLICATION).status_code == 302
    expert = Expert.objects.get(user_id=user.pk)
    assert expert.state == "active"
    page(authority, "authority:expert", expert.pk)
    send(client, "expert:bond-add", status=422, kind="work")
    send(
        client, "expert:bond-add", kind="work", title="论文", names="赵敏、钱强", since="2025-01-01"
    )
    assert "赵敏" in page(client, "expert:data")
    bond = expert.bonds.get(kind="employment")
    send(client, "expert:bond-end", bond.pk, until="2026-01-01")
    send(client, "expert:bond-end", bond.pk, until="never")
    send(client, "expert:data", **APPLICATION | {"title": "研究员"})
    expert.refresh_from_db()
    assert expert.title == "研究员"
    send(client, "expert:leave")
    page(client, "expert:assignments", status=403)
    page(client, "expert:apply")
    services.apply_as_expert(
        who=factories.actor("known"),
        profile=factories_experts.profile(),
        employer={"name": "x", "since": SINCE},
        now=NOW,
    )
    assert SYSTEM.is_system
