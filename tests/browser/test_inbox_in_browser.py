"""The inbox in a real Chromium: many steps at once, and from row to row by keyboard alone."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from pilotline.desks.people.models import User
from pilotline.desks.review.models import StepRun
from tests import factories
from tests.factories import CITY
from tests.factories_approvals import project, scene

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def official() -> User:
    """Two projects whose steps wait for this official."""
    factories.publish_rulebook()
    on = scene()
    for _n in range(2):
        project(on)
    return factories.person("authority", region=CITY)


def ticked(page: Page) -> int:
    return page.locator("#inbox input[name=run]:checked").count()


def press(page: Page, keys: str) -> None:
    for key in keys.split():
        page.keyboard.press(key)


def act(page: Page, move: str) -> None:
    """A bulk step by keyboard."""
    with page.expect_navigation():
        page.locator(f"#bulk button[value={move}]").press("Enter")


def test_all_are_ticked_at_once_and_worked_on_together(open_page: Any, official: User) -> None:
    page = open_page("/shared/inbox/", person=official)
    waiting = page.locator("#inbox input[name=run]").count()
    assert waiting == StepRun.objects.filter(state="open").count() == 16
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    every = page.locator("#tick-all")
    every.check()
    assert ticked(page) == waiting
    page.locator("#inbox input[name=run]").first.uncheck()
    assert every.evaluate("box => box.indeterminate && !box.checked")
    press(page, "a")
    expect(every).to_be_checked()
    press(page, "a")
    assert ticked(page) == 0
    assert asked == []  # a tick is no filter: nothing is loaded anew, or the ticks were lost

    page.locator("#inbox-f-body summary").click()
    office = page.locator("#inbox-f-body label.facet").first
    body = office.locator("input").get_attribute("value")
    office.click()
    page.wait_for_url(f"**body={body}*")
    few, theirs = page.locator("#inbox tbody tr"), StepRun.objects.filter(body=body)
    count = theirs.filter(state="open").count()
    assert 0 < count < waiting
    expect(few).to_have_count(count)
    every.check()
    act(page, "take")
    # Back in the inbox as it was narrowed.
    assert "body=" in page.url
    expect(few).to_have_count(count)
    assert theirs.filter(holder=official.pk).count() == count
    page.goto("/shared/inbox/?tab=mine")
    press(page, "a")
    act(page, "pass")
    assert StepRun.objects.filter(state="done", done_by=official.pk).count() == count
    expect(page.locator("main .empty")).to_be_visible()
    expect(every).to_be_disabled()


def test_the_inbox_by_keyboard_alone(open_page: Any, official: User) -> None:
    page = open_page("/shared/inbox/", person=official, language="en", narrow=True)
    expect(page.get_by_label("Tick all on this page")).to_be_visible()
    width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert width <= 0
    press(page, "j j k x j x x")
    assert ticked(page) == 1
    assert page.locator("#inbox input[name=run]").nth(0).is_checked()
    row = page.locator("#inbox tbody tr.is-here")
    expect(row).to_have_count(1)
    wanted = row.locator("a").first.get_attribute("href")
    press(page, "Enter")
    page.wait_for_url(f"**{wanted}")
    page.go_back()
    # What is typed into a field moves nothing.
    page.locator("#inbox-q").press_sequentially("jxa")
    assert page.locator("#inbox tbody tr.is-here").count() == 0
    assert ticked(page) <= 1
