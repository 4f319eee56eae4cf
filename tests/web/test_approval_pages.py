"""Pages of proceedings and projects: the inbox, the case page, opening, figures, permits."""

from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from pilotline.desks.approvals.models import Condition, Project
from pilotline.desks.approvals.services import decide
from pilotline.desks.demand.models import Case
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.people.queries import actor_for
from pilotline.desks.review.models import StepRun
from tests import factories
from tests.factories import CITY, NOW
from tests.factories_approvals import BEGIN, END, PLAN, Scene, envelope, project
from tests.factories_demand import accepted, attached
from tests.factories_matching import operated, with_reactor
from tests.factories_review import open_run, pass_all

pytestmark = pytest.mark.usefixtures("rulebook")


class Stage:
    """A scene whose people can log in."""

    def __init__(self) -> None:
        self.users = {
            "applicant": factories.person("applicant"),
            "operator": factories.person("operator"),
            "city": factories.person("authority", region=CITY),
        }
        who = {name: actor_for(user) for name, user in self.users.items()}
        _, facility = operated(who["operator"])
        line = with_reactor(who["operator"], facility)
        self.scene = Scene(who["applicant"], who["operator"], who["city"], facility, line)

    def client(self, name: str) -> Client:
        client = Client(headers={"Accept-Language": "en"})
        client.force_login(self.users[name])
        return client


@pytest.fixture
def stage() -> Stage:
    return Stage()


def page(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, url
    return answer.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_inbox_shows_what_waits(stage: Stage, count: int, django_assert_max_num_queries: Any):
    for _ in range(count):
        project(stage.scene)
    client = stage.client("city")
    page(client, "/shared/inbox/")
    with django_assert_max_num_queries(22):
        text = page(client, "/shared/inbox/?tab=all")
    assert text.count('name="run"') == 8 * count
    for tab in ("mine", "due", "late", "green", "waiting", "nonsense"):
        page(client, f"/shared/inbox/?tab={tab}")
    assert client.get("/shared/inbox/?export=xlsx").status_code == 200


def test_titles_are_read_in_the_readers_language(stage: Stage):
    case = accepted(stage.scene.applicant)
    Case.objects.filter(pk=case.pk).update(title_en="Scale-up of a coating")
    case.refresh_from_db()
    made = project(stage.scene, case=case)
    client = stage.client("city")
    client.cookies["django_language"] = "en"
    proceeding = f"/shared/proceedings/{made.proceeding_id}/"
    places = ("/shared/inbox/", "/shared/inbox/?q=Scale-up", "/authority/approvals/", proceeding)
    for url in places:
        text = page(client, url)
        assert "Scale-up of a coating" in text, url
        assert made.title not in text, url
    client.cookies["django_language"] = "zh-hans"
    chinese = page(client, proceeding)
    assert made.title in chinese
    assert "Scale-up" not in chinese


def test_bulk_work_passes_what_needs_no_words(stage: Stage):
    made = project(stage.scene)
    client = stage.client("city")
    keys = list(StepRun.objects.filter(state="open").values_list("pk", flat=True))
    client.post("/shared/inbox/bulk/", {"run": keys[:2], "move": "take"})
    assert StepRun.objects.filter(holder=stage.users["city"].pk).count() == 2
    client.post("/shared/inbox/bulk/", {"run": keys, "move": "pass"})
    assert open_run(made.proceeding).act == "decision"
    run = open_run(made.proceeding).pk
    answer = client.post("/shared/inbox/bulk/", {"run": [run], "move": "pass"}, follow=True)
    assert "one by one" in answer.content.decode() or "逐项" in answer.content.decode()
    assert open_run(made.proceeding).pk == run


def test_everybody_sees_the_same_truth(stage: Stage):
    made = project(stage.scene)
    url = f"/shared/proceedings/{made.proceeding_id}/"
    for name in ("applicant", "operator", "city"):
        text = page(stage.client(name), url)
        assert "<svg width" in text
        assert made.number in text
        assert text.count('class="open"') == 8
    assert Client().get(url).status_code == 302
    stranger = Client()
    stranger.force_login(factories.person("applicant"))
    assert stranger.get(url).status_code == 404
    bpmn = stage.client("applicant").get(f"{url}bpmn/")
    assert bpmn.content.startswith(b"<?xml")


def test_a_step_is_decided_asked_and_answered_on_the_page(stage: Stage):
    made = project(stage.scene)
    city, applicant = stage.client("city"), stage.client("applicant")
    run = open_run(made.proceeding, "review").pk
    wrong = city.post(f"/shared/steps/{run}/finish/", {"outcome": "object", "reasons": ""})
    assert wrong.status_code == 422
    city.post(f"/shared/steps/{run}/finish/", {"outcome": "correct", "reasons": "补交报告"})
    assert StepRun.objects.get(pk=run).state == "waiting"
    text = page(applicant, f"/shared/proceedings/{made.proceeding_id}/")
    assert "补交报告" in text
    applicant.post(f"/shared/steps/{run}/answer/", {"answer": "已补交"})
    assert StepRun.objects.get(pk=run).state == "open"
    city.post(f"/shared/steps/{run}/urge/", {"kind": "urge", "words": "请加快"})
    urge = StepRun.objects.get(pk=run).urges.get()
    # What was not said leads back to where it was asked, not away from it.
    back = city.post(
        f"/shared/urges/{urge.pk}/answer/", {"words": "", "proceeding": made.proceeding_id}
    )
    assert back.headers["Location"] == f"/shared/proceedings/{made.proceeding_id}/"
    city.post(f"/shared/urges/{urge.pk}/answer/", {"words": "明日办结"})
    assert "明日办结" in page(applicant, f"/shared/proceedings/{made.proceeding_id}/")


def test_a_decision_with_conditions_and_their_follow_up(stage: Stage):
    made = project(stage.scene)
    pass_all(made.proceeding)
    city, applicant = stage.client("city"), stage.client("applicant")
    run = open_run(made.proceeding).pk
    given = {"outcome": "approve_on_terms", "reasons": "符合"}
    assert city.post(f"/shared/steps/{run}/finish/", given).status_code == 422
    given |= {"condition_0": "安装监测", "due_0": "2099-01-04"}
    assert city.post(f"/shared/steps/{run}/finish/", given).status_code == 302
    condition = Condition.objects.get()
    url = f"/shared/conditions/{condition.pk}/"
    applicant.post(url, {"move": "report", "words": "已安装"})
    city.post(url, {"move": "met", "words": ""})
    condition.refresh_from_db()
    assert condition.state == "met"
    applicant.post(f"/shared/projects/{made.pk}/start/", {"since": ""})
    assert "XK-" in page(stage.client("operator"), "/operator/permits/")
    assert "XK-" in page(city, "/authority/approvals/permits/")


def test_an_applicant_opens_a_project_from_a_case(stage: Stage):
    on = stage.scene
    case = accepted(on.applicant)
    paper = attached(on.applicant, case)
    client = stage.client("applicant")
    url = f"/my/cases/{case.pk}/project/"
    always = sum(item.needed == "always" for item in current_rulebook().review_items)
    # What is always needed is marked as such: the way, both days, and papers; each is told once.
    assert page(client, url).count('class="must"') == 3 + always
    lacking = client.post(url, {"kind": "project"})
    assert lacking.status_code == 422
    assert [len(lacking.context["form"].errors[day]) for day in ("begin", "end")] == [1, 1]
    given = {"kind": "project", "begin": "2099-01-04", "end": "2099-06-30"}
    given |= {"substances": "硫酸镍、氨水", "quantity": "800", "paper_project_plan": paper.pk}
    answer = client.post(url, given)
    assert answer.status_code == 302
    made = Project.objects.get()
    assert made.plan["substances"] == ["硫酸镍", "氨水"]
    assert made.number in page(client, "/my/projects/")
    client.post(f"/shared/proceedings/{made.proceeding_id}/withdraw/", {"reasons": "改期"})
    made.refresh_from_db()
    assert made.state == "withdrawn"


def test_a_filing_that_was_not_enough_leads_its_applicant_to_approval(stage: Stage):
    envelope(stage.scene)
    made = project(stage.scene, "filing")
    url, way = f"/shared/proceedings/{made.proceeding_id}/", f"/my/cases/{made.case_id}/project/"
    applicant = stage.client("applicant")
    assert way not in page(applicant, url)
    run = open_run(made.proceeding, "marks")
    decide(who=stage.scene.city, run=run.pk, outcome="object", reasons="风险增加", now=NOW)
    assert way in page(applicant, url)
    assert way not in page(stage.client("city"), url)
    project(stage.scene, case=made.case)
    assert way not in page(applicant, url)


def test_the_authority_sees_how_long_it_takes(stage: Stage):
    made = project(stage.scene)
    pass_all(made.proceeding)
    city = stage.client("city")
    text = page(city, "/authority/approvals/")
    assert made.number in text
    listed = {"credit_code": made.organisation.credit_code, "listed_in": "名单"}
    city.post("/authority/approvals/key-projects/", listed)
    assert made.organisation.credit_code in page(city, "/authority/approvals/key-projects/")
    city.post("/authority/approvals/key-projects/1/remove/")


def test_what_a_line_is_approved_for(stage: Stage):
    city, code = stage.client("city"), stage.scene.facility.code
    url = f"/authority/facilities/{code}/envelope/"
    page(city, url)
    envelope(stage.scene)
    assert "鲁环审" in page(city, "/authority/approvals/envelopes/")
    assert "鲁环审" in page(stage.client("operator"), "/operator/envelopes/")
    given = {f"emissions_{name}": value for name, value in PLAN["emissions"].items()}
    given |= {k: v for k, v in PLAN.items() if isinstance(v, str)}
    given |= {"line": stage.scene.line, "document": "鲁环审二号", "since": "2026-01-04"}
    assert city.post(url, given | {"substances": ""}).status_code == 422
    assert city.post(url, given | {"substances": "氨水"}).status_code == 302
    assert "鲁环审二号" in page(city, "/authority/approvals/envelopes/")
    assert BEGIN < END


@pytest.mark.parametrize(
    ("left", "words", "tone"),
    [(None, "—", ""), (-1, "run out", "bad"), (0, "0", "warn"), (30, "30", "warn"), (31, "31", "")],
)
def test_a_permit_that_ends_soon_is_marked(left: int | None, words: str, tone: str):
    with translation.override("en"):
        shown = render_to_string("shared/permit_left.html", {"value": left})
    assert words in shown
    assert ('class="badge' in shown) is bool(tone)
    assert tone in shown
