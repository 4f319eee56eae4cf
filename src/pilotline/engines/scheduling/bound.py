"""How much any plan could serve at most: prices for hours, each of which gives a valid bound.

Give every (resource, material family, hour) a price of at least 0. Each project buys its cheapest
chain of runs, or stays away when that costs more than its weight. Each resource sells the best
path through its hours, on which a change of family costs the cleaning time. No plan can serve
more than what all projects gain plus what all resources earn: in a plan, what projects pay is
earned by resources. That holds for any prices, so every trial is a proof, and the search for the
lowest one (a subgradient with Adam's step lengths; Kingma, Ba 2015) may stop at any time. Windows,
alternatives, calendars, pairs of resources and cleaning all count, so it is tighter than energy.
Prices are constant over blocks of hours, which costs tightness and never validity.
"""

from math import sqrt
from typing import Any, NamedTuple

from pilotline.engines.scheduling.compiled import compiled, real, whole
from pilotline.engines.scheduling.encode import PINNED, Encoded, Facts
from pilotline.engines.scheduling.fitting import first_start
from pilotline.engines.scheduling.stop import Watch

FAR = 1e17


class Prices(NamedTuple):
    """Prices and their running sums by (resource, family, block), the last use of each, what Adam
    remembers, and for each (resource, slot) the end of what is open there, 0 when closed."""

    block: int
    blocks: int
    horizon: int
    price: Any
    summed: Any
    use: Any
    mean: Any
    square: Any
    open_until: Any
    block_of: Any
    cost: Any
    choice: Any
    path: Any


@compiled
def add_up(prices: Prices) -> None:
    """Running sums of the prices, and the use set to nothing."""
    price, summed, used, blocks = prices.price, prices.summed, prices.use, prices.blocks
    for row in range(len(price) // blocks):
        total, at = 0.0, row * (blocks + 1)
        summed[at] = 0.0
        for k in range(blocks):
            total += price[row * blocks + k] * prices.block
            summed[at + k + 1] = total
            used[row * blocks + k] = 0.0


@compiled
def paid(prices: Prices, row: int, start: int, end: int) -> float:
    """The price of the slots [start, end) of a row (resource, family)."""
    at, flat = row * (prices.blocks + 1), row * prices.blocks
    i, k = prices.block_of[start], prices.block_of[end]
    low = prices.summed[at + i] + (start - i * prices.block) * prices.price[flat + i]
    high = prices.summed[at + k] + (end - k * prices.block) * prices.price[flat + k]
    difference: float = high - low
    return difference


@compiled
def use(prices: Prices, row: int, start: int, end: int, sign: float) -> None:
    """Note the use of the slots [start, end) of a row."""
    k = start // prices.block
    while start < end:
        stop = min(end, (k + 1) * prices.block)
        prices.use[row * prices.blocks + k] += sign * (stop - start)
        start, k = stop, k + 1


@compiled
def cheapest_chain(facts: Facts, prices: Prices, project: int) -> float:
    """The cost of the cheapest chain of a project inside its window; fills `cost` and `choice`.

    `cost[k, t]` is the least to have k steps done t slots after the window opens; `choice` is the
    mode that ends there, or -1 when the chain was done earlier.
    """
    opens = facts.p_from[project]
    wide = facts.p_to[project] - opens
    size, first = prices.horizon + 1, facts.p_step[project]
    costs, choice = prices.cost, prices.choice
    steps = facts.p_step[project + 1] - first
    for t in range(wide + 1):
        costs[t] = 0.0
    for k in range(steps):
        now, after = k * size, (k + 1) * size
        for t in range(wide + 1):
            costs[after + t] = FAR
            choice[after + t] = -1
        for mode in range(facts.s_mode[first + k], facts.s_mode[first + k + 1]):
            try_mode(facts, prices, mode, facts.s_family[first + k], opens, wide, now, after)
        for t in range(1, wide + 1):
            if costs[after + t - 1] <= costs[after + t]:
                costs[after + t] = costs[after + t - 1]
                choice[after + t] = -1
    least: float = costs[steps * size + wide]
    return least


@compiled
def try_mode(
    facts: Facts,
    prices: Prices,
    mode: int,
    family: int,
    opens: int,
    wide: int,
    now: int,
    after: int,
) -> None:
    """Extend all chains by one mode."""
    # Arrays by names of their own: compiled code counts a reference for each look into a tuple.
    price, block_of, until = prices.price, prices.block_of, prices.open_until
    costs, choice = prices.cost, prices.choice
    length, a, b = facts.m_length[mode], facts.m_a[mode], facts.m_b[mode]
    row, other = a * facts.families + family, b * facts.families + family
    if wide < length:
        return
    pay = paid(prices, row, opens, opens + length)
    if b >= 0:
        pay += paid(prices, other, opens, opens + length)
    row, other = row * prices.blocks, other * prices.blocks
    base, beside = a * prices.horizon, b * prices.horizon
    every, cycle = facts.r_every[a], facts.r_cycle[a]
    for t in range(wide - length + 1):
        start = opens + t
        end = start + length
        is_open = until[base + start] >= end and (b < 0 or until[beside + start] >= end)
        # The second resource's own grid is left out: that leaves the bound a bound.
        is_open = is_open and (every == 1 or first_start(every, cycle, start) == start)
        if is_open and costs[now + t] + pay < costs[after + t + length]:
            costs[after + t + length] = costs[now + t] + pay
            choice[after + t + length] = mode
        i, k = block_of[start], block_of[end]
        if i != k:
            pay += price[row + k] - price[row + i]
            if b >= 0:
                pay += price[other + k] - price[other + i]


@compiled
def buy(facts: Facts, prices: Prices) -> float:
    """What all projects gain at these prices; their use is noted."""
    gained = 0.0
    size = prices.horizon + 1
    for project in range(len(facts.p_weight)):
        if facts.p_held[project] == PINNED:
            gained += facts.p_weight[project]
            continue
        gain = facts.p_weight[project] - cheapest_chain(facts, prices, project)
        if gain <= 0.0:
            continue
        gained += gain
        t = facts.p_to[project] - facts.p_from[project]
        for step in range(facts.p_step[project + 1] - 1, facts.p_step[project] - 1, -1):
            at = (step - facts.p_step[project] + 1) * size
            while prices.choice[at + t] < 0:
                t -= 1
            mode = prices.choice[at + t]
            end = facts.p_from[project] + t
            t -= facts.m_length[mode]
            start = facts.p_from[project] + t
            family = facts.s_family[step]
            use(prices, facts.m_a[mode] * facts.families + family, start, end, 1.0)
            if facts.m_b[mode] >= 0:
                use(prices, facts.m_b[mode] * facts.families + family, start, end, 1.0)
    return gained


@compiled
def slot_price(prices: Prices, row: int, resource: int, slot: int) -> float:
    """The price of one slot, 0 while the resource is closed."""
    if prices.open_until[resource * prices.horizon + slot] == 0:
        return 0.0
    price: float = prices.price[row * prices.blocks + prices.block_of[slot]]
    return price


@compiled
def value_paths(facts: Facts, prices: Prices, resource: int) -> int:
    """Fill `path[t, family]`, the most a resource can still earn; the family to begin with."""
    path, price, cleaning = prices.path, prices.price, facts.cleaning
    until, block_of, families = prices.open_until, prices.block_of, facts.families
    horizon, blocks, row = prices.horizon, prices.blocks, resource * facts.families
    for family in range(families):
        path[horizon * families + family] = 0.0
    for slot in range(horizon - 1, -1, -1):
        now, k = slot * families, block_of[slot]
        is_open = until[resource * horizon + slot] > 0
        for family in range(families):
            best = path[now + families + family]
            if is_open:
                best += price[(row + family) * blocks + k]
            for other in range(families):
                later = slot + cleaning[family * families + other]
                if slot < later <= horizon and path[later * families + other] > best:
                    best = path[later * families + other]
            path[now + family] = best
        if facts.has_free_change:
            level_free_changes(facts, prices, now)
    start = 0
    for family in range(families):
        if path[family] > path[start]:
            start = family
    return start


@compiled
def level_free_changes(facts: Facts, prices: Prices, now: int) -> None:
    """Families without cleaning between them are worth the best of them; the triangle inequality
    makes one pass enough."""
    families = facts.families
    for family in range(families):
        for other in range(families):
            if facts.cleaning[family * families + other] == 0:
                better = prices.path[now + other]
                prices.path[now + family] = max(prices.path[now + family], better)


@compiled
def change(facts: Facts, prices: Prices, resource: int, slot: int, family: int) -> tuple[int, int]:
    """The family that is worth most instead of this one, and the hours of cleaning before it.

    One without cleaning is worth what it earns by staying; whatever it could change to in turn
    is compared itself, for the triangle inequality makes the way there no longer.
    """
    families, path = facts.families, prices.path
    chosen, wait, best = family, 0, -1e18
    for other in range(families):
        hours = facts.cleaning[family * families + other]
        later = slot + hours
        if other == family or later > prices.horizon:
            continue
        if hours > 0:
            worth = path[later * families + other]
        else:
            row = resource * families + other
            worth = slot_price(prices, row, resource, slot) + path[(slot + 1) * families + other]
        if worth > best:
            chosen, wait, best = other, hours, worth
    return chosen, wait


@compiled
def sell(facts: Facts, prices: Prices, resource: int) -> float:
    """What a resource earns on its best path; the hours sold are noted as negative use."""
    families, slot = facts.families, 0
    family = value_paths(facts, prices, resource)
    path, until = prices.path, prices.open_until
    earned: float = path[family]
    while slot < prices.horizon:
        value = path[slot * families + family]
        row = resource * families + family
        stay = slot_price(prices, row, resource, slot)
        if stay + path[(slot + 1) * families + family] >= value - 1e-9:
            if until[resource * prices.horizon + slot] > 0:
                use(prices, row, slot, slot + 1, -1.0)
            slot += 1
            continue
        chosen, wait = change(facts, prices, resource, slot, family)
        family = chosen
        if wait > 0:
            slot += wait
            continue
        # A free change sells this hour at once: two that tie would hand it on for ever.
        if until[resource * prices.horizon + slot] > 0:
            use(prices, resource * families + family, slot, slot + 1, -1.0)
        slot += 1
    return earned


@compiled
def adapt(prices: Prices, pace: float, trial: int) -> None:
    """Raise the prices of what was wanted too much, lower the others, not below 0."""
    price, used, means, squares = prices.price, prices.use, prices.mean, prices.square
    first, second = 1.0 - 0.9**trial, 1.0 - 0.99**trial
    for i in range(len(price)):
        slope = used[i] / prices.block
        mean = 0.9 * means[i] + 0.1 * slope
        square = 0.99 * squares[i] + 0.01 * slope * slope
        means[i] = mean
        squares[i] = square
        step = pace * (mean / first) / (sqrt(square / second) + 1e-3)
        price[i] = max(0.0, price[i] + step)


@compiled
def trial_bound(facts: Facts, prices: Prices) -> float:
    """The bound at the present prices; notes the use of everything."""
    add_up(prices)
    bound = buy(facts, prices)
    for resource in range(len(facts.r_open) - 1):
        bound += sell(facts, prices, resource)
    return bound


def _without_cleaning(facts: Facts) -> Facts:
    """One family for all: a weaker bound, quicker by the square of the families."""
    return facts._replace(
        families=1,
        s_family=whole([0] * len(facts.s_family)),
        cleaning=whole([0]),
        has_free_change=False,
    )


def upper_bound(
    encoded: Encoded, watch: Watch, trials: int, block: int, families: bool = True
) -> tuple[float, int]:
    """The lowest bound on served weight found in `trials`, or until the watch ends; and how many
    trials it took. At least one is made, which is the sum of all weights that have a place.
    Without `families` cleaning is not counted."""
    facts = encoded.facts if families else _without_cleaning(encoded.facts)
    prices = _prices(encoded, facts, block)
    lengths = sum(facts.p_work) or 1
    pace = 0.1 * facts.total / lengths
    begun = watch.progress(0)
    best, done = facts.total, 0
    while done < trials:
        best = min(best, trial_bound(facts, prices))
        done += 1
        left = (1.0 - watch.progress(0)) / (1.0 - begun) if begun < 1 else 0.0
        progress = max(done / trials, 1.0 - left)
        if progress >= 1:
            break
        adapt(prices, pace * (1.0 - progress) ** 1.5, done)
    return best, done


def _prices(encoded: Encoded, facts: Facts, block: int) -> Prices:
    sheet, problem = encoded.sheet, encoded.problem
    horizon = max(1, problem.horizon)
    rows = len(problem.resources) * facts.families
    blocks = -(-horizon // block)
    until = [0] * (len(problem.resources) * horizon)
    for r in range(len(problem.resources)):
        for o in range(facts.r_open[r], facts.r_open[r + 1]):
            start, end = int(facts.o_from[o]), min(horizon, int(facts.o_to[o]))
            held = range(facts.r_item[r], facts.r_item[r] + sheet.r_count[r])
            cuts = [
                (int(sheet.i_from[i]), int(sheet.i_to[i])) for i in held if _is_fixed(encoded, i)
            ]
            for cut_start, cut_end in [*cuts, (end, end)]:
                if cut_start > start:
                    stop = min(end, cut_start)
                    until[r * horizon + start : r * horizon + stop] = [stop] * (stop - start)
                start = max(start, cut_end)
    deepest = max((len(p.steps) for p in problem.projects), default=0) + 1
    empty = [0.0] * (rows * blocks)
    return Prices(
        block,
        blocks,
        horizon,
        price=real(empty),
        summed=real([0.0] * (rows * (blocks + 1))),
        use=real(empty),
        mean=real(empty),
        square=real(empty),
        open_until=whole(until),
        block_of=whole([min(blocks - 1, slot // block) for slot in range(horizon + 1)]),
        cost=real([0.0] * (deepest * (horizon + 1))),
        choice=whole([0] * (deepest * (horizon + 1))),
        path=real([0.0] * ((horizon + 1) * facts.families)),
    )


def _is_fixed(encoded: Encoded, item: int) -> bool:
    """Whether an item on the sheet is an occupation or a confirmed project."""
    step = encoded.sheet.i_step[item]
    return bool(step < 0 or encoded.facts.p_held[encoded.facts.s_project[step]] == PINNED)
