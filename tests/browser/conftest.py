"""A real Chromium, found or installed by `./run test`, and pages that must not complain."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, sync_playwright

from tests.factories import PASSWORD
from tools.browser import launch

WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 390, "height": 844}
Opener = Callable[..., Page]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, live_server: Any) -> Iterator[Opener]:
    """`open_page("/", person=user, language="en", narrow=True, …)` gives a page of its own.

    What the console complains of (a broken policy for scripts, a script's error, a file that is
    not there) fails the test, unless it is opened with `complaints=False`.
    """
    contexts, said = [], []

    def opened(
        path: str = "/",
        *,
        person: Any = None,
        language: str = "zh-hans",
        narrow: bool = False,
        complaints: bool = True,
        **more: Any,
    ) -> Page:
        size = NARROW if narrow else WIDE
        context = chromium.new_context(base_url=live_server.url, viewport=size, **more)
        contexts.append(context)
        context.set_default_timeout(45_000)
        chosen = {"name": settings.LANGUAGE_COOKIE_NAME, "value": language}
        context.add_cookies([chosen | {"url": live_server.url}])
        page = context.new_page()
        if person is not None:
            log_in(page, person)
        if complaints:
            page.on("console", lambda m: said.append(m.text) if m.type == "error" else None)
            page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert said == []


def log_in(page: Page, person: Any) -> None:
    page.goto("/accounts/login/")
    page.fill("main input[name=login]", person.username)
    page.fill("main input[name=password]", PASSWORD)
    page.click("main form:has(input[name=password]) button:not([type=button])")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)
