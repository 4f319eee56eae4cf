"""Pages of prices: tariffs edited and tried, quotations asked for and decided, prices compared."""

import io
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from pilotline.desks.booking.models import CostBasis, Quotation, Tariff
from pilotline.desks.booking.services import tariffs
from pilotline.desks.people.queries import actor_for
from pilotline.kernel.actor import SYSTEM
from tests.factories import CITY, NOW, person
from tests.factories_matching import operated
from tests.factories_tariffs import BASIS, CONTENT, hours, quotation, resource, tariff

pytestmark = pytest.mark.usefixtures("rulebook")


def client_of(user: Any, language: str = "en") -> Client:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    if user is not None:
        client.force_login(user)
    return client


class Stage:
    """An operator's facility with an instrument and prices, an applicant, their city."""

    def __init__(self) -> None:
        self.users = {role: person(role) for role in ("applicant", "operator")}
        self.users["authority"] = person("authority", region=CITY)
        self.applicant = actor_for(self.users["applicant"])
        self.operator, self.facility = operated(actor_for(self.users["operator"]))
        self.pk = resource(self.operator, self.facility, "液相色谱质谱联用仪")

    def client(self, role: str, language: str = "en") -> Client:
        return client_of(self.users.get(role), language)

    def at(self, name: str, *more: Any) -> str:
        return reverse(name, args=[self.facility.code, *more])


@pytest.fixture
def stage() -> Stage:
    return Stage()


FORM = {
    "rows": "3",
    "t-valid_from": "2099-01-01",
    "t-tax": "0.06",
    "t-tax_mode": "included",
    "t-urgent": "150",
    "t-factor_sme": "90",
    "t-day_hours": "8",
    "t-seen_version": "0",
    "e0-title": "机时费",
    "e0-kind": "use",
    "e0-price": "300.31",
    "e0-unit": "hour",
    "e0-minimum": "2",
    "e0-tiers": "0-40: 100%\n40-: 80%",
    "e0-caps": "6000/月",
    "e0-by_class": "on",
    "e0-when_urgent": "on",
    "e1-kind": "use",
    "e1-unit": "hour",
    "e2-title": "清洗费",
    "e2-kind": "cleaning",
    "e2-price": "200",
    "e2-unit": "run",
    "e2-each_use": "on",
}


def test_an_operator_sets_prices_and_what_was_typed_comes_back(stage: Stage) -> None:
    client, address = stage.client("operator"), stage.at("operator:tariff", stage.pk)
    assert client.get(address).status_code == 200
    assert client.post(address, FORM).status_code == 302
    (row,) = Tariff.objects.all()
    use, clean = row.content["entries"]
    assert (use["price"], use["minimum"], clean["each_use"]) == ("300.31", "2", True)
    assert use["tiers"] == [
        {"start": "0", "end": "40", "factor": "1"},
        {"start": "40", "end": None, "factor": "0.8"},
    ]
    assert use["caps"] == [{"amount": "6000", "period": "month", "classes": []}]
    assert (row.content["factors"], row.content["urgent"]) == ({"sme": "0.9"}, "1.5")
    page = client.get(address).content.decode()
    for typed in ("0-40: 100%", "40-: 80%", "6000/month", 'value="300.31"', 'value="90"'):
        assert typed in page


def test_everything_that_is_wrong_is_shown_at_once_and_kept(stage: Stage) -> None:
    client, address = stage.client("operator"), stage.at("operator:tariff", stage.pk)
    wrong = FORM | {
        "t-valid_from": "2020-01-01",
        "t-overhead": "90",
        "e0-tiers": "0-40: 100%\n50-: 80%",
        "e2-price": "",
    }
    response = client.post(address, wrong)
    page = response.content.decode()
    assert response.status_code == 422
    for text in (
        "The tiers leave a gap from 40 to 50.",
        "Overhead may be at most 20 %.",
        "Prices cannot be changed for days that have passed.",
        "The price is missing.",
        "50-: 80%",
    ):
        assert text in page
    half = client.post(address, FORM | {"e0-tiers": "many", "e0-caps": "much"}).content.decode()
    assert "Write each tier as 0-500: 100%, not “many”." in half
    assert "Write each cap as 600/month, not “much”." in half
    assert not Tariff.objects.exists()


def test_more_rows_are_given_and_nothing_typed_is_lost(stage: Stage) -> None:
    client, address = stage.client("operator"), stage.at("operator:tariff", 0)
    page = client.post(address, FORM | {"more": "1"}).content.decode()
    assert page.count('<fieldset class="entry">') == 5
    assert 'value="机时费"' in page
    assert not Tariff.objects.exists()


def test_the_sample_follows_what_is_typed(stage: Stage) -> None:
    client, address = stage.client("operator"), stage.at("operator:tariff-sample", stage.pk)
    asked = {"s-amount": "6", "s-user_class": "sme", "s-urgent": "on"}
    page = client.post(address, FORM | asked).content.decode()
    assert "6 hour × ¥300.31 / hour × 1 (tier) × 0.9 (user class) × 1.5 (urgent)" in page
    assert "¥2,432.51" in page
    faulty = client.post(address, FORM | asked | {"e0-tiers": "0-40: 100%"}).content.decode()
    assert "The tiers end at 40: the last one must be open." in faulty
    assert "¥" not in client.post(address, {"rows": "1"}).content.decode()


def test_the_cost_stands_beside_the_price(stage: Stage) -> None:
    tariff(stage.facility, stage.pk, valid_from=_today(), now=_now())
    client, address = stage.client("operator"), stage.at("operator:cost", stage.pk)
    given = {
        "value": "1,360,000",
        "years": "5",
        "hours": "1605",
        "maintenance_share": "6",
        "others": "水电 20\n场地 21",
        "management": "39",
        "is_public": "on",
        "seen_version": "0",
    }
    assert client.post(address, given).status_code == 302
    page = client.get(address).content.decode()
    for text in ("¥169.47", "¥50.84", "水电", "¥300.31", "¥1,360,000 × 6% ÷ 1,605 h a year"):
        assert text in page
    wrong = client.post(address, given | {"hours": "0", "others": "水电"})
    assert wrong.status_code == 422
    assert CostBasis.objects.count() == 1
    public = stage.client("nobody").get(stage.at("public:prices")).content.decode()
    assert "an hour costs the facility ¥300.31" in public


def _today() -> Any:
    from django.utils import timezone

    return timezone.localdate()


def _now() -> Any:
    from django.utils import timezone

    return timezone.now()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_an_applicant_sees_why_asks_and_accepts(stage: Stage, language: str) -> None:
    tariff(stage.facility, valid_from=_today(), now=_now())
    client = stage.client("applicant", language)
    assert client.get(stage.at("public:prices")).status_code == 200
    assert client.get(stage.at("public:facility")).status_code == 200
    address = f"{stage.at('applicant:price-ask')}?resource={stage.pk}"
    page = client.get(address).content.decode()
    assert "300.31" in page
    given = {"q0": "6", "q1": "100", "day": "2099-03-01", "urgent": "", "note": "三批"}
    tried = client.post(f"{stage.at('applicant:price-try')}?resource={stage.pk}", given)
    assert "¥2,223.18" in tried.content.decode()
    assert not Quotation.objects.exists()
    response = client.post(address, given)
    (made,) = Quotation.objects.all()
    assert response.headers["Location"] == reverse("shared:quotation", args=[made.pk])
    paper = client.get(response.headers["Location"]).content.decode()
    for text in (made.number, "¥2,223.18", "× 0.9", "三批", "液相色谱质谱联用仪"):
        assert text in paper
    pdf = client.get(reverse("shared:quotation-pdf", args=[made.pk]))
    assert pdf.content.startswith(b"%PDF")
    done = client.post(reverse("shared:quotation-decide", args=[made.pk, "accept"]))
    assert done.status_code == 302
    made.refresh_from_db()
    assert made.state == "accepted"
    late = client.post(reverse("shared:quotation-decide", args=[made.pk, "decline"]))
    assert late.status_code == 422
    nothing = client.post(address, given | {"q0": "", "q1": "0"})
    assert nothing.status_code == 422


def test_strangers_open_no_quotation(stage: Stage) -> None:
    tariff(stage.facility)
    made = quotation(stage.applicant, stage.facility, hours(stage.pk, "2"))
    addresses = [
        reverse("shared:quotation", args=[made.pk]),
        reverse("shared:quotation-pdf", args=[made.pk]),
    ]
    for role, status in (("applicant", 200), ("operator", 200), ("authority", 200)):
        for address in addresses:
            assert stage.client(role).get(address).status_code == status
    for stranger in (person(), person("operator"), person("authority", region="370200")):
        for address in addresses:
            assert client_of(stranger).get(address).status_code == 404
    withdraw = reverse("shared:quotation-decide", args=[made.pk, "withdraw"])
    assert stage.client("operator").post(withdraw, {"reason": ""}).status_code == 422
    assert stage.client("operator").post(withdraw, {"reason": "检修"}).status_code == 302


LISTS = {
    "applicant:quotations": "applicant",
    "operator:quotations": "operator",
    "authority:quotations": "authority",
    "authority:prices": "authority",
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_the_same_for_one_row_and_for_three(
    stage: Stage, name: str, django_assert_num_queries: Any
) -> None:
    client, address = stage.client(LISTS[name]), reverse(name)

    def fill(number: int) -> None:
        for _ in range(number):
            pk = resource(stage.operator, stage.facility, f"质谱仪{Tariff.objects.count()}")
            tariff(stage.facility, pk)
            cost(stage, pk)
            quotation(stage.applicant, stage.facility, hours(pk, "2"))

    fill(1)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        assert client.get(address).status_code == 200
    fill(2)
    with django_assert_num_queries(len(one)):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("name", ["operator:prices", "public:prices"])
def test_a_price_list_asks_the_same_for_one_row_and_for_three(
    stage: Stage, name: str, django_assert_num_queries: Any
) -> None:
    client, address = stage.client("operator"), stage.at(name)
    tariff(stage.facility, stage.pk)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        assert client.get(address).status_code == 200
    for number in range(2):
        pk = resource(stage.operator, stage.facility, f"质谱仪{number}")
        tariff(stage.facility, pk)
        cost(stage, pk)
    with django_assert_num_queries(len(one)):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("whole", [True, False])
def test_the_editor_asks_the_same_for_one_entry_and_for_three(
    stage: Stage, whole: bool, django_assert_num_queries: Any
) -> None:
    pk = 0 if whole else stage.pk
    client, address = stage.client("operator"), stage.at("operator:tariff", pk)

    def save(seen: int, entries: int) -> None:
        sent = FORM | {"t-seen_version": str(seen)}
        for n, kind in enumerate(["use", "set_up", "cleaning"][:entries]):
            typed = {"kind": kind, "title": f"费用{n}", "price": "300", "unit": "hour"}
            sent |= {f"e{n}-{key}": value for key, value in typed.items()}
        assert client.post(address, sent).status_code == 302
        client.get(address)  # shows that it was saved, once

    save(0, 1)
    with CaptureQueriesContext(connection) as one:
        assert client.get(address).status_code == 200
    asked = len(one)  # what is sent next empties the list of queries
    resource(stage.operator, stage.facility, "质谱仪")
    save(1, 3)
    with django_assert_num_queries(asked):
        assert "费用2" in client.get(address).content.decode()


def cost(stage: Stage, pk: int) -> None:
    tariffs.set_cost_basis(
        who=SYSTEM,
        code=stage.facility.code,
        resource=pk,
        content=BASIS,
        is_public=False,
        now=NOW,
    )


def test_the_authority_sees_what_lies_outside_and_exports_it(stage: Stage) -> None:
    for number, price in enumerate(["290", "300", "310", "305", "900"]):
        pk = resource(stage.operator, stage.facility, f"质谱仪{number}")
        entry = CONTENT["entries"][0] | {"price": price}
        tariff(stage.facility, pk, content=CONTENT | {"entries": [entry]})
        cost(stage, pk)
    other = resource(stage.operator, stage.facility, "反应釜")
    tariff(stage.facility, other)
    client = stage.client("authority")
    address = f"{reverse('authority:prices')}?group=chromatographs"
    page = client.get(address).content.decode()
    for text in ("¥305", "¥900", "+195%", "+200%", "¥300.31", "5 prices from ¥290 to ¥900"):
        assert text in page
    assert page.count('class="dot out"') == 1
    assert "反应釜" not in page
    book = load_workbook(io.BytesIO(client.get(f"{address}&export=xlsx").content))
    rows = list(book.active.values)
    assert len(rows) == 6
    assert (rows[1][0], rows[1][4], rows[1][8]) == ("质谱仪4", 900, "high")
    empty = client.get(f"{reverse('authority:prices')}?group=flow_lines").content.decode()
    assert "No prices to compare" in empty


def test_prices_go_out_and_come_in_as_a_list(stage: Stage) -> None:
    tariff(stage.facility, stage.pk)
    client = stage.client("operator", "zh-hans")
    answer = client.get(reverse("operator:tariffs-export"))
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet.max_row == 4
    column = next(c for c in sheet[1] if c.value == "单价（元）").column
    sheet.cell(2, column).value = "333"
    out = io.BytesIO()
    sheet.parent.save(out)
    place = reverse("operator:tariff-list")
    assert client.get(place).status_code == 200
    wrong = SimpleUploadedFile("x.xlsx", b"no list")
    assert client.post(place, {"file": wrong}).status_code == 422
    sent = client.post(place, {"file": SimpleUploadedFile("x.xlsx", out.getvalue())})
    page = client.get(sent["Location"])
    assert page.context["plan"].counts["changed"] == 1
    assert "300.31" in page.content.decode()
    pk = page.context["file"].pk
    marked = client.get(reverse("operator:tariff-list-marked", args=[pk]))
    assert load_workbook(io.BytesIO(marked.content)).active.max_row == 4
    assert client.post(reverse("operator:tariff-list-apply", args=[pk])).status_code == 302
    newest = Tariff.objects.order_by("-version").first()
    assert newest.content["entries"][0]["price"] == "333"
    assert client.get(sent["Location"] + "?fate=changed").status_code == 200
    assert stage.client("applicant").get(sent["Location"]).status_code in (403, 404)
