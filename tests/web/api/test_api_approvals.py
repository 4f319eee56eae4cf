"""Pilot projects, the inbox, experts and draws for programs, each through its own door."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.review import services as review
from pilotline.kernel.actor import SYSTEM
from tests import factories, factories_experts
from tests.factories import CITY, NOW
from tests.factories_approvals import LIMITS, PLAN, Scene, envelope, scene
from tests.factories_demand import accepted, attached
from tests.factories_experts import COMMENTS, MARKS

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(program: Any) -> dict[str, Any]:
    return {
        "applicant": program("applicant"),
        "city": program("authority", region=CITY),
        "colleague": program("authority", region=CITY),
        "stranger": program("applicant"),
    }


def given(on: Scene, who: Any, **more: Any) -> tuple[int, dict[str, Any]]:
    """A case, and what a program sends to open its project."""
    case, today = accepted(who), timezone.localdate()
    papers = {
        item.id: attached(who, case, name=f"{item.id}.pdf").pk
        for item in current_rulebook().review_items
        if item.needed == "always"
    }
    return case.pk, {
        "kind": "project",
        "facility": on.facility.code,
        "line": on.line,
        "begin": (today + timedelta(days=30)).isoformat(),
        "end": (today + timedelta(days=200)).isoformat(),
        "plan": PLAN,
        "papers": papers,
    } | more


def test_a_project_from_opening_to_its_permit(people: Any) -> None:
    on = scene()
    applicant, city = people["applicant"], people["city"]
    case, body = given(on, applicant.who)
    missing = applicant.post(f"/my/cases/{case}/projects", body | {"papers": {}}, 422)
    assert [p["field"] for p in missing["problems"]] == ["paper_project_plan"]
    made = applicant.post(f"/my/cases/{case}/projects", body, 201, Idempotency_Key="k1")
    assert applicant.post(f"/my/cases/{case}/projects", body, 201, Idempotency_Key="k1") == made
    steps = {s["step"]: s for s in made["steps"] if s["state"] == "open"}
    assert {"technical", "safety", "land_use"} <= set(steps)
    people["stranger"].get(f"/projects/{made['id']}", 404)

    rows = city.get("/inbox", limit=50)["items"]
    assert {r["step"] for r in rows} == set(steps)
    assert city.get("/inbox/counts")["all"] == len(rows)
    technical, safety = steps["technical"]["id"], steps["safety"]["id"]
    city.post(f"/steps/{technical}/take")
    told = people["colleague"].post(f"/steps/{technical}/finish", {"outcome": "pass"}, 422)
    assert [p["code"] for p in told["problems"]] == ["taken"]
    city.post(f"/steps/{technical}/give-back")
    wrong = city.post(f"/steps/{safety}/finish", {"outcome": "correct"}, 422)
    assert [p["field"] for p in wrong["problems"]] == ["reasons"]
    city.post(f"/steps/{safety}/finish", {"outcome": "correct", "reasons": "请补充"})
    assert [r["step"] for r in applicant.get("/inbox")["items"]] == ["safety"]
    answered = applicant.post(f"/steps/{safety}/answer", {"words": "已补充"})
    assert (answered["state"], answered["ways"]["pass"]) == ("open", "on")
    urged = city.post(f"/steps/{safety}/urge", {"kind": "urge", "words": "请办"})
    city.post(f"/urges/{urged['id']}/answer", {"words": "本周办结"})
    for row in city.get("/inbox")["items"]:
        city.post(f"/steps/{row['id']}/finish", {"outcome": "pass"})
    assert people["colleague"].post(f"/steps/{safety}/finish", {"outcome": "pass"}, 409)

    (decision,) = city.get("/inbox")["items"]
    due = (timezone.localdate() + timedelta(days=9)).isoformat()
    terms = {"outcome": "approve_on_terms", "reasons": "附条件"}
    city.post(f"/steps/{decision['id']}/finish", terms, 422)
    city.post(
        f"/steps/{decision['id']}/finish",
        terms | {"conditions": [{"text": "补充协议", "due": due}]},
    )
    found = applicant.get(f"/projects/{made['id']}")
    assert (found["state"], found["outcome"]) == ("granted", "approved")
    (condition,) = found["conditions"]
    applicant.post(f"/conditions/{condition['id']}/report", {"words": "已补"})
    assert city.post(f"/conditions/{condition['id']}/answer", {"met": True})["state"] == "met"
    start = {"since": timezone.localdate().isoformat()}
    permit = applicant.post(f"/projects/{made['id']}/start", start)
    assert permit["project"] == made["number"]
    more = {"until": permit["ends"], "reasons": "未完"}
    applicant.post(f"/permits/{permit['id']}/extension", more, 422)
    assert [p["id"] for p in city.get("/permits")["items"]] == [permit["id"]]
    told = city.get(f"/authority/tracks/{decision_track(found)}")
    assert (told["opened"], told["ended"]) == (1, 1)
    assert (
        "bpmn" in applicant.ask("GET", f"/proceedings/{found['proceeding']}/bpmn").content.decode()
    )


def decision_track(found: dict[str, Any]) -> str:
    return next(t.id for t in current_rulebook().tracks if t.serves == found["kind"])


def test_a_filing_is_refused_with_the_exact_reasons(people: Any) -> None:
    on = scene()
    envelope(on)
    applicant = people["applicant"]
    plan = PLAN | {"substances": [*LIMITS["substances"], "丙烯腈"], "pressure_high": "2"}
    case, body = given(on, applicant.who, kind="filing", plan=plan)
    told = applicant.post(f"/my/cases/{case}/projects", body, 422)
    assert {p["code"]: p["field"] for p in told["problems"]} == {
        "substances": "substances",
        "pressure": "pressure_high",
    }
    made = applicant.post(f"/my/cases/{case}/projects", body | {"kind": "project"}, 201)
    assert [one["code"] for one in made["held"]] == ["substances", "pressure"]
    left = applicant.post(f"/my/projects/{made['id']}/withdraw", {"reasons": "改方案"})
    assert left["state"] == "withdrawn"
    assert applicant.get("/projects", state="withdrawn")["total"] == 1


def test_an_expert_answers_and_marks_through_a_token_of_their_own(program: Any) -> None:
    for _each in range(3):
        factories_experts.expert(user=factories.person("applicant"))
    panel = factories_experts.panel()
    asked = factories_experts.asked(panel)[0]
    expert = program(asked.expert.user, scopes=("expert:read", "expert:write"))
    reader = program(asked.expert.user, scopes=("expert:read",))
    place = f"/expert/assignments/{asked.pk}"
    assert [row["id"] for row in reader.get("/expert/assignments")["items"]] == [asked.pk]
    reader.post(f"{place}/answer", {"answer": "accepted", "declares": True}, 403)
    program(asked.expert.user, scopes=("applicant:read",)).get("/expert/assignments", 403)
    assert expert.get(place)["material"] == []
    told = expert.post(f"{place}/answer", {"answer": "accepted"}, 422)
    assert [p["code"] for p in told["problems"]] == ["undeclared"]
    expert.post(f"{place}/answer", {"answer": "accepted", "declares": True})
    assert expert.get(place)["material"]
    body = {"marks": MARKS, "comments": COMMENTS, "submit": True}
    assert expert.ask("PUT", f"{place}/sheet", body).json()["state"] == "submitted"
    province = program("authority")
    table = province.get(f"/authority/panels/{panel.pk}")["standings"]
    assert [row["sheets"] for row in table] == [1]
    expert.get(f"/authority/panels/{panel.pk}", 403)


def test_two_officials_set_a_namesake_aside_through_their_programs(program: Any) -> None:
    """The same checks as on the pages: nothing but a name, two pairs of eyes, no second opinion."""
    expert = factories_experts.expert()
    work = {"kind": "work", "title": "论文", "names": ["赵敏"], "since": date(2026, 3, 1)}
    review.add_bond(who=factories_experts.actor_of(expert), bond=work, now=NOW)
    panel = factories_experts.panel(factories_experts.item(people=["赵敏"]))
    first, second, reader = (
        program("authority"),
        program("authority"),
        program("authority", scopes=("authority:read",)),
    )
    place = f"/authority/panels/{panel.pk}"
    [pair] = first.get(f"{place}/conflicts")["items"]
    assert [(r["bars"], r["by_name"], r["set_aside"]) for r in pair["reasons"]] == [
        (True, True, None)
    ]
    body = {"item": pair["item"], "expert": pair["expert"], "words": "两人单位不同，身份已核对"}
    reader.post("/authority/namesakes", body, 403)
    program("applicant").post("/authority/namesakes", body, 403)
    short = first.post("/authority/namesakes", body | {"words": "短"}, 422)
    assert [p["field"] for p in short["problems"]] == ["words"]
    made = first.post("/authority/namesakes", body, 201, Idempotency_Key="n1")
    assert first.post("/authority/namesakes", body, 201, Idempotency_Key="n1") == made
    second.post("/authority/namesakes", body, 409)
    one = f"/authority/namesakes/{made['id']}"
    assert [p["code"] for p in first.post(f"{one}/confirm", {}, 422)["problems"]] == ["four-eyes"]
    assert second.post(f"{one}/confirm")["state"] == "confirmed"
    [pair] = first.get(f"{place}/conflicts")["items"]
    assert [(r["bars"], r["set_aside"]) for r in pair["reasons"]] == [(False, made["id"])]
    assert second.post(f"{one}/end", {"words": "存疑"})["state"] == "revoked"
    [told] = first.get(f"{place}/namesakes")["items"]
    assert (told["state"], told["end_words"]) == ("revoked", "存疑")
    second.post(f"{one}/confirm", {}, 409)


def test_anybody_checks_a_draw(program: Any) -> None:
    for _each in range(3):
        factories_experts.expert()
    panel = factories_experts.panel()
    draw = review.commit_draw(who=SYSTEM, panel=panel.pk, now=NOW)
    anyone = program(None)
    before = anyone.get(f"/draws/{draw.pk}")
    assert (before["seed"], before["fits"], before["result"]) == ("", None, {})
    review.reveal_draw(who=SYSTEM, panel=panel.pk, now=NOW)
    after = anyone.get(f"/draws/{draw.pk}")
    assert after["fits"] is True
    assert after["commitment"] == before["commitment"]
