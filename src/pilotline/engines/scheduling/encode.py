"""The problem as flat arrays for compiled code, and the sheet the search writes on."""

from collections.abc import Iterable
from itertools import accumulate
from typing import Any, NamedTuple

from pilotline.engines.scheduling.compiled import real, whole
from pilotline.engines.scheduling.problem import Held, Problem, Project, Span

PINNED, PROMISED = 1, 2


class Facts(NamedTuple):
    """What does not change. `p_` by project, `s_` by step, `m_` by mode, `r_` by resource, `o_`
    by open stretch; `p_step`, `s_mode`, `r_open`, `r_item` and `r_user` are where the parts of
    each begin. `m_b` is the second resource or -1, `s_tail` the least slots of the later steps,
    `r_item` the room for items of a resource, `r_every` and `r_cycle` the grid of its starts,
    `u_project` the projects that could use it."""

    p_step: Any
    p_from: Any
    p_to: Any
    p_weight: Any
    p_kind: Any
    p_held: Any
    p_work: Any
    s_mode: Any
    s_family: Any
    s_project: Any
    s_tail: Any
    s_today: Any
    s_mode_today: Any
    m_length: Any
    m_a: Any
    m_b: Any
    r_open: Any
    o_from: Any
    o_to: Any
    r_item: Any
    r_every: Any
    r_cycle: Any
    r_user: Any
    u_project: Any
    cleaning: Any
    families: int
    has_free_change: bool
    kinds: int
    k_total: Any
    fairness: float
    total: float
    move_cost: float
    promise: float


class Sheet(NamedTuple):
    """What the search writes on. `i_` by item of a resource in order of time, `t_` by step: its
    start and mode, -1 when not placed. `waiting` lists projects not served, `w_at` where each
    stands there, -1 when served. `k_served` is served weight by kind, `tally` counts."""

    r_count: Any
    i_from: Any
    i_to: Any
    i_family: Any
    i_step: Any
    t_start: Any
    t_mode: Any
    waiting: Any
    w_at: Any
    k_served: Any
    tally: Any
    value: Any


WAITING, ITERATIONS, RANDOM = 0, 1, 2  # places in Sheet.tally
OTHER, BEST = 0, 1  # places in Sheet.value


class Encoded(NamedTuple):
    """The arrays and what their numbers stand for."""

    facts: Facts
    sheet: Sheet
    problem: Problem
    resource_number: dict[str, int]


def _starts(counts: Iterable[int]) -> list[int]:
    return [0, *accumulate(counts)]


def open_spans(problem: Problem) -> list[list[Span]]:
    """What is open of each resource once occupations without a family are cut out."""
    number = {r.id: i for i, r in enumerate(problem.resources)}
    closed: list[list[Span]] = [[] for _ in problem.resources]
    for occupation in problem.occupations:
        if not occupation.family:
            closed[number[occupation.resource]].append(occupation.span)
    return [_without(r.open, sorted(cut)) for r, cut in zip(problem.resources, closed, strict=True)]


def _without(spans: Iterable[Span], cuts: list[Span]) -> list[Span]:
    left = []
    for start, end in spans:
        for cut in cuts:
            if cut.end <= start or cut.start >= end:
                continue
            if cut.start > start:
                left.append(Span(start, cut.start))
            start = max(start, cut.end)
        if start < end:
            left.append(Span(start, end))
    return left


def encode(problem: Problem, seed: int) -> Encoded:
    """Arrays for the search, the sheet empty but for occupations with a family."""
    resource = {r.id: i for i, r in enumerate(problem.resources)}
    family = {name: i for i, name in enumerate(problem.families)}
    steps = [step for project in problem.projects for step in project.steps]
    modes = [mode for step in steps for mode in step.modes]
    kinds = sorted({p.kind for p in problem.projects})
    users, room = _users_and_room(problem, resource)
    spans = open_spans(problem)
    first = _starts(len(step.modes) for step in steps)
    today = _today(problem, first)
    weights = [p.weight for p in problem.projects]
    facts = Facts(
        p_step=whole(_starts(len(p.steps) for p in problem.projects)),
        p_from=whole([p.window.start for p in problem.projects]),
        p_to=whole([p.window.end for p in problem.projects]),
        p_weight=real(weights),
        p_kind=whole([kinds.index(p.kind) for p in problem.projects]),
        p_held=whole([_held(p) for p in problem.projects]),
        p_work=whole([sum(_work(step.modes) for step in p.steps) for p in problem.projects]),
        s_mode=whole(first),
        s_family=whole([family[step.family] for step in steps]),
        s_project=whole([i for i, p in enumerate(problem.projects) for _ in p.steps]),
        s_tail=whole([tail for p in problem.projects for tail in _tails(p)]),
        s_today=whole([at for at, _ in today]),
        s_mode_today=whole([mode for _, mode in today]),
        m_length=whole([mode.length for mode in modes]),
        m_a=whole([resource[mode.resources[0]] for mode in modes]),
        m_b=whole([resource[m.resources[1]] if len(m.resources) > 1 else -1 for m in modes]),
        r_open=whole(_starts(len(open_) for open_ in spans)),
        o_from=whole([span.start for open_ in spans for span in open_]),
        o_to=whole([span.end for open_ in spans for span in open_]),
        r_item=whole(_starts(room)),
        r_every=whole([r.every for r in problem.resources]),
        r_cycle=whole([r.cycle for r in problem.resources]),
        r_user=whole(_starts(len(u) for u in users)),
        u_project=whole([number for u in users for number in u]),
        cleaning=whole([problem.cleaning.get((a, b), 0) for a in family for b in family]),
        families=len(family),
        has_free_change=any(
            problem.cleaning.get((a, b), 0) == 0 for a in family for b in family if a != b
        ),
        kinds=len(kinds),
        k_total=real([sum(p.weight for p in problem.projects if p.kind == k) for k in kinds]),
        fairness=float(problem.fairness),
        total=float(sum(weights)),
        move_cost=float(problem.move_cost),
        promise=sum(weights) + problem.move_cost * len(weights) + 1.0,
    )
    return Encoded(facts, _sheet(problem, facts, room, seed, resource, family), problem, resource)


def _users_and_room(
    problem: Problem, resource: dict[str, int]
) -> tuple[list[dict[int, None]], list[int]]:
    """By resource: the projects that could use it, and the most items it may ever hold."""
    users: list[dict[int, None]] = [{} for _ in problem.resources]
    room = [0] * len(problem.resources)
    for number, project in enumerate(problem.projects):
        for step in project.steps:
            for name in {name for mode in step.modes for name in mode.resources}:
                users[resource[name]][number] = None
                room[resource[name]] += 1
    for occupation in problem.occupations:
        room[resource[occupation.resource]] += bool(occupation.family)
    return users, room


def _today(problem: Problem, first_mode: list[int]) -> list[tuple[int, int]]:
    """For each step the slot and the numbered mode of today's calendar, or -1 and -1."""
    today, step = [], 0
    for project in problem.projects:
        for i in range(len(project.steps)):
            if project.today:
                place = project.today[i]
                today.append((place.start, first_mode[step] + place.mode))
            else:
                today.append((-1, -1))
            step += 1
    return today


def _held(project: Project) -> int:
    return {Held.FREE: 0, Held.CONFIRMED: PINNED, Held.MOVABLE: PROMISED}[project.held]


def _work(modes: Iterable[Any]) -> int:
    return min((m.length * len(m.resources) for m in modes), default=1)


def _tails(project: Project) -> list[int]:
    lengths = [step.shortest for step in project.steps]
    return [sum(lengths[i + 1 :]) for i in range(len(lengths))]


def _sheet(
    problem: Problem,
    facts: Facts,
    room: list[int],
    seed: int,
    resource: dict[str, int],
    family: dict[str, int],
) -> Sheet:
    items = sum(room)
    steps, projects = len(facts.s_family), len(problem.projects)
    count = [0] * len(room)
    columns: list[list[int]] = [[0] * items for _ in range(4)]
    kept = [o for o in problem.occupations if o.family]
    for occupation in sorted(kept, key=lambda o: o.span):
        number = resource[occupation.resource]
        at = int(facts.r_item[number]) + count[number]
        row = (*occupation.span, family[occupation.family], -1)
        for column, value in zip(columns, row, strict=True):
            column[at] = value
        count[number] += 1
    return Sheet(
        r_count=whole(count),
        i_from=whole(columns[0]),
        i_to=whole(columns[1]),
        i_family=whole(columns[2]),
        i_step=whole(columns[3]),
        t_start=whole([-1] * steps),
        t_mode=whole([-1] * steps),
        waiting=whole(range(projects)),
        w_at=whole(range(projects)),
        k_served=real([0.0] * max(1, facts.kinds)),
        tally=whole([projects, 0, 1 + seed % 2147483645]),
        value=real([0.0, 0.0]),
    )
