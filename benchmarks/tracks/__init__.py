"""How fast 10,000 open cases are worked out: every clock and every inbox, beside the simplest way.

In: `--quick` (1,000 cases for the baseline's share; ours always takes all), `--cases N`,
`--seed N`, `--json FILE`. Cases move at random along the region's track for pilot projects, three
in ten in the green lane. Both give the same inboxes, which is checked in the same run; 0 when ours
takes less than 2 s of CPU and less than the baseline.
"""

import argparse
import random
import time
from datetime import date, timedelta
from pathlib import Path

from benchmarks.reporting import Figures, machine, peak_rss_mib, print_table, write_json
from pilotline.config.installation import source_tree
from pilotline.engines.tracks import baseline
from pilotline.engines.tracks.inbox import APPLICANT, Item, inboxes, items
from pilotline.engines.tracks.problem import Course, Happened, Problem, Track, WorkDays
from pilotline.engines.tracks.solve import solve
from pilotline.engines.tracks.table import ANSWERED
from pilotline.rulebook.check import read_sound

TODAY = date(2026, 11, 27)
GOAL = 2.0
Case = tuple[int, Course]
Inboxes = dict[str, list[tuple[int, str, int]]]


def cases(track: Track, days: WorkDays, *, count: int, seed: int) -> list[Case]:
    """Open cases of the last ninety days, each moved at random and none ended."""
    dice = random.Random(seed)
    found: list[Case] = []
    while len(found) < count:
        opened = TODAY - timedelta(dice.randrange(90))
        course = Course(opened, (), dice.random() < 0.3)
        for _ in range(dice.randrange(14)):
            course = _moved(track, course, days, dice)
        if not solve(Problem(track, course, days, TODAY)).ended:
            found.append((len(found), course))
    return found


def _moved(track: Track, course: Course, days: WorkDays, dice: random.Random) -> Course:
    last = course.happened[-1].day if course.happened else course.opened
    day = min(TODAY, last + timedelta(dice.randrange(4)))
    standing = solve(Problem(track, course, days, day))
    moves = [
        Happened(day, run.step, ANSWERED if run.state == "waiting" else outcome.id)
        for run in standing.living
        if run.state != "held"
        for outcome in track.step(run.step).outcomes
    ]
    if not moves:
        return course
    return Course(course.opened, (*course.happened, dice.choice(moves)), course.green)


def plain_inboxes(track: Track, given: list[Case], off: frozenset[date]) -> Inboxes:
    """The same with the baseline: each case worked out from scratch, each person's list sorted."""
    found: dict[str, list[tuple[bool, date, int, str, int]]] = {}
    for number, course in given:
        problem = Problem(track, course, WorkDays(TODAY, TODAY, ()), TODAY)
        for run in baseline.solve(problem, off).living:
            if run.state != "held":
                doer = APPLICANT if run.state == "waiting" else run.doer
                row = (not course.green, run.due or date.max, number, run.step, run.late)
                found.setdefault(doer, []).append(row)
    return {
        doer: [(number, step, late) for _, _, number, step, late in sorted(rows, key=_urgency)]
        for doer, rows in found.items()
    }


def _urgency(row: tuple[bool, date, int, str, int]) -> tuple[bool, date, int]:
    return row[:3]


def told(found: dict[str, list[Item]]) -> Inboxes:
    return {doer: [(i.case, i.step, i.late) for i in rows] for doer, rows in found.items()}


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="pilotline benchmark tracks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the baseline takes 1,000 cases")
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(argv)
    tree = source_tree()
    assert tree is not None
    book = read_sound(tree / "rulebooks" / "shandong")
    track = next(t.walk for t in book.tracks if t.serves == "project")
    assert book.calendar is not None
    first, last = date(2026, 1, 1), date(2028, 12, 31)
    off = book.calendar.days_without_work(first, last)
    days = WorkDays(first, last, off)
    given = cases(track, days, count=options.cases, seed=options.seed)

    began, started = time.perf_counter(), time.process_time()
    ours = inboxes(items(track, given, days, TODAY))
    seconds, wall = time.process_time() - started, time.perf_counter() - began
    started = time.process_time()
    standings = [solve(Problem(track, course, days, TODAY)) for _, course in given]
    whole = time.process_time() - started
    share = given[:1000] if options.quick else given
    started = time.process_time()
    plain = plain_inboxes(track, share, off)
    plain_seconds = (time.process_time() - started) * len(given) / len(share)
    again = inboxes(items(track, share, days, TODAY))
    same = told(again) == plain
    figures: Figures = {
        "cpu_seconds": seconds,
        "wall_seconds": wall,
        "outlook_cpu_seconds": whole,
        "open_steps": float(sum(map(len, ours.values()))),
        "inboxes": float(len(ours)),
        "late_steps": float(sum(1 for rows in ours.values() for i in rows if i.late)),
        "peak_mib": peak_rss_mib(),
    }
    peers: dict[str, Figures] = {"baseline": {"cpu_seconds": plain_seconds}}
    goals = [(name, f"< {GOAL:g}") for name in ("cpu_seconds", "wall_seconds")]
    open_ended = ("outlook_cpu_seconds", "open_steps", "inboxes", "late_steps", "peak_mib")
    goals += [(name, "") for name in open_ended]
    notes = [
        f"{len(given):,} open cases; the baseline worked out {len(share):,} of them",
        f"both give the same inboxes: {'yes' if same else 'NO'}",
        f"states seen: {', '.join(sorted({r.state for s in standings for r in s.runs}))}",
    ]
    print_table("tracks", goals, {"ours": figures, **peers}, notes)
    if options.json:
        write_json(options.json, "tracks", figures, peers, machine())
    return 0 if same and seconds < min(GOAL, plain_seconds) else 1
