"""From an agreed match to shared revenue in a real Chromium: Chinese wide, English narrow."""

from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from pilotline.desks.journal.queries import verify
from pilotline.desks.people.queries import actor_for
from pilotline.desks.settlement.models import Bill, Order, Share
from tests import factories
from tests.factories import person
from tests.factories_settlement import WHOLE, Stage

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def do(page: Page, verb: str) -> None:
    """Send the form whose hidden field names the act, by keyboard."""
    form = page.locator(f"form:has(input[name=do][value={verb}])").first
    button = form.locator("button").first
    button.focus()
    button.press("Enter")


def write_order(page: Page) -> None:
    """What the facility adds to the applicant's draft."""
    page.locator("a[href$='/edit/']").click()
    page.fill("textarea[name=scope]", WHOLE["scope"])
    for name in ("starts", "ends", "price"):
        page.fill(f"input[name={name}]", WHOLE[name])
    for letter, rows in (("d", WHOLE["deliverables"]), ("m", WHOLE["milestones"])):
        for at, row in enumerate(rows):
            for key, value in row.items():
                page.fill(f"input[name={letter}{at}_{key}]", value)
    page.locator("form.form button.main").click()
    page.wait_for_url("**/operator/orders/*/")


@pytest.mark.parametrize(("language", "narrow"), [("zh-hans", False), ("en", True)])
def test_from_a_match_to_shared_revenue(open_page: Any, language: str, *, narrow: bool) -> None:
    factories.publish_rulebook()
    users = {role: person(role) for role in ("applicant", "operator", "authority")}
    stage = Stage(**{role: actor_for(user) for role, user in users.items()})
    stage.rule()
    match = stage.match()

    def enter(path: str, role: str) -> Page:
        return open_page(path, person=users[role], language=language, narrow=narrow)

    page = enter(f"/my/talks/{match.pk}/", "applicant")
    page.locator("form[action$='/order/'] button").click()
    page.wait_for_url("**/my/orders/*/")
    order = Order.objects.get()
    desk = enter(f"/operator/orders/{order.pk}/", "operator")
    write_order(desk)
    do(desk, "agree")
    expect(desk.locator("#consents")).to_contain_text(str(stage.operator.name))
    page.reload()
    do(page, "agree")
    expect(page.locator("#consents button")).to_have_count(0)
    order.refresh_from_db()
    assert order.state == "agreed"

    desk.reload()
    do(desk, "bill")
    desk.wait_for_url("**/operator/bills/*/")
    do(desk, "issue")
    expect(desk.locator("#pay")).to_be_visible()
    bill = Bill.objects.get()
    page.goto(f"/my/bills/{bill.pk}/")
    do(page, "voucher")
    expect(page.locator("main")).to_contain_text("CXQ-")
    desk.reload()
    desk.fill("input[name=reference]", "20261128-1")
    do(desk, "pay")
    expect(desk.locator("#settle")).to_be_visible()
    do(desk, "settle")
    expect(desk.locator("tfoot").last).to_contain_text(f"{WHOLE['milestones'][0]['payment'][:2]},")
    bill.refresh_from_db()
    assert (bill.state, bill.covered) == ("settled", Decimal("10800.00"))
    assert sum(Share.objects.values_list("amount", flat=True)) == bill.net

    office = enter("/authority/revenue/", "authority")
    expect(office.locator(".tiles")).to_contain_text("36,000.00")
    assert list(verify()) == []
