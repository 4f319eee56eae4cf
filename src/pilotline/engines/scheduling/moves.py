"""The moves of the search: choose what to take off, put back as much as fits, keep or undo."""

from typing import Any, NamedTuple

from pilotline.engines.scheduling.compiled import compiled, real, whole
from pilotline.engines.scheduling.encode import (
    BEST,
    ITERATIONS,
    RANDOM,
    WAITING,
    Facts,
    Sheet,
)
from pilotline.engines.scheduling.fitting import (
    NEVER,
    earliest_mode,
    first_item_after,
    mark_served,
    objective,
    put_step,
    take_project,
    take_step,
)

MODULUS = 2147483647


class Scratch(NamedTuple):
    """Notes of one move, the best plan so far, and how strongly to move.

    `removed` and `tried` are projects, `n` their counts, `old_` where removed steps stood,
    `key` the order of trying. `dirty` lists projects changed since `best_` was copied."""

    removed: Any
    tried: Any
    key: Any
    mark: Any
    n: Any
    old_start: Any
    old_mode: Any
    best_start: Any
    best_mode: Any
    dirty: Any
    is_dirty: Any
    most_removed: int
    most_tried: int
    blink: float


REMOVED, TRIED, DIRTY = 0, 1, 2  # places in Scratch.n


def scratch_for(facts: Facts, most_removed: int, most_tried: int, blink: float) -> Scratch:
    """Empty notes."""
    projects, steps = len(facts.p_weight), len(facts.s_family)
    # A move touches at most three modes on two resources each.
    room = min(projects, 6 * most_tried + most_removed + 8) + 1
    return Scratch(
        removed=whole([0] * (projects + 1)),
        tried=whole([0] * room),
        key=real([0.0] * room),
        mark=whole([0] * projects),
        n=whole([0, 0, 0]),
        old_start=whole([-1] * steps),
        old_mode=whole([-1] * steps),
        best_start=whole([-1] * steps),
        best_mode=whole([-1] * steps),
        dirty=whole([0] * projects),
        is_dirty=whole([0] * projects),
        most_removed=most_removed,
        most_tried=most_tried,
        blink=blink,
    )


@compiled
def draw(sheet: Sheet) -> int:
    """The next whole number of a Lehmer sequence, from 1 to 2^31 - 2."""
    value: int = sheet.tally[RANDOM] * 48271 % MODULUS
    sheet.tally[RANDOM] = value
    return value


@compiled
def chance(sheet: Sheet) -> float:
    """A number between 0 and 1."""
    return draw(sheet) / MODULUS


@compiled
def place_project(facts: Facts, sheet: Sheet, project: int, taste: float, blink: float) -> bool:
    """Put the steps one after another, each on the mode that is cheapest to `taste`; all or none.

    `taste` weighs the work (slots × resources) of a mode against how early it ends; with the
    chance `blink` a mode is overlooked.
    """
    slot = facts.p_from[project]
    first, end = facts.p_step[project], facts.p_step[project + 1]
    for step in range(first, end):
        best, best_mode, best_start = 1e18, -1, -1
        latest = facts.p_to[project] - facts.s_tail[step]
        for mode in range(facts.s_mode[step], facts.s_mode[step + 1]):
            length = facts.m_length[mode]
            if blink > 0.0 and chance(sheet) < blink:
                continue
            start = earliest_mode(facts, sheet, mode, facts.s_family[step], slot, latest - length)
            if start < 0:
                continue
            work = length if facts.m_b[mode] < 0 else 2 * length
            cost = start + length + taste * work
            if cost < best:
                best, best_mode, best_start = cost, mode, start
        if best_mode < 0:
            for placed in range(first, step):
                take_step(facts, sheet, placed)
            return False
        put_step(facts, sheet, step, best_start, best_mode)
        slot = best_start + facts.m_length[best_mode]
    mark_served(facts, sheet, project)
    return True


@compiled
def remove(facts: Facts, sheet: Sheet, scratch: Scratch, project: int) -> None:
    """Take a project off and note where it stood."""
    for step in range(facts.p_step[project], facts.p_step[project + 1]):
        scratch.old_start[step] = sheet.t_start[step]
        scratch.old_mode[step] = sheet.t_mode[step]
    take_project(facts, sheet, project)
    scratch.removed[scratch.n[REMOVED]] = project
    scratch.n[REMOVED] += 1


@compiled
def remove_around(
    facts: Facts, sheet: Sheet, scratch: Scratch, resource: int, slot: int, most: int
) -> None:
    """Take off up to `most` projects that hold a resource around a slot, the nearest first."""
    base = facts.r_item[resource]
    right = first_item_after(facts, sheet, resource, slot)
    left, taken = right - 1, 0
    while taken < most and scratch.n[REMOVED] < scratch.most_removed:
        has_left, has_right = left >= 0, right < sheet.r_count[resource]
        if not has_left and not has_right:
            return
        far_left = slot - sheet.i_to[base + left] if has_left else NEVER
        far_right = sheet.i_from[base + right] - slot if has_right else NEVER
        item = right if far_right <= far_left else left
        step = sheet.i_step[base + item]
        movable = step >= 0 and facts.p_held[facts.s_project[step]] != 1
        if movable:
            edge = sheet.i_from[base + item]
            remove(facts, sheet, scratch, facts.s_project[step])
            taken += 1
            # A project may have held this resource twice: find the place anew.
            if item == right:
                right = first_item_after(facts, sheet, resource, edge)
                left = min(left, right - 1)
            else:
                left = first_item_after(facts, sheet, resource, edge) - 1
                right = left + 1
        elif item == right:
            right += 1
        else:
            left -= 1


@compiled
def ruin(facts: Facts, sheet: Sheet, scratch: Scratch, seed: int, mark: int) -> None:
    """Free room around a place that project `seed` could take, and note who may want it."""
    first = facts.p_step[seed]
    step = first + draw(sheet) % (facts.p_step[seed + 1] - first)
    modes = facts.s_mode[step + 1] - facts.s_mode[step]
    if modes == 0:
        return
    wide = facts.p_to[seed] - facts.p_from[seed]
    slot = facts.p_from[seed] + draw(sheet) % wide
    most = 1 + draw(sheet) % scratch.most_removed
    hops = 1 + draw(sheet) % min(3, modes)
    shift = draw(sheet) % modes
    for hop in range(hops):
        mode = facts.s_mode[step] + (shift + hop) % modes
        for side in range(2):
            resource = facts.m_a[mode] if side == 0 else facts.m_b[mode]
            if resource < 0:
                continue
            remove_around(facts, sheet, scratch, resource, slot, 1 + most // hops)
            gather(facts, sheet, scratch, resource, slot, mark)


@compiled
def gather(
    facts: Facts, sheet: Sheet, scratch: Scratch, resource: int, slot: int, mark: int
) -> None:
    """Note some waiting projects that could use a resource around a slot."""
    first = facts.r_user[resource]
    users = facts.r_user[resource + 1] - first
    for _ in range(min(users, scratch.most_tried)):
        project = facts.u_project[first + draw(sheet) % users]
        fits = facts.p_from[project] <= slot < facts.p_to[project]
        if sheet.w_at[project] >= 0 and fits:
            note(scratch, project, mark)


@compiled
def note(scratch: Scratch, project: int, mark: int) -> None:
    """Add a project to those to be tried, once."""
    if scratch.mark[project] != mark and scratch.n[TRIED] < len(scratch.tried):
        scratch.mark[project] = mark
        scratch.tried[scratch.n[TRIED]] = project
        scratch.n[TRIED] += 1


@compiled
def order(facts: Facts, sheet: Sheet, scratch: Scratch) -> None:
    """Sort those to be tried by one of five tastes, with a little noise."""
    taste = draw(sheet) % 10
    count = scratch.n[TRIED]
    for i in range(count):
        p = scratch.tried[i]
        noise = 0.8 + 0.4 * chance(sheet)
        if taste < 4:
            key = -facts.p_weight[p] / facts.p_work[p] * noise
        elif taste < 6:
            key = -facts.p_weight[p] * noise
        elif taste == 6:
            key = facts.p_to[p] * 1.0
        elif taste == 7:
            key = (facts.p_to[p] - facts.p_from[p]) * noise
        elif taste == 8:
            key = -facts.p_work[p] * noise
        else:
            key = noise
        if facts.p_held[p] == 2:
            key -= 1e12
        k = i
        while k > 0 and scratch.key[k - 1] > key:
            scratch.key[k] = scratch.key[k - 1]
            scratch.tried[k] = scratch.tried[k - 1]
            k -= 1
        scratch.key[k] = key
        scratch.tried[k] = p


@compiled
def undo(facts: Facts, sheet: Sheet, scratch: Scratch) -> None:
    """Put everything back as it was before the move."""
    for i in range(scratch.n[TRIED]):
        if sheet.w_at[scratch.tried[i]] < 0:
            take_project(facts, sheet, scratch.tried[i])
    for i in range(scratch.n[REMOVED]):
        project = scratch.removed[i]
        for step in range(facts.p_step[project], facts.p_step[project + 1]):
            put_step(facts, sheet, step, scratch.old_start[step], scratch.old_mode[step])
        mark_served(facts, sheet, project)


@compiled
def soil(scratch: Scratch, project: int) -> None:
    """Note that a project may differ from the best plan."""
    if scratch.is_dirty[project] == 0:
        scratch.is_dirty[project] = 1
        scratch.dirty[scratch.n[DIRTY]] = project
        scratch.n[DIRTY] += 1


@compiled
def keep_best(facts: Facts, sheet: Sheet, scratch: Scratch) -> None:
    """Copy what changed into the best plan."""
    for i in range(scratch.n[DIRTY]):
        project = scratch.dirty[i]
        scratch.is_dirty[project] = 0
        for step in range(facts.p_step[project], facts.p_step[project + 1]):
            scratch.best_start[step] = sheet.t_start[step]
            scratch.best_mode[step] = sheet.t_mode[step]
    scratch.n[DIRTY] = 0


@compiled
def restore_best(facts: Facts, sheet: Sheet, scratch: Scratch) -> None:
    """Bring the best plan back on the sheet."""
    for i in range(scratch.n[DIRTY]):
        if sheet.w_at[scratch.dirty[i]] < 0:
            take_project(facts, sheet, scratch.dirty[i])
    for i in range(scratch.n[DIRTY]):
        project = scratch.dirty[i]
        scratch.is_dirty[project] = 0
        first = facts.p_step[project]
        if scratch.best_mode[first] >= 0:
            for step in range(first, facts.p_step[project + 1]):
                put_step(facts, sheet, step, scratch.best_start[step], scratch.best_mode[step])
            mark_served(facts, sheet, project)
    scratch.n[DIRTY] = 0


@compiled
def move(facts: Facts, sheet: Sheet, scratch: Scratch, projects: int, heat: float) -> None:
    """One move: ruin, rebuild, keep it when it is no worse than `heat` allows, else undo."""
    sheet.tally[ITERATIONS] += 1
    mark = sheet.tally[ITERATIONS]
    scratch.n[REMOVED] = 0
    scratch.n[TRIED] = 0
    waiting = sheet.tally[WAITING]
    if waiting > 0 and chance(sheet) < 0.7:
        seed = sheet.waiting[draw(sheet) % waiting]
        note(scratch, seed, mark)
    else:
        seed = draw(sheet) % projects
    before = objective(facts, sheet)
    ruin(facts, sheet, scratch, seed, mark)
    for i in range(scratch.n[REMOVED]):
        note(scratch, scratch.removed[i], mark)
    order(facts, sheet, scratch)
    taste = 0.0 if chance(sheet) < 0.3 else 4.0 * chance(sheet)
    for i in range(scratch.n[TRIED]):
        place_project(facts, sheet, scratch.tried[i], taste, scratch.blink)
    after = objective(facts, sheet)
    if after < before - heat * chance(sheet):
        undo(facts, sheet, scratch)
        return
    for i in range(scratch.n[TRIED]):
        soil(scratch, scratch.tried[i])
    if after > sheet.value[BEST] + 1e-9:
        sheet.value[BEST] = after
        keep_best(facts, sheet, scratch)


@compiled
def moves(facts: Facts, sheet: Sheet, scratch: Scratch, count: int, heat: float) -> None:
    """That many moves."""
    projects = len(facts.p_weight)
    for _ in range(count):
        move(facts, sheet, scratch, projects, heat)
