"""Where a case of a program or of a track can stand, worked out from the rulebook.

A place is the state of a case, or while it is under way `at:STEP` for a step somebody has, and
`returned:STEP` for one that waits for the applicant.
"""

from collections.abc import Iterable, Iterator

from pilotline.rulebook.program import Program
from pilotline.rulebook.tracks import Track

MACHINE = "system"


def places_of(program: Program, track: Track | None) -> tuple[str, ...]:
    """Every place of an application to this program; `track` is the program's, None for none."""
    found = ["draft", "withdrawn"]
    if program.partners:
        found.append("joining")
    if program.capacity is not None or track is None:
        return (*found, "seated", "waiting")
    found += steps_of(track)
    found += ["reviewed", "listed", "granted", "refused"]
    rule = program.selection
    if rule.minimum is not None or rule.quota is not None or rule.budget is not None:
        found.append("not_listed")
    return tuple(found)


def places_of_project(track: Track) -> tuple[str, ...]:
    """Every place of a pilot project on this track."""
    return (*steps_of(track), "granted", "refused", "withdrawn")


def steps_of(track: Track) -> Iterator[str]:
    """The places along a track: each step that somebody does, and whether it may be returned."""
    for step in track.walk.steps:
        if step.doer != MACHINE:
            yield f"at:{step.id}"
            if track.returns(step.id):
                yield f"returned:{step.id}"


def place(state: str, runs: Iterable[tuple[str, str]]) -> set[str]:
    """Where a case stands: its state, or the steps it is at (pairs of step and its state)."""
    stands = {"open": "at", "waiting": "returned"}
    found = {f"{stands[how]}:{step}" for step, how in runs if how in stands}
    return found or {state}
