"""Bad requests get a clear answer of one shape, and never a 5xx."""

import json

import pytest
from django.conf import settings

from pilotline.desks.people.queries import own_organisations
from tests.factories_demand import NEED, accepted, draft
from tests.factories_registry import facility
from tests.web.api.conftest import V1

SHAPE = {"code", "text", "problems", "data"}


def send(program, body, content_type="application/json", path="/my/cases"):
    response = program.client.post(
        V1 + path, data=body, content_type=content_type, headers=program.headers
    )
    assert response.headers["Content-Type"].startswith("application/json")
    assert set(response.json()) == SHAPE
    return response.status_code, response.json()["code"]


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (b"", (422, "invalid")),
        (b"{", (400, "unreadable")),
        (b"[" * 100_000, (400, "unreadable")),
        (b'{"organisation": NaN}', (400, "unreadable")),
        (b'{"organisation": ' + b"9" * 5000 + b"}", (400, "unreadable")),
        ("{“kind”: “need”}".encode("gb18030"), (400, "unreadable")),
        ('{"kind": "need"}'.encode("utf-16"), (400, "unreadable")),
        (b'{"kind": "ne\\u0000ed"}', (422, "unkeepable")),
        (b'{"kind": "\\ud800"}', (422, "unkeepable")),
        (b'{"\\u0000": 1}', (422, "unkeepable")),
        (b'{"kind": ' + b'{"a":' * 30 + b"1" + b"}" * 31, (400, "unreadable")),
        (b"[]", (422, "invalid")),
        (b"null", (422, "invalid")),
        (b'{"organisation": 99999999999999999999, "kind": "need"}', (422, "invalid")),
        (b'{"organisation": 9223372036854775807, "kind": "need"}', (404, "not-found")),
        (b'{"organisation": 1, "kind": "need", "colour": "red"}', (422, "invalid")),
    ],
)
def test_bodies_that_cannot_be_taken(program, body, answer):
    assert send(program(), body) == answer


def test_other_content_is_not_taken(program):
    applicant = program()
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        assert send(applicant, b'{"kind": "need"}', kind)[0] in (400, 415)
    assert send(applicant, b'{"kind": "need"}', "text/plain") == (415, "media-type")


def test_too_large_is_said_and_not_kept(program):
    applicant = program()
    body = json.dumps({"text": "长" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE})
    assert send(applicant, body.encode()) == (413, "too-large")
    response = applicant.client.post(
        f"{V1}/my/cases",
        data=b"",
        content_type="application/json",
        headers=applicant.headers,
        CONTENT_LENGTH=str(settings.UPLOAD_LIMIT * 5),
    )
    assert (response.status_code, response.json()["code"]) == (413, "too-large")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing", 404),
        ("/needs/", 404),
        ("/needs/%00", 400),
        ("/needs/%FF%FE", 404),
        ("/needs?text=%00", 422),
        ("/needs?text=%FF", 200),
        ("/needs?limit=201", 422),
        ("/needs?limit=0", 422),
        ("/needs?offset=-1", 422),
        ("/needs?offset=99999999999999999999", 422),
        ("/needs?sort=secret", 422),
        ("/needs?limit=abc", 422),
        ("/search?text='%20%26%20!()", 200),
        ("/search?page=-5", 200),
        ("/receipts/x?digest=abc", 422),
        ("/receipts/x?digest=abcabcabcabc", 404),
        ("/rulebook/lists/attributes", 404),
        ("/rulebook/forms/../x", 404),
    ],
)
def test_addresses_that_lead_nowhere(program, path, status):
    response = program(None).client.get(V1 + path)
    assert response.status_code == status
    assert response.headers["Content-Type"].startswith("application/json")
    if status >= 400:
        assert set(response.json()) == SHAPE


def test_a_wrong_method_names_the_right_ones(program):
    response = program(None).ask("DELETE", "/facilities", status=405)
    assert response.headers["Allow"] == "GET"
    assert response.json()["code"] == "wrong-method"


def test_all_reasons_at_once_in_the_language_asked_for(program):
    user = program().user
    case = draft(program(user).who)
    told = {}
    for language in ("zh", "zh-CN,zh;q=0.9,en;q=0.1", "en", "de"):
        one = program(user, language=language)
        refused = one.post(f"/my/cases/{case.pk}/submit", {"version": case.version}, 422)
        told[language] = {p["field"]: p["text"] for p in refused["problems"]}
    assert told["zh"].keys() >= {"title", "detail", "begin", "end", "contact_name", "consent"}
    assert told["zh"] == told["zh-CN,zh;q=0.9,en;q=0.1"] == told["de"]
    assert told["zh"]["contact_name"].startswith("请填写")
    assert told["en"]["contact_name"].startswith("Please fill in")


def test_an_invalid_value_names_its_field(program):
    told = program(language="zh").post("/my/cases", {"organisation": "x", "text": "y"}, 422)
    assert {p["field"]: p["code"] for p in told["problems"]} == {
        "organisation": "int_parsing",
        "kind": "missing",
        "text": "extra_forbidden",
    }
    assert {p["text"] for p in told["problems"]} >= {"此项未填写。", "没有这个字段。"}


def test_who_saves_late_overwrites_nothing(program):
    applicant = program()
    case = draft(applicant.who)
    here = f"/my/cases/{case.pk}"
    first = applicant.ask("PATCH", here, {"version": case.version, "answers": {"title": "甲"}})
    assert first.json()["answers"]["title"] == "甲"
    late = applicant.ask(
        "PATCH", here, {"version": case.version, "answers": {"title": "乙"}}, 409
    ).json()
    (aside,) = applicant.get(f"{here}/asides")
    assert late["data"] == {"case": case.pk, "aside": aside["id"]}
    assert aside["answers"] == {"title": "乙"}
    assert applicant.get(here)["answers"]["title"] == "甲"
    applicant.ask("DELETE", f"{here}/asides/{aside['id']}")
    applicant.ask("DELETE", f"{here}/asides/{aside['id']}", status=404)


def test_a_facility_seen_long_ago_is_not_overwritten(program):
    operator = program("operator")
    place = facility(owner=own_organisations(operator.who)[0].organisation)
    here = f"/operator/facilities/{place.code}"
    version = operator.get(here)["version"]
    operator.ask("PATCH", here, {"phone": "0531-1", "version": version})
    operator.ask("PATCH", here, {"phone": "0531-2", "version": version}, 409)
    assert operator.get(here)["phone"] == "0531-1"
    assert operator.get(here)["summary"] == place.summary


def test_a_key_counts_once(program):
    applicant = program()
    body = {"organisation": min(applicant.who.organisations), "kind": "need"}
    first = applicant.ask("POST", "/my/cases", body, 201, Idempotency_Key="k1")
    again = applicant.ask("POST", "/my/cases", body, 201, Idempotency_Key="k1")
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert applicant.get("/my/cases")["total"] == 1
    other = applicant.ask("POST", "/my/cases", body | {"kind": "x"}, 422, Idempotency_Key="k1")
    assert other.json()["problems"][0]["code"] == "key-reused"
    applicant.ask("POST", "/my/cases", body, 422, Idempotency_Key="a b")
    somebody = program()
    body["organisation"] = min(somebody.who.organisations)
    somebody.ask("POST", "/my/cases", body, 201, Idempotency_Key="k1")
    assert somebody.get("/my/cases")["total"] == 1


def test_a_refused_request_gives_its_key_back(program):
    applicant = program()
    case = draft(applicant.who)
    here = f"/my/cases/{case.pk}"
    body = {"version": case.version, "answers": {"title": "留下来的名称"}}
    applicant.ask("POST", f"{here}/submit", body, 422, Idempotency_Key="k2")
    kept = applicant.get(here)
    assert kept["answers"]["title"] == "留下来的名称"
    body = {"version": kept["version"], "answers": NEED}
    one = applicant.ask("POST", f"{here}/submit", body, 201, Idempotency_Key="k2").json()
    two = applicant.ask("POST", f"{here}/submit", body, 201, Idempotency_Key="k2").json()
    assert one == two


def test_handing_in_twice_without_a_key_is_one_receipt(program):
    applicant = program()
    case = accepted(applicant.who)
    body = {"version": case.version}
    again = applicant.post(f"/my/cases/{case.pk}/submit", body, 201)
    assert again["number"] == case.number
