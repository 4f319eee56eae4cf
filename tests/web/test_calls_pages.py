"""The pages of calls: lists under one query count, applying, deciding, objecting, voting."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from pilotline.desks.calls import queries, services
from pilotline.desks.calls.models import Application, Call, CultivationPlan, Milestone
from pilotline.desks.calls.services.hold import MOVED
from pilotline.desks.calls.services.panels import gather_panel
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.people.models import Organisation, User
from pilotline.desks.people.queries import actor_for
from pilotline.desks.review.models import PanelItem, StepRun
from pilotline.kernel.actor import SYSTEM
from pilotline.web.shared.calls import milestone_rows
from tests import factories_calls as make
from tests.factories import actor, person
from tests.factories_matching import operated

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rulebook")]


@pytest.fixture
def today(monkeypatch):
    """The pages ask the clock; the factories' days are moved to it."""
    day = timezone.localdate()
    monkeypatch.setattr(make, "TODAY", day)
    monkeypatch.setattr(make, "NOW", timezone.now())
    return day


def logged_in(client, role):
    user = person(role)
    client.force_login(user)
    return user


def asked(client, address):
    """How many rows the list shows, and how many questions it asked the database."""
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert response.status_code == 200
    return response.content.decode().count('<th scope="row"'), len(queries)


@pytest.mark.parametrize("page", ["public:calls", "authority:calls"])
def test_lists_ask_a_fixed_number_of_times(client, today, page):
    logged_in(client, "authority")
    make.opened()
    one = asked(client, reverse(page))
    make.opened()
    make.opened()
    assert asked(client, reverse(page)) == (3, one[1])
    assert one[0] == 1


def test_applications_ask_a_fixed_number_of_times(client, today):
    call = make.opened("money")
    user = logged_in(client, "applicant")
    official = Client()
    official.force_login(person("authority"))
    mine, inside = reverse("applicant:applications"), reverse("authority:call", args=[call.pk])
    make.applied(call, who=actor_for(user), interest="900000", amount="1000")
    before = asked(client, mine), asked(official, inside)
    for _row in range(2):
        make.applied(call, who=actor_for(user), interest="900000", amount="1000")
    assert asked(client, mine) == (3, before[0][1])
    assert asked(official, inside) == (3, before[1][1])


def test_a_newcomer_applies_from_the_public_page(client, today):
    call = make.opened()
    logged_in(client, "applicant")
    page = client.get(reverse("public:call", args=[call.pk])).content.decode()
    assert reverse("applicant:apply", args=[call.pk]) in page
    begun = client.post(reverse("applicant:apply", args=[call.pk]))
    made = Application.objects.get()
    assert begun.headers["Location"] == reverse("applicant:application", args=[made.pk])
    empty = client.post(begun.headers["Location"], {"action": "submit", "whole": "1"})
    assert empty.status_code == 422
    filled = {k: v for k, v in make.answers(call).items() if v is not True}
    sent = {**filled, "consent": "on", "whole": "1", "action": "submit"}
    done = client.post(begun.headers["Location"], sent)
    made.refresh_from_db()
    assert (done.status_code, made.state) == (302, "accepted")
    shown = client.get(begun.headers["Location"]).content.decode()
    assert made.number in shown


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_applications_step_is_decided_on_its_page_and_left_in_the_middle(
    client, today, language
):
    """The step of an application, whose form has no room for conditions; then the applicant
    leaves by the page that all courses share, and nothing of it stays open."""
    user = logged_in(client, "applicant")
    _who, made = make.applied(make.opened(), who=actor_for(user))
    official = Client()
    official.force_login(person("authority"))
    official.cookies["django_language"] = language
    step = StepRun.objects.get(proceeding=made.proceeding, state="open")
    sent = {"outcome": "recommend", "reasons": "材料属实，同意推荐。"}
    answer = official.post(reverse("shared:step", args=[step.pk, "finish"]), sent)
    step.refresh_from_db()
    assert (answer.status_code, step.state, step.outcome) == (302, "done", "recommend")
    marks = StepRun.objects.get(proceeding=made.proceeding, state="open")
    gather_panel(who=SYSTEM, call=made.call_id, now=make.NOW)
    away = reverse("shared:proceeding-withdraw", args=[made.proceeding])
    assert official.post(away, {"reasons": "不该由我"}).status_code == 403
    for _click in range(2):
        client.post(away, {"reasons": "项目重组"})
    made.refresh_from_db()
    marks.refresh_from_db()
    assert (made.state, made.reasons, marks.state) == ("withdrawn", "项目重组", "dropped")
    assert PanelItem.objects.get(subject=made.pk).withdrawn_at is not None
    late = official.post(reverse("shared:step", args=[marks.pk, "finish"]), {"outcome": "marked"})
    assert late.status_code in (403, 409)


def test_an_authority_opens_a_challenge_with_its_goals(client, today):
    logged_in(client, "authority")
    issuer = next(iter(actor("applicant").organisations))
    code = Organisation.objects.get(pk=issuer).credit_code
    address = reverse("authority:call-new") + "?program=open_challenge"
    sent = {
        "title": "高收率连续化工艺",
        "opens": today.isoformat(),
        "closes": (today + timedelta(days=30)).isoformat(),
        "issuer": code,
        "prize": "800000",
        "goal": ["收率", ""],
        "side": ["least", "least"],
        "at": ["85", ""],
        "unit": ["%", ""],
    }
    assert client.post(address, {**sent, "prize": "", "goal": ["", ""]}).status_code == 422
    made = client.post(address, sent)
    call = Call.objects.get()
    assert made.headers["Location"] == reverse("authority:call", args=[call.pk])
    client.post(reverse("authority:call-move", args=[call.pk]), {"move": "open"})
    call.refresh_from_db()
    assert (call.state, call.goals[0]["at"]) == ("open", "85")
    assert "85" in client.get(reverse("public:call", args=[call.pk])).content.decode()


def test_a_list_goes_up_for_notice_and_is_objected_to(client, today):
    call = make.opened()
    _who, first = make.applied(call)
    make.marked(call, {first: 90})
    services.make_list(who=SYSTEM, call=call.pk, now=timezone.now())
    services.open_notice(who=SYSTEM, call=call.pk, now=timezone.now())
    page = reverse("public:call", args=[call.pk])
    assert first.title in client.get(page).content.decode()
    logged_in(client, "known")
    short = client.post(reverse("public:call-object", args=[call.pk]), {"text": "不好"})
    assert short.status_code == 422
    client.post(reverse("public:call-object", args=[call.pk]), {"text": "该产品三年前已有销售。"})
    assert "该产品三年前已有销售。" in client.get(page).content.decode()
    logged_in(client, "authority")
    inside = client.get(reverse("authority:call", args=[call.pk])).content.decode()
    assert "该产品三年前已有销售。" in inside
    for kind in ("docx", "xlsx"):
        table = client.get(reverse("authority:call-annex", args=[call.pk, kind]))
        assert table.status_code == 200
        assert table.content.startswith(b"PK")


def test_an_application_is_called_in_english_where_its_applicant_says_so(client, today):
    call = make.opened("short")
    who, made = make.begun(call)
    client.force_login(User.objects.get(pk=who.id))
    client.cookies["django_language"] = "en"
    address = reverse("applicant:application", args=[made.pk])
    assert 'name="title_en"' in client.get(address).content.decode()
    kept = {"action": "save", "title_en": "  Alumina\u0000  powder "}
    assert client.post(address, kept).status_code == 302
    services.submit_application(who=who, application=made.pk, now=timezone.now())
    made.refresh_from_db()
    assert made.title_en == "Alumina powder"
    inside = Client()
    inside.force_login(person("authority"))
    inside.cookies["django_language"] = "en"
    pages = [
        reverse("authority:call", args=[call.pk]),
        reverse("authority:application", args=[made.pk]),
        reverse("shared:proceeding", args=[made.proceeding]),
        reverse("shared:inbox"),
    ]
    for page in pages:
        assert "Alumina powder" in inside.get(page).content.decode(), page
    assert "Alumina powder" in client.get(address).content.decode()
    client.cookies["django_language"] = "zh-hans"
    assert "Alumina powder" not in client.get(address).content.decode()


def test_one_person_has_one_vote(client, today):
    call = make.opened("vote")
    applicant, first = make.applied(call, category="service")
    Call.objects.filter(pk=call.pk).update(
        vote_from=today, vote_to=today + timedelta(days=9), state="judged"
    )
    voter = logged_in(client, "known")
    page = reverse("public:call", args=[call.pk])
    client.cookies["django_language"] = "en"
    told = client.get(page).content.decode()
    asked = queries.program_of(call).form.by_role("summary")
    assert asked.public
    assert first.answers[asked.id] in told
    assert "nobody votes for what is theirs" not in told
    theirs = Client()
    theirs.cookies["django_language"] = "en"
    theirs.force_login(User.objects.get(pk=applicant.id))
    mine = theirs.get(page).content.decode()
    assert "nobody votes for what is theirs" in mine
    User.objects.filter(pk=voter.pk).update(date_joined=timezone.now())
    address = reverse("public:call-vote", args=[call.pk])
    young = client.post(address, {"choice": [first.pk]})
    assert young.status_code == 422
    User.objects.filter(pk=voter.pk).update(date_joined=timezone.now() - timedelta(days=30))
    for _click in range(2):
        assert client.post(address, {"choice": [first.pk]}).status_code == 302
    assert call.ballots.count() == 1
    assert client.post(address, {"choice": ["99999"]}).status_code == 422


def test_a_page_of_readiness_reads_the_facts_once(client, today, django_assert_max_num_queries):
    _who, place = operated(actor_for(logged_in(client, "operator")))
    address = reverse("operator:readiness", args=[place.code])
    client.get(address)
    programs = sum(p.concerns == "facility" for p in queries.open_programs(today))
    with django_assert_max_num_queries(20) as asked:
        assert client.get(address).status_code == 200
    assert programs > 1
    assert sum("demand_case" in one["sql"] for one in asked.captured_queries) == 1


def test_an_operator_sees_what_is_lacking_and_takes_it_on(client, today):
    user = logged_in(client, "operator")
    _who, place = operated(actor_for(user))
    address = reverse("operator:readiness", args=[place.code])
    assert client.get(address).status_code == 200
    plan = {"program": "provincial_recognition", "until": (today + timedelta(days=90)).isoformat()}
    for _click in range(2):
        client.post(reverse("operator:readiness-plan", args=[place.code]), plan)
    assert CultivationPlan.objects.count() == 1


def test_two_officials_at_one_moment_decide_once_and_the_second_is_told(client, today):
    call = make.opened()
    _who, first = make.applied(call)
    make.marked(call, {first: 90})
    services.make_list(who=SYSTEM, call=call.pk, now=timezone.now())
    both = Client(), Client()
    for official in both:
        official.force_login(person("authority"))
        seen = Call.objects.get(pk=call.pk).version
        page = official.get(reverse("authority:call", args=[call.pk])).content.decode()
        assert f'name="seen" value="{seen}"' in page
    address = reverse("authority:call-move", args=[call.pk])
    shown = [
        official.post(address, {"move": "list", "seen": seen}, follow=True).content.decode()
        for official in both
    ]
    with translation.override("zh-hans"):
        assert [str(MOVED) in page for page in shown] == [False, True]
    assert Call.objects.get(pk=call.pk).version == seen + 1


def test_a_promised_last_day_is_named_in_the_readers_language():
    program = current_rulebook().programs[make.NAMES["challenge"]]
    end = program.form.by_role("end").title
    rows = [Milestone(title=end.zh, state="open"), Milestone(title="试车", state="passed")]
    with translation.override("en"):
        assert [row["title"] for row in milestone_rows(program, rows)] == [end.en, "试车"]
    with translation.override("zh-hans"):
        assert [row["title"] for row in milestone_rows(program, rows)] == [end.zh, "试车"]
