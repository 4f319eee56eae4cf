"""What matching answers: stored shortlists, talks, gaps, and the figures counted from them."""

from datetime import datetime
from typing import Any

from django.db.models import Count, F, Func, JSONField, Q, QuerySet, Value

from pilotline.desks.demand import queries as demand
from pilotline.desks.matching.models import Gap, Match, MatchMessage, Shortlist
from pilotline.desks.matching.rules import LIVING, may_end, may_read, sides_of
from pilotline.desks.registry import queries as registry
from pilotline.kernel.actor import Actor, significant
from pilotline.kernel.errors import NotAllowed, NotFound


def latest_shortlist(*, who: Actor, case: int) -> Shortlist | None:
    """The newest stored shortlist of a case, for those who may see the whole case."""
    return newest_shortlist(who, demand.case(who=who, id=case))


def newest_shortlist(who: Actor, found: Any) -> Shortlist | None:
    """The same for a case at hand that was fetched for the actor."""
    if not (
        who.is_system or who.belongs_to(found.organisation_id) or who.answers_for(found.region)
    ):
        raise NotFound
    return Shortlist.objects.filter(case_id=found.pk).first()


def match(*, who: Actor, id: int) -> Match:
    """One talk, for its two sides and their authorities."""
    found = (
        Match.objects.select_related("case__organisation", "facility__operator", "line")
        .filter(pk=id)
        .first()
    )
    if found is None or not may_read(who, found):
        raise NotFound
    return found


def ending_for(*, who: Actor, match: Match) -> frozenset[str]:
    """For whom this actor may end what was agreed; empty when there is nothing to end."""
    return may_end(who, match) if match.state == "agreed" else frozenset()


def living_count(*, organisation: int) -> dict[str, int]:
    """How many talks and matches live with an organisation, as applicant or as operator."""
    living = Match.objects.filter(state__in=LIVING).filter(
        Q(case__organisation_id=organisation) | Q(facility__operator_id=organisation)
    )
    return living.aggregate(
        talks=Count("pk", filter=Q(state="open")), matches=Count("pk", filter=Q(state="agreed"))
    )


def messages(*, match: Match) -> QuerySet[MatchMessage]:
    """What was said, in order. The caller has fetched the talk through `match`."""
    return MatchMessage.objects.filter(match=match).order_by("id")


def case_matches(*, who: Actor, case: int) -> list[Match]:
    """The talks of one case that this actor may read, living ones first."""
    found = Match.objects.select_related("case", "facility", "line").filter(case_id=case)
    order = {"agreed": 0, "open": 1}
    return sorted(
        (m for m in found if may_read(who, m)), key=lambda m: (order.get(m.state, 2), -m.pk)
    )


def operator_matches(*, who: Actor, state: str = "") -> QuerySet[Match]:
    """The inbox of an operator: talks with the facilities of their organisations."""
    if not who.has("operator"):
        raise NotAllowed
    found = Match.objects.select_related("case__organisation", "facility", "line").filter(
        facility__operator_id__in=who.organisations
    )
    return found.filter(state=state) if state else found


def applicant_matches(*, who: Actor) -> QuerySet[Match]:
    """All talks of the cases of the actor's organisations."""
    return Match.objects.select_related("case", "facility", "line").filter(
        case__organisation_id__in=who.organisations
    )


def region_matches(*, who: Actor) -> QuerySet[Match]:
    """All talks in the regions an authority answers for."""
    return _in_regions(
        who, Match.objects.select_related("case__organisation", "facility", "line"), "case__region"
    )


def gaps(*, who: Actor) -> QuerySet[Gap]:
    """Cases nobody can serve today, in the regions an authority answers for."""
    return _in_regions(who, Gap.objects.select_related("case"), "region")


def fitting_cases(*, who: Actor, most: int = 50) -> list[dict[str, Any]]:
    """Released cases that look for a facility and have one of the actor's lines on their newest
    shortlist, best fit first: each a `case` number to be shown publicly, and the `row`.

    What a case wants in detail stays with its applicant until an operator is asked.
    """
    if not who.has("operator"):
        raise NotAllowed
    mine = set(registry.own_facilities(who).values_list("pk", flat=True))
    newest = (
        Shortlist.objects.filter(case_id__in=demand.open_case_ids())
        .order_by("case_id", "-id")
        .distinct("case_id")
        .values("pk")
    )
    talking = Match.objects.filter(facility_id__in=mine).exclude(state__in=["withdrawn", "ended"])
    # The database picks the row, once: a whole answer holds all of its lines with their reasons.
    found = (
        Shortlist.objects.filter(pk__in=newest)
        .exclude(case_id__in=talking.values("case_id"))
        .exclude(case__released=[])
        .values_list("pk", _first_row_of(mine))
    )
    fitting = sorted((pair for pair in found if pair[1]), key=lambda pair: -pair[1]["total"])
    rows = dict(fitting[:most])
    shown = Shortlist.objects.select_related("case").defer("answer").in_bulk(rows)
    return [{"case": shown[pk].case, "row": row} for pk, row in rows.items()]


def _first_row_of(facilities: set[int]) -> Func:
    """The best row of a shortlist's answer that is a line of one of these facilities."""
    return Func(
        F("answer"),
        Value("$.rows[*] ? (@.facility == $mine[*])"),
        Value({"mine": sorted(facilities)}, JSONField()),
        template="jsonb_path_query_first(%(expressions)s)",
        arg_joiner=", ",
        output_field=JSONField(),
    )


DIMENSIONS = ("attributes", "fields", "verifications", "scale", "region")


def gap_table(*, who: Actor, rows: str, columns: str) -> dict[str, dict[str, int]]:
    """Gaps counted by two of the DIMENSIONS, rows with most gaps first.

    A gap that rests on two requirements counts in each of their rows. "" stands for not said.
    """
    table: dict[str, dict[str, int]] = {}
    for row_value, column_value in gaps(who=who).values_list(rows, columns):
        for row in _each(row_value):
            for column in _each(column_value):
                cells = table.setdefault(row, {})
                cells[column] = cells.get(column, 0) + 1
    return dict(sorted(table.items(), key=lambda item: (-sum(item[1].values()), item[0])))


def openings(*, who: Actor) -> list[dict[str, Any]]:
    """What one more capability would change: each requirement that blocks gaps by itself, with
    the gaps it alone would close, most first. A range is one requirement however far it reaches;
    of processes, materials and the like each is one of its own."""
    found: dict[tuple[str, tuple[str, ...]], dict[str, Any]] = {}
    for gap in gaps(who=who).order_by("since"):
        attributes = {part["attribute"] for part in gap.blocking}
        if len(attributes) != 1:
            continue
        part = gap.blocking[0]
        key = part["attribute"], tuple(sorted(part["wanted"]["values"]))
        row = found.setdefault(key, {"attribute": part["attribute"], "gaps": [], "parts": []})
        row["gaps"].append(gap)
        row["parts"].append(part)
    return sorted(found.values(), key=lambda row: -len(row["gaps"]))


def slow_talks(*, who: Actor, most: int = 6) -> list[Match]:
    """Open talks in the actor's regions in which nobody has spoken for longest."""
    return list(region_matches(who=who).filter(state="open").order_by("last_at")[:most])


def _each(value: str | list[str]) -> list[str]:
    return (value or [""]) if isinstance(value, list) else [value]


def public_gap_count() -> int:
    """How many accepted cases nobody can serve today: a figure, no names."""
    return Gap.objects.count()


def figures(*, who: Actor, since: datetime | None = None) -> dict[str, int]:
    """What became of the cases in the actor's regions, each figure counted from rows."""
    found = region_matches(who=who)
    if since is not None:
        found = found.filter(opened_at__gte=since)
    counts = found.aggregate(
        talks=Count("pk"),
        open=Count("pk", filter=Q(state="open")),
        agreed=Count("pk", filter=Q(state="agreed")),
        declined=Count("pk", filter=Q(state="declined")),
    )
    return counts | {"gaps": gaps(who=who).count()}


def speaking_for(*, who: Actor, match: Match) -> frozenset[str]:
    """The sides of this talk that the actor may speak for."""
    return sides_of(who, match)


def _in_regions(who: Actor, rows: QuerySet[Any], path: str) -> QuerySet[Any]:
    if who.is_system:
        return rows
    if not who.has("authority"):
        raise NotAllowed
    wanted = Q(pk__in=[])
    for region in who.regions:
        wanted |= Q(**{f"{path}__startswith": significant(region)})
    return rows.filter(wanted)
