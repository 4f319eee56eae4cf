"""What changes an order's text, a bill before and after it is issued, and how income is shared."""

from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Field, Router

from pilotline.desks.registry import queries as registry
from pilotline.desks.settlement import queries, services
from pilotline.kernel.errors import NotFound
from pilotline.web.api.dispute_shapes import Percent, ShareRuleShape, TermsGiven, share_rule_of
from pilotline.web.api.doors import Bearer
from pilotline.web.api.route import Given, Id, get, made, post, put
from pilotline.web.api.settlement_shapes import BillShape, OrderShape, bill_of, order_of

router = Router(tags=[_("Orders and bills")])
MINE, OPERATOR = Bearer("applicant"), Bearer("operator")
Signed = Annotated[
    Decimal,
    Field(ge=Decimal("-99999999999.99"), le=Decimal("99999999999.99"), examples=["-500.00"]),
]
TEXT = _(
    "seen is the version you read: 409 when it was changed meanwhile. 422 names all that cannot "
    "stand. On an agreed order it is an amendment and needs a note; both sides are asked again."
)


class DraftGiven(Given):
    kind: str = Field(
        default="", max_length=60, description=_("Of the rulebook's order_kinds; else the first.")
    )


class OrderTextGiven(Given):
    terms: TermsGiven
    seen: int = Field(ge=1, le=1_000_000, description=_("The version you have read."))
    note: str = Field(default="", max_length=2000, description=_("Why an order is amended."))


class PrintedReasonGiven(Given):
    reason: str = Field(max_length=2000, description=_("It is printed."))


class AdjustmentGiven(PrintedReasonGiven):
    net: Signed
    tax_percent: Percent = Decimal(0)


class OrderBillGiven(Given):
    milestone: int | None = Field(
        default=None, ge=0, le=1000, description=_("Counted from 0; none: the whole price.")
    )
    tax_percent: Percent = Decimal(0)


class PartyGiven(Given):
    kind: str = Field(max_length=60, description=_("Of the rulebook's share_kinds."))
    name: str = Field(max_length=500)
    account: str = Field(default="", max_length=500)


class PartGiven(Given):
    party: Id
    percent: Percent


class RuleGiven(Given):
    parts: list[PartGiven] = Field(max_length=100, description=_("100 percent in all."))
    seen: int = Field(ge=0, le=1_000_000, description=_("The rule's number you read, 0: none."))


@post(
    router, "/my/matches/{id}/order", "my-match-order", _("Draft the order of an agreed match"),
    OrderShape, status=201, creates=True, auth=MINE,
)  # fmt: skip
def my_draft(request: HttpRequest, id: Id, given: DraftGiven) -> Any:
    return _draft(request, id, "applicant", given)


@post(
    router, "/operator/matches/{id}/order", "operator-match-order",
    _("Draft the order of an agreed match, as the facility"), OrderShape, status=201,
    creates=True, auth=OPERATOR,
)  # fmt: skip
def operator_draft(request: HttpRequest, id: Id, given: DraftGiven) -> Any:
    return _draft(request, id, "operator", given)


@put(
    router, "/my/orders/{id}/text", "my-order-text", _("Write a new text of an order"),
    OrderShape, auth=MINE, about=TEXT,
)  # fmt: skip
def my_text(request: HttpRequest, id: Id, given: OrderTextGiven) -> Any:
    return _write(request, id, "applicant", given)


@put(
    router, "/operator/orders/{id}/text", "operator-order-text",
    _("Write a new text of an order, as the facility"), OrderShape, auth=OPERATOR, about=TEXT,
)  # fmt: skip
def operator_text(request: HttpRequest, id: Id, given: OrderTextGiven) -> Any:
    return _write(request, id, "operator", given)


@post(
    router, "/operator/orders/{id}/bills", "operator-order-bills",
    _("Draft the bill of a milestone or of the whole price"), BillShape, status=201,
    creates=True, auth=OPERATOR,
    about=_("Each part is billed once, and never beside the use that was measured for it."),
)  # fmt: skip
def bill_order(request: HttpRequest, id: Id, given: OrderBillGiven) -> Any:
    _order(request, id, "operator")
    bill = services.draft_order_bill(
        who=request.who, order=id, now=timezone.now(), **given.model_dump()
    )
    return made(bill_of(_bill(request, bill.pk)))


@post(
    router, "/operator/bills/{id}/adjustments", "operator-bill-adjustments",
    _("Add to a draft, or take from it"), BillShape, status=201, creates=True, auth=OPERATOR,
)  # fmt: skip
def adjust(request: HttpRequest, id: Id, given: AdjustmentGiven) -> Any:
    services.adjust_bill(who=request.who, bill=id, now=timezone.now(), **given.model_dump())
    return made(bill_of(_bill(request, id)))


@post(
    router, "/operator/bills/{id}/cancel", "operator-bill-cancel",
    _("Take an issued bill back by a credit note"), BillShape, auth=OPERATOR,
)  # fmt: skip
def cancel(request: HttpRequest, id: Id, given: PrintedReasonGiven) -> Any:
    services.cancel_bill(who=request.who, bill=id, reason=given.reason, now=timezone.now())
    return bill_of(_bill(request, id))


@post(
    router, "/operator/bills/{id}/drop", "operator-bill-drop", _("Throw a draft away"),
    BillShape, auth=OPERATOR,
)  # fmt: skip
def drop(request: HttpRequest, id: Id) -> Any:
    services.drop_bill(who=request.who, bill=id, now=timezone.now())
    return bill_of(_bill(request, id))


@get(
    router, "/operator/facilities/{code}/share-rule", "operator-facility-share-rule",
    _("Who shares in a facility's income"), ShareRuleShape, auth=OPERATOR,
)  # fmt: skip
def rule(request: HttpRequest, code: str) -> Any:
    return _rule(request, _facility(request, code))


@put(
    router, "/operator/facilities/{code}/share-rule", "operator-facility-share-rule",
    _("Agree a new rule for a facility's income"), ShareRuleShape, auth=OPERATOR,
    about=_("What was shared before stays as it was. 409 when the rule was changed meanwhile."),
)  # fmt: skip
def set_rule(request: HttpRequest, code: str, given: RuleGiven) -> Any:
    facility = _facility(request, code)
    services.set_share_rule(
        who=request.who,
        facility=facility,
        parts={part.party: part.percent for part in given.parts},
        seen=given.seen,
        now=timezone.now(),
    )
    return _rule(request, facility)


@post(
    router, "/operator/facilities/{code}/share-parties", "operator-facility-share-parties",
    _("Enter somebody who shares in a facility's income"), ShareRuleShape, status=201,
    creates=True, auth=OPERATOR,
)  # fmt: skip
def enter(request: HttpRequest, code: str, given: PartyGiven) -> Any:
    facility = _facility(request, code)
    services.keep_party(
        who=request.who, facility=facility, now=timezone.now(), **given.model_dump()
    )
    return made(_rule(request, facility))


def _draft(request: HttpRequest, match: int, side: str, given: DraftGiven) -> Any:
    order = services.draft_order(
        who=request.who, match=match, side=side, kind=given.kind, now=timezone.now()
    )
    return made(order_of(_order(request, order.pk, side)))


def _write(request: HttpRequest, id: int, side: str, given: OrderTextGiven) -> Any:
    _order(request, id, side)
    services.change_order(
        who=request.who,
        order=id,
        side=side,
        terms=given.terms.model_dump(),
        seen=given.seen,
        note=given.note,
        now=timezone.now(),
    )
    return order_of(_order(request, id, side))


def _order(request: HttpRequest, id: int, side: str) -> Any:
    found = queries.order(who=request.who, id=id)
    if side not in queries.speaking_for(who=request.who, order=found):
        raise NotFound
    return found


def _bill(request: HttpRequest, id: int) -> Any:
    if not queries.bills(who=request.who, door="operator").filter(pk=id).exists():
        raise NotFound
    return queries.bill(who=request.who, id=id)


def _facility(request: HttpRequest, code: str) -> int:
    found = registry.own_facilities(request.who).filter(code=code.replace("\x00", "")).first()
    if found is None:
        raise NotFound
    return int(found.pk)


def _rule(request: HttpRequest, facility: int) -> dict[str, Any]:
    rules = queries.rules_of(who=request.who, facility=facility)
    parties = queries.parties(who=request.who, facility=facility)
    return share_rule_of(parties, rules[0] if rules else None)
