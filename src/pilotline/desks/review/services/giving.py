"""Asking experts, and asking somebody else instead: the part that several services share."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from pilotline.desks.journal.queries import rulebook_of
from pilotline.desks.journal.services import emit, record
from pilotline.desks.review import problem, queries
from pilotline.desks.review.events import AssignmentOffered, AssignmentReplaced
from pilotline.desks.review.models import Assignment, Bond, Draw, Expert, Panel, PanelItem
from pilotline.kernel.actor import SYSTEM, Actor
from pilotline.kernel.errors import Problem, refuse
from pilotline.rulebook import Rulebook
from pilotline.rulebook.calendar import Calendar


def calendar_of(rulebook: Rulebook) -> Calendar:
    """The working calendar; days cannot be counted without one."""
    if rulebook.calendar is None:
        refuse([Problem("no-calendar", _("The rulebook has no working calendar."))])
    assert rulebook.calendar is not None  # noqa: S101  refuse has raised
    return rulebook.calendar


def offer(*, assignment: Assignment, now: datetime) -> None:
    """Ask the expert; the clock to answer begins."""
    panel = assignment.item.panel
    rulebook = rulebook_of(panel.release)
    days = rulebook.review_rules[panel.rule].answer_days
    assignment.state = Assignment.State.OFFERED
    assignment.offered_at = now
    assignment.answer_by = calendar_of(rulebook).add(timezone.localdate(now), days)
    assignment.save()
    emit(
        AssignmentOffered(assignment.pk, panel.pk, assignment.item_id, assignment.expert_id),
        now=now,
    )


def give_away_all(*, who: Actor, expert: Expert, reason: str, now: datetime) -> int:
    """Give all open assignments of an expert to others. Returns how many there were."""
    open_ones = (
        Assignment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("item__panel")
        .filter(expert=expert, state__in=["proposed", "offered", "accepted"])
        .order_by("pk")
    )
    listed = list(open_ones)
    for assignment in listed:
        give_away(who=who, assignment=assignment, reason=reason, now=now)
    return len(listed)


def give_away(
    *, who: Actor, assignment: Assignment, reason: str, state: str = "replaced", now: datetime
) -> Assignment | None:
    """End an assignment and ask the next best expert, or the next of the draw.

    Returns the new assignment; None when the item is not being marked, or nobody may be asked:
    then the authority is told.
    """
    asked = assignment.state != Assignment.State.PROPOSED
    assignment.state, assignment.reason, assignment.closed_at = state, reason, now
    assignment.save()
    panel = assignment.item.panel
    instead = None
    if asked and panel.state == Panel.State.MARKING and assignment.item.withdrawn_at is None:
        instead = _ask_instead(assignment, now)
        emit(
            AssignmentReplaced(
                assignment.pk,
                panel.pk,
                assignment.item_id,
                assignment.expert_id,
                instead.pk if instead else None,
            ),
            now=now,
        )
    record_assignment(who, state, assignment, now, instead=instead.pk if instead else None)
    return instead


def _ask_instead(old: Assignment, now: datetime) -> Assignment | None:
    panel, item = old.item.panel, old.item
    draw = queries.draw(panel=panel)
    if draw is not None and draw.revealed_at:
        chosen = _next_drawn(draw, item, timezone.localdate(now))
        why = {"draw": draw.pk}
    else:
        found = best_for(item=item, wanted=1, now=now)
        pair = next(iter(found["pairs"]), None)
        chosen, why = (pair["expert"], pair) if pair else (None, {})
    if chosen is None:
        return None
    made = Assignment.objects.create(
        item=item,
        expert_id=chosen,
        via=panel.method or Panel.Method.OPTIMAL,
        why=why,
        proposed_at=now,
        instead_of=old,
    )
    offer(assignment=made, now=now)
    record_assignment(SYSTEM, "offer", made, now)
    return made


def best_for(*, item: PanelItem, wanted: int, now: datetime) -> dict[str, object]:
    """The engine's answer for one item as of now."""
    return best_for_all(panel=item.panel, wanted=[(item, wanted)], now=now)


def best_for_all(
    *, panel: Panel, wanted: list[tuple[PanelItem, int]], now: datetime
) -> dict[str, object]:
    """The engine's answer for several items of a panel as of now."""
    today, rulebook = timezone.localdate(now), rulebook_of(panel.release)
    experts = list(queries.active_experts().prefetch_related("bonds"))
    items = [item for item, _n in wanted]
    found = queries.conflicts(experts=experts, items=items, rulebook=rulebook, today=today)
    return problem.assign(
        experts=experts,
        items=wanted,
        barred=queries.barred(found),
        taken=tried(items),
        loads=queries.loads(e.pk for e in experts),
        rule=rulebook.review_rules[panel.rule],
        rulebook=rulebook,
        today=today,
    )


def tried(items: list[PanelItem]) -> set[tuple[int, int]]:
    """Pairs of expert and item that were asked already, whatever came of it."""
    rows = Assignment.objects.filter(item__in=items).exclude(state="proposed")
    return set(rows.values_list("expert_id", "item_id"))


def _next_drawn(draw: Draw, item: PanelItem, today: date) -> int | None:
    """The next of the draw who may be asked today; replacements keep to the lot."""
    key = next((key for key, pk in draw.items.items() if pk == item.pk), None)
    if key is None:
        return None
    rulebook = rulebook_of(item.panel.release)
    order = problem.order_of(ballot=draw.ballot, seed=draw.seed, figure=draw.figure, item=key)
    able = {e.pk: e for e in queries.active_experts()}
    found = queries.barred(
        queries.conflicts(experts=able.values(), items=[item], rulebook=rulebook, today=today)
    )
    gone, loads = tried([item]), queries.loads(able)
    load = rulebook.review_rules[item.panel.rule].load
    for code in order:
        pk = draw.codes[code]
        pair = (pk, item.pk)
        if [code, key] in draw.ballot["barred"]:
            continue
        if pk in able and pair not in found and pair not in gone and loads.get(pk, 0) < load:
            return int(pk)
    return None


def declare_interest(*, expert: Expert, item: PanelItem, words: str, now: datetime) -> None:
    """Keep an expert's own word, so that they are not asked for this applicant again."""
    if item.organisation_id is None:
        return
    Bond.objects.create(
        expert=expert,
        kind=Bond.Kind.DECLARED,
        organisation_id=item.organisation_id,
        name=item.organisation.name if item.organisation else "",
        title=words[:200],
        since=timezone.localdate(now),
        added_at=now,
    )


def record_assignment(
    who: Actor, verb: str, assignment: Assignment, now: datetime, **more: object
) -> None:
    """The journal's entry of one assignment; never the marks."""
    record(
        who=who,
        action=f"review.assignment_{verb}",
        subject=("assignment", assignment.pk),
        after={
            "panel": assignment.item.panel_id,
            "item": assignment.item_id,
            "expert": assignment.expert_id,
            "state": assignment.state,
            "reason": assignment.reason,
        }
        | more,
        now=now,
    )
