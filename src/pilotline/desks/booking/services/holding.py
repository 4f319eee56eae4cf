"""Keeping time: one booking, or a series of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from pilotline.desks.booking.models import Bookable, Booking, Series
from pilotline.desks.booking.queries.asking import problems_of_wishes
from pilotline.desks.booking.queries.rulebook import booking_rules
from pilotline.desks.booking.rules.access import may_book
from pilotline.desks.booking.rules.recurring import Repeat, dates_of, problems_of_repeat
from pilotline.desks.booking.rules.settings import problems_of_family
from pilotline.desks.booking.rules.wishes import Wish, problems_of_shape, problems_of_words
from pilotline.desks.booking.services.ending import sweep
from pilotline.desks.booking.services.keeping import keep
from pilotline.desks.booking.services.writing import change_of_calendar, lock_resources
from pilotline.desks.demand import queries as demand
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.matching import queries as matching
from pilotline.desks.people import queries as people
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotAllowed, Problem, Refused, refuse


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
    organisation's same key gives the same booking again.
    """
    sweep(resources=[wish.resource for wish in wishes], now=now)
    return _hold(
        who=who,
        facts=_facts(who, organisation, purpose, family, case, match, is_demo),
        wishes=list(wishes),
        key=key,
        now=now,
    )


@change_of_calendar
def _hold(
    *, who: Actor, facts: dict[str, Any], wishes: list[Wish], key: str, now: datetime
) -> Booking:
    again = Booking.objects.filter(organisation=facts["organisation_id"], key=key).first()
    if key and again is not None:
        return again
    refuse(_problems_before(facts, wishes, now))
    bookables = lock_resources(wish.resource for wish in wishes)
    refuse(_problems(bookables, wishes, who, facts, now))
    return keep(bookables, wishes, who=who, facts=facts | {"key": key}, now=now)


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
