"""Keeping time: one booking, or a series of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from pilotline.desks.booking.models import Bookable, Booking, Series
from pilotline.desks.booking.queries.asking import is_late, problems_of_wishes
from pilotline.desks.booking.queries.rulebook import booking_rules
from pilotline.desks.booking.rules.access import may_book
from pilotline.desks.booking.rules.recurring import Repeat, dates_of, problems_of_repeat
from pilotline.desks.booking.rules.settings import problems_of_family
from pilotline.desks.booking.rules.wishes import Wish, problems_of_shape, problems_of_words
from pilotline.desks.booking.services.ending import sweep
from pilotline.desks.booking.services.keeping import keep
from pilotline.desks.booking.services.writing import (
    TRIES,
    change_of_calendar,
    lock_resources,
    read_resources,
)
from pilotline.desks.demand import queries as demand
from pilotline.desks.journal.queries import current_rulebook, release_remembered
from pilotline.desks.matching import queries as matching
from pilotline.desks.people import queries as people
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import Conflict, NotAllowed, Problem, Refused, refuse


def hold(
    *,
    who: Actor,
    organisation: int,
    wishes: Sequence[Wish],
    purpose: str,
    family: str = "",
    case: int | None = None,
    match: int | None = None,
    key: str = "",
    is_demo: bool = False,
    now: datetime,
) -> Booking:
    """Keep all of these times for a while, or none of them.

    What is wrong with any of them is said at once, with the next free times. `key`: the same
    organisation's same key gives the same booking again. Whoever comes too late is answered
    without the locks, which others wait for.
    """
    sweep(resources=[wish.resource for wish in wishes], now=now)
    facts = _facts(who, organisation, purpose, family, case, match, is_demo) | {"key": key}
    asked = _Asked(who, facts, list(wishes), now)
    for _turn in range(TRIES):
        again = _made_before(facts)
        if again is not None:
            return again
        asked.refuse_if_late()
        try:
            return _hold(asked)
        except TakenMeanwhile:
            continue
    raise Conflict


class TakenMeanwhile(Exception):
    """The time was taken while this request waited for the lock."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What one request asks for."""

    who: Actor
    facts: dict[str, Any]
    wishes: list[Wish]
    now: datetime

    def refuse_if_late(self) -> None:
        """Say all that is wrong when something stands in these times, from unlocked calendars."""
        with release_remembered():
            refuse(_problems_before(self.facts, self.wishes, self.now))
            if is_late(self.wishes, now=self.now):
                bookables = read_resources(wish.resource for wish in self.wishes)
                refuse(_problems(bookables, self.wishes, self.who, self.facts, self.now))


def _made_before(facts: dict[str, Any]) -> Booking | None:
    if not facts["key"]:
        return None
    rows = Booking.objects.filter(organisation=facts["organisation_id"], key=facts["key"])
    return rows.first()


@change_of_calendar
def _hold(asked: _Asked) -> Booking:
    bookables = lock_resources(wish.resource for wish in asked.wishes)
    again = _made_before(asked.facts)
    if again is not None:
        return again
    # Of a resource in several pieces only its diary can tell.
    alone = [wish for wish in asked.wishes if bookables[wish.resource].pieces == 1]
    if is_late(alone, now=asked.now):
        raise TakenMeanwhile
    refuse(_problems(bookables, asked.wishes, asked.who, asked.facts, asked.now))
    return keep(bookables, asked.wishes, who=asked.who, facts=asked.facts, now=asked.now)


def hold_series(
    *,
    who: Actor,
    organisation: int,
    wishes: Sequence[Wish],
    repeat: Repeat,
    purpose: str,
    family: str = "",
    case: int | None = None,
    match: int | None = None,
    whole: bool = True,
    is_demo: bool = False,
    now: datetime,
) -> tuple[Series, list[Booking], list[dict[str, str]]]:
    """Keep the times again and again. What does not fit is listed by day with the reason.

    `whole`: all or none; else those that fit are kept and the others are left out.
    """
    sweep(resources=[wish.resource for wish in wishes], now=now)
    return _hold_series(
        who=who,
        facts=_facts(who, organisation, purpose, family, case, match, is_demo),
        wishes=list(wishes),
        repeat=repeat,
        whole=whole,
        now=now,
    )


@change_of_calendar
def _hold_series(
    *,
    who: Actor,
    facts: dict[str, Any],
    wishes: list[Wish],
    repeat: Repeat,
    whole: bool,
    now: datetime,
) -> tuple[Series, list[Booking], list[dict[str, str]]]:
    problems = _problems_before(facts, wishes, now)
    refuse([*problems, *problems_of_repeat(repeat, wishes, booking_rules())])
    bookables = lock_resources(wish.resource for wish in wishes)
    series = Series.objects.create(
        organisation_id=facts["organisation_id"],
        every=repeat.every,
        interval=repeat.interval,
        count=repeat.count,
        made_by=who.id,
        made_at=now,
    )
    made: list[Booking] = []
    misfits: list[dict[str, str]] = []
    for day, dated in dates_of(repeat, wishes):
        wrong = (
            [_no_such_day(day)] if dated is None else _problems(bookables, dated, who, facts, now)
        )
        misfits += [{"day": day, "code": p.code, "text": str(p.text)} for p in wrong]
        if dated is not None and not wrong:
            kept = keep(bookables, dated, who=who, facts=facts | {"series": series}, now=now)
            made.append(kept)
    if not made or (whole and misfits):
        raise Refused(
            Problem(
                row["code"],
                _("{day}: {why}").format(day=row["day"], why=row["text"]),
                "wishes",
                data=row,
            )
            for row in misfits
        )
    series.left_out = misfits
    series.save(update_fields=["left_out"])
    return series, made, misfits


def _no_such_day(day: str) -> Problem:
    return Problem("no-such-day", _("There is no such day as {day}.").format(day=day), "wishes")


def _facts(
    who: Actor,
    organisation: int,
    purpose: str,
    family: str,
    case: int | None,
    match: int | None,
    is_demo: bool,
) -> dict[str, Any]:
    """Who books and what for. Raises NotAllowed for other people's organisations and cases."""
    if not may_book(who, organisation):
        raise NotAllowed(_("You can book for your own organisations only."))
    if match is not None:
        found = matching.match(who=who, id=match)
        if found.case.organisation_id != organisation:
            raise NotAllowed(_("This match belongs to another organisation."))
        case = found.case_id
    elif case is not None and demand.case(who=who, id=case).organisation_id != organisation:
        raise NotAllowed(_("This case belongs to another organisation."))
    return {
        "organisation_id": organisation,
        "person_id": who.id,
        "purpose": purpose.strip(),
        "family": family,
        "case_id": case,
        "match_id": match,
        "is_demo": is_demo,
    }


def _problems_before(facts: dict[str, Any], wishes: list[Wish], now: datetime) -> list[Problem]:
    """What is wrong before any calendar is looked at."""
    found = [*problems_of_words(facts["purpose"]), *problems_of_shape(wishes, now)]
    found += problems_of_family(facts["family"], current_rulebook())
    if not people.is_confirmed(facts["organisation_id"]):
        found.append(
            Problem(
                "not-confirmed",
                _("Your organisation must be confirmed before it can book."),
                "organisation",
            )
        )
    return found


def _problems(
    bookables: dict[int, Bookable],
    wishes: list[Wish],
    who: Actor,
    facts: dict[str, Any],
    now: datetime,
) -> list[Problem]:
    return list(
        problems_of_wishes(
            bookables,
            wishes,
            who=who,
            family=facts["family"],
            rulebook=current_rulebook(),
            now=now,
        )
    )
