"""What people get wrong, as they meet it in the pages: a plain sentence in their language, what
they typed still there, and not one row written anywhere."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from pilotline.desks.booking.models import Booking, Series, Tariff
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.people.models import User
from pilotline.desks.settlement import queries
from pilotline.desks.settlement.models import Bill, VoucherAccount, VoucherUse
from tests.desks.demand.test_at_once import at_once
from tests.factories import person, publish_rulebook
from tests.factories_booking import HOUR, OFFICE, bookable, place
from tests.web.test_booking_pages import OPEN
from tests.web.test_price_pages import FORM
from tests.web.test_price_pages import Stage as Priced
from tests.web.test_settlement_pages import Pages, typed

CHINESE, ENGLISH = "zh-hans", "en"
TYPED = "%Y-%m-%dT%H:%M"
# Rooms whose tables may not change by one row; a refused change leaves no trace in the journal.
ROOMS = ("journal", "registry", "matching", "booking", "settlement", "notices")

Said = tuple[str, str]


def rows() -> dict[str, int]:
    """How many rows each table of these rooms has."""
    models = (model for room in ROOMS for model in apps.get_app_config(room).get_models())
    return {model._meta.label: model._default_manager.count() for model in models}


def in_language(user: User, language: str) -> Client:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    client.force_login(user)
    return client


def refused(user: User, address: str, given: dict[str, Any], *said: Said) -> None:
    """Sent in both languages it is refused with these sentences, and changes nothing at all."""
    before = rows()
    for at, language in enumerate((CHINESE, ENGLISH)):
        answer = in_language(user, language).post(address, given)
        page = answer.content.decode()
        assert answer.status_code == 422, (language, answer.status_code)
        assert [words[at] for words in said if escape(words[at]) not in page] == []
        assert [words[1 - at] for words in said if escape(words[1 - at]) in page] == []
    assert rows() == before


@pytest.fixture
def priced(rulebook: Any) -> Priced:
    return Priced()


@pytest.fixture
def money(rulebook: Any) -> Pages:
    return Pages()


def hours_of(text: str) -> dict[str, Any]:
    """The settings of a resource with these hours on Tuesdays."""
    given = {"is_open": "on", "days": "every", "slot": 60, "shortest": 60, "longest": 600}
    given |= {"lead": 0, "horizon_days": 300, "changeover": 0, "scale": "pilot"}
    return given | {"openings_0": "08:30-17:30", "openings_1": text}


@pytest.mark.usefixtures("rulebook")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("8:00-12:00, 11:00-13:00",
         ("同一天的 08:00–12:00 与 11:00–13:00 重叠。",
          "08:00–12:00 and 11:00–13:00 overlap on the same day.")),
        ("17:00-8:00",
         ("17:00–08:00 不是有效的开放时段：结束应晚于开始，且在同一天内。",
          "17:00–08:00 are no opening hours: the end must be later, within one day.")),
    ],
)  # fmt: skip
def test_opening_hours_that_overlap_or_run_backwards(text: str, said: Said) -> None:
    operator, facility = place()
    thing = bookable(operator, facility, openings=OFFICE)
    user = User.objects.get(pk=operator.id)
    address = reverse("operator:bookable", args=[thing.pk])
    refused(user, address, hours_of(text), said)
    page = in_language(user, ENGLISH).post(address, hours_of(text))
    assert set(page.context["form"].errors) == {"openings_1"}
    assert f'value="{text}"' in page.content.decode()


@pytest.mark.parametrize(
    ("tiers", "said"),
    [
        ("0-40: 100%\n50-: 80%",
         ("阶梯在 40 至 50 之间有空档。", "The tiers leave a gap from 40 to 50.")),
        ("0-40: 100%\n30-: 80%",
         ("这一档从 30 起，与另一档重叠。",
          "This tier begins at 30, where another one still holds.")),
        ("0-40: 100%",
         ("阶梯到 40 为止，最后一档应不设上限。",
          "The tiers end at 40: the last one must be open.")),
    ],
)  # fmt: skip
def test_tiers_with_a_gap_or_an_overlap(priced: Priced, tiers: str, said: Said) -> None:
    address = priced.at("operator:tariff", priced.pk)
    refused(priced.users["operator"], address, FORM | {"e0-tiers": tiers}, said)
    assert not Tariff.objects.exists()


AT_LEAST_ZERO = ("确保该值大于或等于0", "Ensure this value is greater than or equal to 0")


def test_negative_prices_and_costs(priced: Priced) -> None:
    user, editor = priced.users["operator"], priced.at("operator:tariff", priced.pk)
    for wrong in ({"e0-price": "-300.31"}, {"e0-minimum": "-2"}, {"t-urgent": "-150"}):
        refused(user, editor, FORM | wrong, AT_LEAST_ZERO)
    refused(
        user,
        editor,
        FORM | {"e0-caps": "-600/month"},
        ("不能为负数。", "This may not be negative."),
    )
    cost = {"value": "1360000", "years": "5", "hours": "1605", "seen_version": "0"}
    behind = priced.at("operator:cost", priced.pk)
    refused(user, behind, cost | {"value": "-1"}, AT_LEAST_ZERO)
    others = cost | {"others": "水电 -20"}
    refused(user, behind, others, ("不能为负数。", "This may not be negative."))
    page = in_language(user, ENGLISH).post(behind, others)
    assert set(page.context["form"].errors) == {"others"}


def test_negative_money_in_orders_and_bills(money: Pages) -> None:
    user, today = money.users["operator"], timezone.localdate().isoformat()
    order = money.draft()
    edit = reverse("operator:order-edit", args=[order.pk])
    refused(user, edit, typed(order, price="-1"), AT_LEAST_ZERO)
    paid = {"do": "pay", "day": today, "reference": "T1"}
    issued = reverse("operator:bill", args=[money.issued("1000.00").pk])
    zero = ("金额应大于零。", "The amount must be greater than zero.")
    for amount in ("-5", "0"):
        refused(user, issued, paid | {"amount": amount}, zero)
    draft = reverse("operator:bill", args=[money.bill("1000.00").pk])
    below = {"do": "adjust", "net": "-1000.01", "reason": "停机"}
    refused(user, draft, below, ("账单金额不能为负数。", "A bill cannot fall below zero."))
    bill = Bill.objects.get(state="draft")
    assert (bill.net, bill.lines.count()) == (Decimal("1000.00"), 1)


@pytest.mark.django_db(transaction=True)
def test_a_voucher_spent_twice_at_the_same_moment() -> None:
    """Four browsers at one moment, three bills, and a cap that is used up by two of them."""
    publish_rulebook()
    money = Pages()
    order = money.agreed()
    bills = [money.issued("1000000.00", order=order) for _ in range(3)]
    user, given = money.users["applicant"], {"do": "voucher", "voucher": "innovation_voucher"}

    def spend(bill: Bill, language: str) -> Callable[[], Any]:
        client = in_language(user, language)
        return lambda: client.post(reverse("applicant:bill", args=[bill.pk]), given)

    languages = (CHINESE, ENGLISH, CHINESE, ENGLISH)
    sent = zip([*bills, bills[0]], languages, strict=True)
    answers = at_once(*[spend(bill, language) for bill, language in sent])
    assert {answer.status_code for answer in answers} == {302, 422}
    assert sorted(VoucherUse.objects.values_list("amount", flat=True)) == [
        Decimal("182000.00"), Decimal("318000.00"),
    ]  # fmt: skip
    account = VoucherAccount.objects.get(organisation=money.payer)
    assert account.used == account.cap == Decimal(500_000)
    assert sum(queries.balances(who=money.operator).values()) == 0
    empty = Bill.objects.get(covered=0)
    words = ("本年度额度已用完。", "Nothing is left of it in this year.")
    refused(user, reverse("applicant:bill", args=[empty.pk]), given, words)
    # Sent again for a bill that it covers already, it is the same voucher, not a second one.
    before, covered = rows(), Bill.objects.exclude(covered=0).first()
    assert covered is not None
    assert spend(covered, CHINESE)().status_code == 302
    assert rows() == before


NO_SUCH_DAY = (
    "日历中没有这一天，请按 2027-03-01 的格式填写。",
    "No calendar has this day: write it as 2027-03-01.",
)
NO_SUCH_TIME = (
    "日历中没有这个时间，请按 2027-03-01 09:00 的格式填写。",
    "No calendar has this time: write it as 2027-03-01 09:00.",
)


class Booked:
    """Somebody who books a line that is open day and night, as far ahead as can be."""

    def __init__(self, **settings_of: Any) -> None:
        operator, self.facility = place()
        values = {"days": "every", "openings": OPEN, "slot": 60, "horizon_days": 1100}
        self.line = bookable(operator, self.facility, **values | settings_of)
        self.user = person()
        own = self.user.memberships.values_list("organisation", flat=True)
        self.given = {"resources": [self.line.pk], "purpose": "三批试制", "organisation": min(own)}

    @property
    def address(self) -> str:
        return reverse("applicant:book", args=[self.facility.code])

    def at(self, start: Any, **more: Any) -> dict[str, Any]:
        ends = start + 2 * HOUR
        return self.given | {"start": f"{start:{TYPED}}", "end": f"{ends:{TYPED}}"} | more


@pytest.mark.usefixtures("rulebook")
def test_a_booking_in_the_past() -> None:
    booked = Booked()
    start = timezone.localtime().replace(minute=0) - timedelta(days=1)
    said = f"{start:%Y-%m-%d %H:%M}"
    words = (
        f"{said} 已经过去，请选择将来的时间。",
        f"{said} is in the past: choose a time to come.",
    )
    refused(booked.user, booked.address, booked.at(start), words)


@pytest.mark.usefixtures("rulebook")
def test_the_end_of_a_february_that_is_no_leap_one() -> None:
    booked = Booked()
    given = booked.given | {"start": "2027-02-29T09:00", "end": "2027-02-29T11:00"}
    refused(booked.user, booked.address, given, NO_SUCH_TIME)
    # Of four months on end at least one has no thirty-first, and then nothing of it is kept.
    start = timezone.localtime().replace(hour=9, minute=0) + timedelta(days=1)
    while start.day != 31:
        start += timedelta(days=1)
    series = booked.at(start, every="month", count="4", whole="on")
    refused(booked.user, booked.address, series, ("这一天。", "There is no such day as"))
    assert not Series.objects.exists()


def next_leap_day() -> date:
    year = timezone.localdate().year + 1
    while year % 4 or (year % 100 == 0 and year % 400):
        year += 1
    return date(year, 2, 29)


def test_prices_begin_on_a_leap_day_and_on_no_other_29_february(priced: Priced) -> None:
    user, address = priced.users["operator"], priced.at("operator:tariff", priced.pk)
    leap = next_leap_day()
    none = FORM | {"t-valid_from": f"{leap.year + 1}-02-29"}
    refused(user, address, none, NO_SUCH_DAY)
    good = FORM | {"t-valid_from": leap.isoformat()}
    assert in_language(user, CHINESE).post(address, good).status_code == 302
    assert Tariff.objects.get().valid_from == leap


@pytest.mark.usefixtures("rulebook")
def test_a_working_calendar_that_ends_before_the_booking() -> None:
    booked = Booked(days="working", openings=OFFICE, slot=30)
    ends = current_rulebook().calendar.ends
    start = timezone.localtime().replace(year=ends.year + 1, month=1, day=8, hour=9, minute=0)
    words = (
        f"工作日历只到 {ends}，之后的日期暂不能预约。",
        f"The working calendar ends on {ends}: nothing later can be booked yet.",
    )
    refused(booked.user, booked.address, booked.at(start), words)
    assert not Booking.objects.exists()
