"""The API over a real connection: a server, a socket, and nothing of Django's own client."""

import json
from http.client import HTTPConnection

import pytest
from django.conf import settings

from tests.factories import person, publish_rulebook
from tests.web.api.conftest import V1, token_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def ask(server, method, path, body=None, headers=()):
    connection = HTTPConnection(server.thread.host, server.thread.port, timeout=20)
    connection.request(method, V1 + path, body=body, headers=dict(headers))
    response = connection.getresponse()
    found = response.status, dict(response.getheaders()), response.read()
    connection.close()
    return found


@pytest.fixture
def person_with_token():
    publish_rulebook()
    user = person()
    return user, {"Authorization": f"Bearer {token_of(user)}", "Accept-Language": "zh"}


def test_a_draft_is_begun_and_handed_in_over_the_wire(live_server, person_with_token):
    user, headers = person_with_token
    organisation = min(user.memberships.values_list("organisation", flat=True))
    body = json.dumps({"organisation": organisation, "kind": "need"}).encode()
    sent = headers | {"Content-Type": "application/json", "Idempotency-Key": "wire-1"}
    answers = [ask(live_server, "POST", "/my/cases", body, sent) for _ in range(2)]
    assert [status for status, _headers, _body in answers] == [201, 201]
    assert answers[0][2] == answers[1][2]
    status, _told, listed = ask(live_server, "GET", "/my/cases", headers=headers)
    assert (status, json.loads(listed)["total"]) == (200, 1)
    case = json.loads(answers[0][2])
    body = json.dumps({"version": case["version"]}).encode()
    sent = headers | {"Content-Type": "application/json"}
    status, _told, refused = ask(live_server, "POST", f"/my/cases/{case['id']}/submit", body, sent)
    assert status == 422
    assert "请填写" in json.loads(refused)["text"]


def test_more_json_than_is_taken_is_refused_in_words(live_server, person_with_token):
    _user, headers = person_with_token
    body = json.dumps({"text": "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE}).encode()
    sent = headers | {"Content-Type": "application/json"}
    status, told, found = ask(live_server, "POST", "/my/cases", body, sent)
    assert (status, json.loads(found)["code"]) == (413, "too-large")
    assert told["Content-Type"].startswith("application/json")


def test_files_travel_whole(live_server, person_with_token):
    user, headers = person_with_token
    organisation = min(user.memberships.values_list("organisation", flat=True))
    body = json.dumps({"organisation": organisation, "kind": "need"}).encode()
    sent = headers | {"Content-Type": "application/json"}
    case = json.loads(ask(live_server, "POST", "/my/cases", body, sent)[2])["id"]
    pdf = b"%PDF-1.7\n" + bytes(range(256)) * 500
    parts = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
        + pdf
        + b"\r\n--x--\r\n"
    )
    sent = headers | {"Content-Type": "multipart/form-data; boundary=x"}
    status, _told, kept = ask(live_server, "POST", f"/my/cases/{case}/attachments", parts, sent)
    assert status == 201
    here = f"/cases/{case}/attachments/{json.loads(kept)['id']}"
    status, told, content = ask(live_server, "GET", here, headers=headers)
    assert (status, content) == (200, pdf)
    assert told["X-Content-Type-Options"] == "nosniff"
