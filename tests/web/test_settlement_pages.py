"""Pages of orders, bills, vouchers and shares: who opens them, one count of queries, one click."""

import io
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook

from pilotline.desks.people.queries import actor_for
from pilotline.desks.settlement import ports, queries, services
from pilotline.desks.settlement.models import Bill, Dispute, Order, Share, ShareRule, VoucherUse
from tests.factories import NOW, OTHER_CITY, person
from tests.factories_settlement import WHOLE, Stage

pytestmark = pytest.mark.usefixtures("rulebook")
LISTS = {
    "applicant:orders": "applicant",
    "applicant:bills": "applicant",
    "applicant:disputes": "applicant",
    "applicant:vouchers": "applicant",
    "operator:orders": "operator",
    "operator:bills": "operator",
    "operator:disputes": "operator",
    "operator:statements": "operator",
    "operator:shares": "operator",
    "operator:ledger": "operator",
    "authority:orders": "authority",
    "authority:bills": "authority",
    "authority:disputes": "authority",
    "authority:vouchers": "authority",
    "authority:revenue": "authority",
}


class Pages(Stage):
    """A stage whose people can log in."""

    def __init__(self) -> None:
        self.users = {role: person(role) for role in ("applicant", "operator", "authority")}
        super().__init__(**{role: actor_for(user) for role, user in self.users.items()})

    def client(self, role: str, language: str = "zh-hans") -> Client:
        return client_of(self.users[role], language)

    def fill(self, number: int) -> None:
        for _ in range(number):
            order = self.agreed()
            bill = self.issued("1000.00", order=order)
            services.spend_voucher(
                who=self.applicant, bill=bill.pk, voucher="innovation_voucher", now=NOW
            )
            services.settle_bill(who=self.operator, bill=self.pay(bill).pk, now=NOW)
            services.open_dispute(
                who=self.applicant, order=order.pk, side="applicant", subject="a", text="b", now=NOW
            )


def client_of(user: Any, language: str = "zh-hans") -> Client:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    client.force_login(user)
    return client


@pytest.fixture
def stage() -> Pages:
    return Pages()


def test_lists_ask_the_same_for_one_row_and_for_three(stage: Pages) -> None:
    stage.rule()
    clients = {role: stage.client(role) for role in stage.users}
    counted = {}
    for rows in (1, 2):
        stage.fill(rows)
        for name, role in LISTS.items():
            address = reverse(name)
            clients[role].get(address)
            with CaptureQueriesContext(connection) as asked:
                assert clients[role].get(address).status_code == 200, name
            counted.setdefault(name, []).append(len(asked))
    assert (Order.objects.count(), VoucherUse.objects.count(), Dispute.objects.count()) == (3, 3, 3)
    assert {name: pair for name, pair in counted.items() if pair[0] != pair[1]} == {}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_for_those_whom_it_concerns(stage: Pages, language: str) -> None:
    stage.rule()
    stage.fill(1)
    order, bill, dispute = Order.objects.get(), Bill.objects.get(), Dispute.objects.get()
    ids = {"order": order.pk, "bill": bill.pk, "dispute": dispute.pk}
    strangers = [
        ("applicant", client_of(person("applicant"))),
        ("operator", client_of(person("operator"))),
        ("authority", client_of(person("authority", region=OTHER_CITY))),
    ]
    for door in ("applicant", "operator", "authority"):
        client = stage.client(door, language)
        for name, pk in ids.items():
            answer = client.get(reverse(f"{door}:{name}", args=[pk]))
            assert answer.status_code == 200
            number = {"order": order, "bill": bill, "dispute": dispute}[name].number
            assert number in answer.content.decode()
    for door, client in strangers:
        for name, pk in ids.items():
            assert client.get(reverse(f"{door}:{name}", args=[pk])).status_code == 404
        for name in ("order-pdf", "bill-pdf"):
            pk = ids[name.partition("-")[0]]
            assert client.get(reverse(f"shared:{name}", args=[pk])).status_code == 404
    for name in ("order-pdf", "order-docx", "bill-pdf", "bill-docx", "bill-xlsx"):
        pk = ids[name.partition("-")[0]]
        answer = stage.client("applicant", language).get(reverse(f"shared:{name}", args=[pk]))
        assert answer.status_code == 200
        if name == "bill-xlsx":
            _head, *rows = load_workbook(io.BytesIO(answer.content)).active.values
            assert sum(Decimal(str(row[3])) for row in rows) == bill.net
        else:
            assert len(answer.content) > 3000
    rule = reverse("operator:share-rule", args=[stage.facility.code])
    assert stage.client("operator", language).get(rule).status_code == 200
    assert stage.client("operator").get(reverse("operator:ledger"), {"export": "xlsx"}).content


def typed(order: Order, **more: str) -> dict[str, str]:
    """The form as somebody fills it in."""
    given = {"kind": order.kind, "title": order.title, "seen": str(order.version)}
    given |= {k: str(WHOLE[k]) for k in ("scope", "price", "starts", "ends")}
    for row in queries.latest(order=order).content["clauses"]:
        given[f"clause_{row['group']['id']}"] = row["clause"]["id"]
    for letter, name in (("d", "deliverables"), ("m", "milestones")):
        for at, row in enumerate(WHOLE[name]):
            given |= {f"{letter}{at}_{key}": value for key, value in row.items()}
    return given | more


def test_an_order_is_written_and_agreed_in_the_pages(stage: Pages) -> None:
    match = stage.match()
    applicant, operator = stage.client("applicant"), stage.client("operator")
    for _ in range(2):
        answer = applicant.post(reverse("applicant:order-draft", args=[match.pk]))
    order = Order.objects.get()
    assert answer.headers["Location"] == reverse("applicant:order", args=[order.pk])
    edit = reverse("operator:order-edit", args=[order.pk])
    assert 'name="d2_title"' in operator.get(edit).content.decode()
    late = operator.post(edit, typed(order, seen="1", price="-1"))
    assert late.status_code == 422
    assert WHOLE["scope"] in late.content.decode()
    assert operator.post(edit, typed(order)).status_code == 302
    assert operator.post(edit, typed(order, extra="x")).status_code == 422
    order.refresh_from_db()
    text = queries.latest(order=order)
    assert (order.version, len(text.content["milestones"])) == (2, 2)
    page = reverse("operator:order", args=[order.pk])
    stale = operator.post(page, {"do": "agree", "digest": "0" * 64})
    assert stale.status_code == 422
    for client, door in ((operator, "operator"), (applicant, "applicant")):
        address = reverse(f"{door}:order", args=[order.pk])
        mark = {"do": "agree", "digest": text.digest, "_once": f"{door}-once"}
        for _ in range(2):
            assert client.post(address, mark).status_code == 302
    order.refresh_from_db()
    assert order.state == "agreed"


def test_money_goes_its_way_in_the_pages(stage: Pages) -> None:
    stage.rule()
    order = stage.agreed()
    operator, applicant = stage.client("operator"), stage.client("applicant")
    operator.post(reverse("operator:order", args=[order.pk]), {"do": "bill", "part": "0"})
    bill = Bill.objects.get()
    page = reverse("operator:bill", args=[bill.pk])
    refused = operator.post(page, {"do": "adjust", "net": "abc", "reason": ""})
    assert refused.status_code == 422
    operator.post(page, {"do": "adjust", "net": "-100", "reason": "停机"})
    operator.post(page, {"do": "issue", "due": "2099-01-01"})
    assert Bill.objects.get().state == "draft"
    today = timezone.localdate().isoformat()
    operator.post(page, {"do": "issue", "due": today})
    mine = reverse("applicant:bill", args=[bill.pk])
    for _ in range(2):
        applicant.post(mine, {"do": "voucher", "voucher": "innovation_voucher", "_once": "v"})
    assert VoucherUse.objects.count() == 1
    assert applicant.post(mine, {"do": "settle"}).status_code == 422
    bill.refresh_from_db()
    owed = str(bill.gross - bill.covered)
    for amount, status in (("-5", 422), ("999999", 422), (owed, 302)):
        answer = operator.post(
            page, {"do": "pay", "amount": amount, "day": today, "reference": "T1"}
        )
        assert answer.status_code == status
    assert operator.post(page, {"do": "settle"}).status_code == 302
    assert Share.objects.count() == 5
    office = stage.client("authority")
    assert f"{bill.net:,.2f}" in office.get(reverse("authority:revenue")).content.decode()
    use = VoucherUse.objects.get()
    paid = office.post(reverse("authority:vouchers"), {"use": str(use.pk), "day": today})
    use.refresh_from_db()
    assert (paid.status_code, use.state) == (302, "reimbursed")
    assert operator.post(page, {"do": "cancel", "reason": ""}).status_code == 422
    assert operator.post(page, {"do": "cancel", "reason": "重开"}).status_code == 302
    assert "HZ-" in applicant.get(mine).content.decode()


def test_a_rule_for_sharing_is_set_in_the_page(stage: Pages) -> None:
    operator = stage.client("operator")
    page = reverse("operator:share-rule", args=[stage.facility.code])
    for kind in ("facility", "technical_staff"):
        operator.post(page, {"do": "party", "kind": kind, "name": kind})
    parties = {
        p.kind: p.pk for p in queries.parties(who=stage.operator, facility=stage.facility.pk)
    }
    percents = {
        f"percent_{parties['facility']}": "60",
        f"percent_{parties['technical_staff']}": "39",
    }
    refused = operator.post(page, {"do": "rule", "seen": "0"} | percents)
    assert refused.status_code == 422
    assert "100" in refused.content.decode()
    percents[f"percent_{parties['technical_staff']}"] = "40"
    assert operator.post(page, {"do": "rule", "seen": "0"} | percents).status_code == 302
    assert operator.post(page, {"do": "rule", "seen": "0"} | percents).status_code == 422
    assert ShareRule.objects.count() == 1
    other = client_of(person("operator"))
    assert other.get(page).status_code == 404


def test_balances_stand_on_their_side_and_both_sides_are_equal(stage: Pages) -> None:
    stage.rule()
    stage.fill(1)
    client = stage.client("operator", "en")
    page = client.get(reverse("operator:ledger"))
    sums = page.context["sums"]
    assert sums[0] == sums[1] > 0
    sides = [(debit, credit) for _words, debit, credit in page.context["balances"]]
    assert all(None in pair for pair in sides)
    assert f"¥{sums[0]:,.2f}" in page.content.decode()
    assert "-¥" not in page.content.decode().partition('class="list"')[0]


def test_nothing_is_said_about_bills_of_others(stage: Pages) -> None:
    bill = SimpleNamespace(pk=stage.issued().pk)
    other = client_of(person("applicant"))
    answer = other.post(reverse("applicant:bill", args=[bill.pk]), {"do": "voucher"})
    assert answer.status_code == 404


def test_a_party_s_statement_of_the_year_is_a_pdf(rulebook: Any) -> None:
    holder = person("operator")
    stage = Stage(operator=actor_for(holder))
    stage.rule()
    bill = stage.pay(stage.issued("1000.00"))
    services.settle_bill(who=stage.operator, bill=bill.pk, now=NOW)
    client = Client()
    client.force_login(holder)
    party = queries.statements(who=stage.operator).order_by("id").first()
    page = client.get(reverse("operator:statements"))
    place = reverse("operator:statement-pdf", args=[party.pk])
    assert place in page.content.decode()
    content = queries.statement(who=stage.operator, party=party.pk, year=NOW.year, today=NOW.date())
    assert len(content["rows"]) == 1
    assert content["total"] == str(party.total)
    for language, words in (("zh-hans", "收入分配对账单"), ("en", "Statement of revenue shares")):
        paper = ports.papers().statement(content=content, language=language, form="docx")
        shown = "\n".join(p.text for p in Document(io.BytesIO(paper)).paragraphs)
        assert words in shown
    for year in ("", "?year=2020", "?year=9999", "?year=x"):
        paper = client.get(place + year)
        assert paper.content.startswith(b"%PDF-")
    stranger = Client()
    stranger.force_login(person("operator"))
    assert stranger.get(place).status_code == 404
