"""Problem in, verified plan out."""

from collections.abc import Mapping
from math import sqrt

from pilotline.engines.scheduling import moves
from pilotline.engines.scheduling.bound import upper_bound
from pilotline.engines.scheduling.encode import BEST, ITERATIONS, Encoded, encode
from pilotline.engines.scheduling.fitting import objective
from pilotline.engines.scheduling.params import Params
from pilotline.engines.scheduling.problem import Problem
from pilotline.engines.scheduling.reasons import reasons
from pilotline.engines.scheduling.result import Fairness, Places, Result
from pilotline.engines.scheduling.sheets import (
    by_deadline,
    by_density,
    clear,
    fill,
    first_come,
    places_of,
    put_places,
    put_today,
)
from pilotline.engines.scheduling.stop import Stop, Watch
from pilotline.engines.scheduling.verify import verify

DEFAULTS = Params()


class Unlawful(Exception):
    """The verifier refused a plan: the search has a fault, and nothing may be built on it."""


def solve(problem: Problem, *, stop: Stop, seed: int = 1, params: Params = DEFAULTS) -> Result:
    """A plan that serves as much weighted need as the search finds before `stop`.

    It starts from today's calendar and from the best of three simple orders, so it is never worse
    than first come first served. Every plan is verified before it is returned; `Unlawful` is
    raised when that fails. The same problem, seed and iterations give the same plan. Raises
    ValueError for a promised project that cannot stay where it stands, and, when `params.windows`
    asks for CP-SAT, ModuleNotFoundError with how to get it.
    """
    watch = stop.start()
    encoded = encode(problem, seed)
    begin(encoded)
    search(encoded, watch, params)
    windows = 0
    if params.windows:
        from pilotline.engines.scheduling.windows import improve  # only with the extra

        windows = improve(encoded, params, seed)
    fill(encoded, by_density(encoded))
    places = places_of(encoded)
    check(problem, places)
    bound, trials = _bound(encoded, watch, params)
    return Result(
        places,
        reasons(encoded),
        weight=_weight(problem, places),
        bound=bound,
        fairness=fairness(problem, places),
        **_changes(problem, places),
        iterations=int(encoded.sheet.tally[ITERATIONS]),
        trials=trials,
        windows=windows,
        seconds=watch.seconds,
    )


def check(problem: Problem, places: Places) -> None:
    """Raise `Unlawful` when the verifier finds a fault."""
    faults = verify(problem, places)
    if faults:
        raise Unlawful("; ".join(f"{f.code} {f.projects}: {f.text}" for f in faults[:5]))


def begin(encoded: Encoded) -> None:
    """Today's calendar, then the best of: kept and filled, first come, by deadline, by density."""
    put_today(encoded)
    orders = (first_come, by_deadline, by_density)
    best, best_order = fill(encoded, by_density(encoded)), -1
    kept = places_of(encoded)
    for i, order in enumerate(orders):
        _again(encoded)
        value = fill(encoded, order(encoded))
        if value > best:
            best, best_order = value, i
    if best_order >= 0:
        _again(encoded)
        fill(encoded, orders[best_order](encoded))
        return
    clear(encoded)
    for number, project in enumerate(encoded.problem.projects):
        if project.id in kept and encoded.sheet.w_at[number] >= 0:
            put_places(encoded, number, kept[project.id])


def _again(encoded: Encoded) -> None:
    """Back to today's calendar."""
    clear(encoded)
    put_today(encoded)


def search(encoded: Encoded, watch: Watch, params: Params) -> None:
    """Moves until the search's share of the time is over; the best plan stays on the sheet."""
    facts, sheet = encoded.facts, encoded.sheet
    projects = len(encoded.problem.projects)
    if not projects:
        return
    scratch = moves.scratch_for(facts, params.most_removed, params.most_tried, params.blink)
    for number in range(projects):
        moves.soil(scratch, number)
    sheet.value[BEST] = objective(facts, sheet)
    moves.keep_best(facts, sheet, scratch)
    heat = params.heat * facts.total / projects
    share = 1.0 - (params.bound_share if params.bound_trials else 0.0)
    while True:
        done = int(sheet.tally[ITERATIONS])
        used = _used(watch, done, share)
        if used >= 1:
            break
        count = params.chunk
        if watch.stop.iterations is not None:
            count = min(count, watch.stop.iterations - done)
        moves.moves(facts, sheet, scratch, count, heat * (1.0 - used))
    moves.restore_best(facts, sheet, scratch)


def _used(watch: Watch, iterations: int, share: float) -> float:
    """How much of the search's share is used up: iterations count whole, seconds by the share."""
    used = watch.progress(iterations)
    if watch.stop.seconds is None:
        return used
    return max(used, watch.progress(0) / share)


def _bound(encoded: Encoded, watch: Watch, params: Params) -> tuple[float, int]:
    problem, facts = encoded.problem, encoded.facts
    if not params.bound_trials or not problem.projects:
        return facts.total, 0
    slots = len(problem.resources) * problem.horizon
    families = facts.families**2 * slots <= params.bound_effort
    rows = slots * facts.families if families else slots
    block = max(4, -(-rows // params.bound_prices))
    return upper_bound(encoded, watch, params.bound_trials, block, families)


def _weight(problem: Problem, places: Places) -> float:
    return sum(p.weight for p in problem.projects if p.id in places)


def fairness(problem: Problem, places: Places) -> Fairness:
    """Served shares by kind of applicant."""
    total: dict[str, float] = {}
    served: dict[str, float] = {}
    for project in problem.projects:
        total[project.kind] = total.get(project.kind, 0.0) + project.weight
        served.setdefault(project.kind, 0.0)
        if project.id in places:
            served[project.kind] += project.weight
    shares = {k: served[k] / total[k] if total[k] else 1.0 for k in sorted(total)}
    missing = [1.0 - share for share in shares.values()] or [0.0]
    rms = sqrt(sum(x * x for x in missing) / len(missing))
    return Fairness(shares, max(missing), rms)


def _changes(problem: Problem, places: Places) -> Mapping[str, tuple[str, ...]]:
    """What differs from today's calendar."""
    moved, added, dropped = [], [], []
    for project in problem.projects:
        new = places.get(project.id)
        if new is None:
            if project.today:
                dropped.append(project.id)
        elif not project.today:
            added.append(project.id)
        elif tuple(new) != project.today:
            moved.append(project.id)
    return {"moved": tuple(moved), "added": tuple(added), "dropped": tuple(dropped)}
