"""Builds a year of invented bookings: calendars open, time is held, used and measured.

The load is one transaction without savepoints: nothing here may be refused, so what could be is
asked first.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pilotline.config.demonstration.people import Cast
from pilotline.config.demonstration.progress import told_of
from pilotline.config.words import _
from pilotline.desks.booking import queries, services
from pilotline.desks.booking.rules.recurring import Repeat
from pilotline.desks.booking.rules.steps import StepWish
from pilotline.desks.booking.rules.wishes import Wish
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.people import queries as people
from pilotline.desks.registry import queries as registry
from pilotline.kernel.actor import SYSTEM, Actor

OFFICE = [(day, 510, 1050) for day in range(5)]
AROUND_THE_CLOCK = [(day, 0, 24 * 60) for day in range(7)]
# Minutes of a use: a run on a line goes on through nights, not over a weekend; equipment is used
# within a day.
RUNS = (1440, 2880, 4320, 7200)
USES = (120, 180, 240, 480)
PAST, AHEAD = timedelta(days=300), timedelta(days=40)
# Days between two uses of a line, by what kind of line it is: some are full, some stand idle.
PACES = (10, 20, 40, 60, 400)
PURPOSES = ("小批量试制", "工艺参数摸底", "放大验证", "样品制备", "连续运行考核", "设备适配试验")


@dataclass(frozen=True, slots=True)
class Plan:
    """One booking before it is made: where, who, when it is made, and about when it begins."""

    at: datetime
    resource: int
    operator: Actor
    applicant: tuple[int, int]
    near: datetime
    fate: str
    minutes: int


def build_bookings(cast: Cast, names: list[str], *, seed: int, now: datetime) -> int:
    """Open the calendars of these facilities and let a year pass over them.

    Returns how many bookings were made. Times that are taken or closed are left out, as in life.
    """
    dice = random.Random(f"{seed}:bookings")  # noqa: S311 invented data, not secrets
    applicants = [pair for pair in cast.applicants if people.is_confirmed(pair[0])]
    opened, lines = [], set()
    for name in names:
        organisation, user = cast.operators[name]
        operator = cast.actor(user)
        things = _things(operator, organisation)
        opened += [(operator, pk) for pk in _open(operator, things, dice, now)]
        lines |= {thing.pk for thing in things if thing.kind == "line"}
    plans = [
        plan
        for operator, pk in opened
        for plan in _plans(operator, pk, RUNS if pk in lines else USES, applicants, dice, now)
    ]
    plans.sort(key=lambda plan: plan.at)
    words = _("Demonstration: {done} of {all} bookings")
    made = sum(_live(plan, cast, dice, now) for plan in told_of(plans, words))
    _later(opened[:6], cast, now)
    _project(opened, cast.actor(applicants[-1][1]), applicants[-1][0], now)
    # Somebody who stands in no line yet: the first and the last applicant do.
    other = applicants[len(applicants) // 2]
    _joint_project(opened[::-1], cast.actor(other[1]), other[0], now)
    return made


def _things(operator: Actor, organisation: int) -> list[Any]:
    """The lines of one facility and its first equipment."""
    own = registry.own_resources(who=operator).filter(facility__operator=organisation)
    found = list(own.filter(kind__in=["line", "equipment"]))
    lines = [thing for thing in found if thing.kind == "line"]
    return lines + [thing for thing in found if thing.kind == "equipment"][:1]


def _open(operator: Actor, things: list[Any], dice: random.Random, now: datetime) -> Iterator[int]:
    families = current_rulebook().material_families.ids
    scales = [found.scale for found in _measured()]
    for number, thing in enumerate(things):
        is_line = thing.kind == "line"
        pair = dice.sample(families, 2) if len(families) > 1 else []
        services.set_bookable(
            who=operator,
            resource=thing.pk,
            values={
                "slot": 60,
                "shortest": 120,
                "longest": RUNS[-1] if is_line else 9 * 60,
                "lead": 24 * 60,
                "changeover": 60,
                "pieces": min(thing.quantity, 4),
                "approval": number % 3 == 1,
                "scale": scales[-1 - (number % 4 != 3)] if scales else "",
                "about": "首次使用前请与平台确认物料安全说明。",
            },
            openings=AROUND_THE_CLOCK if is_line else OFFICE,
            changeovers=[(pair[0], pair[1], 180), (pair[1], pair[0], 120)] if pair else [],
            now=now - PAST,
        )
        yield thing.pk


def _measured() -> tuple[Any, ...]:
    rules = current_rulebook().booking
    return rules.utilisation if rules else ()


def _plans(
    operator: Actor,
    resource: int,
    lengths: tuple[int, ...],
    applicants: list[tuple[int, int]],
    dice: random.Random,
    now: datetime,
) -> Iterator[Plan]:
    pace = dice.choice(PACES)
    near = now - PAST + timedelta(days=dice.uniform(0, pace))
    while near < now + AHEAD:
        fate = dice.choices(["used", "cancelled", "expired"], [88, 8, 4])[0]
        applicant = applicants[0] if dice.random() < 0.15 else dice.choice(applicants)
        latest = now - timedelta(hours=dice.uniform(0.1, 60))
        at = min(near - timedelta(days=dice.uniform(3, 12)), latest)
        yield Plan(at, resource, operator, applicant, near, fate, dice.choice(lengths))
        near += timedelta(days=dice.uniform(0.6, 1.4) * pace)


def _live(plan: Plan, cast: Cast, dice: random.Random, now: datetime) -> bool:
    """Hold the next free time near the plan's and take it as far as its day has come."""
    organisation, user = plan.applicant
    who, minutes = cast.actor(user), plan.minutes
    family = dice.choice([*current_rulebook().material_families.ids, ""])
    free = queries.next_free(
        who=SYSTEM,
        resources=[plan.resource],
        minutes=minutes,
        start=max(plan.near, plan.at + timedelta(days=2)),
        end=plan.near + timedelta(days=12),
        family=family,
        most=1,
        now=plan.at,
    )
    if not free:
        return False
    booking = services.hold(
        who=who,
        organisation=organisation,
        wishes=[Wish(plan.resource, free[0], free[0] + timedelta(minutes=minutes))],
        purpose=dice.choice(PURPOSES),
        family=family,
        is_demo=True,
        now=plan.at,
    )
    _course(plan, who, booking, dice, now)
    return True


def _course(plan: Plan, who: Actor, booking: Any, dice: random.Random, now: datetime) -> None:
    given = {"booking": booking.pk}
    later = plan.at + timedelta(minutes=20)
    if plan.fate == "expired":
        services.expire(**given, now=min(now, booking.held_until))
        return
    if later > now:
        return  # made a moment ago: still held
    booking = services.confirm(who=who, now=later, **given)
    if plan.fate == "cancelled":
        services.cancel(who=who, reason="计划调整", now=later + timedelta(minutes=30), **given)
        return
    if booking.state == "asked":
        if booking.starts > now and dice.random() < 0.4:
            return  # waits for its owner still
        services.approve(who=plan.operator, now=later + timedelta(hours=1), **given)
    if booking.starts < now:
        services.mark_used(who=plan.operator, now=booking.starts, **given)
    if booking.ends < now:
        rows = {row.pk: row for row in booking.occupations.all()}
        booked = {
            pk: int((r.use.upper - r.use.lower).total_seconds() // 60) for pk, r in rows.items()
        }
        measured = {pk: max(30, n + dice.choice([-30, 0, 0, 15])) for pk, n in booked.items()}
        services.close(who=plan.operator, minutes=measured, now=booking.ends, **given)


def _later(opened: list[tuple[Actor, int]], cast: Cast, now: datetime) -> None:
    """What is still to come: a weekly series, a calibration, and somebody in line behind both."""
    organisation, user = cast.applicants[0]
    who = cast.actor(user)
    for number, (operator, resource) in enumerate(opened):
        given = {"who": who, "organisation": organisation, "is_demo": True, "now": now}
        free = queries.next_free(
            who=SYSTEM, resources=[resource], minutes=240, start=now + timedelta(days=3),
            end=now + timedelta(days=40), most=1, now=now,
        )  # fmt: skip
        if not free:
            continue
        wish = Wish(resource, free[0], free[0] + timedelta(minutes=240))
        if number % 2:
            services.hold_series(
                **given, wishes=[wish], repeat=Repeat("week", 6), whole=False, purpose="每周中试",
            )  # fmt: skip
            continue
        end = wish.start + timedelta(days=1)
        if not queries.in_the_way([resource], wish.start, end).exists():
            services.close_resources(
                who=operator, resources=[resource], start=wish.start, end=end, kind="calibration",
                now=now,
            )  # fmt: skip
            services.wait_for(
                **given, resource=resource, minutes=240, start=wish.start, end=end,
                purpose="等待校准期间的空出时段",
            )  # fmt: skip


def _project(opened: list[tuple[Actor, int]], who: Actor, organisation: int, now: datetime) -> None:
    """A whole project in line at the first operator with two lines, and a plan asked for: the
    worker makes it within a minute."""
    lines: dict[int, list[int]] = {}
    for operator, resource in opened:
        own = lines.setdefault(min(operator.organisations), [])
        own.append(resource)
        if len(own) == 2:
            break
    else:
        return
    first, second = own
    services.wait_in_steps(
        who=who, organisation=organisation, is_demo=True, now=now,
        purpose="先小试后放大，两线并行考核",
        steps=[
            StepWish(240, ((first,), (second,))),
            StepWish(180, ((first, second),)),
            StepWish(120, ((second,),)),
        ],
        start=now + timedelta(days=4), end=now + timedelta(days=32),
    )  # fmt: skip
    services.propose_plan(who=operator, operator=min(operator.organisations), now=now)


def _joint_project(
    opened: list[tuple[Actor, int]], who: Actor, organisation: int, now: datetime
) -> None:
    """A project over two operators in line, and a joint plan asked for by one of them."""
    known = queries.settings_by_resource([resource for _operator, resource in opened])
    whose = {pk: bookable.resource.facility.operator_id for pk, bookable in known.items()}
    first, *rest = opened
    others = [one for one in rest if whose[one[1]] != whose[first[1]]]
    if not others:
        return
    services.wait_in_steps(
        who=who, organisation=organisation, is_demo=True, now=now,
        purpose="中试放大后异地检测，跨平台协同",
        steps=[StepWish(240, ((first[1],),)), StepWish(120, ((others[0][1],),))],
        start=now + timedelta(days=6), end=now + timedelta(days=40),
    )  # fmt: skip
    services.propose_joint_plan(who=first[0], now=now)
