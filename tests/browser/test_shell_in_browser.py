"""The shell in a real Chromium: keyboard, narrow screens, lists without reloading, no scripts."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from pilotline.desks.demand.models import Case
from tests import factories, factories_registry
from tools.looking import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAMES = ("海岱精细化工中试平台", "齐鲁生物医药中试基地", "胶东新材料中试平台")


@pytest.fixture(autouse=True)
def region(transactional_db: Any) -> None:
    factories.publish_rulebook()


@pytest.fixture
def facilities() -> None:
    for name, city in zip(NAMES, ("370100", "370200", "370200"), strict=True):
        factories_registry.facility(name, region=city)


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.id || document.activeElement.className")


class TestKeyboard:
    def test_the_first_tab_leads_past_the_frame(self, open_page):
        page = open_page("/")
        page.keyboard.press("Tab")
        assert focused(page) == "skip"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert focused(page) == "begin-text"

    def test_a_slash_leads_to_the_search_but_not_while_typing(self, open_page):
        page = open_page("/about/")
        page.keyboard.press("/")
        assert focused(page) == "site-q"
        page.keyboard.type("a/b")
        expect(page.locator("#site-q")).to_have_value("a/b")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search/?q=a%2Fb")

    def test_escape_closes_the_menu_of_a_person(self, open_page):
        page = open_page("/", person=factories.person())
        summary = page.locator("details.person summary")
        summary.focus()
        page.keyboard.press("Enter")
        expect(page.locator(".person-menu")).to_be_visible()
        page.keyboard.press("Tab")
        page.keyboard.press("Escape")
        expect(page.locator(".person-menu")).to_be_hidden()
        assert page.evaluate("document.activeElement.tagName") == "SUMMARY"

    def test_a_city_on_the_map_is_reached_and_opened(self, open_page, facilities):
        page = open_page("/")
        tile = page.locator("a.tile", has_text="青岛")
        tile.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/search/?kind=facility&region=370200")
        expect(page.locator(".result-list > li")).to_have_count(2)

    def test_a_long_list_is_chosen_from_while_typing(self, open_page):
        page = open_page("/my/organisations/new/", person=factories.person("known"))
        box = page.get_by_role("combobox", name="城市")
        box.fill("潍")
        expect(page.get_by_role("option")).to_have_count(1)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(box).to_have_value(re.compile("潍坊"))
        expect(page.locator("select[name=region]")).to_have_value("370700")


class TestNarrow:
    def test_the_menu_folds_out_and_in(self, open_page):
        page = open_page("/", narrow=True)
        button = page.get_by_role("button", name="菜单")
        expect(page.get_by_role("link", name="登录")).to_be_hidden()
        button.click()
        expect(button).to_have_attribute("aria-expanded", "true")
        expect(page.get_by_role("link", name="登录")).to_be_visible()
        button.click()
        expect(page.get_by_role("link", name="登录")).to_be_hidden()

    def test_rows_become_cards(self, open_page, facilities):
        page = open_page("/facilities/", narrow=True)
        row = page.locator("tbody tr").first
        assert row.evaluate("one => getComputedStyle(one).display") == "flex"
        assert page.evaluate("document.documentElement.scrollWidth") == 390

    @pytest.mark.parametrize("path", ["/", "/search/", "/facilities/", "/rules/", "/about/"])
    @pytest.mark.parametrize("width", [360, 320])
    def test_nothing_sticks_out(self, open_page, facilities, path, width):
        page = open_page(path, narrow=True)
        page.set_viewport_size({"width": width, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") == width


class TestLists:
    def test_a_filter_changes_list_and_address_without_a_new_page(self, open_page, facilities):
        page = open_page("/facilities/")
        page.evaluate("window.same = true")
        page.locator("summary", has_text="城市").click()
        page.get_by_label(re.compile("青岛")).check()
        expect(page.locator("tbody tr")).to_have_count(2)
        assert re.search(r"370200", page.url)
        assert page.evaluate("window.same")
        expect(page.get_by_label(re.compile("青岛"))).to_be_visible()  # still folded out
        page.go_back()
        expect(page.locator("tbody tr")).to_have_count(3)
        page.go_forward()
        expect(page.locator("tbody tr")).to_have_count(2)

    def test_searching_keeps_what_is_being_typed(self, open_page, facilities):
        page = open_page("/facilities/")
        box = page.locator("input[name=q]").last
        box.press_sequentially("胶东", delay=30)
        expect(page.locator("tbody tr")).to_have_count(1)
        expect(box).to_be_focused()
        box.press_sequentially("新材料", delay=30)
        expect(box).to_have_value("胶东新材料")

    def test_search_results_are_replaced_and_come_back(self, open_page, facilities):
        page = open_page("/search/?kind=facility")
        page.evaluate("window.same = true")
        page.locator(".tabs a", has_text="设备").click()
        page.wait_for_url("**kind=equipment")
        assert page.evaluate("window.same")
        page.go_back()
        expect(page.locator(".result-list > li")).to_have_count(3)


class TestForms:
    def test_a_need_begun_on_the_first_page_is_there_after_the_log_in(self, open_page):
        person = factories.person()
        page = open_page("/")
        page.fill("#begin-text", "含氟中间体放大到 500 L")
        page.get_by_role("button", name="查找平台").click()
        page.fill("main input[name=login]", person.username)
        page.fill("main input[name=password]", factories.PASSWORD)
        page.click("main form:has(input[name=password]) button:not([type=button])")
        page.wait_for_url("**/my/needs/**")
        assert "含氟中间体放大到 500 L" in page.content()

    def test_a_double_click_sends_once(self, open_page):
        page = open_page("/my/needs/new/", person=factories.person())
        sent = []
        page.on("request", lambda r: sent.append(r.url) if r.method == "POST" else None)
        page.locator("main textarea").first.fill("高镍前驱体放大到 500 L")
        page.locator("main button.main").dblclick()
        page.wait_for_url("**/edit/**")
        assert len(sent) == 1
        assert Case.objects.count() == 1

    def test_typed_words_are_not_lost_unasked(self, open_page):
        page = open_page("/my/organisations/new/", person=factories.person("known"))
        page.locator("input[name=name]").press_sequentially("海岱")
        asked = []
        page.on("dialog", lambda d: (asked.append(d.type), d.accept()))
        page.goto("/about/")
        assert asked == ["beforeunload"]

    def test_what_is_wrong_is_announced_and_leads_to_its_field(self, open_page):
        person = factories.person("known")
        page = open_page("/my/organisations/new/", person=person, complaints=False)
        page.locator("main form button.main").click()
        summary = page.locator(".problems")
        expect(summary).to_be_focused()
        summary.get_by_role("link").first.click()
        expect(page.locator("input[name=name]")).to_be_focused()


def test_the_language_changes_where_one_is(open_page):
    page = open_page("/search/?q=%E5%8F%8D%E5%BA%94")
    page.get_by_role("button", name="English").click()
    page.wait_for_url("**/search/?q=%E5%8F%8D%E5%BA%94")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")


def test_without_scripts_everything_is_reached(open_page, facilities):
    page = open_page("/facilities/", java_script_enabled=False, narrow=True)
    expect(page.get_by_role("link", name="登录")).to_be_visible()
    page.locator("summary", has_text="城市").click()
    page.get_by_label(re.compile("青岛")).check()
    page.get_by_role("button", name="筛选").click()
    expect(page.locator("tbody tr")).to_have_count(2)


@pytest.mark.parametrize("path", ["/", "/search/", "/facilities/", "/rules/", "/about/"])
def test_the_dark_look_can_be_read(open_page, facilities, path):
    page = open_page(path, color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(16, 24, 28)"
    assert faults(page, chinese=True) == []


def test_paper_shows_the_content_alone(open_page, facilities):
    page = open_page("/facilities/")
    page.emulate_media(media="print")
    for frame in (".site-head", ".site-pages", ".list-tools", ".crumbs"):
        expect(page.locator(frame).first).to_be_hidden()
    expect(page.locator("table")).to_be_visible()
