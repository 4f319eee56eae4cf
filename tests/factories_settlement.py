"""Makes agreed matches, orders and bills, through the services of real use."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from pilotline.desks.matching import services as matching
from pilotline.desks.matching.models import Match
from pilotline.desks.settlement import services
from pilotline.desks.settlement.forms import terms_of
from pilotline.desks.settlement.models import Bill, Order
from pilotline.desks.settlement.queries import latest
from pilotline.desks.settlement.services import Charge
from pilotline.kernel.actor import Actor
from tests.factories import NOW, actor
from tests.factories_matching import operated, read_need, talk, with_reactor

DUE = date(2026, 12, 31)
WHOLE = {
    "scope": "在1000 L反应釜中完成三批共沉淀放大试验。",
    "deliverables": [
        {"title": "样品", "amount": "50 kg", "standard": "粒径 D50 9–11 μm"},
        {"title": "中试报告", "amount": "1 份", "standard": "含批记录与物料衡算"},
    ],
    "milestones": [
        {"title": "投料前", "due": "2026-12-10", "payment": "36000.00"},
        {"title": "报告验收后", "due": "2027-01-20", "payment": "84000.00"},
    ],
    "price": "120000.00",
    "starts": "2026-12-01",
    "ends": "2027-01-31",
}


class Stage:
    """An applicant, an operator with a facility and a line, and an authority of the province."""

    def __init__(
        self,
        *,
        applicant: Actor | None = None,
        operator: Actor | None = None,
        authority: Actor | None = None,
    ) -> None:
        self.applicant = applicant or actor("applicant")
        self.operator = operator or actor("operator")
        self.authority = authority or actor("authority")
        _who, self.facility = operated(self.operator)
        self.line = with_reactor(self.operator, self.facility)

    @property
    def payer(self) -> int:
        return min(self.applicant.organisations)

    @property
    def payee(self) -> int:
        return min(self.operator.organisations)

    def match(self) -> Match:
        """A match that both sides agreed to."""
        case = read_need(self.applicant)
        opened = talk(self.applicant, self.operator, self.facility, self.line, case)
        for who, side, move in (
            (self.operator, "operator", "accept"),
            (self.applicant, "applicant", "consent"),
        ):
            opened = matching.say(who=who, match=opened.pk, side=side, move=move, now=NOW)
        return opened

    def draft(self, *, kind: str = "service") -> Order:
        return services.draft_order(
            who=self.applicant, match=self.match().pk, side="applicant", kind=kind, now=NOW
        )

    def whole(self, order: Order, **more: Any) -> Order:
        """The order with everything that both sides must know before they agree."""
        raw = terms_of(latest(order=order).content) | WHOLE | more
        return services.change_order(
            who=self.operator,
            order=order.pk,
            side="operator",
            terms=raw,
            seen=order.version,
            note="补充完整",
            now=NOW,
        )

    def agreed(self, **more: Any) -> Order:
        order = self.whole(self.draft(), **more)
        for side in ("operator", "applicant"):
            self.agree(order, side)
        order.refresh_from_db()
        return order

    def agree(self, order: Order, side: str, digest: str = "") -> Order:
        return services.agree(
            who=self.applicant if side == "applicant" else self.operator,
            order=order.pk,
            side=side,
            digest=digest or latest(order=order).digest,
            now=NOW,
        )

    def bill(self, net: str = "100000.00", *, order: Order | None = None, **given: Any) -> Bill:
        """A draft for the stage's applicant unless told otherwise."""
        charge = Charge(
            words_zh="共沉淀线 40 h",
            words_en="Precipitation line, 40 h",
            net=Decimal(net),
            tax=(Decimal(net) * 6 / 100).quantize(Decimal("0.01")),
            tax_percent=Decimal(6),
        )
        values = {
            "who": self.operator,
            "facility": self.facility.pk,
            "payer": self.payer,
            "payee": self.payee,
            "title": "中试服务费",
            "charges": [charge],
            "order": order.pk if order else None,
            "now": NOW,
        }
        return services.draft_bill(**values | given)

    def issued(self, net: str = "100000.00", **given: Any) -> Bill:
        bill = self.bill(net, **given)
        return services.issue_bill(who=self.operator, bill=bill.pk, due=DUE, now=NOW)

    def pay(self, bill: Bill, amount: Decimal | None = None, reference: str = "T1") -> Bill:
        bill.refresh_from_db()
        owed = bill.gross - bill.covered - bill.paid
        return services.record_payment(
            who=self.operator,
            bill=bill.pk,
            amount=owed if amount is None else amount,
            day=timezone.localdate(NOW),
            reference=reference,
            now=NOW,
        )

    def settled(self, net: str = "100000.00", **given: Any) -> Bill:
        bill = self.pay(self.issued(net, **given))
        return services.settle_bill(who=self.operator, bill=bill.pk, now=NOW)

    def rule(self, **percents: str) -> Any:
        """A rule for sharing: percentages by kind, those of the rulebook unless given."""
        from pilotline.desks.journal.queries import current_rulebook

        wanted = {k.id: str(k.percent) for k in current_rulebook().share_kinds} | percents
        parts = {
            services.keep_party(
                who=self.operator, facility=self.facility.pk, kind=kind, name=kind, now=NOW
            ).pk: Decimal(percent)
            for kind, percent in wanted.items()
        }
        return services.set_share_rule(
            who=self.operator, facility=self.facility.pk, parts=parts, now=NOW
        )


def later(days: int) -> datetime:
    return NOW + timedelta(days=days)
