"""From an agreed match to shared revenue, through the services and the news between them.

Booked, quoted, ordered by both sides, used and measured, billed, covered by a voucher, paid,
shared, and counted by the authority. Told once in Chinese, once in English.
"""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from pilotline.desks.booking import services as booking
from pilotline.desks.booking.services import quotations
from pilotline.desks.journal.queries import verify
from pilotline.desks.notices import queries as notices
from pilotline.desks.settlement import ports, queries, services
from pilotline.desks.settlement.forms import terms_of
from pilotline.desks.settlement.models import Bill
from tests.factories import NOW
from tests.factories_booking import OFFICE, at, hold
from tests.factories_settlement import DUE, WHOLE, Stage
from tests.factories_tariffs import tariff

pytestmark = pytest.mark.django_db(transaction=True)
EVENING = at(3, 18)
TOLD = {
    "zh-hans": ("沉淀线放大三批", "第一条", "人民币"),
    "en": ("Three batches on the precipitation line", "1.", "CNY"),
}
HEARD = [
    "order.drafted", "order.changed", "order.consented", "order.agreed",
    "bill.drafted", "voucher.spent", "bill.paid", "revenue.shared",
]  # fmt: skip


@pytest.fixture(params=sorted(TOLD))
def told(request: pytest.FixtureRequest) -> Any:
    with translation.override(request.param):
        yield request.param, *TOLD[request.param]


@pytest.fixture
def stage(rulebook: Any) -> Stage:
    """Both sides, a line that can be booked, its tariff, and a rule for sharing."""
    made = Stage()
    booking.set_bookable(
        who=made.operator, resource=made.line, values={"slot": 30, "shortest": 30},
        openings=OFFICE, changeovers=[], now=NOW,
    )  # fmt: skip
    tariff(made.facility, made.line)
    made.rule()
    return made


def booked_and_quoted(stage: Stage, match: Any) -> tuple[Any, Any]:
    """Four hours on the line, and the accepted quotation for them."""
    from types import SimpleNamespace

    thing = SimpleNamespace(pk=stage.line)
    made = hold(stage.applicant, thing, at(3, 9), 4, case=match.case_id, match=match.pk)
    made = booking.confirm(who=stage.applicant, booking=made.pk, now=NOW)
    quoted = quotations.quote_booking(
        who=stage.applicant, booking=made.pk, code=stage.facility.code, now=NOW
    )
    accepted = quotations.accept_quotation(who=stage.applicant, quotation=quoted.pk, now=NOW)
    return made, accepted


def ordered(stage: Stage, match: Any, quoted: Any, title: str) -> Any:
    """The order: drafted by the applicant with the quotation's price, completed by the facility,
    agreed by both to the same text."""
    order = services.draft_order(
        who=stage.applicant, match=match.pk, side="applicant", kind="service", now=NOW
    )
    first = queries.latest(order=order).content
    assert (first["quotation"], first["price"]) == (quoted.number, str(quoted.total))
    raw = terms_of(first) | WHOLE | {"title": title, "milestones": [], "price": first["price"]}
    order = services.change_order(
        who=stage.operator, order=order.pk, side="operator", terms=raw, seen=1, now=NOW
    )
    digest = queries.latest(order=order).digest
    for who, side in ((stage.operator, "operator"), (stage.applicant, "applicant")):
        order = services.agree(who=who, order=order.pk, side=side, digest=digest, now=NOW)
    assert order.state == "agreed"
    return order


def test_from_a_match_to_shared_revenue(told: Any, stage: Stage) -> None:
    language, title, article, money = told
    match = stage.match()
    made, quoted = booked_and_quoted(stage, match)
    order = ordered(stage, match, quoted, title)
    paper = queries.paper(who=stage.applicant, id=order.pk)
    printed = ports.papers().order(
        content=paper["content"], consents=paper["consents"], digest=paper["digest"],
        language=language, form="docx",
    )  # fmt: skip
    assert words_of(printed) >= {title, article, money}

    booking.mark_used(who=stage.operator, booking=made.pk, now=at(3, 9))
    booking.close(who=stage.operator, booking=made.pk, now=EVENING)
    bill = Bill.objects.get()
    assert (bill.booking_id, bill.order_id, bill.state) == (made.pk, order.pk, "draft")
    assert (bill.net, bill.tax, bill.gross) == (quoted.net, quoted.tax, quoted.total)
    use = bill.lines.first()
    assert use.source["quotation"] == quoted.number
    assert use.source["booking"] == made.number
    assert (use.source["tariff"], use.source["entry"]) == (quoted.tariffs[0]["tariff"], "use")
    services.bill_booking(booking=made.pk, now=EVENING)
    assert Bill.objects.count() == 1

    bill = services.issue_bill(who=stage.operator, bill=bill.pk, due=DUE, now=EVENING)
    covered = services.spend_voucher(
        who=stage.applicant, bill=bill.pk, voucher="innovation_voucher", now=EVENING
    ).amount
    assert covered == (bill.gross * Decimal("0.3")).quantize(Decimal("0.01"))
    bill = stage.pay(bill)
    assert (bill.state, bill.paid) == ("paid", bill.gross - covered)
    bill = services.settle_bill(who=stage.operator, bill=bill.pk, now=EVENING)
    shares = queries.distribution_of(bill=bill).shares.all()
    assert sum(share.amount for share in shares) == bill.net
    assert len(shares) == 5

    figures = queries.figures(who=stage.authority)
    assert (figures["agreed"], figures["income"], figures["vouchers"]) == (1, bill.net, covered)
    assert sum(queries.balances(who=stage.operator).values()) == 0
    heard = {n.kind for n in notices.notices(who=stage.operator)}
    heard |= {n.kind for n in notices.notices(who=stage.applicant)}
    assert set(HEARD) - heard == set()
    assert list(verify()) == []


def words_of(printed: bytes) -> set[str]:
    """Which of the told words the document holds."""
    import io

    from docx import Document

    document = Document(io.BytesIO(printed))
    text = "\n".join(p.text for p in document.paragraphs)
    return {word for words in TOLD.values() for word in words if word in text}
