"""Bad input through the pages: a sentence in the reader's language, nothing lost, nothing half
written. What two people or two clicks do at one moment is tested beside what they do."""

import io
import re

import lxml.html
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from pilotline.desks.demand import services
from pilotline.desks.demand.models import Attachment, Case
from pilotline.desks.people.queries import actor_for
from pilotline.desks.registry.models import ImportFile, Resource
from pilotline.kernel.errors import PilotlineError
from tests.desks.registry.test_opening import SHEET, repacked, workbook
from tests.factories import NOW, person
from tests.factories_demand import NEED, draft
from tests.factories_registry import facility
from tests.web.test_demand_pages import client_of, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rulebook")]

# The command has a catalogue of its own, and tests have errors of theirs.
OUTSIDE = ("pilotline.config.", "tests.")
CHINESE = re.compile("[\u4e00-\u9fff]")
BOMB = repacked(workbook(), {"xl/media/zeros.bin": bytes(100_000_000)})
LISTS = {
    "an encoding nobody knows": ("清单.csv", bytes(range(128, 256)) * 40),
    "UTF-16 cut in the middle": ("list.csv", b"\xff\xfea"),
    "a workbook that is a bomb": ("list.xlsx", BOMB),
    "a workbook that is broken": ("list.xlsx", repacked(workbook(), {SHEET: b"<broken"})),
    "another kind of file": ("list.pdf", b"%PDF-1.7"),
}


@pytest.fixture(params=["zh-hans", "en"])
def language(request):
    return request.param


def told(response, status: int, language: str) -> str:
    """What the page's alert says, in the language it has to be in."""
    assert response.status_code == status
    page = lxml.html.fromstring(response.content.decode())
    (alert,) = page.xpath("//*[@role='alert']")
    words = " ".join(alert.text_content().split())
    without_names = re.sub(r"“[^”]*”|设备\.xlsx|很热", "", words)
    assert bool(CHINESE.search(without_names)) == (language == "zh-hans"), words
    assert not re.search(r"Error|Traceback|None|%\(|_[a-z]+_", words), words
    return words


@pytest.mark.parametrize("case", LISTS)
def test_a_list_that_cannot_be_read(language, case):
    user = person("operator")
    owner = min(user.memberships.values_list("organisation", flat=True))
    made = facility("海岱平台", owner=user.memberships.get().organisation)
    name, content = LISTS[case]
    sent = io.BytesIO(content)
    sent.name = name
    given = {"file": sent, "organisation": str(owner), "facility": made.code}
    answer = client_of(user, language).post(reverse("operator:import"), given)
    assert told(answer, 422, language)
    assert (ImportFile.objects.count(), Resource.objects.count()) == (0, 0)
    chosen = lxml.html.fromstring(answer.text).xpath("//select[@name='facility']/option[@selected]")
    assert [one.get("value") for one in chosen] == [made.code]


def test_an_attachment_that_is_a_bomb(language):
    user = person()
    case = draft(actor_for(user), **NEED)
    sent = io.BytesIO(BOMB)
    sent.name = "设备.xlsx"
    address = reverse("applicant:case-files", args=[case.pk])
    client = client_of(user, language)
    answer = client.post(address, {"files": sent}, headers={"HX-Request": "true"})
    said = told(answer, 422, language)
    assert ("设备.xlsx：" if language == "zh-hans" else "设备.xlsx: ") in said
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"detail": "长" * 50_000}, "detail"),
        ({"begin": "2020-03-01"}, "begin"),
        ({"begin": "2027-09-30", "end": "2027-03-01"}, "begin"),
        ({"budget_low": "900000", "budget_high": "100"}, "budget_low"),
        ({"budget_high": "-5"}, "budget_high"),
        ({"budget_high": "many"}, "budget_high"),
        ({"end": "2027-02-30"}, "end"),
        ({"contact_phone": "call me"}, "contact_phone"),
        ({"title": "\x00\x07 "}, "title"),
    ],
    ids=lambda value: str(value)[:30] if isinstance(value, dict) else value,
)
def test_a_need_that_cannot_be_handed_in(language, wrong, field):
    user = person()
    case = draft(actor_for(user))
    answer = send(client_of(user, language), case, "submit", NEED | wrong)
    assert told(answer, 422, language)
    page = lxml.html.fromstring(answer.text)
    assert page.xpath(f"//main//*[@role='alert']//a[contains(@href, '{field}')]")
    case.refresh_from_db()
    assert (case.status, case.number) == ("draft", None)
    kept = page.xpath("//*[@name='cooperation'][@checked]")[0].get("value")
    typed = page.xpath(f"//*[@name='{field}']")[0]
    shown = typed.text if typed.tag == "textarea" else typed.get("value")
    assert kept == NEED["cooperation"]
    assert (shown or "").strip() == wrong[field].strip("\x00\x07 ")


@pytest.mark.parametrize("written", ["200~100℃", "-300℃", "5 kg", "很热", "℃" * 3000])
def test_a_range_that_is_impossible(language, written):
    user = person()
    who = actor_for(user)
    case = draft(who, **NEED)
    services.read_text(who=who, case=case.pk, now=NOW)
    row = case.requirements.get(attribute="temperature")
    before = (row.low, row.high, row.state)
    given = {"action": "correct", "requirement": str(row.pk), "written": written}
    client = client_of(user, language)
    answer = client.post(reverse("applicant:case-requirements", args=[case.pk]), given)
    assert told(answer, 422, language)
    row.refresh_from_db()
    assert (row.low, row.high, row.state) == before
    assert Case.objects.get().answers["detail"] == NEED["detail"]


def test_what_is_not_ones_own_is_said_to_be_nothing(language):
    client: Client = client_of(person(), language)
    said = {"zh-hans": "所查内容不存在，或您无权查看。", "en": "There is no such thing, or"}
    for number in (0, 999_999_999):
        answer = client.get(reverse("applicant:case", args=[number]))
        assert answer.status_code == 404
        assert said[language] in answer.text


def test_every_name_of_an_error_has_its_chinese():
    names = {kind for kind in kinds(PilotlineError) if not kind.__module__.startswith(OUTSIDE)}
    assert len(names) > 15
    with translation.override("zh-hans"):
        words = {kind.__doc__: translation.gettext(kind.__doc__) for kind in names}
    assert [english for english, said in words.items() if said == english] == []


def kinds(of):
    return {below for kind in of.__subclasses__() for below in {kind, *kinds(kind)}}
