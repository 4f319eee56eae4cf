"""Passkeys in a real Chromium with a virtual authenticator, under the strict policy for scripts."""

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect, sync_playwright

from pilotline.desks.journal.models import Entry
from tests import factories
from tests.factories import PASSWORD
from tools.browser import launch

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(live_server: Any) -> Iterator[Page]:
    """A page in English with a virtual authenticator; what the console complains of fails."""
    factories.publish_rulebook()
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = launch(playwright)
        context = browser.new_context(base_url=live_server.url)
        context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
        shown = context.new_page()
        shown.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        devtools = context.new_cdp_session(shown)
        devtools.send("WebAuthn.enable")
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        yield shown
        browser.close()
    assert complaints == []


def log_in(page: Page, login: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Log-in name or e-mail").fill(login)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Log in", exact=True).click()


def log_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Log out").click()


def add_passkey(page: Page, *, passwordless: bool) -> None:
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Yes, that is me").click()
    page.get_by_label("Without a password").set_checked(passwordless)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")


def test_a_passkey_opens_without_a_password(page: Page) -> None:
    user = factories.user(username="li.na", name="Li Na")
    log_in(page, "li.na")
    add_passkey(page, passwordless=True)
    assert Authenticator.objects.get(type="webauthn").wrap().is_passwordless
    assert Entry.objects.filter(action="people.add_webauthn", actor=user.pk).exists()
    log_out(page)
    page.goto("/accounts/login/?next=/my/profile/")
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My data")


def test_a_passkey_is_a_second_step(page: Page) -> None:
    factories.user(username="li.na", name="Li Na")
    log_in(page, "li.na")
    add_passkey(page, passwordless=False)
    log_out(page)
    log_in(page, "li.na")
    expect(page.get_by_role("heading", level=1)).to_have_text("Second step")
    page.goto("/my/profile/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Second step")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator(".person summary")).to_contain_text("Li Na")


def test_a_passkey_that_is_refused_is_said_in_words(page: Page) -> None:
    factories.user(username="li.na")
    page.goto("/accounts/login/")
    page.evaluate(
        "() => { navigator.credentials.get = () => Promise.reject(new DOMException('', 'x')) }"
    )
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.locator(".passkey-trouble")).to_be_visible()
