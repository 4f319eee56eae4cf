"""A conflict that rests on a name alone is set aside by two officials, never by one."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pilotline.desks.demand.forms import storable
from pilotline.desks.journal.queries import rulebook_of
from pilotline.desks.journal.services import emit, record
from pilotline.desks.review import queries
from pilotline.desks.review.events import NamesakeStated
from pilotline.desks.review.models import Assignment, Expert, Namesake, PanelItem
from pilotline.desks.review.rules.namesakes import (
    MOST_WORDS,
    has_a_stake,
    problems_of_confirming,
    problems_of_stating,
)
from pilotline.desks.review.services.giving import give_away
from pilotline.desks.review.services.panels import locked_panel
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Problem, refuse


@transaction.atomic
def state_namesake(*, who: Actor, item: int, expert: int, words: str, now: datetime) -> Namesake:
    """State that the name by which a conflict was found is another person's, and how that is known.

    Nothing changes before somebody else confirms it. Stated twice by one official it is once.
    """
    thing = PanelItem.objects.filter(pk=item, withdrawn_at=None).first()
    if thing is None:
        raise NotFound
    panel = locked_panel(who, thing.panel_id)
    person = Expert.objects.filter(pk=expert).first()
    if person is None:
        raise NotFound
    _guard(who, thing, person)
    living = Namesake.objects.filter(item=thing, expert=person, ended_at=None).first()
    if living is not None:
        if living.stated_by == who.id:
            return living
        raise Conflict(_("This was stated already; it waits for confirmation, or is confirmed."))
    found = queries.conflicts(
        experts=[person],
        items=[thing],
        rulebook=rulebook_of(panel.release),
        today=timezone.localdate(now),
    ).get((person.pk, thing.pk), [])
    words = storable(words).strip()
    refuse(problems_of_stating(found, words))
    made = Namesake.objects.create(
        item=thing,
        expert=person,
        reasons=[reason for reason in found if reason["bars"]],
        words=words,
        stated_by=who.id,
        stated_by_name=who.name,
        stated_at=now,
    )
    _record(who, "state_namesake", made, now, words=words, reasons=made.reasons)
    emit(NamesakeStated(made.pk, panel.pk, thing.pk, person.pk, made.stated_by), now=now)
    return made


@transaction.atomic
def confirm_namesake(*, who: Actor, namesake: int, now: datetime) -> Namesake:
    """A second official confirms: from now on these conflicts do not bar. Twice is once."""
    found = _held(who, namesake)
    if found.confirmed_by is not None and found.confirmed_by == who.id:
        return found
    if found.confirmed_at is not None:
        raise Conflict(_("This was confirmed already."))
    refuse(problems_of_confirming(who, found))
    found.confirmed_by, found.confirmed_by_name, found.confirmed_at = who.id, who.name, now
    found.save()
    _record(who, "confirm_namesake", found, now)
    return found


@transaction.atomic
def end_namesake(*, who: Actor, namesake: int, words: str, now: datetime) -> Namesake:
    """Refuse what was stated, or revoke what was confirmed: the conflict counts again.

    What the expert holds of this item and has not handed in goes to somebody else.
    """
    found = _held(who, namesake)
    words = storable(words).strip()[:MOST_WORDS]
    if not words:
        refuse([Problem("words", _("Please say why in a few words."), "words")])
    was_confirmed = found.confirmed_at is not None
    found.ended_by_name, found.ended_at, found.end_words = who.name, now, words
    found.save()
    _record(who, "end_namesake", found, now, words=words)
    if was_confirmed:
        open_ones = Assignment.objects.select_for_update(no_key=True, of=("self",)).filter(
            item=found.item_id,
            expert=found.expert_id,
            state__in=["proposed", "offered", "accepted"],
        )
        for assignment in open_ones.select_related("item__panel").order_by("pk"):
            give_away(who=who, assignment=assignment, reason="conflict-stands", now=now)
    return found


def _held(who: Actor, pk: int) -> Namesake:
    """The living statement, read under its panel's lock, for officials without a stake in it."""
    panel = Namesake.objects.filter(pk=pk).values_list("item__panel", flat=True).first()
    if panel is None:
        raise NotFound
    locked_panel(who, panel)
    found = Namesake.objects.select_related("item", "expert").get(pk=pk)
    _guard(who, found.item, found.expert)
    if found.ended_at is not None:
        raise Conflict(_("This has ended already."))
    return found


def _guard(who: Actor, item: PanelItem, expert: Expert) -> None:
    if who.id is None or has_a_stake(who, item, expert):
        raise NotAllowed(_("Two officials without a stake of their own decide on this."))


def _record(who: Actor, verb: str, found: Namesake, now: datetime, **more: object) -> None:
    record(
        who=who,
        action=f"review.{verb}",
        subject=("panel", found.item.panel_id),
        after={"item": found.item_id, "expert": found.expert_id, "namesake": found.pk} | more,
        now=now,
    )
