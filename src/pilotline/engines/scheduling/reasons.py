"""Why a project waits, as data that can be checked."""

from pilotline.engines.scheduling.compiled import whole
from pilotline.engines.scheduling.encode import Encoded, Sheet
from pilotline.engines.scheduling.fitting import NEVER, earliest_mode, put_step, take_step
from pilotline.engines.scheduling.problem import Place, Project
from pilotline.engines.scheduling.result import Waiting, Why

MOST_HOLDERS = 20


def reasons(encoded: Encoded) -> tuple[Waiting, ...]:
    """One for every project that is not on the sheet, in the order of the problem."""
    empty = empty_sheet(encoded)
    return tuple(
        reason(encoded, empty, number, project)
        for number, project in enumerate(encoded.problem.projects)
        if encoded.sheet.w_at[number] >= 0
    )


def empty_sheet(encoded: Encoded) -> Sheet:
    """A second sheet on which nothing stands."""
    sheet = encoded.sheet
    count = whole([0] * len(encoded.problem.resources))
    columns = (sheet.i_from, sheet.i_to, sheet.i_family, sheet.i_step)
    copies = [whole(list(column)) for column in (*columns, sheet.t_start, sheet.t_mode)]
    return sheet._replace(
        r_count=count,
        i_from=copies[0],
        i_to=copies[1],
        i_family=copies[2],
        i_step=copies[3],
        t_start=copies[4],
        t_mode=copies[5],
    )


def reason(encoded: Encoded, empty: Sheet, number: int, project: Project) -> Waiting:
    """Why one project is not on the sheet."""
    for i, step in enumerate(project.steps):
        if not step.modes:
            return Waiting(project.id, Why.NO_RESOURCE, i, ())
    opens, closes = project.window
    if opens + sum(step.shortest for step in project.steps) > closes:
        return Waiting(project.id, Why.TOO_SHORT, len(project.steps) - 1, ())
    alone = earliest_chain(encoded, empty, number)
    planned = earliest_chain(encoded, encoded.sheet, number)
    why = Why.CLOSED if _late(project, alone) is not None else Why.FULL
    late = _late(project, alone if why == Why.CLOSED else planned)
    step_number = late if late is not None else len(project.steps) - 1
    names = dict.fromkeys(n for mode in project.steps[step_number].modes for n in mode.resources)
    holders = _holders(encoded, project, tuple(names)) if why == Why.FULL else ()
    earliest = planned if len(planned) == len(project.steps) else ()
    return Waiting(project.id, why, step_number, tuple(names), earliest, holders)


def earliest_chain(encoded: Encoded, sheet: Sheet, number: int) -> tuple[Place, ...]:
    """Places for the steps of a waiting project, each ending as early as can be, whatever its
    window's end; they stop before the first step that fits nowhere. The sheet is left as it was."""
    facts = encoded.facts
    slot, chain = int(facts.p_from[number]), []
    begin = facts.p_step[number]
    for step in range(begin, facts.p_step[number + 1]):
        first, best = facts.s_mode[step], (NEVER, 0, 0)
        for mode in range(first, facts.s_mode[step + 1]):
            start = earliest_mode(facts, sheet, mode, facts.s_family[step], slot, NEVER)
            if start >= 0:
                best = min(best, (int(start + facts.m_length[mode]), int(start), int(mode - first)))
        if best[0] == NEVER:
            break
        slot = best[0]
        chain.append(Place(best[1], best[2]))
        put_step(facts, sheet, step, best[1], first + best[2])
    for i in range(len(chain)):
        take_step(facts, sheet, begin + i)
    return tuple(chain)


def _late(project: Project, chain: tuple[Place, ...]) -> int | None:
    """The first step that ends too late for the later ones, or does not end at all."""
    tail = sum(step.shortest for step in project.steps)
    for i, step in enumerate(project.steps):
        tail -= step.shortest
        if i >= len(chain):
            return i
        end = chain[i].start + step.modes[chain[i].mode].length
        if end + tail > project.window.end:
            return i
    return None


def _holders(encoded: Encoded, project: Project, names: tuple[str, ...]) -> tuple[str, ...]:
    facts, sheet, problem, _ = encoded
    found: dict[str, None] = {}
    for r in (encoded.resource_number[name] for name in names):
        for i in range(facts.r_item[r], facts.r_item[r] + sheet.r_count[r]):
            inside = sheet.i_from[i] < project.window.end and sheet.i_to[i] > project.window.start
            if inside and sheet.i_step[i] >= 0:
                found[problem.projects[facts.s_project[sheet.i_step[i]]].id] = None
    return tuple(found)[:MOST_HOLDERS]
