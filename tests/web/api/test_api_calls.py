"""Calls and applications through the API: the same checks as the pages, and the same answers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pilotline.desks.calls import services
from pilotline.desks.people.models import Organisation
from pilotline.kernel.actor import SYSTEM
from tests import factories_calls as make
from tests.factories import actor

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


def test_a_challenge_names_its_issuer_by_credit_code(program):
    official = program("authority")
    issuer = Organisation.objects.get(pk=min(actor().organisations))
    body = {"program": "open_challenge", "title": "连续化工艺", "prize": "800000", **days()}
    body["goals"] = [{"title": "收率", "at": "85", "unit": "%"}]
    lacking = official.post("/authority/calls", body, 422)
    assert [problem["field"] for problem in lacking["problems"]] == ["issuer"]
    made = official.post("/authority/calls", {**body, "issuer": issuer.credit_code}, 201)
    assert (made["issuer"], made["goals"][0]["at"]) == (issuer.name, "85")
