"""Who may do what through the API, and what the refused read."""

import json

import pytest
from django.test import Client
from django.utils import timezone

from pilotline.desks.people.queries import own_organisations
from pilotline.desks.people.services import revoke_token
from pilotline.web.api.urls import urlpatterns
from pilotline.web.shared.access import ACCESS
from tests.factories import credit_code
from tests.factories_demand import NEED, RELEASED, accepted
from tests.factories_registry import facility
from tests.web.api.conftest import V1


def test_every_route_is_in_the_access_table_and_nothing_else():
    routes = {f"api:{pattern.name}" for pattern in urlpatterns}
    assert routes == {name for name in ACCESS if name.startswith("api:")}


def test_anybody_reads_what_is_public(program):
    shown = facility()
    hidden = facility("没有公布的平台", published=False)
    anyone = program(None)
    listed = anyone.get("/facilities")
    assert [row["code"] for row in listed["items"]] == [shown.code]
    assert anyone.get(f"/facilities/{shown.code}")["name"] == shown.name
    assert anyone.get(f"/facilities/{hidden.code}", 404)["code"] == "not-found"


def test_without_a_token_401_with_the_way_in(program):
    response = program(None).ask("GET", "/me", status=401)
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    assert response.json()["code"] == "no-token"


@pytest.mark.parametrize("given", ["Bearer", "Bearer plt_nothing", "Basic YTpi", "", "Bearer \xff"])
def test_a_bad_token_is_refused_even_for_what_is_public(program, given):
    anyone = program(None)
    response = anyone.ask("GET", "/facilities", status=401, Authorization=given)
    assert response.json()["code"] == "bad-token"
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_revoked_token_ends_at_once(program):
    applicant = program()
    (token,) = applicant.get("/me/tokens")["items"]
    revoke_token(who=applicant.who, token=token["id"], now=timezone.now())
    assert applicant.get("/me", 401)["code"] == "bad-token"


def test_a_session_reads_and_changes_nothing(program):
    applicant = program()
    client = Client()
    client.force_login(applicant.user)
    assert client.get(f"{V1}/me").json()["id"] == applicant.user.pk
    body = {"organisation": min(applicant.who.organisations), "kind": "need"}
    response = client.post(f"{V1}/my/cases", json.dumps(body), content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (401, "no-token")


def test_another_role_is_not_let_in(program):
    assert program("operator").get("/authority/figures", 403)["code"] == "not-allowed"
    assert program("known").get("/operator/facilities", 403)["code"] == "not-allowed"


def test_a_token_for_reading_changes_nothing(program):
    writer = program()
    reader = program(writer.user, scopes=("read",))
    case = accepted(writer.who)
    assert reader.get(f"/my/cases/{case.pk}")["number"] == case.number
    told = reader.post(f"/my/cases/{case.pk}/withdraw", {"reason": "试"}, 403)
    assert told["text"] == "The token lacks the scope applicant:write."
    for path in ("shortlist", "read", "submit"):
        body = {"version": 1} if path == "submit" else None
        reader.post(f"/my/cases/{case.pk}/{path}", body, 403)


def test_a_token_of_one_door_opens_no_other(program):
    firm = program("operator")
    only = program(firm.user, scopes=("operator:read", "operator:write"))
    case = accepted(firm.who)
    assert only.get("/me")["roles"] == ["operator"]
    only.get(f"/my/cases/{case.pk}", 403)
    only.get("/my/talks", 403)
    only.get(f"/cases/{case.pk}", 404)
    only.get("/operator/facilities")


def test_a_reading_authority_confirms_nobody(program):
    authority = program("authority")
    reader = program(authority.user, scopes=("authority:read",))
    applicant = program("known")
    body = {"name": "新设企业有限公司", "credit_code": "91370100MA3C00001X", "kind": "sme"}
    body |= {"region": "370100", "credit_code": credit_code()}
    made = applicant.post("/my/organisations", body, 201)
    address = f"/authority/organisations/{made['id']}"
    assert reader.get(address)["status"] == "pending"
    reader.post(f"{address}/confirm", status=403)
    assert authority.post(f"{address}/confirm")["status"] == "confirmed"


def test_somebody_elses_case_is_not_there(program):
    case = accepted()
    stranger = program()
    for path in ("", "/history", "/attachments", "/receipt", "/receipt.pdf", "/shortlist"):
        assert stranger.get(f"/cases/{case.pk}{path}", 404)["code"] == "not-found"
    stranger.get(f"/my/cases/{case.pk}", 404)
    stranger.post(f"/my/cases/{case.pk}/withdraw", {"reason": "x"}, 404)


SECRET = "绝密配方：三号催化剂"


def test_what_is_confidential_stays_with_those_allowed(program):
    applicant = program()
    case = accepted(
        applicant.who,
        detail=f"{NEED['detail']}{SECRET}",
        confidential=("detail",),
        **RELEASED,
    )
    place = facility()
    operator = program("operator")
    authority = program("authority")
    elsewhere = program("authority", region="370200")
    assert SECRET in applicant.get(f"/cases/{case.pk}")["answers"]["detail"]
    assert SECRET in authority.get(f"/cases/{case.pk}")["answers"]["detail"]
    elsewhere.get(f"/cases/{case.pk}", 404)
    for one in (program(None), program(), operator):
        for path in (f"/needs/{case.number}", "/needs"):
            told = one.ask("GET", path).content.decode()
            assert SECRET not in told
            assert case.number in told
    assert place.code in program(None).ask("GET", "/facilities").content.decode()


def test_an_operator_that_was_asked_sees_what_is_not_confidential(program, asked):
    operator, case = asked
    told = operator.ask("GET", f"/cases/{case.pk}").content.decode()
    assert SECRET not in told
    assert "detail" not in operator.get(f"/cases/{case.pk}")["answers"]
    assert operator.get(f"/cases/{case.pk}")["answers"]["title"] == case.title
    operator.get(f"/cases/{case.pk}/receipt", 404)
    (talk,) = operator.get("/operator/talks")["items"]
    for path in (f"/operator/talks/{talk['id']}", f"/cases/{case.pk}/history", "/operator/cases"):
        assert SECRET not in operator.ask("GET", path).content.decode()


@pytest.fixture
def asked(program):
    """A case with a secret whose applicant asked an operator's facility."""
    applicant, operator = program(), program("operator")
    (membership,) = own_organisations(operator.who)
    place = facility(owner=membership.organisation)
    case = accepted(applicant.who, detail=f"{NEED['detail']}{SECRET}", confidential=("detail",))
    applicant.post(f"/my/cases/{case.pk}/ask", {"facility": place.code}, 201)
    return operator, case
