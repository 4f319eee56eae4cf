"""From the problem to a first sheet and from a sheet to places."""

from collections.abc import Callable

from pilotline.engines.scheduling.encode import WAITING, Encoded
from pilotline.engines.scheduling.fitting import (
    earliest_mode,
    mark_served,
    objective,
    put_step,
    take_project,
)
from pilotline.engines.scheduling.moves import place_project
from pilotline.engines.scheduling.problem import Held, Place, Project
from pilotline.engines.scheduling.result import Places

Order = Callable[[int], float]


def put_today(encoded: Encoded) -> None:
    """Put today's calendar on the sheet, as far as it is not there.

    The confirmed as facts, then the promised, then proposals that still fit. Raises ValueError
    for a promised project that cannot stay.
    """
    projects = encoded.problem.projects
    rank = {Held.CONFIRMED: 0, Held.MOVABLE: 1, Held.FREE: 2}
    sheet = encoded.sheet
    standing = [i for i, p in enumerate(projects) if p.today and sheet.w_at[i] >= 0]
    standing.sort(key=lambda i: (rank[projects[i].held], projects[i].today[0].start))
    for number in standing:
        project = projects[number]
        if project.held != Held.CONFIRMED and not _fits_as_today(encoded, number):
            if project.held == Held.MOVABLE:
                raise ValueError(
                    f"project {project.id} is promised and cannot stay where it stands today"
                )
            continue
        put_places(encoded, number, project.today)


def put_places(encoded: Encoded, number: int, places: tuple[Place, ...]) -> None:
    """Put a waiting project where it is said, unchecked."""
    facts, sheet = encoded.facts, encoded.sheet
    for i, place in enumerate(places):
        step = facts.p_step[number] + i
        put_step(facts, sheet, step, place.start, facts.s_mode[step] + place.mode)
    mark_served(facts, sheet, number)


def _fits_as_today(encoded: Encoded, number: int) -> bool:
    facts, sheet, *_ = encoded
    slot = facts.p_from[number]
    for step in range(facts.p_step[number], facts.p_step[number + 1]):
        start, mode = facts.s_today[step], facts.s_mode_today[step]
        end = start + facts.m_length[mode]
        found = earliest_mode(facts, sheet, mode, facts.s_family[step], start, start)
        if start < slot or end > facts.p_to[number] or found != start:
            return False
        slot = end
    return True


def fill(encoded: Encoded, order: Order, taste: float = 0.0) -> float:
    """Put waiting projects one by one in an order, each as early as it fits; the objective."""
    facts, sheet = encoded.facts, encoded.sheet
    waiting = [int(sheet.waiting[i]) for i in range(sheet.tally[WAITING])]
    for number in sorted(waiting, key=lambda i: (order(i), i)):
        place_project(facts, sheet, number, taste, 0.0)
    return float(objective(facts, sheet))


def clear(encoded: Encoded) -> None:
    """Take off everything that is neither confirmed nor promised."""
    for number, project in enumerate(encoded.problem.projects):
        if project.held == Held.FREE and encoded.sheet.w_at[number] < 0:
            take_project(encoded.facts, encoded.sheet, number)


def first_come(encoded: Encoded) -> Order:
    """In the order in which the projects stand in the problem."""
    return float


def by_deadline(encoded: Encoded) -> Order:
    """The earliest end of a window first."""
    return lambda i: float(encoded.facts.p_to[i])


def by_density(encoded: Encoded) -> Order:
    """The most weight for each hour of work first."""
    return lambda i: -encoded.facts.p_weight[i] / encoded.facts.p_work[i]


def places_of(encoded: Encoded) -> Places:
    """The plan on the sheet."""
    sheet = encoded.sheet
    return {
        project.id: read_places(encoded, number, project)
        for number, project in enumerate(encoded.problem.projects)
        if sheet.w_at[number] < 0
    }


def read_places(encoded: Encoded, number: int, project: Project) -> tuple[Place, ...]:
    """Where the steps of a served project stand on the sheet."""
    facts, sheet, *_ = encoded
    first = facts.p_step[number]
    return tuple(
        Place(int(sheet.t_start[first + i]), int(sheet.t_mode[first + i] - facts.s_mode[first + i]))
        for i in range(len(project.steps))
    )
