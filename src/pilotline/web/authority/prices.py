"""Prices of like resources beside each other, and the quotations of the region."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from pilotline.desks.booking.queries import quotations as queries
from pilotline.desks.booking.services import comparing
from pilotline.web.shared import facility_view, prices, quotations, sheets, values
from pilotline.web.shared.lists import Empty, ListPage

LEFT, WIDE = Decimal(20), Decimal(760)


@require_safe
def quotation_list(request: HttpRequest) -> HttpResponse:
    return ListPage(
        name="quotations",
        title=gettext_lazy("Quotations of the region"),
        rows=queries.region_quotations(who=request.who, today=timezone.localdate()),
        columns=quotations.columns(other="both"),
        filters=quotations.filters(),
        search=quotations.SEARCH,
        order=("-id",),
        empty=Empty(gettext_lazy("Nothing has been quoted yet")),
    ).respond(request, "authority/quotations.html")


@require_safe
def comparison(request: HttpRequest) -> HttpResponse:
    """One group of like resources: where prices lie, which lie outside, the cost beside."""
    found = comparing.compare(
        who=request.who, group=request.GET.get("group", ""), now=timezone.now()
    )
    rows = [_row(row, found.spread) for row in found.rows]
    if request.GET.get("export") == "xlsx" and found.chosen is not None:
        return _export(found, rows)
    context = {
        "groups": found.groups,
        "chosen": found.chosen,
        "rows": rows,
        "spread": found.spread,
        "unit": prices.unit(found.chosen.unit) if found.chosen else "",
        "all_demo": all(row["is_demo"] for row in rows),
        "outside": sum(1 for row in rows if row["lies"]),
        "strip": _strip(found) if found.spread else None,
    }
    return render(request, "authority/prices.html", context)


def _row(row: comparing.Compared, spread: Any) -> dict[str, Any]:
    language_name = values.is_chinese() or not row.resource_en
    against = (row.price - spread.middle) / spread.middle if spread.middle else None
    above = (row.price - row.cost) / row.cost if row.cost else None
    return {
        "code": row.code,
        "resource": row.resource if language_name else row.resource_en,
        "facility": facility_view.text_of(row.facility, row.facility_en),
        "region": row.region,
        "price": row.price,
        "against": _signed(against),
        "cost": row.cost,
        "above": _signed(above),
        "lies": row.lies,
        "is_demo": row.is_demo,
    }


def _signed(share: Decimal | None) -> str:
    return "" if share is None else f"{share:+.0%}"


def _strip(found: comparing.Comparison) -> dict[str, Any]:
    """Where each price stands on a line from the least to the most."""
    spread = found.spread
    if spread is None:
        return {}
    reach = spread.most - spread.least

    def at(price: Decimal) -> str:
        share = (price - spread.least) / reach if reach else Decimal("0.5")
        return f"{LEFT + share * WIDE:.1f}"

    quarter, three = at(spread.quarter), at(spread.three_quarters)
    return {
        "box": (quarter, f"{max(Decimal(1), Decimal(three) - Decimal(quarter)):.1f}"),
        "middle": at(spread.middle),
        "dots": [(at(r.price), 60 if n % 2 else 50, r.lies) for n, r in enumerate(found.rows)],
        "least": values.money(spread.least),
        "most": values.money(spread.most),
        "words": _("%(count)d prices from %(least)s to %(most)s, median %(middle)s")
        % {
            "count": spread.count,
            "least": values.money(spread.least),
            "most": values.money(spread.most),
            "middle": values.money(spread.middle),
        },
    }


def _export(found: comparing.Comparison, rows: list[dict[str, Any]]) -> HttpResponse:
    header = [
        _("Resource"),
        _("Facility"),
        _("Facility number"),
        _("City"),
        _("Price"),
        _("Against the median"),
        _("Stated cost"),
        _("Price above cost"),
        _("Remark"),
    ]
    remarks = {"high": _("high"), "low": _("low"), "": ""}
    lines = [
        [
            row["resource"],
            row["facility"],
            row["code"],
            values.region(row["region"]),
            row["price"],
            row["against"],
            row["cost"],
            row["above"],
            remarks[row["lies"]],
        ]
        for row in rows
    ]
    title = f"{_('Price comparison')} {values.say(found.chosen.title if found.chosen else None)}"
    return sheets.answer(title, sheets.workbook(title, header, lines))
