"""CP-SAT on a window of a plan: a few dozen projects, everything else stands still.

On the whole model CP-SAT is far behind the search (see docs/explain/scheduling.md); on a window,
with the plan so far as its hint, it sometimes finds what moves cannot.
"""

from collections.abc import Sequence
from random import Random
from typing import Any

from pilotline.engines.scheduling.encode import PINNED, PROMISED, Encoded
from pilotline.engines.scheduling.fitting import earliest_mode, objective, take_project
from pilotline.engines.scheduling.params import Params
from pilotline.engines.scheduling.problem import Place
from pilotline.engines.scheduling.sheets import put_places, read_places

SCALE = 1000


def improve(encoded: Encoded, params: Params, seed: int) -> int:
    """Work on `params.windows` windows; how many were improved. The plan is never made worse."""
    cp_model = _cp_model()
    draw = Random(seed)  # noqa: S311 - a plan, not a secret
    better = 0
    for _ in range(params.windows):
        chosen = choose(encoded, draw, params.window_projects)
        if chosen:
            better += _improve_one(encoded, cp_model, chosen, params.window_effort, seed)
    return better


def _cp_model() -> Any:
    try:
        from ortools.sat.python import cp_model
    except ModuleNotFoundError as missing:
        raise ModuleNotFoundError(
            "CP-SAT is not installed: pip install 'pilotline[planning]'", name="ortools"
        ) from missing
    return cp_model


def choose(encoded: Encoded, draw: Random, most: int) -> list[int]:
    """A waiting project and those that hold or want what it could use at the same time."""
    facts, sheet, problem, numbers = encoded
    waiting = [i for i in range(len(problem.projects)) if sheet.w_at[i] >= 0]
    waiting = [i for i in waiting if all(step.modes for step in problem.projects[i].steps)]
    if not waiting:
        return []
    seed = draw.choice(waiting)
    window = problem.projects[seed].window
    modes = [mode for step in problem.projects[seed].steps for mode in step.modes]
    near: dict[int, None] = {}
    for r in dict.fromkeys(numbers[name] for mode in modes for name in mode.resources):
        for u in range(facts.r_user[r], facts.r_user[r + 1]):
            other = int(facts.u_project[u])
            span = problem.projects[other].window
            if span.start < window.end and span.end > window.start:
                near[other] = None
    near.pop(seed, None)
    lawful = [i for i in near if facts.p_held[i] != PINNED]
    lawful = [i for i in lawful if all(step.modes for step in problem.projects[i].steps)]
    draw.shuffle(lawful)
    # Served ones first: without them nothing can make room.
    lawful.sort(key=lambda i: sheet.w_at[i] >= 0)
    served = [i for i in lawful if sheet.w_at[i] < 0][: most * 2 // 3]
    others = [i for i in lawful if sheet.w_at[i] >= 0][: most - 1 - len(served)]
    return [seed, *served, *others]


def _improve_one(
    encoded: Encoded, cp_model: Any, chosen: Sequence[int], effort: float, seed: int
) -> bool:
    facts, sheet, problem, _ = encoded
    before = objective(facts, sheet)
    old = {i: read_places(encoded, i, problem.projects[i]) for i in chosen if sheet.w_at[i] < 0}
    for i in old:
        take_project(facts, sheet, i)
    window = _Window(encoded, cp_model, old)
    for i in chosen:
        window.add(i)
    new = window.solve(effort, seed)
    for i, places in new.items():
        put_places(encoded, i, places)
    if objective(facts, sheet) > before + 1e-9:
        return True
    for i in new:
        take_project(facts, sheet, i)
    for i, places in old.items():
        put_places(encoded, i, places)
    return False


class _Window:
    """The model: an optional interval for each mode, its starts already clear of what stands."""

    def __init__(self, encoded: Encoded, cp_model: Any, hint: dict[int, tuple[Place, ...]]) -> None:
        self.encoded, self.cp, self.hint = encoded, cp_model, hint
        self.model = cp_model.CpModel()
        self.on: dict[int, list[tuple[Any, Any, int, int]]] = {}
        self.steps: dict[int, list[tuple[Any, list[Any]]]] = {}
        self.goal: list[Any] = []

    def add(self, number: int) -> None:
        """A project, its steps in order, one mode each, all or none."""
        facts, model = self.encoded.facts, self.model
        is_served = model.new_bool_var("")
        places = self.hint.get(number)
        model.add_hint(is_served, places is not None)
        self.steps[number], last = [], None
        first = facts.p_step[number]
        for step in range(first, facts.p_step[number + 1]):
            place = places[step - first] if places else None
            start = model.new_int_var(int(facts.p_from[number]), int(facts.p_to[number]), "")
            end = model.new_int_var(int(facts.p_from[number]), int(facts.p_to[number]), "")
            if place:
                model.add_hint(start, place.start)
            taken = self._modes(number, step, start, end, place)
            model.add(sum(taken) == is_served)
            if last is not None:
                model.add(start >= last)
            last = end
            self.steps[number].append((start, taken))
        if facts.p_held[number] == PROMISED:
            model.add(is_served == 1)
            same = self._unmoved(number)
            self.goal.append(round(facts.move_cost * SCALE) * same)
        self.goal.append(round(facts.p_weight[number] * SCALE) * is_served)

    def _modes(
        self, number: int, step: int, start: Any, end: Any, place: Place | None
    ) -> list[Any]:
        facts, model = self.encoded.facts, self.model
        taken = []
        for mode in range(facts.s_mode[step], facts.s_mode[step + 1]):
            is_taken = model.new_bool_var("")
            model.add_hint(is_taken, place is not None and place.mode == mode - facts.s_mode[step])
            taken.append(is_taken)
            length = int(facts.m_length[mode])
            free = self._free(number, step, mode)
            if not free:
                model.add(is_taken == 0)
                continue
            domain = self.cp.Domain.from_intervals(free)
            model.add_linear_expression_in_domain(start, domain).only_enforce_if(is_taken)
            model.add(end == start + length).only_enforce_if(is_taken)
            for r in (int(facts.m_a[mode]), int(facts.m_b[mode])):
                if r >= 0:
                    self._beside(r, is_taken, start, length, int(facts.s_family[step]))
        return taken

    def _free(self, number: int, step: int, mode: int) -> list[list[int]]:
        """The starts that leave everything outside the window in peace, as closed intervals."""
        facts, sheet = self.encoded.facts, self.encoded.sheet
        family, length = facts.s_family[step], facts.m_length[mode]
        slot = int(facts.p_from[number])
        last = int(facts.p_to[number] - facts.s_tail[step] - length)
        runs: list[list[int]] = []
        while slot <= last:
            found = int(earliest_mode(facts, sheet, mode, family, slot, last))
            if found < 0:
                break
            if runs and runs[-1][1] == found - 1:
                runs[-1][1] = found
            else:
                runs.append([found, found])
            slot = found + 1
        return runs

    def _beside(self, r: int, is_taken: Any, start: Any, length: int, family: int) -> None:
        """Keep a run clear of the other runs of this window on the same resource."""
        facts, model = self.encoded.facts, self.model
        for other_taken, other_start, other_length, other in self.on.setdefault(r, []):
            after = length + int(facts.cleaning[family * facts.families + other])
            before = other_length + int(facts.cleaning[other * facts.families + family])
            is_first = model.new_bool_var("")
            model.add(other_start >= start + after).only_enforce_if(is_first, is_taken, other_taken)
            model.add(start >= other_start + before).only_enforce_if(
                ~is_first, is_taken, other_taken
            )
        self.on[r].append((is_taken, start, length, family))

    def _unmoved(self, number: int) -> Any:
        facts, model = self.encoded.facts, self.model
        same = model.new_bool_var("")
        first = facts.p_step[number]
        for i, (start, taken) in enumerate(self.steps[number]):
            step = first + i
            model.add(start == int(facts.s_today[step])).only_enforce_if(same)
            mode = int(facts.s_mode_today[step] - facts.s_mode[step])
            model.add_implication(same, taken[mode])
        return same

    def solve(self, effort: float, seed: int) -> dict[int, tuple[Place, ...]]:
        """Places for those served; the old ones when nothing was found."""
        self.model.maximize(sum(self.goal))
        solver = self.cp.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = seed % 1_000_000
        solver.parameters.max_deterministic_time = effort
        status = solver.solve(self.model)
        if status not in (self.cp.OPTIMAL, self.cp.FEASIBLE):
            return dict(self.hint)
        plan = {}
        for number, steps in self.steps.items():
            modes = [[bool(solver.value(t)) for t in taken] for _, taken in steps]
            if all(any(row) for row in modes):
                starts = [int(solver.value(start)) for start, _ in steps]
                plan[number] = tuple(
                    Place(start, row.index(True)) for start, row in zip(starts, modes, strict=True)
                )
        return plan
