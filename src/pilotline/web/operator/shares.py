"""Who shares in the income of my facilities: rules, statements, every share."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from pilotline.desks.registry import queries as registry
from pilotline.desks.settlement import ports, queries, services
from pilotline.kernel.errors import Conflict, NotFound, Problem, Refused
from pilotline.rulebook.answers import as_number
from pilotline.web.shared import book
from pilotline.web.shared.bills import typed
from pilotline.web.shared.cells import Column
from pilotline.web.shared.facility_view import name_of
from pilotline.web.shared.filters import Filter
from pilotline.web.shared.lists import Empty, ListPage
from pilotline.web.shared.orders import paper_answer
from pilotline.web.shared.values import language


@require_safe
def statements(request: HttpRequest) -> HttpResponse:
    """Those who share, with the sum of their shares; and my facilities with their rules."""
    facilities = list(registry.own_facilities(request.who))
    return ListPage(
        name="statements",
        title=gettext_lazy("Statements"),
        rows=queries.statements(who=request.who),
        columns=[
            Column(
                name="name",
                title=gettext_lazy("Who shares"),
                leading=True,
                sort="name",
                link=lambda p: f"{reverse('operator:shares')}?party={p.pk}",
            ),
            Column(
                name="kind", title=gettext_lazy("As"), show="title", of="share_kinds", sort="kind"
            ),
            Column(
                name="facility",
                title=gettext_lazy("Facility"),
                value=lambda p: name_of(p.facility),
            ),
            Column(name="bills", title=gettext_lazy("Bills"), show="number", sort="bills"),
            Column(name="total", title=gettext_lazy("Share in all"), show="cents", sort="total"),
            Column(name="account", title=gettext_lazy("Where the money goes")),
            Column(
                name="paper",
                title=gettext_lazy("Statement of the year"),
                value=lambda p: "PDF",
                link=lambda p: reverse("operator:statement-pdf", args=[p.pk]),
                exported=False,
            ),
        ],
        search=("name", "facility__name"),
        order=("facility", "id"),
        empty=Empty(
            gettext_lazy("Nobody shares yet"),
            gettext_lazy("Open one of your facilities above and agree a rule for its income."),
        ),
    ).respond(
        request,
        "operator/statements.html",
        {"heading": _("Revenue shares"), "facilities": facilities},
    )


@require_safe
def statement_pdf(request: HttpRequest, party: int) -> HttpResponse:
    """One party's shares of a year as a PDF; `?year=2025` gives an earlier one."""
    today = timezone.localdate()
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) == 4 else today.year
    content = queries.statement(
        who=request.who, party=party, year=min(max(year, 2000), 2200), today=today
    )
    paper = ports.papers().statement(content=content, language=language(), form="pdf")
    return paper_answer(f"{content['facility']['code']}-{party}-{year}", "pdf", paper)


def _share_columns() -> list[Column]:
    """The columns of the list."""
    return [
        Column(name="party", title=gettext_lazy("Who shares"), value="party.name", leading=True),
        Column(
            name="kind",
            title=gettext_lazy("As"),
            value="party.kind",
            show="title",
            of="share_kinds",
        ),
        Column(
            name="bill",
            title=gettext_lazy("Bill"),
            value="distribution.bill.number",
            link=lambda s: reverse("operator:bill", args=[s.distribution.bill_id]),
            sort="distribution__bill__number",
        ),
        Column(name="payer", title=gettext_lazy("Payer"), value="distribution.bill.payer.name"),
        Column(
            name="income",
            title=gettext_lazy("Income"),
            value="distribution.amount",
            show="cents",
        ),
        Column(
            name="percent",
            title=gettext_lazy("Share (%)"),
            value=lambda s: s.percent.normalize(),
            show="number",
        ),
        Column(name="amount", title=gettext_lazy("Amount"), show="cents", sort="amount"),
        Column(
            name="rule",
            title=gettext_lazy("Rule"),
            value="distribution.rule.number",
            show="number",
        ),
        Column(
            name="at",
            title=gettext_lazy("When"),
            value="distribution.at",
            show="when",
            sort="distribution__at",
        ),
    ]


@require_safe
def shares(request: HttpRequest) -> HttpResponse:
    """Every share of every bill; one party's are its statement."""
    parties = [(str(p.pk), p.name) for p in queries.statements(who=request.who).order_by("name")]
    return ListPage(
        name="shares",
        title=gettext_lazy("Shares"),
        rows=queries.shares(who=request.who),
        columns=_share_columns(),
        filters=[
            Filter(name="party", title=gettext_lazy("Who shares"), lookup="party", choices=parties),
            Filter(name="at", title=gettext_lazy("When"), lookup="distribution__at", kind="dates"),
        ],
        search=("party__name", "distribution__bill__number", "distribution__bill__payer__name"),
        order=("-distribution_id", "id"),
        empty=Empty(
            gettext_lazy("Nothing was shared yet"),
            gettext_lazy("Income is shared when its bill is settled."),
        ),
    ).respond(request, "shared/plain_list.html", {"heading": _("Shares")})


def rule(request: HttpRequest, code: str) -> HttpResponse:
    """The parties of one facility and the rule by which they share."""
    facility = registry.own_facilities(request.who).filter(code=code).first()
    if facility is None:
        raise NotFound
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            words = _do(request, facility.pk)
        except Refused as refused:
            problems = list(refused.problems)
        except Conflict as late:
            problems = [Problem("late", late.text)]
        else:
            messages.success(request, words)
            return redirect("operator:share-rule", code)
    return _rule_page(request, facility, problems)


def _rule_page(request: HttpRequest, facility: Any, problems: list[Problem]) -> HttpResponse:
    parties = queries.parties(who=request.who, facility=facility.pk)
    rules = queries.rules_of(who=request.who, facility=facility.pk)
    force = rules[0] if rules else None
    percents = {part.party_id: part.percent for part in force.parts.all()} if force else {}
    rulebook = book.rulebook()
    rows = [
        {
            "party": party,
            "percent": request.POST.get(f"percent_{party.pk}")
            or _plain(percents.get(party.pk, Decimal(0))),
        }
        for party in parties
    ]
    context = {
        "facility": facility,
        "rows": rows,
        "rules": rules,
        "seen": force.number if force else 0,
        "kinds": rulebook.share_kinds if rulebook else [],
        "choices": rulebook.share_kinds.choices(language()) if rulebook else [],
        "problems": problems,
        "sent": request.POST,
    }
    return render(request, "operator/share_rule.html", context, status=422 if problems else 200)


def _plain(percent: Decimal) -> str:
    return f"{percent.normalize():f}"


def _do(request: HttpRequest, facility: int) -> str:
    if request.POST.get("do") == "party":
        services.keep_party(
            who=request.who,
            facility=facility,
            kind=typed(request, "kind"),
            name=typed(request, "name"),
            account=typed(request, "account"),
            now=timezone.now(),
        )
        return _("Entered.")
    parts = {}
    for name in request.POST:
        key = name.removeprefix("percent_")
        if key != name and key.isdecimal() and len(key) < 18:
            parts[int(key)] = _percent(typed(request, name))
    seen = typed(request, "seen")
    services.set_share_rule(
        who=request.who,
        facility=facility,
        parts=parts,
        seen=int(seen) if seen.isdecimal() and len(seen) < 9 else 0,
        now=timezone.now(),
    )
    return _("The rule holds from now on.")


def _percent(text: str) -> Decimal:
    value = as_number(text or "0")
    if value is None:
        raise Refused([Problem("share", _("A share is a number, such as 12.5."))])
    return value
