"""A panel from its opening to its standings."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pilotline.desks.journal.queries import current_release, current_rulebook, rulebook_of
from pilotline.desks.journal.services import emit, record
from pilotline.desks.review import problem, queries
from pilotline.desks.review.events import PanelClosed
from pilotline.desks.review.forms import Item
from pilotline.desks.review.models import (
    LIVING,
    Assignment,
    Expert,
    Panel,
    PanelItem,
    Sheet,
)
from pilotline.desks.review.rules.experts import may_run_panel
from pilotline.desks.review.services.giving import best_for_all, give_away, offer
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Problem, refuse


@transaction.atomic
def open_panel(
    *,
    who: Actor,
    title: str,
    title_en: str = "",
    region: str,
    rubric: str,
    rule: str,
    items: Iterable[Item] = (),
    about: tuple[str, int] | None = None,
    is_demo: bool = False,
    now: datetime,
) -> Panel:
    """Open a panel under the rubric and review rule of the release in force."""
    book = current_rulebook()
    problems = []
    if not title.strip():
        problems.append(Problem("title", _("Give the panel a title."), "title"))
    if rubric not in book.rubrics:
        problems.append(Problem("rubric", _("There is no such rubric."), "rubric"))
    if rule not in book.review_rules:
        problems.append(Problem("rule", _("There is no such review rule."), "rule"))
    refuse(problems)
    panel = Panel(
        title=title.strip(),
        title_en=title_en.strip(),
        region=region,
        rubric=rubric,
        rule=rule,
        release=current_release()[0],
        about_kind=about[0] if about else "",
        about=about[1] if about else None,
        opened_at=now,
        opened_by=who.id,
        is_demo=is_demo,
    )
    if not may_run_panel(who, panel):
        raise NotAllowed
    panel.save()
    _record(who, "open_panel", panel, now, {"rubric": rubric, "rule": rule})
    _add(panel, items)
    return panel


@transaction.atomic
def add_items(*, who: Actor, panel: int, items: Iterable[Item], now: datetime) -> Panel:
    """Put more items before a panel that is not closed. What is there already stays as it is."""
    found = locked_panel(who, panel)
    _add(found, items)
    _record(who, "add_items", found, now)
    return found


def _add(panel: Panel, items: Iterable[Item]) -> None:
    rule = queries.rule_of(panel)
    for item in items:
        kind, subject = item.subject
        PanelItem.objects.get_or_create(
            panel=panel,
            subject_kind=kind,
            subject=subject,
            defaults={
                "number": item.number,
                "title": item.title,
                "title_en": item.title_en,
                "summary": item.summary,
                "fields": list(item.fields),
                "organisation_id": item.organisation,
                "parties": list(item.parties),
                "people": list(item.people),
                "unnamed": list(item.unnamed),
                "material": [dict(part) for part in item.material],
                "wanted": rule.marks if item.wanted is None else item.wanted,
            },
        )


@transaction.atomic
def withdraw_item(*, who: Actor, panel: int, subject: tuple[str, int], now: datetime) -> None:
    """An item leaves in the middle: open assignments end, marks handed in stay in the records."""
    found = locked_panel(who, panel)
    item = PanelItem.objects.filter(
        panel=found, subject_kind=subject[0], subject=subject[1], withdrawn_at=None
    ).first()
    if item is None:
        raise NotFound
    _withdraw(who, found, item, now)


def withdraw_subject(*, who: Actor, subject: tuple[str, int], now: datetime) -> int:
    """A subject leaves every panel that is not closed, in the caller's transaction.

    The desk above has asked whether `who` may. Returns how many panels it left.
    """
    items = PanelItem.objects.filter(
        subject_kind=subject[0], subject=subject[1], withdrawn_at=None
    ).values_list("panel", "pk")
    left = 0
    for panel, pk in items.order_by("panel"):
        found = Panel.objects.select_for_update(no_key=True).get(pk=panel)
        if found.state != Panel.State.CLOSED:
            _withdraw(who, found, PanelItem.objects.get(pk=pk), now)
            left += 1
    return left


def _withdraw(who: Actor, found: Panel, item: PanelItem, now: datetime) -> None:
    item.withdrawn_at = now
    item.save(update_fields=["withdrawn_at"])
    open_ones = Assignment.objects.select_for_update(no_key=True, of=("self",)).filter(
        item=item, state__in=["proposed", "offered", "accepted"]
    )
    for assignment in open_ones.select_related("item__panel").order_by("pk"):
        give_away(who=who, assignment=assignment, reason="item-withdrawn", now=now)
    _record(who, "withdraw_item", found, now, {"item": item.pk})


@transaction.atomic
def propose(*, who: Actor, panel: int, now: datetime) -> dict[str, Any]:
    """Work out who should be asked for what is still wanted, and keep it as a proposal.

    A proposal made before is thrown away; what was offered already stays. The answer, with its
    reasons, is kept with the panel.
    """
    found = locked_panel(who, panel)
    Assignment.objects.filter(item__panel=found, state="proposed").delete()
    wanted = still_wanted(found)
    answer = best_for_all(panel=found, wanted=wanted, now=now)
    Assignment.objects.bulk_create(
        Assignment(
            item_id=pair["item"],
            expert_id=pair["expert"],
            via=Panel.Method.OPTIMAL,
            why=pair,
            proposed_at=now,
        )
        for pair in answer["pairs"]
    )
    found.method, found.proposal = Panel.Method.OPTIMAL, answer
    found.save(update_fields=["method", "proposal"])
    _record(who, "propose", found, now, {"engine": answer["engine"], "value": answer["value"]})
    return answer


def still_wanted(panel: Panel) -> list[tuple[PanelItem, int]]:
    """Items with how many experts they still want beside those asked already."""
    have = Counter(
        Assignment.objects.filter(
            item__panel=panel, state__in=["offered", "accepted", "submitted"]
        ).values_list("item_id", flat=True)
    )
    items = queries.items(panel=panel)
    return [(item, max(0, item.wanted - have[item.pk])) for item in items]


@transaction.atomic
def add_by_hand(*, who: Actor, item: int, expert: int, now: datetime) -> Assignment:
    """The authority adds somebody to a proposal. A conflict of interest bars, unless two
    officials have set it aside as a namesake's."""
    thing = PanelItem.objects.select_related("panel").filter(pk=item, withdrawn_at=None).first()
    if thing is None:
        raise NotFound
    panel = locked_panel(who, thing.panel_id)
    person = queries.active_experts().filter(pk=expert).first()
    if person is None:
        raise NotFound
    book, today = rulebook_of(panel.release), _today(now)
    found = queries.barred(
        queries.conflicts(experts=[person], items=[thing], rulebook=book, today=today)
    ).get((person.pk, thing.pk), [])
    problems = [
        Problem(
            "conflict",
            _("{expert} may not mark this: {reason} ({with_}).").format(
                expert=person.name,
                reason=book.conflicts[r["rule"]].title.say(get_language() or "zh"),
                with_=r["with"],
            ),
            "expert",
            data=r,
        )
        for r in found
        if r["bars"]
    ]
    if Assignment.objects.filter(item=thing, expert=person).exists():
        problems.append(Problem("asked", _("This expert was asked for it already."), "expert"))
    refuse(problems)
    made = Assignment.objects.create(item=thing, expert=person, via="hand", proposed_at=now)
    _record(who, "add_by_hand", panel, now, {"item": item, "expert": expert})
    return made


@transaction.atomic
def drop(*, who: Actor, assignment: int, now: datetime) -> None:
    """Take a proposal back before it is offered."""
    found = queries.assignment(who=who, id=assignment)
    panel = locked_panel(who, found.item.panel_id)
    gone, _rows = Assignment.objects.filter(pk=assignment, state="proposed").delete()
    if not gone:
        raise Conflict
    after = {"item": found.item_id, "expert": found.expert_id}
    _record(who, "drop", panel, now, after)


@transaction.atomic
def confirm(*, who: Actor, panel: int, now: datetime) -> int:
    """Offer everything that is proposed; marking begins. Returns how many were asked.

    Conflicts are looked for once more, for bonds may have changed since the proposal.
    """
    found = locked_panel(who, panel)
    proposed = list(
        Assignment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("item__panel", "expert")
        .filter(item__panel=found, state="proposed")
        .order_by("pk")
    )
    if not proposed:
        refuse([Problem("nothing", _("Nobody is proposed yet."))])
    book = rulebook_of(found.release)
    bars = queries.barred(
        queries.conflicts(
            experts={a.expert_id: a.expert for a in proposed}.values(),
            items={a.item_id: a.item for a in proposed}.values(),
            rulebook=book,
            today=_today(now),
        )
    )
    refuse(
        Problem(
            "conflict",
            _("{expert} has a conflict of interest with “{item}”. Propose again.").format(
                expert=a.expert.name, item=a.item.title
            ),
        )
        for a in proposed
        if (a.expert_id, a.item_id) in bars or a.expert.state != Expert.State.ACTIVE
    )
    found.state = Panel.State.MARKING
    found.confirmed_at = found.confirmed_at or now
    found.save(update_fields=["state", "confirmed_at"])
    for assignment in proposed:
        assignment.item.panel = found
        offer(assignment=assignment, now=now)
    _record(who, "confirm", found, now, {"offered": [a.pk for a in proposed]})
    return len(proposed)


def standings_now(*, who: Actor, panel: int) -> dict[str, Any]:
    """The table as of now, from what is submitted; of a closed panel the one that was kept."""
    found = queries.panel(who=who, id=panel)
    return found.standings or _standings(found)


def _standings(panel: Panel) -> dict[str, Any]:
    sheets = Sheet.objects.filter(
        assignment__item__panel=panel,
        assignment__item__withdrawn_at=None,
        submitted_at__isnull=False,
    ).order_by("pk")
    rows = sheets.values_list("assignment__expert_id", "assignment__item_id", "marks")
    return problem.standings(queries.rubric_of(panel), rows)


@transaction.atomic
def close_panel(*, who: Actor, panel: int, now: datetime) -> Panel:
    """Keep the standings for ever. Open assignments end; every item needs at least one sheet."""
    found = locked_panel(who, panel)
    if found.state != Panel.State.MARKING:
        refuse([Problem("not-marking", _("Nothing has been marked yet."))])
    table = _standings(found)
    marked = {row["item"] for row in table["items"]}
    refuse(
        Problem("unmarked", _("Nobody has marked “{item}” yet.").format(item=item.title))
        for item in queries.items(panel=found)
        if item.pk not in marked
    )
    found.state, found.closed_at, found.standings = Panel.State.CLOSED, now, table
    found.save(update_fields=["state", "closed_at", "standings"])
    for assignment in (
        Assignment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("item__panel")
        .filter(item__panel=found, state__in=[s for s in LIVING if s != "submitted"])
    ):
        assignment.item.panel = found
        give_away(who=who, assignment=assignment, reason="panel-closed", now=now)
    _record(who, "close_panel", found, now, {"standings": table["items"]})
    emit(PanelClosed(found.pk, found.about_kind, found.about), now=now)
    return found


def locked_panel(who: Actor, id: int) -> Panel:
    """The panel, locked, for whoever runs it; a closed one does not change any more."""
    found = Panel.objects.select_for_update(no_key=True).filter(pk=id).first()
    if found is None or not may_run_panel(who, found):
        raise NotFound
    if found.state == Panel.State.CLOSED:
        raise Conflict(_("The panel is closed."))
    return found


def _today(now: datetime) -> date:
    return timezone.localdate(now)


def _record(
    who: Actor, verb: str, panel: Panel, now: datetime, after: dict[str, Any] | None = None
) -> None:
    record(
        who=who,
        action=f"review.{verb}",
        subject=("panel", panel.pk),
        after={"state": panel.state} | (after or {}),
        now=now,
    )
