"""What makes a track unsound, each told with the step it belongs to."""

import pytest

from pilotline.engines.tracks.problem import BadTrack, Track
from pilotline.engines.tracks.soundness import TrackFault, faults_of
from pilotline.engines.tracks.table import Escalation, Outcome, Step

ON = (Outcome("pass", "on"),)
END = (Outcome("grant", "granted"),)
ENDS = ("granted",)


def step(name: str, outcomes=ON, **given) -> Step:
    return Step(**{"id": name, "doer": "city", "outcomes": outcomes} | given)


@pytest.mark.parametrize(
    ("steps", "fault"),
    [
        ([], TrackFault("no-steps")),
        (
            [step("a", after=("b",)), step("b", after=("a",)), step("c", END, after=("b",))],
            TrackFault("circle", "a", "a"),
        ),
        ([step("a", END, doer="ghost")], TrackFault("nobody", "a", "ghost")),
        (
            [step("a", END, escalations=(Escalation(3, "ghost"),))],
            TrackFault("nobody", "a", "ghost"),
        ),
        ([step("a", END, after=("x",))], TrackFault("unknown-before", "a", "x")),
        ([step("a"), step("a", END)], TrackFault("twice", "a", "a")),
        ([step("a", (Outcome("pass", "mars"),))], TrackFault("leads-nowhere", "a", "mars")),
        ([step("a", (Outcome("back", "wait"),))], TrackFault("no-way-on", "a")),
        ([step("a", ON)], TrackFault("no-way-on", "a", "pass")),
        ([step("a", END, days=-1)], TrackFault("negative-clock", "a")),
        ([step("a", END, days=3, green_days=4)], TrackFault("slower-green", "a")),
        ([step("a", END, days=3, green_days=1, least=2)], TrackFault("too-short", "a")),
        ([step("a", END), step("b", called=True)], TrackFault("unreachable", "b")),
        (
            [step("a"), step("b", after=("a",), when=("storm",)), step("c", END, after=("b",))],
            TrackFault("unreachable", "b", "storm"),
        ),
        ([step("a", END), step("b", END)], TrackFault("several-lasts", "b", "a")),
        (
            [step("a"), step("b", END, after=("a",), when=("pass",))],
            TrackFault("no-way-on", "b", "pass"),
        ),
        (
            [
                step("a", (*ON, Outcome("ask", "h"))),
                step("b", (*END, Outcome("ask", "h")), after=("a",)),
                step("h", called=True),
            ],
            TrackFault("called-twice", "h"),
        ),
    ],
    ids=lambda value: value.code if isinstance(value, TrackFault) else "",
)
def test_faults(steps, fault) -> None:
    assert fault in faults_of(steps, ENDS, frozenset({"city"}))
    with pytest.raises(BadTrack):
        Track("t", tuple(steps), ENDS, frozenset({"city"}))


def test_a_sound_track_has_none() -> None:
    steps = [step("a"), step("b"), step("c", END, after=("a", "b"))]
    assert faults_of(steps, ENDS, frozenset({"city"})) == ()
