"""Bills at the doors of both sides and of the authority: lists, one bill, what can be done."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from pilotline.desks.booking.rules.tariffs import UNIT_WORDS
from pilotline.desks.settlement import ports, queries, services
from pilotline.kernel.errors import Conflict, Problem, Refused
from pilotline.rulebook.answers import as_number
from pilotline.web.shared import sheets
from pilotline.web.shared.cells import Column
from pilotline.web.shared.facility_view import name_of
from pilotline.web.shared.filters import Filter
from pilotline.web.shared.lists import Empty, ListPage
from pilotline.web.shared.orders import paper_answer
from pilotline.web.shared.values import is_chinese, language, quantity

STATES = {
    "draft": pgettext_lazy("bill", "draft"),
    "issued": pgettext_lazy("bill", "to be paid"),
    "paid": pgettext_lazy("bill", "paid"),
    "settled": pgettext_lazy("bill", "settled"),
    "cancelled": pgettext_lazy("bill", "cancelled"),
    "dropped": pgettext_lazy("bill", "dropped"),
}
TONES = {
    "draft": "info",
    "issued": "warn",
    "paid": "good",
    "settled": "good",
    "cancelled": "bad",
    "dropped": "quiet",
}
USE_STATES = {
    "spent": pgettext_lazy("voucher", "waits for reimbursement"),
    "reimbursed": pgettext_lazy("voucher", "reimbursed"),
    "returned": pgettext_lazy("voucher", "returned"),
}
USE_TONES = {"spent": "warn", "reimbursed": "good", "returned": "quiet"}
DAYS_TO_PAY = 30
EMPTY = {
    "applicant": gettext_lazy("Bills come from the facilities that you used."),
    "operator": gettext_lazy(
        "A closed booking drafts its bill by itself; an agreed order is billed from its page."
    ),
    "authority": gettext_lazy("No facility of your region has issued a bill."),
}


def columns(door: str, link: Callable[[Any], str]) -> list[Column]:
    """The columns of a list of bills."""
    return [
        Column(
            name="number",
            title=pgettext_lazy("paper", "Number"),
            value=lambda row: row.number or _("draft"),
            link=link,
            sort="number",
        ),
        Column(name="title", title=gettext_lazy("Title"), leading=True, link=link, sort="title"),
        Column(
            name="payer",
            title=gettext_lazy("Payer"),
            value="payer.name",
            sort="payer__name",
            shown=door != "applicant",
        ),
        Column(
            name="facility",
            title=gettext_lazy("Facility"),
            value=lambda row: name_of(row.facility),
            sort="facility__name",
        ),
        Column(name="gross", title=gettext_lazy("Total"), show="cents", sort="gross"),
        Column(
            name="covered",
            title=gettext_lazy("Vouchers"),
            value=lambda row: row.covered or None,
            show="cents",
            sort="covered",
        ),
        Column(
            name="paid",
            title=gettext_lazy("Paid"),
            value=lambda row: row.paid or None,
            show="cents",
            sort="paid",
        ),
        Column(
            name="state",
            title=gettext_lazy("State"),
            show="badge",
            words=STATES,
            tones=TONES,
            sort="state",
        ),
        Column(name="due", title=gettext_lazy("Due"), show="day", sort="due"),
    ]


def bill_list(request: HttpRequest, door: str) -> HttpResponse:
    """The bills of a door, the newest first."""
    states = {
        k: v for k, v in STATES.items() if door == "operator" or k not in ("draft", "dropped")
    }
    return ListPage(
        name="bills",
        title=gettext_lazy("Bills"),
        rows=queries.bills(who=request.who, door=door),
        columns=columns(door, lambda row: reverse(f"{door}:bill", args=[row.pk])),
        filters=[
            Filter(
                name="state", title=gettext_lazy("State"), lookup="state", choices=states.items()
            ),
            Filter(name="issued", title=gettext_lazy("Issued"), lookup="issued_at", kind="dates"),
        ],
        search=("number", "title", "payer__name", "facility__name", "order__number"),
        order=("-id",),
        empty=Empty(gettext_lazy("No bill yet"), EMPTY[door]),
    ).respond(request, "shared/plain_list.html", {"heading": _("Bills")})


def bill_page(request: HttpRequest, id: int, door: str) -> HttpResponse:
    """Read a bill, and do what its state allows at this door."""
    found = queries.bill(who=request.who, id=id)
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            _do(request, found, door)
        except Refused as refused:
            problems = list(refused.problems)
        except Conflict as late:
            problems = [Problem("late", late.text)]
        else:
            return redirect(f"{door}:bill", id)
        found = queries.bill(who=request.who, id=id)
    context = _shown(found, door) | {"problems": problems, "sent": request.POST}
    return render(request, "shared/bill.html", context, status=422 if problems else 200)


def _shown(found: Any, door: str) -> dict[str, Any]:
    today = timezone.localdate()
    owed = found.gross - found.covered - found.paid if found.state == "issued" else Decimal(0)
    operates, pays = door == "operator", door == "applicant"
    return {
        "bill": found,
        "door": door,
        "lines": [_line(line) for line in found.lines.all()],
        "payments": found.payments.all(),
        "uses": found.uses.all(),
        "use_states": USE_STATES,
        "use_tones": USE_TONES,
        "credit": getattr(found, "credit", None),
        "open": owed,
        "offers": queries.offers(bill=found, day=today) if pays and owed else [],
        "distribution": queries.distribution_of(bill=found) if operates else None,
        "has_rule": queries.rule_in_force(facility=found.facility_id) is not None,
        "state": (STATES[found.state], TONES[found.state]),
        "today": today,
        "due": today + timedelta(days=DAYS_TO_PAY),
        "operates": operates,
        "back": reverse(f"{door}:bills"),
    }


def _line(line: Any) -> dict[str, Any]:
    """A line with the words that lead back to where it came from."""
    source = line.source
    parts = []
    if source.get("tariff"):
        parts.append(
            _("tariff %(tariff)s, version %(version)s")
            % {"tariff": source["tariff"], "version": source.get("version") or "—"}
        )
    if source.get("quotation"):
        parts.append(_("quotation %(number)s") % {"number": source["quotation"]})
    if source.get("booking"):
        parts.append(_("booking %(number)s") % {"number": source["booking"]})
    if source.get("milestone") is not None:
        parts.append(_("order %(number)s") % {"number": source["order"]})
    return {
        "line": line,
        "words": line.words_zh if is_chinese() else line.words_en,
        "amount": _amount(line),
        "source": parts,
    }


def _amount(line: Any) -> str:
    """How much of which unit, without idle zeros; empty for what has no quantity."""
    if line.quantity is None:
        return ""
    number = line.quantity.normalize() + 0
    return f"{quantity(number)} {UNIT_WORDS.get(line.unit, line.unit)}".strip()


def _do(request: HttpRequest, found: Any, door: str) -> None:
    acts = OPERATOR if door == "operator" else PAYER if door == "applicant" else {}
    act = acts.get(request.POST.get("do", ""))
    if act is None:
        raise Refused([Problem("act", _("Choose what is to be done."))])
    words = act(request, found.pk)
    messages.success(request, words)


def _issue(request: HttpRequest, bill: int) -> str:
    services.issue_bill(
        who=request.who, bill=bill, due=typed_day(request, "due"), now=timezone.now()
    )
    return _("Issued. The payer has been told.")


def _adjust(request: HttpRequest, bill: int) -> str:
    services.adjust_bill(
        who=request.who,
        bill=bill,
        net=typed_amount(request, "net"),
        tax_percent=typed_amount(request, "tax_percent", otherwise="0"),
        reason=typed(request, "reason"),
        now=timezone.now(),
    )
    return _("Adjusted.")


def _pay(request: HttpRequest, bill: int) -> str:
    services.record_payment(
        who=request.who,
        bill=bill,
        amount=typed_amount(request, "amount"),
        day=typed_day(request, "day"),
        reference=typed(request, "reference"),
        now=timezone.now(),
    )
    return _("The payment is recorded.")


def _refund(request: HttpRequest, bill: int) -> str:
    services.record_refund(
        who=request.who,
        bill=bill,
        amount=typed_amount(request, "amount"),
        day=typed_day(request, "day"),
        reference=typed(request, "reference"),
        now=timezone.now(),
    )
    return _("The refund is recorded.")


def _settle(request: HttpRequest, bill: int) -> str:
    services.settle_bill(who=request.who, bill=bill, now=timezone.now())
    return _("Settled.")


def _share(request: HttpRequest, bill: int) -> str:
    services.share_income(who=request.who, bill=bill, now=timezone.now())
    return _("The income is shared.")


def _cancel(request: HttpRequest, bill: int) -> str:
    services.cancel_bill(
        who=request.who, bill=bill, reason=typed(request, "reason"), now=timezone.now()
    )
    return _("Cancelled by a credit note.")


def _drop(request: HttpRequest, bill: int) -> str:
    services.drop_bill(who=request.who, bill=bill, now=timezone.now())
    return _("The draft was dropped.")


def _voucher(request: HttpRequest, bill: int) -> str:
    use = services.spend_voucher(
        who=request.who, bill=bill, voucher=typed(request, "voucher")[:60], now=timezone.now()
    )
    return _("%(number)s covers %(amount)s yuan.") % {"number": use.number, "amount": use.amount}


OPERATOR: dict[str, Callable[[HttpRequest, int], str]] = {
    "issue": _issue,
    "adjust": _adjust,
    "pay": _pay,
    "refund": _refund,
    "settle": _settle,
    "share": _share,
    "cancel": _cancel,
    "drop": _drop,
}
PAYER: dict[str, Callable[[HttpRequest, int], str]] = {"voucher": _voucher}


def typed(request: HttpRequest, name: str) -> str:
    """What was typed, without the one character that no database keeps."""
    return request.POST.get(name, "")


def typed_amount(request: HttpRequest, name: str, otherwise: str = "") -> Decimal:
    """An amount in yuan; raises Refused for what is no number."""
    value = as_number((typed(request, name) or otherwise).replace(",", ""))
    if value is None:
        raise Refused([Problem("amount", _("Type an amount in yuan."), field=name)])
    return value


def typed_day(request: HttpRequest, name: str) -> date:
    """A day; raises Refused for what is none."""
    try:
        return date.fromisoformat(typed(request, name))
    except ValueError:
        raise Refused([Problem("day", _("Choose a day."), field=name)]) from None


def bill_paper(request: HttpRequest, id: int, form: str) -> HttpResponse:
    """An issued bill as PDF or Word document, or its lines as a sheet."""
    paper = queries.frozen_bill(who=request.who, id=id)
    if form == "xlsx":
        return _sheet(paper)
    content = ports.papers().bill(
        content=paper["content"], digest=paper["digest"], language=language(), form=form
    )
    return paper_answer(paper["number"], form, content)


def _sheet(paper: dict[str, Any]) -> HttpResponse:
    key = "zh" if is_chinese() else "en"
    head = [_("Service"), _("Quantity"), _("Unit"), _("Net"), _("Tax"), _("Reason")]
    head += [_("Tariff"), _("Version"), _("Entry"), _("Quotation"), _("Booking"), _("Order")]
    rows = [
        [
            line[key],
            line["quantity"],
            line["unit"],
            Decimal(line["net"]),
            Decimal(line["tax"]),
            line["reason"],
            *(line["source"].get(k) for k in ("tariff", "version", "entry")),
            *(line["source"].get(k) for k in ("quotation", "booking", "order")),
        ]
        for line in paper["content"]["lines"]
    ]
    number = paper["number"]
    return sheets.answer(number, sheets.workbook(number, head, rows))
