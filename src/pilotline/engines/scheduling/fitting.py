"""Gaps: where a run fits on a resource, and putting runs on the sheet and taking them off."""

from pilotline.engines.scheduling.compiled import compiled
from pilotline.engines.scheduling.encode import OTHER, WAITING, Facts, Sheet

NEVER = 1 << 40


@compiled
def first_start(every: int, cycle: int, slot: int) -> int:
    """The first slot from `slot` on that lies on a grid of starts."""
    if every == 1:
        return slot
    base = slot - slot % cycle if cycle > 0 else 0
    found = base + -(-(slot - base) // every) * every
    if cycle > 0 and found > base + cycle:
        return base + cycle
    return found


@compiled
def first_item_after(facts: Facts, sheet: Sheet, resource: int, slot: int) -> int:
    """The first item of a resource that ends after a slot, counted from its first."""
    base = facts.r_item[resource]
    i_to = sheet.i_to
    low, high = 0, sheet.r_count[resource]
    while low < high:
        middle = (low + high) // 2
        if i_to[base + middle] <= slot:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def earliest_fit(
    facts: Facts, sheet: Sheet, resource: int, family: int, length: int, start: int, last: int
) -> int:
    """The earliest slot from `start` to `last` at which a run fits, or -1."""
    # Arrays by names of their own: compiled code counts a reference for each look into a tuple.
    i_from, i_to, i_family, cleaning = sheet.i_from, sheet.i_to, sheet.i_family, facts.cleaning
    o_from, o_to, families = facts.o_from, facts.o_to, facts.families
    every, cycle = facts.r_every[resource], facts.r_cycle[resource]
    base, count = facts.r_item[resource], sheet.r_count[resource]
    low, high = 0, count
    while low < high:
        middle = (low + high) // 2
        if i_to[base + middle] <= start:
            low = middle + 1
        else:
            high = middle
    k = low
    o, o_end = facts.r_open[resource], facts.r_open[resource + 1]
    while k <= count:
        if k > 0:
            ready = i_to[base + k - 1] + cleaning[i_family[base + k - 1] * families + family]
            if ready > start:
                start = ready
        if start > last:
            return -1
        limit = NEVER
        if k < count:
            limit = i_from[base + k] - cleaning[family * families + i_family[base + k]]
        if start + length <= limit:
            found: int = start
            while o < o_end:
                found = first_start(every, cycle, max(start, o_from[o]))
                if found + length <= o_to[o]:
                    break
                o += 1
            if o == o_end or found > last:
                return -1
            if found + length <= limit:
                return found
        k += 1
    return -1


@compiled
def earliest_mode(facts: Facts, sheet: Sheet, mode: int, family: int, start: int, last: int) -> int:
    """The same for a mode: on its resource, or on both at once."""
    length, a, b = facts.m_length[mode], facts.m_a[mode], facts.m_b[mode]
    slot = earliest_fit(facts, sheet, a, family, length, start, last)
    if b < 0:
        return slot
    while slot >= 0:
        other = earliest_fit(facts, sheet, b, family, length, slot, last)
        if other == slot or other < 0:
            return other
        slot = earliest_fit(facts, sheet, a, family, length, other, last)
        if slot == other:
            return slot
    return -1


@compiled
def put_item(
    facts: Facts, sheet: Sheet, resource: int, start: int, end: int, family: int, step: int
) -> None:
    """Write an item in its place in the order of time."""
    i_from, i_to, i_family, i_step = sheet.i_from, sheet.i_to, sheet.i_family, sheet.i_step
    base, count = facts.r_item[resource], sheet.r_count[resource]
    k = base + first_item_after(facts, sheet, resource, start)
    i = base + count
    while i > k:
        i_from[i] = i_from[i - 1]
        i_to[i] = i_to[i - 1]
        i_family[i] = i_family[i - 1]
        i_step[i] = i_step[i - 1]
        i -= 1
    i_from[k] = start
    i_to[k] = end
    i_family[k] = family
    i_step[k] = step
    sheet.r_count[resource] = count + 1


@compiled
def take_item(facts: Facts, sheet: Sheet, resource: int, start: int) -> None:
    """Take away the item that holds a slot."""
    i_from, i_to, i_family, i_step = sheet.i_from, sheet.i_to, sheet.i_family, sheet.i_step
    base = facts.r_item[resource]
    i = base + first_item_after(facts, sheet, resource, start)
    count = sheet.r_count[resource] - 1
    while i < base + count:
        i_from[i] = i_from[i + 1]
        i_to[i] = i_to[i + 1]
        i_family[i] = i_family[i + 1]
        i_step[i] = i_step[i + 1]
        i += 1
    sheet.r_count[resource] = count


@compiled
def put_step(facts: Facts, sheet: Sheet, step: int, start: int, mode: int) -> None:
    """Put a step on all resources of its mode."""
    family, end = facts.s_family[step], start + facts.m_length[mode]
    put_item(facts, sheet, facts.m_a[mode], start, end, family, step)
    if facts.m_b[mode] >= 0:
        put_item(facts, sheet, facts.m_b[mode], start, end, family, step)
    sheet.t_start[step] = start
    sheet.t_mode[step] = mode


@compiled
def take_step(facts: Facts, sheet: Sheet, step: int) -> None:
    """Take a step off all resources."""
    mode, start = sheet.t_mode[step], sheet.t_start[step]
    take_item(facts, sheet, facts.m_a[mode], start)
    if facts.m_b[mode] >= 0:
        take_item(facts, sheet, facts.m_b[mode], start)
    sheet.t_mode[step] = -1


@compiled
def worth(facts: Facts, sheet: Sheet, project: int) -> float:
    """What a placed project adds beside its weight: its promise kept, less the cost of a move."""
    if facts.p_held[project] != 2:
        return 0.0
    for step in range(facts.p_step[project], facts.p_step[project + 1]):
        if (
            sheet.t_start[step] != facts.s_today[step]
            or sheet.t_mode[step] != facts.s_mode_today[step]
        ):
            return facts.promise - facts.move_cost
    return facts.promise


@compiled
def mark_served(facts: Facts, sheet: Sheet, project: int) -> None:
    """Take a project, all steps of which are placed, off the waiting list."""
    count = sheet.tally[WAITING] - 1
    at, last = sheet.w_at[project], sheet.waiting[count]
    sheet.waiting[at] = last
    sheet.w_at[last] = at
    sheet.w_at[project] = -1
    sheet.tally[WAITING] = count
    sheet.k_served[facts.p_kind[project]] += facts.p_weight[project]
    sheet.value[OTHER] += worth(facts, sheet, project)


@compiled
def take_project(facts: Facts, sheet: Sheet, project: int) -> None:
    """Take a served project off the sheet, back on the waiting list."""
    sheet.k_served[facts.p_kind[project]] -= facts.p_weight[project]
    sheet.value[OTHER] -= worth(facts, sheet, project)
    for step in range(facts.p_step[project], facts.p_step[project + 1]):
        take_step(facts, sheet, step)
    count = sheet.tally[WAITING]
    sheet.waiting[count] = project
    sheet.w_at[project] = count
    sheet.tally[WAITING] = count + 1


@compiled
def objective(facts: Facts, sheet: Sheet) -> float:
    """What the search maximises, from the tallies."""
    served, worst = 0.0, 1.0
    for kind in range(facts.kinds):
        served += sheet.k_served[kind]
        if facts.k_total[kind] > 0.0:
            worst = min(worst, sheet.k_served[kind] / facts.k_total[kind])
    fair = facts.fairness
    value: float = (1.0 - fair) * served + fair * facts.total * worst + sheet.value[OTHER]
    return value
