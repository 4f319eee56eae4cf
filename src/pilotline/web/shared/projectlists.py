"""Lists of projects, permits and what lines are approved for, whichever door they belong to."""

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilotline.desks.approvals.rules.projects import KIND_TITLES, STATE_TITLES
from pilotline.desks.demand.queries import case_title
from pilotline.web.shared.facility_view import name_of
from pilotline.web.shared.lists import Column, Filter
from pilotline.web.shared.values import language

PROJECT_TONES = {"open": "info", "granted": "good", "refused": "bad", "withdrawn": "quiet"}


def _link(project: Any) -> str:
    return reverse("shared:proceeding", args=[project.proceeding_id])


def _title(project: Any) -> str:
    """Its title in the reader's language, as far as the case was given one."""
    return case_title(project.proceeding or project.case, language())


def _named(thing: Any) -> str:
    return name_of(thing) if thing else ""


def columns(*, with_organisation: bool) -> list[Column]:
    """The columns of a list of projects."""
    found = [
        Column(
            name="title", title=_("Title"), value=_title, link=_link, sort="title", leading=True
        ),
        Column(name="number", title=_("Number"), sort="number"),
        Column(name="kind", title=_("Kind"), value=lambda p: KIND_TITLES[p.kind], sort="kind"),
        Column(
            name="state",
            title=_("State"),
            show="badge",
            words=STATE_TITLES,
            tones=PROJECT_TONES,
            sort="state",
        ),
        Column(name="green", title=_("Green lane"), show="flag", value="proceeding.green"),
        Column(name="facility", title=_("Facility"), value=lambda p: _named(p.facility)),
        Column(
            name="latest", title=_("Latest end"), show="day", value="proceeding.latest_end",
            sort="proceeding__latest_end",
        ),
        Column(name="opened_at", title=_("Opened"), show="when", sort="opened_at"),
    ]  # fmt: skip
    if with_organisation:
        found.insert(
            2,
            Column(
                name="organisation",
                title=_("Applicant"),
                value="organisation.name",
                sort="organisation__name",
            ),
        )
    return found


def filters() -> list[Filter]:
    return [
        Filter(name="kind", title=_("Kind"), lookup="kind", choices=list(KIND_TITLES.items())),
        Filter(name="state", title=_("State"), lookup="state", choices=list(STATE_TITLES.items())),
    ]


SEARCH = ("title", "proceeding__title_en", "number", "organisation__name", "facility__name")


def permit_columns() -> list[Column]:
    """The columns of a list of permits."""
    return [
        Column(
            name="number", title=_("Permit number"), leading=True, sort="number",
            link=lambda p: reverse("shared:proceeding", args=[p.project.proceeding_id]),
        ),
        Column(
            name="line", title=_("Line"), value=lambda p: _named(p.line), sort="line__name"
        ),
        Column(name="facility", title=_("Facility"), value=lambda p: _named(p.project.facility)),
        Column(name="project", title=_("Project"), value=lambda p: _title(p.project)),
        Column(name="since", title=_("Runs since"), show="day", sort="since"),
        Column(name="ends", title=_("Ends"), show="day", sort="ends"),
        Column(
            name="left", title=_("Days left"), show="number",
            template="shared/permit_left.html",
            value=lambda p: None if p.closed_on else (p.ends - timezone.localdate()).days,
        ),
        Column(name="extensions", title=_("Extended"), show="number"),
        Column(name="closed_on", title=_("Closed down"), show="day", sort="closed_on"),
    ]  # fmt: skip


def _plain(value: Decimal) -> str:
    """A figure without the zeros of its column: 170, not 170.00."""
    return f"{value.normalize():f}"


def envelope_columns() -> list[Column]:
    """The columns of a list of what lines are approved for."""
    return [
        Column(
            name="line", title=_("Line"), value=lambda e: _named(e.line), leading=True,
            sort="line__name",
        ),
        Column(
            name="facility", title=_("Facility"), value=lambda e: _named(e.line.facility),
            sort="line__facility__name",
        ),
        Column(name="document", title=_("Paper of the approval")),
        Column(name="substances", title=_("Substances"), value=lambda e: "、".join(e.substances)),
        Column(name="quantity", title=_("kg a year"), show="number", sort="quantity",
            value=lambda e: e.quantity.normalize() if e.quantity % 1 else int(e.quantity),
        ),
        Column(
            name="temperature", title=_("Temperature"),
            value=lambda e: f"{_plain(e.temperature_low)} ~ {_plain(e.temperature_high)} °C",
        ),
        Column(
            name="pressure", title=_("Pressure"),
            value=lambda e: f"{_plain(e.pressure_low)} ~ {_plain(e.pressure_high)} MPa",
        ),
        Column(name="hazard_class", title=_("Class of reaction"), show="number"),
        Column(name="since", title=_("Approved on"), show="day", sort="since"),
    ]  # fmt: skip
