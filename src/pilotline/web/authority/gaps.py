"""What nobody can serve today: the list behind the figure, and a table by two dimensions."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pilotline.desks.demand.queries import case_title
from pilotline.desks.matching import queries
from pilotline.web.shared import book, values
from pilotline.web.shared.lists import Column, Empty, Filter, ListPage
from pilotline.web.shared.reasons import reason

DIMENSIONS = {
    "attributes": (_("Requirement that no one meets"), "attributes"),
    "fields": (_("Field"), "fields"),
    "verifications": (_("Verification"), "verifications"),
    "scale": (_("Scale"), "scales"),
    "region": (_("City"), "cities"),
}


def gap_list(request: HttpRequest) -> HttpResponse:
    """Every gap with what blocks it, and the table above."""
    rulebook = book.rulebook()
    rows = _dimension(request.GET.get("rows", ""), "attributes")
    columns = _dimension(request.GET.get("columns", ""), "fields")
    return ListPage(
        name="gaps",
        title=_("Gaps"),
        rows=queries.gaps(who=request.who),
        columns=[
            Column(
                name="number",
                title=_("Number"),
                value="case.number",
                link=_case,
                sort="case__number",
            ),
            Column(
                name="title",
                title=_("Title"),
                value=lambda gap: case_title(gap.case, values.language()),
                leading=True,
                link=_case,
            ),
            Column(name="fields", title=_("Field"), show="titles", of="fields"),
            Column(
                name="verifications",
                title=_("Verification"),
                show="titles",
                of="verifications",
            ),
            Column(name="scale", title=_("Scale"), show="title", of="scales", sort="scale"),
            Column(name="region", title=_("City"), show="region", sort="region"),
            Column(
                name="blocking",
                title=_("What no one meets"),
                value=lambda gap: str(_("; ")).join(_blocking(gap, rulebook)),
            ),
            Column(name="since", title=_("Open since"), show="day", sort="since"),
        ],
        filters=_filters(rulebook),
        search=("case__number", "case__title"),
        order=("since",),
        hidden={"rows": rows, "columns": columns},
        empty=Empty(
            _("No gap today"),
            _("Every accepted case that looks for a facility has at least one that could take it."),
        ),
    ).respond(request, "authority/gaps.html", _table(request, rows, columns))


def _case(gap: Any) -> str:
    return reverse("authority:case", args=[gap.case_id])


def _dimension(asked: str, usual: str) -> str:
    return asked if asked in DIMENSIONS else usual


def _blocking(gap: Any, rulebook: Any) -> list[str]:
    reasons = [reason(part, rulebook) for part in gap.blocking]
    return [f"{r.title} {r.wanted}" for r in reasons]


def _filters(rulebook: Any) -> list[Filter]:
    def listed(kind: str) -> list[tuple[str, str]]:
        return rulebook.listing(kind).choices(values.language()) if rulebook else []

    return [
        Filter(
            name="blocks",
            title=_("What no one meets"),
            lookup="attributes",
            array=True,
            choices=listed("attributes"),
        ),
        Filter(
            name="field", title=_("Field"), lookup="fields", array=True, choices=listed("fields")
        ),
        Filter(
            name="verification",
            title=_("Verification"),
            lookup="verifications",
            array=True,
            choices=listed("verifications"),
        ),
        Filter(name="scale", title=_("Scale"), lookup="scale", choices=listed("scales")),
        Filter(name="city", title=_("City"), lookup="region", choices=listed("cities")),
    ]


def _table(request: HttpRequest, rows: str, columns: str) -> dict[str, Any]:
    """The counted table of two dimensions with its titles."""
    table = queries.gap_table(who=request.who, rows=rows, columns=columns)
    totals: dict[str, int] = {}
    for cells in table.values():
        for column, number in cells.items():
            totals[column] = totals.get(column, 0) + number
    order = sorted(totals, key=lambda column: -totals[column])[:8]
    kind = {name: listing for name, (_title, listing) in DIMENSIONS.items()}
    return {
        "dimensions": [(name, title) for name, (title, _kind) in DIMENSIONS.items()],
        "chosen_rows": rows,
        "chosen_columns": columns,
        "headings": [_say(kind[columns], column) for column in order],
        "table": [
            (
                _say(kind[rows], row),
                [cells.get(column, 0) for column in order],
                sum(cells.values()),
            )
            for row, cells in list(table.items())[:12]
        ],
    }


def _say(kind: str, entry: str) -> str:
    return values.title(kind, entry) if entry else str(_("not said"))
