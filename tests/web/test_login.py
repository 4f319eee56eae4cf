"""Log-in: registering, password, lanes, known browsers, mails, codes, a second step."""

import base64
import hmac
import re
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.db import connection
from django.test import Client
from django.urls import reverse

from pilotline.desks.journal.models import Entry
from pilotline.desks.people import rules
from pilotline.desks.people.models import User
from pilotline.gateways.identity.tasks import send_mail
from tests import factories
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

LOG_IN = "/accounts/login/"
NEW = {
    "username": "wang.fang",
    "email": "Wang@Example.org",
    "password1": PASSWORD,
    "password2": PASSWORD,
    "name": "王芳",
    "language": "en",
}


@pytest.fixture(autouse=True)
def no_jobs(db):
    """Tests that commit leave jobs behind: their tables are not Django's to empty."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def log_in(client, login, password=PASSWORD, **more):
    return client.post(LOG_IN, {"login": login, "password": password}, **more)


def is_in(client) -> bool:
    return client.get("/my/profile/").status_code == 200


def waits(response) -> bool:
    """True when the answer tells to wait."""
    return "too-many-tries" in str(response.context["form"].errors.as_json())


def mails() -> list[tuple[str, str, str]]:
    """The mails that the worker would send."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->>'to', args->>'subject', args->>'text' FROM procrastinate_jobs "
            "WHERE task_name = %s ORDER BY id",
            [send_mail.name],
        )
        return cursor.fetchall()


def link_in(text: str) -> str:
    return urlsplit(re.search(r"https?://\S+", text)[0]).path


def test_registering_makes_a_user_who_is_in(rulebook, client):
    response = client.post("/accounts/signup/", NEW)
    assert response.status_code == 302
    user = User.objects.get(username="wang.fang")
    assert (user.name, user.email, user.language) == ("王芳", "wang@example.org", "en")
    assert user.check_password(PASSWORD)
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.cookies["pilotline_known"]["httponly"]
    assert client.cookies["django_language"].value == "en"
    assert [e.actor for e in Entry.objects.filter(action="people.register")] == [user.pk]
    assert EmailAddress.objects.get().email == "wang@example.org"
    [(to, _subject, text)] = mails()
    assert to == "wang@example.org"
    assert Client().post(link_in(text)).status_code == 302
    assert EmailAddress.objects.get().verified


def test_everything_wrong_with_a_registration_is_said_at_once(rulebook, client):
    factories.user(username="Wang.Fang", email="wang@example.org")
    wrong = NEW | {"password2": "other", "name": "", "username": "wang fang"}
    errors = client.post("/accounts/signup/", wrong).context["form"].errors
    assert set(errors) == {"username", "email", "password2", "name"}
    taken = client.post("/accounts/signup/", NEW | {"email": "new@example.org"})
    assert set(taken.context["form"].errors) == {"username"}
    weak = {"password1": "12345678", "password2": "12345678"}
    weak |= {"username": "zhao", "email": "zhao@example.org"}
    assert "password1" in client.post("/accounts/signup/", NEW | weak).context["form"].errors
    assert User.objects.count() == 1


@pytest.mark.parametrize("login", ["li.na", "LI.NA", "li@example.org", "LI@Example.ORG"])
def test_one_logs_in_by_name_or_address(rulebook, client, login):
    factories.user(username="li.na", email="li@example.org")
    assert log_in(client, login).status_code == 302
    assert is_in(client)


def test_a_wrong_password_and_a_strange_name_get_the_same_answer(rulebook, client):
    factories.user(username="li.na")
    page = log_in(client, "li.na", "wrong")
    assert "登录名（或邮箱）与密码不符。" in page.text
    one = page.context["form"].errors.as_json()
    other = log_in(client, "nobody.here", "wrong").context["form"].errors.as_json()
    assert one == other


def test_closed_accounts_stay_out(rulebook, client):
    factories.user(username="li.na")
    User.objects.update(is_active=False)
    assert log_in(client, "li.na").url == reverse("account_inactive")
    assert not is_in(client)


def test_next_leads_on_but_never_away(rulebook, client):
    factories.user(username="li.na")
    inside = client.post(f"{LOG_IN}?next=/my/tokens/", {"login": "li.na", "password": PASSWORD})
    assert inside.url == "/my/tokens/"
    away = Client().post(
        f"{LOG_IN}?next=https://evil.example/", {"login": "li.na", "password": PASSWORD}
    )
    assert away.url == "/"


def test_guessing_is_slowed_for_real_and_for_strange_names_alike(rulebook):
    factories.user(username="li.na")
    for name in ("li.na", "nobody.here"):
        answers = [waits(log_in(Client(), name, f"guess {n}")) for n in range(8)]
        assert answers == [False] * 5 + [True] * 3


def test_the_right_password_waits_too_so_that_waiting_tells_nothing(rulebook):
    factories.user(username="li.na")
    for n in range(5):
        log_in(Client(), "li.na", f"guess {n}")
    assert waits(log_in(Client(), "li.na"))


def test_name_and_address_share_one_lane(rulebook):
    factories.user(username="li.na", email="li@example.org")
    for n in range(5):
        log_in(Client(), ("li.na", "li@example.org")[n % 2], "guess")
    assert waits(log_in(Client(), "li@example.org"))


def test_attackers_from_many_addresses_do_not_stop_the_known_browser(rulebook, client):
    factories.user(username="li.na")
    log_in(client, "li.na")
    client.post("/accounts/logout/")
    for n in range(20):
        log_in(Client(REMOTE_ADDR=f"203.0.113.{n}"), "li.na", f"guess {n}")
    assert waits(log_in(Client(REMOTE_ADDR="198.51.100.1"), "li.na"))
    assert log_in(client, "li.na").status_code == 302


def test_a_known_browser_is_slowed_by_its_own_tries_only(rulebook, client):
    factories.user(username="li.na")
    log_in(client, "li.na")
    client.post("/accounts/logout/")
    assert [waits(log_in(client, "li.na", "slip")) for _ in range(11)] == [False] * 10 + [True]


def test_a_forged_or_foreign_mark_opens_no_lane(rulebook, client):
    factories.user(username="li.na")
    factories.user(username="eve")
    log_in(client, "eve")
    client.post("/accounts/logout/")
    for n in range(5):
        log_in(Client(), "li.na", f"guess {n}")
    assert waits(log_in(client, "li.na"))
    client.cookies["pilotline_known"] = '{"1": "x"}:forged'
    assert waits(log_in(client, "li.na"))


@pytest.fixture
def narrow(monkeypatch):
    """Addresses have four free tries, so that a test need not make fifty."""
    monkeypatch.setattr(rules, "ADDRESS", replace(rules.ADDRESS, free=4))


def test_one_address_that_tries_many_names_is_slowed(rulebook, narrow):
    answers = [waits(log_in(Client(), f"name{n}", "Spring-2026")) for n in range(6)]
    assert answers == [False] * 4 + [True] * 2
    assert not waits(log_in(Client(REMOTE_ADDR="198.51.100.1"), "name1", "x"))


def test_the_header_counts_only_behind_a_trusted_proxy(rulebook, settings, narrow):
    forged = [
        waits(log_in(Client(), f"name{n}", "x", HTTP_X_FORWARDED_FOR=f"198.51.100.{n}"))
        for n in range(5)
    ]
    assert forged[-1]
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    assert not waits(log_in(Client(), "n", "x", HTTP_X_FORWARDED_FOR="198.51.100.1"))


def test_a_mail_lets_a_browser_in_while_strangers_keep_the_lane_busy(rulebook, client):
    factories.user(username="li.na", email="li@example.org")
    for n in range(5):
        log_in(Client(), "li.na", f"guess {n}")
    assert waits(log_in(client, "li.na"))
    asked = Client().post("/accounts/let-in/", {"login": "li.na"})
    assert asked.status_code == 200
    [(to, _subject, text)] = mails()
    assert to == "li@example.org"
    link = link_in(text)
    assert "pilotline_known" not in client.get(link).cookies
    assert client.post(link).url == LOG_IN
    assert not is_in(client)
    assert log_in(client, "li.na").status_code == 302


def test_asking_for_the_mail_tells_nothing_and_floods_nobody(rulebook):
    factories.user(username="li.na", email="li@example.org")
    known = Client().post("/accounts/let-in/", {"login": "li.na"})
    strange = Client().post("/accounts/let-in/", {"login": "nobody.here"})
    assert "account/let_in_sent.html" in {used.name for used in known.templates}
    assert known.status_code == strange.status_code == 200
    known, strange = (re.sub(r"[A-Za-z0-9]{64}", "token", one.text) for one in (known, strange))
    assert known == strange
    for _ in range(6):
        Client().post("/accounts/let-in/", {"login": "li.na"})
    assert len(mails()) == 3


def test_a_forged_link_is_refused(client):
    for way in (client.get, client.post):
        assert way("/accounts/let-in/forged:key/").status_code == 404


def test_a_new_password_by_mail_lets_in_and_makes_the_browser_known(rulebook, client):
    user = factories.user(email="li@example.org")
    client.post("/accounts/password/reset/", {"email": "li@example.org"})
    [(_to, _subject, text)] = mails()
    page = client.get(link_in(text), follow=True)
    new = {"password1": "yang-fan-8264", "password2": "yang-fan-8264"}
    client.post(page.redirect_chain[-1][0], new)
    assert is_in(client)
    user.refresh_from_db()
    assert user.check_password("yang-fan-8264")
    assert "pilotline_known" in client.cookies
    assert Entry.objects.filter(action="people.change_password", actor=user.pk).count() == 1


def test_asking_for_a_new_password_does_not_tell_who_is_registered(rulebook, client):
    answer = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert answer.url == reverse("account_reset_password_done")


COUNTER = 59_000_000  # half minutes since 1970: the clock of these codes stands still


def code_of(secret: str) -> str:
    """What an authenticator app shows (RFC 6238: SHA-1, 30 seconds, six digits)."""
    counter = COUNTER.to_bytes(8, "big")
    digest = hmac.digest(base64.b32decode(secret), counter, "sha1")
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def prove(client) -> None:
    """Confirm who one is, as asked before anything about a log-in changes."""
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


@pytest.fixture
def guarded(rulebook, client, monkeypatch, django_capture_on_commit_callbacks):
    """A user with an authenticator app, and its secret; the client is logged out again."""
    monkeypatch.setattr(auth, "yield_hotp_counters_from_time", lambda: iter([COUNTER]))
    user = factories.user(username="li.na", email="li@example.org")
    log_in(client, "li.na")
    prove(client)
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert done.url == reverse("mfa_view_recovery_codes")
    client.post("/accounts/logout/")
    return user, secret


def test_the_second_step_is_asked_and_opens(guarded, client):
    _user, secret = guarded
    assert log_in(client, "li.na").url == reverse("mfa_authenticate")
    assert not is_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert is_in(client)


def test_secrets_are_kept_encrypted(guarded):
    _user, secret = guarded
    totp = Authenticator.objects.get(type="totp")
    assert secret not in str(totp.data)
    assert totp.wrap().validate_code("000000") is False


def test_guessing_codes_is_slowed(guarded, client):
    log_in(client, "li.na")
    answers = [
        waits(client.post("/accounts/2fa/authenticate/", {"code": f"{n:06d}"})) for n in range(7)
    ]
    assert answers == [False] * 5 + [True] * 2


def test_a_recovery_code_opens_once(guarded, client):
    user, _secret = guarded
    codes = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()
    for opens in (True, False):
        browser = Client()
        log_in(browser, "li.na")
        browser.post("/accounts/2fa/authenticate/", {"code": codes[0]})
        assert is_in(browser) is opens


def test_what_changes_about_a_log_in_stands_in_the_journal(guarded):
    user, _secret = guarded
    told = Entry.objects.filter(subject_kind="user", subject_id=str(user.pk))
    assert [entry.action for entry in told] == [
        "people.register",
        "people.add_totp",
        "people.add_recovery_codes",
    ]
    assert {subject for _to, subject, _text in mails()} != set()


def test_changing_a_log_in_needs_a_fresh_proof(rulebook, client):
    user = factories.user()
    client.force_login(user)
    asked = client.get("/accounts/2fa/totp/activate/")
    assert asked.url.startswith(reverse("account_reauthenticate"))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    "page",
    [
        "account_login",
        "account_signup",
        "account_reset_password",
        "account_reset_password_done",
        "account_let_in",
        "account_inactive",
        "account_reset_password_from_key_done",
        "socialaccount_login_cancelled",
        "socialaccount_login_error",
    ],
)
def test_log_in_pages_speak_both_languages(rulebook, client, page, language):
    client.cookies["django_language"] = language
    response = client.get(reverse(page))
    assert response.status_code == (401 if page == "socialaccount_login_error" else 200)
    assert f'<html lang="{"zh-CN" if language == "zh-hans" else "en"}"' in response.text
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "page",
    [
        "mfa_index",
        "mfa_activate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_add_webauthn",
        "mfa_list_webauthn",
        "account_email",
        "account_change_password",
        "socialaccount_connections",
    ],
)
def test_pages_about_ones_own_log_in_open(guarded, page):
    _user, secret = guarded
    browser = Client()
    log_in(browser, "li.na")
    browser.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    prove(browser)
    expected = 302 if page == "mfa_activate_totp" else 200  # it is set up already
    assert browser.get(reverse(page)).status_code == expected
