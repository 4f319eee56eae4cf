"""The main job in a real Chromium: from three sentences on the first page to a match that counts.

In Chinese on a wide screen and in English on a narrow one, a good part of it by keyboard alone.
"""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from pilotline.desks.demand.models import Case
from pilotline.desks.journal.queries import verify
from pilotline.desks.people.models import Organisation
from pilotline.desks.people.queries import actor_for
from tests import factories
from tests.factories import CITY, PASSWORD
from tests.factories_demand import NEED
from tests.factories_matching import operated, with_reactor
from tests.journeys.test_from_need_to_match import TOLD, Told

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

CITY_NAMES = {"zh-hans": ("城市", "济南"), "en": ("City", "Jinan")}


def by_keyboard(control: Locator) -> None:
    """What a click would do, without a pointer."""
    control.focus()
    control.press("Enter")


def send(form: Locator) -> None:
    form.locator("button.main").click()


def sign_up(page: Page) -> None:
    """Register an account from the page that asked for a log-in; the last field sends it."""
    page.locator("main a[href*='/signup/']").first.click()
    for name, typed in {
        "name": "王晓",
        "username": "wang.xiao",
        "email": "wang.xiao@example.org",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }.items():
        page.fill(f"main input[name={name}]", typed)
    page.press("main input[name=password2]", "Enter")


def register_enterprise(page: Page, language: str) -> Organisation:
    label, city = CITY_NAMES[language]
    page.locator("main a[href*='/organisations/new/']").click()
    page.fill("input[name=name]", "泉城前驱体有限公司")
    page.fill("input[name=credit_code]", factories.credit_code())
    choose(page, "kind", "sme")
    page.get_by_role("combobox", name=label).fill(city)
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    send(page.locator("main form.form"))
    page.wait_for_url("**/my/organisations/*/")
    return Organisation.objects.get(name="泉城前驱体有限公司")


def choose(page: Page, name: str, value: str) -> None:
    """Choose by a chip where there is one, otherwise in the list behind the filtering field."""
    chip = page.locator(f"input[name={name}][value={value}]")
    if chip.count():
        chip.check(force=True)
    else:
        page.locator(f"select[name={name}]").select_option(value, force=True)


def complete(page: Page, told: Told) -> None:
    """Everything the form still asks for."""
    page.fill("input[name=title]", told.title)
    for name in ("field", "scale", "hazardous", "cooperation"):
        choose(page, name, str(NEED[name]))
    choose(page, "verification", "process")
    for name in ("begin", "end", "budget_low", "budget_high", "contact_name", "contact_phone"):
        page.fill(f"input[name={name}]", str(NEED[name]))
    page.check("input[name=consent]", force=True)


def say(page: Page, move: str, words: str = "") -> None:
    """Make a move in the open talk as it stands now."""
    page.reload()
    if words:
        page.fill("#say_text", words)
    by_keyboard(page.locator(f"button[name=move][value={move}]"))
    expect(page.locator("ol.talk > li.mine").last).to_contain_text(words)


@pytest.mark.parametrize(("language", "narrow"), [("zh-hans", False), ("en", True)])
def test_from_three_sentences_to_a_match_that_counts(
    open_page: Any, language: str, *, narrow: bool
) -> None:
    factories.publish_rulebook()
    told = TOLD[language]
    runs = factories.person("operator")
    operator, facility = operated(actor_for(runs))
    with_reactor(operator, facility)
    city = factories.person("authority", region=CITY)

    page = open_page("/", language=language, narrow=narrow)
    page.fill("#begin-text", told.text)
    by_keyboard(page.locator("form.begin button"))
    sign_up(page)
    expect(page.locator("textarea[name=text]")).to_have_value(told.text)
    enterprise = register_enterprise(page, language)

    office = open_page(
        f"/authority/organisations/{enterprise.pk}/", person=city, language=language, narrow=narrow
    )
    send(office.locator("form[action$='/confirm/']"))

    page.goto("/my/needs/new/")
    expect(page.locator("textarea[name=text]")).to_have_value(told.text)
    send(page.locator("main form.form"))
    expect(page.locator("#reading mark")).not_to_have_count(0)
    by_keyboard(page.locator("button[value=confirm-all]"))
    expect(page.locator("button[value=confirm-all]")).to_have_count(0)
    expect(page.locator(".requirement.offered")).to_have_count(0)
    complete(page, told)
    page.locator("button[name=action][value=submit]").click()
    page.wait_for_url("**/received/")
    case = Case.objects.get()
    expect(page.locator("main")).to_contain_text(case.number)

    page.locator("main a.button.main").click()
    candidate = page.locator(".candidate")
    expect(candidate).to_have_count(1)
    expect(candidate.locator("tbody tr", has_text="反应釜").first).to_be_visible()
    by_keyboard(candidate.locator("details.ask > summary"))
    send(candidate.locator("details.ask form"))
    page.wait_for_url("**/my/talks/*/")

    desk = open_page("/operator/talks/", person=runs, language=language, narrow=narrow)
    desk.get_by_role("link", name=case.number).click()
    say(desk, "question", told.question)
    say(page, "answer", told.answer)
    say(desk, "accept")
    say(page, "consent")
    expect(page.locator("button[name=move]")).to_have_count(0)

    office.goto("/authority/")
    tile = office.locator(".tiles li", has=office.locator("a[href$='state=agreed']"))
    expect(tile.locator(".figure")).to_have_text("1")
    tile.locator("a").click()
    expect(office.locator("main")).to_contain_text(case.number)
    assert list(verify()) == []
