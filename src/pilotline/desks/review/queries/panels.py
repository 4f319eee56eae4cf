"""Panels, their items, assignments and draws, each for whom they are open to."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet

from pilotline.desks.journal.queries import rulebook_of
from pilotline.desks.review.models import Assignment, Draw, Expert, Panel, PanelItem
from pilotline.desks.review.rules.experts import may_run_panel
from pilotline.kernel.actor import Actor, significant
from pilotline.kernel.errors import NotAllowed, NotFound
from pilotline.rulebook.reviewing import ReviewRule, Rubric

ASKED = ("offered", "accepted", "submitted")


def panels(*, who: Actor) -> QuerySet[Panel]:
    """The panels of the actor's regions, with how many `marks` are in and how many are `asked`."""
    found = Panel.objects.annotate(
        things=Count("items", filter=Q(items__withdrawn_at=None), distinct=True),
        asked=Count(
            "items__assignments", filter=Q(items__assignments__state__in=ASKED), distinct=True
        ),
        marks=Count(
            "items__assignments", filter=Q(items__assignments__state="submitted"), distinct=True
        ),
    )
    if who.is_system:
        return found
    if not who.has("authority"):
        raise NotAllowed
    wanted = Q(pk__in=[])
    for region in who.regions:
        wanted |= Q(region__startswith=significant(region))
    return found.filter(wanted)


def panel(*, who: Actor, id: int) -> Panel:
    """One panel for the authority that runs it."""
    found = Panel.objects.filter(pk=id).first()
    if found is None or not may_run_panel(who, found):
        raise NotFound
    return found


def panels_about(kind: str, id: int) -> QuerySet[Panel]:
    """The panels that serve a subject of a desk above, for machines."""
    return Panel.objects.filter(about_kind=kind, about=id)


def rubric_of(panel: Panel) -> Rubric:
    """The rubric as it stood when the panel was opened."""
    return rulebook_of(panel.release).rubrics[panel.rubric]


def rule_of(panel: Panel) -> ReviewRule:
    """The review rule as it stood when the panel was opened."""
    return rulebook_of(panel.release).review_rules[panel.rule]


def items(*, panel: Panel) -> QuerySet[PanelItem]:
    """What is marked. The caller has fetched the panel through a check."""
    return PanelItem.objects.filter(panel=panel, withdrawn_at=None).select_related("organisation")


def assignments(*, panel: Panel) -> QuerySet[Assignment]:
    """Who was ever asked for what. The caller has fetched the panel through a check."""
    return Assignment.objects.filter(item__panel=panel).select_related("expert", "item", "sheet")


def assignment(*, who: Actor, id: int) -> Assignment:
    """One assignment for the authority that runs its panel."""
    found = (
        Assignment.objects.select_related("expert", "item__panel", "item__organisation", "sheet")
        .filter(pk=id)
        .first()
    )
    if found is None or not may_run_panel(who, found.item.panel):
        raise NotFound
    return found


def standings(*, who: Actor, panel: int) -> dict[str, Any]:
    """The final table of a closed panel; empty before it is closed."""
    found = Panel.objects.filter(pk=panel).first()
    if found is None or not may_run_panel(who, found):
        raise NotFound
    table: dict[str, Any] = found.standings
    return table


def draw(*, panel: Panel) -> Draw | None:
    """The living draw of a panel."""
    return Draw.objects.filter(panel=panel, void_at=None).first()


def public_draws() -> QuerySet[Draw]:
    """Every draw ever committed to, void ones too: what was published stays published."""
    return Draw.objects.select_related("panel").defer("seed", "codes")


def public_draw(*, id: int) -> dict[str, Any]:
    """What everybody may know of a draw: nothing that names an expert, the seed only when it was
    revealed."""
    found = Draw.objects.select_related("panel").filter(pk=id).first()
    if found is None:
        raise NotFound
    return {
        "draw": found.pk,
        "title": found.panel.title,
        "title_en": found.panel.title_en,
        "ballot": found.ballot,
        "digest": found.digest,
        "commitment": found.commitment,
        "committed_at": found.committed_at,
        "revealed_at": found.revealed_at,
        "void_at": found.void_at,
        "seed": found.seed if found.revealed_at else "",
        "figure": found.figure,
        "result": found.result,
    }


def draw_file(told: Mapping[str, Any]) -> str:
    """The file of a draw that anybody may keep and check by themselves."""
    kept = ("draw", "ballot", "digest", "commitment", "seed", "figure", "result")
    return json.dumps({key: told[key] for key in kept}, ensure_ascii=False, indent=2)


def loads(experts: Iterable[int]) -> dict[int, int]:
    """How many items each of these experts has open, over all panels."""
    rows = (
        Assignment.objects.filter(expert__in=set(experts), state__in=["offered", "accepted"])
        .values_list("expert")
        .annotate(n=Count("id"))
    )
    return dict(rows)


def active_experts() -> QuerySet[Expert]:
    """Those who can be asked, in a fixed order, for machines."""
    return Expert.objects.filter(state=Expert.State.ACTIVE).order_by("id")


def experts_of(panel: Panel) -> list[tuple[int, str]]:
    """Number and name of every expert a panel's proposal speaks of."""
    told = {one["expert"] for listed in panel.proposal.get("passed", {}).values() for one in listed}
    return list(Expert.objects.filter(pk__in=told).values_list("pk", "name"))
