"""What lists of facilities have in common at every door."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from pilotline.desks.registry import queries
from pilotline.web.shared import book, values
from pilotline.web.shared.facility_view import STATUS_TONES, STATUS_WORDS
from pilotline.web.shared.lists import Column, Filter


def columns() -> list[Column]:
    """City, fields, tier, operator and age of a record."""
    return [
        Column(name="code", title=_("Facility number"), sort="code"),
        Column(name="region", title=_("City"), show="region", sort="region"),
        Column(name="fields", title=_("Fields"), show="titles", of="fields"),
        Column(name="tier", title=_("Tier"), show="title", of="tiers", sort="rank"),
        Column(name="operator", title=_("Operator"), value=operator_of, sort="operator__name"),
        Column(name="updated_at", title=_("Updated"), show="day", sort="updated_at"),
    ]


def status_column() -> Column:
    return Column(
        name="status",
        title=_("State"),
        show="badge",
        words=STATUS_WORDS,
        tones=STATUS_TONES,
        sort="status",
    )


def operator_of(facility: Any) -> str:
    return facility.operator.name if facility.operator else facility.source_operator


def filters() -> list[Filter]:
    """City, field, tier and chain, each with the number it would leave."""
    return [
        Filter(name="city", title=_("City"), lookup="region", choices=listed("cities")),
        Filter(
            name="field", title=_("Field"), lookup="fields", array=True, choices=listed("fields")
        ),
        Filter(name="tier", title=_("Tier"), lookup="tier", choices=listed("tiers")),
        Filter(name="chain", title=_("Industry chain"), lookup="chain", choices=listed("chains")),
    ]


def status_filter() -> Filter:
    return Filter(
        name="status", title=_("State"), lookup="status", choices=list(STATUS_WORDS.items())
    )


def listed(kind: str) -> list[tuple[str, str]]:
    """A rulebook list as choices; nothing before the first rulebook."""
    rulebook = book.rulebook()
    return rulebook.listing(kind).choices(values.language()) if rulebook else []


def searched(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    """Facilities that answer the words themselves or with something they have."""
    return queries.answering(rows, words)
