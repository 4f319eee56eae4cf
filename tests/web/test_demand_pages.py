"""Pages of needs and technologies: handed in, read, confirmed, accepted, followed, released."""

import re
from io import BytesIO

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from pilotline.desks.demand import queries, services
from pilotline.desks.demand.models import Attachment, Case
from pilotline.desks.people.queries import actor_for
from tests.factories import CITY, NOW, person
from tests.factories_demand import NEED, PDF, RELEASED, TECHNOLOGY, accepted, attached, draft

pytestmark = pytest.mark.usefixtures("rulebook")

TEXT = (
    "需要500L以上的反应釜做加氢反应,温度-20~150℃,压力10MPa。希望2027年6月底前完成,预算80万元以内。"
)
LANGUAGES = ["zh-hans", "en"]


def client_of(user, language="zh-hans"):
    client = browser(language)
    client.force_login(user)
    return client


def browser(language="zh-hans"):
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


@pytest.fixture
def applicant():
    return person()


def page(client, name, *args, status=200, **more):
    response = client.get(reverse(name, args=args), more)
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def whole(answers):
    """What the form sends: ticked boxes as `on`, the mark that it was sent whole."""
    sent = {k: "on" if v is True else v for k, v in answers.items() if v not in (False, [])}
    return sent | {"whole": "1"}


def send(client, case, action, answers=None, **more):
    case.refresh_from_db()
    data = whole(answers or {}) | {"action": action, "version": str(case.version)}
    return client.post(reverse("applicant:case-edit", args=[case.pk]), data | more)


def test_from_three_sentences_to_the_receipt(applicant):
    client = client_of(applicant)
    started = client.post(reverse("applicant:need-new"), {"text": TEXT})
    case = Case.objects.get()
    assert started.headers["Location"] == reverse("applicant:case-edit", args=[case.pk])
    shown = page(client, "applicant:case-edit", case.pk)
    assert shown.count("<mark ") >= 3
    assert "待确认" in shown or "to confirm" in shown
    client.post(reverse("applicant:case-requirements", args=[case.pk]), {"action": "confirm-all"})
    assert {r.state for r in queries.requirements(case.pk)} == {"confirmed"}
    answers = NEED | {"detail": TEXT}
    handed = send(client, case, "submit", answers, _once="mark-1")
    assert handed.status_code == 302
    assert handed.headers["Location"] == reverse("applicant:received", args=[case.pk])
    case.refresh_from_db()
    assert case.number in page(client, "applicant:received", case.pk)
    assert case.number in page(client, "applicant:case", case.pk)
    assert case.number in page(client, "shared:receipt", case.pk)
    pdf = client.get(reverse("shared:receipt-pdf", args=[case.pk]))
    assert (pdf.headers["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")


def test_a_double_click_on_hand_in_is_one_case(applicant):
    client = client_of(applicant)
    case = draft(actor_for(applicant))
    first = send(client, case, "submit", NEED, _once="same-mark")
    second = client.post(
        reverse("applicant:case-edit", args=[case.pk]),
        whole(NEED) | {"action": "submit", "version": "1", "_once": "same-mark"},
    )
    assert first.headers["Location"] == second.headers["Location"]
    assert Case.objects.exclude(number=None).count() == 1


def test_everything_missing_is_said_at_once_and_linked(applicant):
    client = client_of(applicant)
    case = draft(actor_for(applicant))
    response = send(client, case, "submit", {"title": "只有名称", "budget_high": "很多"})
    shown = response.content.decode()
    assert response.status_code == 422
    linked = set(re.findall(r'<a href="#(f_[a-z_0-9]+)">', shown))
    assert {"f_detail", "f_begin", "f_end", "f_budget_high", "f_contact_name"} <= linked
    assert all(f'id="{target}"' in shown for target in linked)
    assert 'value="只有名称"' in shown
    assert 'value="很多"' in shown


def test_saving_by_itself_and_by_button(applicant):
    client = client_of(applicant)
    case = draft(actor_for(applicant))
    address = reverse("applicant:case-edit", args=[case.pk])
    saved = client.post(
        address,
        whole({"title": "自动保存"}) | {"action": "autosave", "version": "1"},
        headers={"HX-Request": "true"},
    )
    assert 'name="version" id="f_version" value="2"' in saved.content.decode()
    late = client.post(
        address,
        whole({"title": "太晚的一版"}) | {"action": "autosave", "version": "1"},
        headers={"HX-Request": "true"},
    )
    assert address in late.content.decode()
    case.refresh_from_db()
    assert case.title == "自动保存"
    shown = page(client, "applicant:case-edit", case.pk)
    assert "太晚的一版" in shown
    aside = queries.asides(who=actor_for(applicant), case=case)[0]
    client.post(reverse("applicant:case-aside", args=[case.pk, aside.pk]), {"action": "take"})
    case.refresh_from_db()
    assert case.title == "太晚的一版"
    assert queries.asides(who=actor_for(applicant), case=case) == []


def test_unticking_is_saved(applicant):
    client = client_of(applicant)
    case = draft(actor_for(applicant), verification=["process", "design"], consent=True)
    send(client, case, "save", {"title": "无验证"})
    case.refresh_from_db()
    assert (case.answers["verification"], case.answers["consent"]) == ([], False)


def test_offered_answers_are_taken_over_with_what_is_typed(applicant):
    client = client_of(applicant)
    client.post(reverse("applicant:need-new"), {"text": TEXT})
    case = Case.objects.get()
    send(
        client,
        case,
        "take",
        {"detail": TEXT, "title": "新名称"},
        offer=[o["field"] for o in case.offered],
    )
    case.refresh_from_db()
    assert (case.answers["title"], case.answers["end"], case.answers["budget_high"]) == (
        "新名称",
        "2027-06-30",
        "800000",
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_correction_keeps_what_was_typed(applicant, language):
    client = client_of(applicant, language)
    client.post(reverse("applicant:need-new"), {"text": TEXT})
    case = Case.objects.get()
    row = queries.requirements(case.pk)[0]
    wrong = {"action": "correct", "requirement": str(row.pk), "written": "<i>200~100℃</i>"}
    address = reverse("applicant:case-requirements", args=[case.pk])
    part = client.post(address, wrong, headers={"HX-Request": "true"})
    assert part.status_code == 422
    assert "&lt;i&gt;200~100℃&lt;/i&gt;" in part.content.decode()
    assert "<html" not in part.content.decode()
    full = client.post(address, wrong)
    assert full.status_code == 422
    assert "&lt;i&gt;200~100℃&lt;/i&gt;" in full.content.decode()
    assert "<html" in full.content.decode()


def test_files_are_attached_served_as_downloads_and_removed(applicant):
    client = client_of(applicant)
    case = draft(actor_for(applicant))
    address = reverse("applicant:case-files", args=[case.pk])
    good, bad = BytesIO(PDF), BytesIO(b"<html>")
    good.name, bad.name = "工艺.pdf", "坏.pdf"
    part = client.post(address, {"files": [good, bad]}, headers={"HX-Request": "true"})
    assert part.status_code == 422
    assert "坏.pdf" in part.content.decode()
    row = Attachment.objects.get()
    served = client.get(reverse("shared:attachment", args=[row.pk]))
    assert b"".join(served.streaming_content) == PDF
    assert served.headers["Content-Disposition"].startswith("attachment;")
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    client.post(reverse("applicant:case-file-remove", args=[case.pk, row.pk]))
    assert client.get(reverse("shared:attachment", args=[row.pk])).status_code == 404


def test_amending_and_withdrawing(applicant):
    client = client_of(applicant)
    case = accepted(actor_for(applicant))
    wrong = send(client, case, "amend", NEED | {"title": ""})
    assert wrong.status_code == 422
    done = send(client, case, "amend", NEED | {"title": "改过的名称"}, reason="名称写错")
    assert done.status_code == 302
    shown = page(client, "applicant:case", case.pk)
    assert "改过的名称" in shown
    assert "名称写错" in shown
    address = reverse("applicant:case-withdraw", args=[case.pk])
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "自有装置完成"}).status_code == 302
    assert "自有装置完成" in page(client, "applicant:case", case.pk)


def test_strangers_are_turned_away_everywhere(applicant):
    who = actor_for(applicant)
    case = accepted(who)
    row = attached(who, case)
    stranger = client_of(person())
    for name, args in [
        ("applicant:case", [case.pk]),
        ("applicant:case-edit", [case.pk]),
        ("applicant:received", [case.pk]),
        ("shared:receipt", [case.pk]),
        ("shared:receipt-pdf", [case.pk]),
        ("shared:attachment", [row.pk]),
    ]:
        assert stranger.get(reverse(name, args=args)).status_code == 404
        assert Client().get(reverse(name, args=args)).status_code == 302
    for name, args in [
        ("applicant:case-requirements", [case.pk]),
        ("applicant:case-files", [case.pk]),
        ("applicant:case-withdraw", [case.pk]),
        ("applicant:case-file-remove", [case.pk, row.pk]),
        ("applicant:case-aside", [case.pk, 1]),
    ]:
        assert stranger.post(reverse(name, args=args), {"action": "x"}).status_code == 404
    assert stranger.get(reverse("authority:cases")).status_code == 403


def test_somebody_without_an_organisation_is_led_on():
    client = client_of(person("known"))
    for name in ("applicant:cases", "applicant:need-new", "applicant:technology-new"):
        page(client, name)
    client.post(reverse("applicant:need-new"), {"text": TEXT})
    assert Case.objects.count() == 0
    assert TEXT in page(client, "applicant:need-new")


def test_hostile_text_is_shown_as_text(applicant):
    client = client_of(applicant)
    hostile = "<script>alert(1)</script>'\"><img src=x onerror=alert(1)>"
    case = accepted(
        actor_for(applicant), title=hostile[:70], problem=hostile, **RELEASED | {"summary": hostile}
    )
    authority = client_of(person("authority"))
    for shown in (
        page(client, "applicant:case", case.pk),
        page(client, "applicant:case-edit", case.pk),
        page(client, "applicant:cases"),
        page(client, "shared:receipt", case.pk),
        page(authority, "authority:case", case.pk),
        page(authority, "authority:cases"),
        page(Client(), "public:needs"),
        page(Client(), "public:need", case.number),
    ):
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_public_pages_show_what_was_released_and_no_more(language):
    need = accepted(kind="need", secret="不可说的配方", **RELEASED)
    hidden = accepted(kind="need", title="没有公开的需求")
    technology = accepted(kind="technology", release=True, summary="聚乳酸连续聚合工艺寻求中试")
    client = browser(language)
    needs = page(client, "public:needs")
    assert NEED["title"] in needs
    assert hidden.title not in needs
    one = page(client, "public:need", need.number)
    assert RELEASED["summary"] in one
    for secret in ("不可说的配方", "反应釜", "王工", "800000", "800,000", need.organisation.name):
        assert secret not in one + needs
    assert hidden.title in page(client, "public:need", hidden.number)
    assert TECHNOLOGY["title"] in page(client, "public:technologies")
    assert TECHNOLOGY["title"] in page(client, "public:technology", technology.number)
    page(client, "public:technology", need.number, status=404)
    page(client, "public:need", "XQ-2026-999999", status=404)
    exported = client.get(reverse("public:needs"), {"export": "xlsx"})
    assert exported.status_code == 200
    assert "反应釜".encode() not in exported.content


def test_an_open_need_shows_a_facility_the_way_to_offer(applicant):
    need = accepted(actor_for(applicant), **RELEASED)
    login = f"{reverse('account_login')}?next="
    assert login in page(Client(), "public:need", need.number)
    of_operator = page(client_of(person("operator")), "public:need", need.number)
    assert reverse("operator:fitting") in of_operator
    of_applicant = page(client_of(applicant), "public:need", need.number)
    assert login not in of_operator + of_applicant
    assert reverse("operator:fitting") not in of_applicant


def test_a_receipt_can_be_checked_by_anybody(applicant):
    case = accepted(actor_for(applicant))
    paper = queries.receipt(who=actor_for(applicant), case=case.pk)
    client = Client()
    genuine = page(client, "public:receipt", case.number, d=paper.digest[:16])
    assert NEED["title"] in genuine
    wrong = page(client, "public:receipt", case.number, d="0" * 16, status=404)
    assert NEED["title"] not in wrong
    assert NEED["title"] not in page(client, "public:receipt", case.number, status=404)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_authority_finds_the_case_with_its_story(applicant, language):
    case = accepted(actor_for(applicant), secret="只给受理人员看")
    client = client_of(person("authority", region=CITY), language)
    assert case.number in page(client, "authority:cases", q="反应釜")
    shown = page(client, "authority:case", case.pk)
    assert "只给受理人员看" in shown
    assert case.organisation.name in shown
    elsewhere = client_of(person("authority", region="370200"))
    page(elsewhere, "authority:case", case.pk, status=404)
    assert case.number not in page(elsewhere, "authority:cases")


@pytest.mark.parametrize("name", ["applicant:cases", "authority:cases", "public:needs"])
def test_lists_ask_the_same_with_one_and_with_three_rows(
    name, applicant, django_assert_num_queries
):
    who = actor_for(applicant)
    readers = {"applicant": lambda: applicant, "authority": lambda: person("authority")}
    reader = readers.get(name.partition(":")[0])
    client = client_of(reader()) if reader else Client()
    accepted(who, **RELEASED)
    address = reverse(name)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        assert client.get(address).status_code == 200
    accepted(who, **RELEASED)
    accepted(who, **RELEASED)
    with django_assert_num_queries(len(one)):
        assert client.get(address).status_code == 200


def test_a_case_page_asks_the_same_however_much_is_in_it(applicant, django_assert_num_queries):
    who = actor_for(applicant)
    case = accepted(who)
    client = client_of(applicant)
    address = reverse("applicant:case", args=[case.pk])
    attached(who, case)
    services.read_text(who=who, case=case.pk, now=NOW)
    services.confirm_requirements(who=who, case=case.pk, now=NOW)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    attached(who, case, "二.pdf")
    attached(who, case, "三.pdf")
    services.add_requirement(who=who, case=case.pk, attribute="pressure", written="3 MPa", now=NOW)
    with django_assert_num_queries(len(one)):
        client.get(address)


def chinese_left(shown, *cases):
    """Chinese words of a page's content that nobody typed."""
    content = shown.split("<main", 1)[1].split("</main", 1)[0]
    typed = {text for case in cases for text in case.answers.values() if isinstance(text, str)}
    typed |= {case.organisation.name for case in cases} | {"工艺说明.pdf"}
    for text in sorted(filter(None, typed), key=len, reverse=True):
        content = content.replace(escape(text), "")
    read = r'(?s)<p class="marked">.*?</p>|<q .*?</q>|<p class="when">.*?</p>'
    content = re.sub(read, "", content)
    content = re.sub(r"“[^”]*”", "", content)
    return re.findall(r"[\u4e00-\u9fff]{2,}", content)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["need", "technology"])
def test_every_page_in_both_languages(applicant, language, kind):
    client = client_of(applicant, language)
    who = actor_for(applicant)
    case, unfinished = accepted(who, kind), draft(who, kind, detail=TEXT)
    services.read_text(who=who, case=unfinished.pk, now=NOW)
    attached(who, unfinished)
    for name, args in [
        ("applicant:cases", []),
        (f"applicant:{kind}-new", []),
        ("applicant:case-edit", [unfinished.pk]),
        ("applicant:case-edit", [case.pk]),
        ("applicant:case", [case.pk]),
        ("applicant:received", [case.pk]),
        ("shared:receipt", [case.pk]),
    ]:
        shown = page(client, name, *args)
        assert " style=" not in shown
        if language == "en":
            assert chinese_left(shown, case, unfinished) == []
