"""Is a track sound? Everything that is wrong with its table, each with the step it belongs to."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pilotline.engines.tracks.table import ANSWERED, ON, RESERVED, WAIT, WITHDRAWN, Step


class TrackFault(NamedTuple):
    """What is wrong (`code`), at which step (empty: the whole), and the word that is at fault."""

    code: str
    step: str = ""
    word: str = ""


def faults_of(
    steps: Sequence[Step], ends: Sequence[str], doers: frozenset[str] = frozenset()
) -> tuple[TrackFault, ...]:
    """All faults at once; empty when every case on it ends or has somebody who must act.

    Codes: no-steps, twice, nobody (no such doer), unknown-before, circle, unreachable, no-way-on,
    leads-nowhere, negative-clock, slower-green, too-short (least is longer than the clock),
    called-in-line, called-twice, several-lasts, no-last, bad-word.
    """
    if not steps:
        return (TrackFault("no-steps"),)
    known = {step.id: step for step in steps}
    faults = [*_words(steps, ends), *_each(steps, known, doers), *_outcomes(steps, known, ends)]
    if not faults:
        faults += [*_circles(known), *_reach(steps, known)]
    if not faults:
        faults += _lasts(steps)
    return tuple(faults)


def _words(steps: Sequence[Step], ends: Sequence[str]) -> Iterator[TrackFault]:
    seen: set[str] = set()
    for step in steps:
        if step.id in seen:
            yield TrackFault("twice", step.id, step.id)
        seen.add(step.id)
    for end in ends:
        if end in seen or end in RESERVED:
            yield TrackFault("bad-word", "", end)
    for step in steps:
        if step.id in RESERVED:
            yield TrackFault("bad-word", step.id, step.id)


def _each(
    steps: Sequence[Step], known: Mapping[str, Step], doers: frozenset[str]
) -> Iterator[TrackFault]:
    for step in steps:
        if not step.doer or (doers and step.doer not in doers):
            yield TrackFault("nobody", step.id, step.doer)
        for escalation in step.escalations:
            if doers and escalation.to not in doers:
                yield TrackFault("nobody", step.id, escalation.to)
        for before in step.after:
            if before not in known:
                yield TrackFault("unknown-before", step.id, before)
            elif known[before].called:
                yield TrackFault("called-in-line", step.id, before)
        yield from _clocks(step)
        if step.called and (step.after or step.when):
            yield TrackFault("called-in-line", step.id, step.id)


def _clocks(step: Step) -> Iterator[TrackFault]:
    green = step.days if step.green_days is None else step.green_days
    late = [escalation.after for escalation in step.escalations]
    if min(step.days, green, step.least, step.answer_days, *late) < 0:
        yield TrackFault("negative-clock", step.id)
    elif green > step.days:
        yield TrackFault("slower-green", step.id)
    elif step.least > green:
        yield TrackFault("too-short", step.id)


def _outcomes(
    steps: Sequence[Step], known: Mapping[str, Step], ends: Sequence[str]
) -> Iterator[TrackFault]:
    for step in steps:
        seen: set[str] = set()
        for outcome in step.outcomes:
            if outcome.id in seen:
                yield TrackFault("twice", step.id, outcome.id)
            seen.add(outcome.id)
            if outcome.id in (ANSWERED, WITHDRAWN):
                yield TrackFault("bad-word", step.id, outcome.id)
            called = known.get(outcome.leads)
            if outcome.leads in (ON, WAIT) or outcome.leads in ends:
                continue
            if called is None or not called.called:
                yield TrackFault("leads-nowhere", step.id, outcome.leads)
        ways = [o for o in step.outcomes if o.leads == ON or o.leads in ends]
        if not ways:
            yield TrackFault("no-way-on", step.id)


def _circles(known: Mapping[str, Step]) -> Iterator[TrackFault]:
    """Steps that wait for themselves, and called steps that call each other round."""
    goes: dict[str, list[str]] = {name: list(step.after) for name, step in known.items()}
    for name, step in known.items():
        goes[name] += [o.leads for o in step.outcomes if o.leads in known]
    state: dict[str, int] = {}

    def visit(name: str) -> str:
        state[name] = 1
        for other in goes[name]:
            if state.get(other) == 1:
                return other
            if other not in state and (found := visit(other)):
                return found
        state[name] = 2
        return ""

    for name in known:
        if name not in state and (found := visit(name)):
            yield TrackFault("circle", name, found)
            return


def _reach(steps: Sequence[Step], known: Mapping[str, Step]) -> Iterator[TrackFault]:
    callers: dict[str, set[str]] = {}
    for step in steps:
        for outcome in step.outcomes:
            callers.setdefault(outcome.leads, set()).add(step.id)
    for step in steps:
        if step.called and step.id not in callers:
            yield TrackFault("unreachable", step.id)
        elif step.called and len(callers[step.id]) > 1:
            # Two callers would wait for one course of it at the same time.
            yield TrackFault("called-twice", step.id)
        if step.when:
            before = [known[name] for name in step.after]
            # Only an outcome that leads on lets a later step open.
            named = {o.id for other in before for o in other.outcomes if o.leads == ON}
            for wanted in step.when:
                if wanted not in named:
                    yield TrackFault("unreachable", step.id, wanted)


def _lasts(steps: Sequence[Step]) -> Iterator[TrackFault]:
    """All comes together in one last step, which ends the case whatever comes out."""
    awaited = {name for step in steps for name in step.after}
    in_line = [step for step in steps if not step.called]
    lasts = [step for step in in_line if step.id not in awaited]
    if not in_line:
        yield TrackFault("no-last")
        return
    for step in lasts[1:]:
        yield TrackFault("several-lasts", step.id, lasts[0].id)
    last = lasts[0]
    if last.when:
        yield TrackFault("no-way-on", last.id, last.when[0])
    for outcome in last.outcomes:
        if outcome.leads == ON:
            yield TrackFault("no-way-on", last.id, outcome.id)
