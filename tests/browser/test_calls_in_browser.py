"""A call in a real Chromium: applied for and moved on in Chinese, its result read in English."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from pilotline.desks.calls import services
from pilotline.desks.calls.models import Application, Call
from pilotline.desks.calls.services.judging import take_marks
from pilotline.kernel.actor import SYSTEM
from tests import factories
from tests import factories_calls as make
from tests.factories import person

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch) -> Call:
    """A call that is open today; the pages ask the clock."""
    factories.publish_rulebook()
    now = timezone.now()
    monkeypatch.setattr(make, "NOW", now)
    monkeypatch.setattr(make, "TODAY", timezone.localdate(now))
    return make.opened()


def fill_in(page: Page, call: Call) -> None:
    """Every question of the form, as its field wants it answered."""
    for name, value in make.answers(call).items():
        field = page.locator(f"#answers [name={name}]").first
        kind = field.get_attribute("type")
        if kind in ("radio", "checkbox"):
            chosen = f"#answers [name={name}]" + (f"[value='{value}']" if kind == "radio" else "")
            page.locator(chosen).check(force=True)
        elif field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value, force=True)
        else:
            field.fill(str(value))


def move(page: Page, name: str) -> None:
    """A move of the call, by keyboard."""
    button = page.locator(f"button[name=move][value={name}]")
    button.focus()
    button.press("Enter")
    page.wait_for_load_state()


def test_applied_for_moved_on_and_published(open_page: Any, call: Call) -> None:
    users = {role: person(role) for role in ("applicant", "authority")}

    mine = open_page(f"/calls/{call.pk}/", person=users["applicant"])
    mine.locator(f"main a[href$='/my/calls/{call.pk}/apply/']").click()
    mine.locator("main form.panel-box button.main").click()
    mine.wait_for_url("**/my/applications/*/")
    fill_in(mine, call)
    mine.locator("#answers button.main").click()
    made = Application.objects.get()
    expect(mine.locator("main")).to_contain_text(made.number or "-")

    desk = open_page(f"/shared/proceedings/{made.proceeding}/", person=users["authority"])
    desk.locator("details.ask summary.main").first.click()
    desk.locator("details.ask[open] input[name=outcome][value=recommend]").check(force=True)
    desk.locator("details.ask[open] [name=reasons]").fill("材料属实，同意推荐。")
    desk.locator("details.ask[open] button.main").click()
    expect(desk.locator("main")).to_contain_text("材料属实")
    # The experts' marks and the last day have tests of their own.
    make.through(made)
    take_marks(call=call.pk, points={made.pk: (90, 90)}, now=make.NOW)
    services.close_call(who=SYSTEM, call=call.pk, now=make.NOW + timedelta(days=40))

    desk.goto(f"/authority/calls/{call.pk}/")
    move(desk, "list")
    move(desk, "notice")
    public = open_page(f"/calls/{call.pk}/")
    expect(public.locator("main")).to_contain_text("公示名单")
    expect(public.locator("main")).to_contain_text(made.title)
    Call.objects.filter(pk=call.pk).update(notice_to=timezone.localdate() - timedelta(days=1))
    desk.reload()
    move(desk, "publish")
    made.refresh_from_db()
    assert made.state == "granted"
    result = open_page(f"/calls/{call.pk}/", language="en", narrow=True)
    expect(result.locator("main")).to_contain_text("Results")
    expect(result.locator("main")).to_contain_text(made.title)
