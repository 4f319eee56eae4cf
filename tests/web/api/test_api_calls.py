"""Calls and applications through the API: the same checks as the pages, and the same answers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pilotline.desks.calls import services
from pilotline.desks.people.models import Organisation
from pilotline.kernel.actor import SYSTEM
from tests import factories_calls as make
from tests.factories import OTHER_CITY, actor
from tests.factories_registry import facility

pytestmark = pytest.mark.usefixtures("rulebook")


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """Programs ask the clock; the factories' days are moved to it."""
    now = timezone.now()
    monkeypatch.setattr(make, "NOW", now)
    monkeypatch.setattr(make, "TODAY", timezone.localdate(now))
    monkeypatch.setattr(make, "LATER", now + timedelta(days=40))


def days() -> dict[str, str]:
    today = timezone.localdate()
    return {"opens": today.isoformat(), "closes": (today + timedelta(days=20)).isoformat()}


def test_from_a_draft_call_to_an_application_that_is_withdrawn(program):
    official, applicant, anyone = program("authority"), program(), program(None)
    body = {"program": "first_batch", "title": "首批次新材料", **days()}
    draft = official.post("/authority/calls", body, 201)
    assert anyone.get(f"/calls/{draft['id']}", 404)["code"] == "not-found"
    official.post(f"/authority/calls/{draft['id']}/moves", {"move": "open"})
    (row,) = anyone.get("/calls?state=open")["items"]
    assert (row["id"], row["applications"]) == (draft["id"], 0)
    asked = {field["id"] for field in anyone.get(f"/calls/{row['id']}/form")["fields"]}
    assert {"title", "novelty", "consent"} <= asked

    mine = {"call": row["id"], "organisation": min(applicant.who.organisations)}
    begun = applicant.post("/my/applications", mine, 201)
    empty = applicant.post(f"/my/applications/{begun['id']}/submit", status=422)
    assert {"title", "consent"} <= {problem["field"] for problem in empty["problems"]}
    answers = make.answers(make.Call.objects.get(pk=row["id"]))
    saved = applicant.ask("PATCH", f"/my/applications/{begun['id']}", {"answers": answers}).json()
    assert saved["title"] == answers["title"]
    done = applicant.post(f"/my/applications/{begun['id']}/submit")
    assert (done["state"], bool(done["number"])) == ("accepted", True)
    assert program().get(f"/my/applications/{begun['id']}", 404)["code"] == "not-found"
    inside = official.get(f"/authority/calls/{row['id']}/applications")["items"]
    assert [one["number"] for one in inside] == [done["number"]]
    gone = applicant.post(f"/my/applications/{begun['id']}/withdraw", {"reason": "重组"})
    assert gone["state"] == "withdrawn"


def test_a_list_is_objected_to_answered_and_decided(program):
    official, someone = program("authority"), program("known")
    call = make.opened()
    _who, first = make.applied(call)
    make.marked(call, {first: 90})
    place = f"/authority/calls/{call.pk}"
    seen = official.get(place)["version"]
    official.post(f"{place}/moves", {"move": "list", "seen": seen})
    late = official.post(f"{place}/moves", {"move": "list", "seen": seen}, 409)
    assert late["code"] == "conflict"
    shown = official.post(f"{place}/moves", {"move": "notice"})
    assert shown["to_decide"]
    (line,) = someone.get(f"/calls/{call.pk}/results")
    assert (line["application"], line["rank"]) == (first.pk, 1)
    text = {"text": "该产品三年前已有销售，请核实。", "application": first.pk}
    made = someone.post(f"/calls/{call.pk}/objections", text, 201)
    answer = {"upheld": True, "answer": "核查属实，予以取消，重新公示。"}
    someone.post(f"/authority/objections/{made['id']}/answer", answer, 403)
    done = official.post(f"/authority/objections/{made['id']}/answer", answer)
    assert done["upheld"] is True
    assert official.get(f"/authority/applications/{first.pk}")["state"] == "refused"


def test_parties_milestones_and_the_annex(program):
    lead, partner, official = program(), program(), program("authority")
    theirs = min(partner.who.organisations)
    call = make.opened("joint")
    _lead, begun = make.begun(call, who=lead.who)
    parties = [
        {"organisation": min(lead.who.organisations), "task": "牵头放大", "share": "60"},
        {"organisation": theirs, "task": "检测", "share": "40"},
    ]
    place = f"/my/applications/{begun.pk}"
    named = lead.ask("PUT", f"{place}/parties", {"parties": parties}).json()
    assert [one["agreed"] for one in named["parties"]] == [True, None]
    assert lead.post(f"{place}/submit")["state"] == "joining"
    answered = partner.post(f"{place}/partnership", {"organisation": theirs, "agree": True})
    assert answered["state"] == "accepted"

    won = make.opened("challenge", issuer=min(actor().organisations))
    _who, bid = make.applied(won, who=lead.who)
    make.marked(won, {bid: 90})
    services.make_list(who=SYSTEM, call=won.pk, now=make.LATER)
    services.open_notice(who=SYSTEM, call=won.pk, now=make.LATER)
    services.publish_results(who=SYSTEM, call=won.pk, now=make.LATER + timedelta(days=20))
    milestone = lead.get(f"/my/applications/{bid.pk}")["milestones"][0]["id"]
    told = lead.post(f"/my/milestones/{milestone}/report", {"report": "完成三批"})
    assert told["state"] == "reported"
    verdict = {"passed": True, "verdict": ""}
    partner.post(f"/authority/milestones/{milestone}/verdict", verdict, 403)
    judged = official.post(f"/authority/milestones/{milestone}/verdict", verdict)
    assert judged["state"] == "passed"
    for kind in ("docx", "xlsx"):
        file = official.ask("GET", f"/authority/calls/{won.pk}/annex?kind={kind}")
        assert file.content.startswith(b"PK")


def test_the_acceptance_test_of_a_challenge(program):
    """Milestones and measured goals, with the checks of the pages: all goals, only once granted."""
    official, bidder = program("authority"), program()
    won = make.opened("challenge", issuer=min(actor().organisations))
    _who, bid = make.applied(won, who=bidder.who)
    place = f"/authority/applications/{bid.pk}"
    measured = {"measured": ["86.5"], "proof": "检测报告一"}
    early = official.post(f"{place}/test", measured, 422)
    assert [problem["code"] for problem in early["problems"]] == ["not-granted"]
    make.marked(won, {bid: 90})
    services.make_list(who=SYSTEM, call=won.pk, now=make.LATER)
    services.open_notice(who=SYSTEM, call=won.pk, now=make.LATER)
    services.publish_results(who=SYSTEM, call=won.pk, now=make.LATER + timedelta(days=20))
    due = (timezone.localdate() + timedelta(days=30)).isoformat()
    step = {"title": "三批验证", "due": due, "amount": "0"}
    bidder.post(f"{place}/milestones", step, 403)
    assert official.post(f"{place}/milestones", step, 201)["state"] == "open"
    dear = official.post(f"{place}/milestones", step | {"amount": "99999999"}, 422)
    assert [problem["field"] for problem in dear["problems"]] == ["amount"]
    bidder.post(f"{place}/test", measured, 403)
    missing = official.post(f"{place}/test", measured | {"measured": ["86", "1"]}, 422)
    assert [problem["field"] for problem in missing["problems"]] == ["measured"]
    for figure, reached in (("84", False), ("86.5", True)):
        told = official.post(f"{place}/test", measured | {"measured": [figure]})
        assert told["tests"] == [
            {"goal": 0, "measured": figure, "reached": reached, "proof": "检测报告一"}
        ]
    assert bidder.get(f"/my/applications/{bid.pk}")["tests"][0]["reached"] is True


def test_somebody_is_checked_in(program):
    official = program("authority")
    _who, made = make.applied(make.opened("event"), seats="1")
    done = official.post(f"/authority/applications/{made.pk}/check-in")
    assert done["checked_in_at"]


def test_a_plan_of_cultivation(program):
    """What is lacking is told, taken on once, and seen by the authority of the region only."""
    operator, official = program("operator"), program("authority")
    elsewhere = program("authority", region=OTHER_CITY)
    owner = Organisation.objects.get(pk=min(operator.who.organisations))
    code = facility("筹建中试平台", owner=owner).code
    told = operator.get(f"/operator/facilities/{code}/readiness")
    row = next(one for one in told if one["lacking"])
    assert row["lacking"][0]["advice"]
    body = {"program": row["program"], "until": (days()["closes"]), "words": "年内补足设备"}
    place = f"/operator/facilities/{code}/plans"
    program("operator").post(place, body, 403)
    official.post(place, body, 403)
    past = operator.post(place, body | {"until": "2020-01-01"}, 422)
    assert [problem["field"] for problem in past["problems"]] == ["until"]
    made = operator.post(place, body, 201)
    assert operator.post(place, body, 201)["id"] == made["id"]
    assert (made["lacking"], made["ready_at"]) == (row["lacking"], None)
    assert [one["id"] for one in operator.get("/operator/plans")["items"]] == [made["id"]]
    assert [one["facility"] for one in official.get("/authority/plans")["items"]] == [code]
    assert elsewhere.get("/authority/plans")["items"] == []


@pytest.mark.parametrize("rows", [1, 3])
def test_plans_ask_a_fixed_number_of_times(program, rows, django_assert_max_num_queries):
    operator = program("operator")
    owner = Organisation.objects.get(pk=min(operator.who.organisations))
    until = timezone.localdate() + timedelta(days=90)
    for number in range(rows):
        code = facility(f"筹建中试平台{number}", owner=owner).code
        told = operator.get(f"/operator/facilities/{code}/readiness")
        lacking = next(one for one in told if one["lacking"])["program"]
        given = {"program": lacking, "until": until, "words": "", "now": timezone.now()}
        services.make_plan(who=operator.who, facility=code, **given)
    with django_assert_max_num_queries(8):
        assert len(operator.get("/operator/plans")["items"]) == rows


def test_a_challenge_names_its_issuer_by_credit_code(program):
    official = program("authority")
    issuer = Organisation.objects.get(pk=min(actor().organisations))
    body = {"program": "open_challenge", "title": "连续化工艺", "prize": "800000", **days()}
    body["goals"] = [{"title": "收率", "at": "85", "unit": "%"}]
    lacking = official.post("/authority/calls", body, 422)
    assert [problem["field"] for problem in lacking["problems"]] == ["issuer"]
    made = official.post("/authority/calls", {**body, "issuer": issuer.credit_code}, 201)
    assert (made["issuer"], made["goals"][0]["at"]) == (issuer.name, "85")
