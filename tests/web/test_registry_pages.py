"""The catalogue's pages: who sees what, what is said when something is wrong, what is written."""

import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from pilotline.desks.people.models import Grant, Membership, User
from pilotline.desks.registry.models import Capability, Claim, Facility, ImportFile, Resource
from tests.factories_registry import (
    NOW,
    capability,
    facility,
    organisation,
    publish_rulebook,
    resource,
)

pytestmark = pytest.mark.django_db
OFFICIAL = (
    "名称,运营单位,地市,领域,级别,年度\n绿色化工中试平台,京博石化,滨州市,石化化工,国家级,2025\n"
)


@pytest.fixture(autouse=True)
def _rulebook():
    publish_rulebook()


def member_of(owner, name: str = "operator") -> Client:
    user = User.objects.create_user(name)
    Membership.objects.create(user=user, organisation=owner, is_owner=True, since=NOW)
    return client_of(user)


def official(region: str = "370000", name: str = "official") -> Client:
    user = User.objects.create_user(name)
    Grant.objects.create(user=user, role="authority", region=region, granted_at=NOW)
    return client_of(user)


def client_of(user: User, language: str = "en") -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = language
    return client


def reader(language: str = "en") -> Client:
    client = Client()
    client.cookies["django_language"] = language
    return client


def equipped(name: str, owner=None) -> Facility:
    made = facility(name, owner=owner)
    line = resource(made, "1号线", verifications=["process"], load=40)
    kettle = resource(made, "反应釜", "equipment", line=line.pk, facts={"model": "K1"}, quantity=2)
    capability(made, "volume", "500 L", kettle)
    capability(made, "gmp", "有")
    resource(made, "检测", "service", service_kind="testing", price=80, price_unit="样")
    return made


def sheet(*rows: list) -> io.BytesIO:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    out.name = "清单.xlsx"
    return out


def test_public_pages_show_what_is_published():
    made = equipped("海岱平台")
    facility("草稿平台", published=False)
    page = reader().get(reverse("public:facilities"))
    assert "海岱平台" in page.text
    assert "草稿平台" not in page.text
    assert "海岱平台" in reader().get(reverse("public:facilities"), {"q": "反应釜"}).text
    assert "海岱平台" not in reader().get(reverse("public:facilities"), {"q": "冻干"}).text
    page = reader().get(reverse("public:facility", args=[made.code]))
    for words in ("500 L", "¥80", "K1", f"{reverse('applicant:need-new')}?facility={made.code}"):
        assert words in page.text
    chinese = reader("zh-hans").get(reverse("public:facility", args=[made.code]))
    assert "容积" in chinese.text
    assert "中试线" in chinese.text


@pytest.mark.parametrize("code", ["PT-2026-999999", "草稿", "a'b\"<"])
def test_what_is_not_public_is_not_found(code):
    facility("草稿平台", published=False)
    assert reader().get(reverse("public:facility", args=[code])).status_code == 404
    assert reader().get(reverse("public:facility", args=["PT-2026-000001"])).status_code == 404


def test_lists_and_pages_ask_a_fixed_number_of_times():
    owner = organisation("甲")
    mine, staff, anyone = member_of(owner), official(), reader()
    pages = [
        (anyone, reverse("public:facilities")),
        (mine, reverse("operator:facilities")),
        (staff, reverse("authority:facilities")),
        (staff, reverse("authority:claims")),
    ]

    def asked() -> list[int]:
        counts = []
        for client, url in pages:
            client.get(url)
            with CaptureQueriesContext(connection) as caught:
                assert client.get(url).status_code == 200
            counts.append(len(caught))
        return counts

    def more(name: str) -> None:
        equipped(name, owner)
        fact = Facility.objects.create(
            code=f"X-{name}",
            name=f"{name}事实",
            region="370100",
            is_public_fact=True,
            status="published",
            version=1,
            created_at=NOW,
            updated_at=NOW,
        )
        Claim.objects.create(facility=fact, organisation=owner, reason="ours", asked_at=NOW)

    more("一")
    first = asked()
    more("二")
    more("三")
    assert asked() == first


def test_a_page_of_a_larger_facility_asks_no_more():
    small, large = equipped("小"), equipped("大")
    for n in range(5):
        kettle = resource(large, f"釜{n}", "equipment")
        capability(large, "volume", f"{n + 1}00 L", kettle)
    counts = []
    for made in (small, large):
        client = reader()
        client.get(reverse("public:facility", args=[made.code]))
        with CaptureQueriesContext(connection) as caught:
            client.get(reverse("public:facility", args=[made.code]))
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_an_operator_enters_a_facility_and_publishes_it():
    client = member_of(organisation("甲"))
    page = client.post(reverse("operator:facility-new"), {"name": ""})
    assert page.status_code == 422
    given = {"name": "新平台", "region": "370100", "fields": ["advanced_chemicals"]}
    page = client.post(reverse("operator:facility-new"), given)
    made = Facility.objects.get()
    assert page.headers["Location"] == reverse("operator:facility", args=[made.code])
    page = client.post(reverse("operator:facility-publish", args=[made.code]), follow=True)
    assert "Description: This is missing." in page.text
    edit = reverse("operator:facility-edit", args=[made.code])
    given |= {"summary": "反应与分离", "seen_version": made.version}
    assert client.post(edit, given).status_code == 302
    stale = client.post(edit, given | {"summary": "另一个人"})
    assert stale.status_code == 422
    assert "Somebody changed this facility" in stale.text
    client.post(reverse("operator:facility-publish", args=[made.code]))
    made.refresh_from_db()
    assert (made.status, made.summary) == ("published", "反应与分离")
    client.post(reverse("operator:facility-archive", args=[made.code]))
    made.refresh_from_db()
    assert made.status == "archived"


def test_a_line_is_asked_since_when_it_runs_and_a_piece_of_equipment_when_it_was_made():
    owner = organisation("甲")
    made = facility("海岱平台", owner=owner)
    client = member_of(owner)
    url = reverse("operator:resource-new", args=[made.code]) + "?kind="
    line, piece = client.get(f"{url}line").text, client.get(f"{url}equipment").text
    assert ("In use since" in line, "Year made" in line) == (True, False)
    assert ("In use since" in piece, "Year made" in piece) == (False, True)


def test_an_operator_adds_equipment_and_says_what_it_can_do():
    owner = organisation("甲")
    made = facility("海岱平台", owner=owner)
    client = member_of(owner)
    for kind in ("line", "equipment", "site", "process", "service", "skill"):
        url = reverse("operator:resource-new", args=[made.code]) + f"?kind={kind}"
        assert client.get(url).status_code == 200
    assert client.get(url.replace("skill", "magic")).status_code == 404
    url = url.replace("skill", "equipment")
    page = client.post(url, {"name": "反应釜", "quantity": "2", "fact_model": "K1", "price": "5"})
    assert page.status_code == 422
    assert "What is the price for?" in page.text
    client.post(url, {"name": "反应釜", "quantity": "2", "fact_model": "K1"})
    kettle = Resource.objects.get()
    assert (kettle.quantity, kettle.facts) == (2, {"model": "K1"})
    state = reverse("operator:capability-set", args=[made.code, kettle.pk])
    page = client.post(state, {"attribute": "volume", "written": "很大"})
    assert page.status_code == 422
    assert "很大" in page.text
    client.post(state, {"attribute": "volume", "written": "0.5～2立方米"})
    assert [int(c.high) for c in Capability.objects.all()] == [2000]
    page = client.get(reverse("operator:resource", args=[made.code, kettle.pk]))
    assert "500 to 2000 L" in page.text
    own = {"name": "反应釜", "quantity": "3", "fact_model": "K1"}
    client.post(reverse("operator:resource", args=[made.code, kettle.pk]), own)
    kettle.refresh_from_db()
    assert kettle.quantity == 3
    stated = Capability.objects.get()
    remove = reverse("operator:capability-remove", args=[made.code, stated.pk])
    assert client.post(remove, {"resource": kettle.pk}).status_code == 302
    client.post(reverse("operator:resource-retire", args=[made.code, kettle.pk]))
    assert not Capability.objects.exists()
    assert client.get(reverse("operator:facility", args=[made.code])).status_code == 200


def test_a_typed_value_is_read_while_it_is_typed():
    client = member_of(organisation("甲"))
    url = reverse("operator:capability-read")
    page = client.get(url, {"attribute": "temperature", "written": "-20~150℃"})
    assert "-20 to 150 °C" in page.text
    page = client.get(url, {"attribute": "temperature", "written": "150~-20 L"})
    assert "does not fit" in page.text
    for given in ({}, {"attribute": "magic", "written": "1"}, {"attribute": "volume"}):
        assert client.get(url, given).status_code == 200


def test_facility_wide_statements_and_certificates():
    owner = organisation("甲")
    made = facility("海岱平台", owner=owner)
    client = member_of(owner)
    whole = reverse("operator:capability-whole", args=[made.code])
    assert client.post(whole, {"attribute": "gmp", "written": "也许"}).status_code == 422
    assert client.post(whole, {"attribute": "gmp", "written": "有"}).status_code == 302
    assert "GMP" in client.get(reverse("operator:whole", args=[made.code])).text
    url = reverse("operator:certificates", args=[made.code])
    given = {"kind": "cnas", "number": "L1", "valid_from": "2027-01-01", "valid_to": "2026-01-01"}
    assert client.post(url, given).status_code == 422
    assert client.post(url, given | {"valid_from": "2025-01-01"}).status_code == 302
    page = client.get(url)
    assert "L1" in page.text
    held = made.certificates.get()
    client.post(reverse("operator:certificate-remove", args=[made.code, held.pk]))
    assert not made.certificates.exists()


def test_strangers_do_not_come_in():
    owner = organisation("甲")
    made = equipped("海岱平台", owner)
    stranger = member_of(organisation("乙"), "stranger")
    for name in ("facility", "facility-edit", "whole", "certificates", "resource-new"):
        answer = stranger.get(reverse(f"operator:{name}", args=[made.code]))
        assert answer.status_code == 403
    for name in ("facility-publish", "facility-archive"):
        assert stranger.post(reverse(f"operator:{name}", args=[made.code])).status_code == 403
    assert reader().get(reverse("operator:facilities")).status_code == 302
    assert stranger.get(reverse("authority:facilities")).status_code == 403


def test_a_list_is_imported_in_three_steps():
    owner = organisation("甲")
    made = facility("海岱平台", owner=owner)
    client = member_of(owner)
    start = reverse("operator:import")
    assert client.get(start).status_code == 200
    wrong = io.BytesIO(b"PK\x03\x04 nothing")
    wrong.name = "a.xlsx"
    page = client.post(start, {"file": wrong, "organisation": owner.pk})
    assert page.status_code == 422
    assert "damaged" in page.text
    rows = ["设备名称", "容积(L)"], ["反应釜", 500], ["坏釜", "很大"]
    page = client.post(
        start, {"file": sheet(*rows), "organisation": owner.pk, "facility": made.code}
    )
    file = ImportFile.objects.get()
    plan = reverse("operator:import-plan", args=[file.pk])
    assert page.headers["Location"] == plan
    page = client.get(plan)
    assert "B3" in page.text
    assert "Confirm: 1 new, 0 changed" in page.text
    assert not Resource.objects.exists()
    assert client.get(plan, {"fate": "refused"}).status_code == 200
    apply = reverse("operator:import-apply", args=[file.pk])
    for _twice in range(2):
        assert client.post(apply).headers["Location"] == plan
    assert [r.name for r in Resource.objects.all()] == ["反应釜"]
    marked = client.get(reverse("operator:import-marked", args=[file.pk]))
    assert load_workbook(io.BytesIO(marked.content)).active["B3"].comment
    stranger = member_of(organisation("乙"), "stranger")
    assert stranger.get(plan).status_code == 404
    assert stranger.post(apply).status_code == 404


def test_exports():
    owner = organisation("甲")
    equipped("海岱平台", owner)
    client = member_of(owner)
    book = load_workbook(io.BytesIO(client.get(reverse("operator:export")).content))
    assert book.sheetnames == ["Facilities", "Tiers", "Resources", "Capabilities", "Certificates"]
    csv = client.get(reverse("operator:export"), {"csv": "resources"})
    assert "反应釜" in csv.content.decode("utf-8-sig")
    assert client.get(reverse("operator:export"), {"csv": "magic"}).status_code == 404
    book = load_workbook(io.BytesIO(official().get(reverse("authority:facility-export")).content))
    assert book["Facilities"].max_row == 2
    page = reader().get(reverse("public:facilities"), {"export": "xlsx"})
    assert load_workbook(io.BytesIO(page.content)).active["A2"].value == "海岱平台"


def test_the_authority_decides_a_tier():
    made = facility("海岱平台")
    client = official()
    url = reverse("authority:tier", args=[made.code])
    assert client.get(url).status_code == 200
    given = {"tier": "national_level/reserve_list", "since": "2999-01-01", "decided_by": "工信部"}
    assert client.post(url, given).status_code == 422
    assert client.post(url, given | {"since": "2025-01-01"}).status_code == 302
    made.refresh_from_db()
    assert (made.tier, made.tier_step) == ("national_level", "reserve_list")
    page = client.get(reverse("authority:facility", args=[made.code]))
    assert "工信部" in page.text
    elsewhere = official("370200", "elsewhere")
    assert elsewhere.post(url, given).status_code == 404


def test_an_official_list_is_imported_claimed_and_answered():
    client = official()
    file = io.BytesIO(OFFICIAL.encode("gb18030"))
    file.name = "名单.csv"
    page = client.post(
        reverse("authority:facility-import"), {"file": file, "source_url": "https://example.org"}
    )
    kept = ImportFile.objects.get()
    assert page.headers["Location"] == reverse("authority:facility-import-plan", args=[kept.pk])
    assert client.get(page.headers["Location"]).status_code == 200
    client.post(reverse("authority:facility-import-apply", args=[kept.pk]))
    fact = Facility.objects.get()
    public = reader().get(reverse("public:facility", args=[fact.code]))
    assert "https://example.org" in public.text
    assert "Public fact" in public.text
    edit = reverse("authority:facility-edit", args=[fact.code])
    assert client.get(edit).status_code == 200
    owner = organisation("京博", region="371600")
    mine = member_of(owner)
    claim = reverse("operator:facility-claim", args=[fact.code])
    assert mine.get(claim).status_code == 200
    assert mine.post(claim, {"organisation": owner.pk}).status_code == 422
    for _twice in range(2):
        mine.post(claim, {"organisation": owner.pk, "reason": "批文在此"})
    asked = Claim.objects.get()
    answer = reverse("authority:claim", args=[asked.pk])
    assert client.get(answer).status_code == 200
    assert client.post(answer, {"confirmed": "no"}).status_code == 422
    assert client.post(answer, {"confirmed": "yes"}).status_code == 302
    fact.refresh_from_db()
    assert fact.operator == owner
    assert mine.get(reverse("operator:facility", args=[fact.code])).status_code == 200
    assert client.get(edit).status_code == 403


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_odd_input_gets_a_sentence(language):
    owner = organisation("甲")
    made = facility("海岱平台", owner=owner)
    user = User.objects.create_user("operator")
    Membership.objects.create(user=user, organisation=owner, is_owner=True, since=NOW)
    client = client_of(user, language)
    new = reverse("operator:resource-new", args=[made.code]) + "?kind=line"
    for name in ("\x00", "x" * 5000, "<script>alert(1)</script>" * 10):
        page = client.post(new, {"name": name, "quantity": "1"})
        assert page.status_code == 422
        assert "<script>alert" not in page.text
    client.post(new, {"name": "<script>alert(1)</script>"})
    page = client.get(reverse("operator:facility", args=[made.code]))
    assert "<script>alert(1)" not in page.text
    assert "&lt;script&gt;" in page.text
