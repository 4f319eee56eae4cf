"""Log-in by a region's own identity service: a real OpenID provider, over real HTTP."""

import json
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from pilotline.desks.journal.models import Entry
from pilotline.desks.people.models import User
from pilotline.desks.people.queries import actor_for
from tests import factories

pytestmark = pytest.mark.django_db

LOG_IN = "/accounts/oidc/region/login/"


@dataclass
class Provider:
    """A small OpenID provider that knows one person and asks no questions."""

    claims: dict[str, Any]
    key: Any = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    refuses: bool = False
    is_broken: bool = False
    url: str = ""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def __call__(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        if self.is_broken:
            return Response(status=500)(environ, start_response)
        page = getattr(self, request.path.rpartition("/")[2].replace("-", "_"))
        return page(request)(environ, start_response)

    def openid_configuration(self, _request: Request) -> Response:
        names = ("authorization", "token", "userinfo")
        found = {f"{name}_endpoint": f"{self.url}/{name}" for name in names}
        found |= {"issuer": self.url, "jwks_uri": f"{self.url}/keys"}
        return answer(found | {"token_endpoint_auth_methods_supported": ["client_secret_basic"]})

    def authorization(self, request: Request) -> Response:
        asked = {key: request.args[key] for key in request.args}
        back = asked["redirect_uri"]
        if self.refuses:
            query = {"error": "access_denied", "state": asked["state"]}
        else:
            query = {"code": f"code{len(self.codes)}", "state": asked["state"]}
            self.codes[query["code"]] = asked
        return Response(status=302, headers={"Location": f"{back}?{urlencode(query)}"})

    def token(self, request: Request) -> Response:
        asked = self.codes.pop(request.form["code"], None)
        if asked is None:
            return answer({"error": "invalid_grant"}, status=400)
        now = int(time.time())
        told = {"iss": self.url, "aud": asked["client_id"], "iat": now, "exp": now + 60}
        if "nonce" in asked:
            told["nonce"] = asked["nonce"]
        signed = jwt.encode(told | self.claims, self.key, "RS256", headers={"kid": "one"})
        return answer({"access_token": "opens", "token_type": "Bearer", "id_token": signed})

    def userinfo(self, _request: Request) -> Response:
        return answer(self.claims)

    def keys(self, _request: Request) -> Response:
        key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return answer({"keys": [key | {"kid": "one", "alg": "RS256", "use": "sig"}]})


def answer(content: Any, status: int = 200) -> Response:
    return Response(json.dumps(content), status=status, content_type="application/json")


@pytest.fixture
def provider(settings):
    """A running provider that the settings name."""
    made = Provider({"sub": "3701-42", "preferred_username": "sun.li", "name": "孙丽"})
    made.claims |= {"email": "sun@gov.example", "email_verified": True}
    server = make_server("127.0.0.1", 0, made, threaded=True)
    made.url = f"http://127.0.0.1:{server.port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "region",
                    "name": "省统一身份认证",
                    "client_id": "pilotline",
                    "secret": "known to both",
                    "settings": {"server_url": made.url},
                }
            ],
        }
    }
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def walk(client: Client, **query: str) -> Any:
    """Press the button, go to the provider as a browser would, come back with its answer."""
    out = client.post(f"{LOG_IN}?{urlencode(query)}" if query else LOG_IN)
    assert out.status_code == 302
    back = requests.get(out.url, allow_redirects=False, timeout=5).headers["Location"]
    assert urlsplit(back).netloc == "testserver"
    return client.get(f"{urlsplit(back).path}?{urlsplit(back).query}")


def who_is_in(client: Client) -> User | None:
    key = client.session.get("_auth_user_id")
    return User.objects.get(pk=key) if key else None


def test_the_button_stands_on_the_log_in_page_only_when_the_settings_name_a_service(
    rulebook, client, settings
):
    assert "/accounts/oidc/" not in client.get("/accounts/login/").text
    app = {"provider_id": "region", "name": "省统一身份认证", "client_id": "x", "secret": "x"}
    app["settings"] = {"server_url": "https://id.example"}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    assert "省统一身份认证" in client.get("/accounts/login/").text


def test_the_first_visit_makes_an_account(rulebook, client, provider):
    walk(client)
    user = who_is_in(client)
    assert (user.username, user.name, user.email) == ("sun.li", "孙丽", "sun@gov.example")
    assert not user.has_usable_password()
    assert actor_for(user).roles == frozenset()
    assert EmailAddress.objects.get(user=user).verified
    assert [e.actor for e in Entry.objects.filter(action="people.register")] == [user.pk]
    assert "pilotline_known" in client.cookies


def test_the_second_visit_finds_it_again(rulebook, client, provider):
    walk(client)
    again = Client()
    walk(again)
    assert who_is_in(again) == who_is_in(client)
    assert User.objects.count() == 1


def test_the_way_asked_for_is_kept(rulebook, client, provider):
    assert walk(client, next="/my/tokens/").url == "/my/tokens/"


def test_pkce_and_state_are_sent(rulebook, client, provider):
    asked = parse_qs(urlsplit(client.post(LOG_IN).url).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["state"][0]) > 10


def test_a_name_that_is_taken_gets_a_number(rulebook, client, provider):
    factories.user(username="sun.li")
    walk(client)
    assert who_is_in(client).username == "sun.li1"


def test_an_address_that_is_taken_is_never_handed_over(rulebook, client, provider):
    """The address may have been typed by a stranger: its account stays its owner's."""
    owner = factories.user(email="sun@gov.example")
    response = walk(client)
    assert who_is_in(client) is None
    assert response.status_code == 302
    assert not SocialAccount.objects.filter(user=owner).exists()


def test_an_address_is_enough_where_the_settings_trust_the_service(
    rulebook, client, provider, settings
):
    settings.SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
    settings.SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
    owner = factories.user(email="sun@gov.example")
    EmailAddress.objects.create(user=owner, email=owner.email, verified=True, primary=True)
    walk(client)
    assert who_is_in(client) == owner


def test_an_account_is_connected_by_somebody_who_is_in(rulebook, client, provider):
    user = factories.user()
    client.force_login(user)
    client.post("/accounts/reauthenticate/", {"password": factories.PASSWORD})
    walk(client, process="connect")
    assert SocialAccount.objects.get().user == user
    again = Client()
    walk(again)
    assert who_is_in(again) == user


def test_who_stops_at_the_service_is_told_so(rulebook, client, provider):
    provider.refuses = True
    response = walk(client)
    assert who_is_in(client) is None
    assert "login/cancelled" in response.headers.get("Location", "") + str(
        [used.name for used in response.templates]
    )


def test_an_answer_without_its_question_is_refused(rulebook, client, provider):
    out = client.post(LOG_IN)
    back = requests.get(out.url, allow_redirects=False, timeout=5).headers["Location"]
    stranger = Client()
    stranger.get(f"{urlsplit(back).path}?{urlsplit(back).query}")
    assert who_is_in(stranger) is None


def test_closed_accounts_stay_out(rulebook, client, provider):
    walk(client)
    User.objects.update(is_active=False)
    again = Client()
    walk(again)
    assert who_is_in(again) is None


@pytest.mark.parametrize("how", ["down", "broken"])
def test_a_service_that_does_not_answer_is_a_plain_page(rulebook, client, settings, provider, how):
    if how == "down":
        app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
        app["settings"] = {"server_url": "http://127.0.0.1:9"}
    provider.is_broken = True
    response = client.post(LOG_IN)
    assert response.status_code == 422
    assert "/accounts/login/" in response.text
