"""Further calls, so that applications of every program stand in every place there is.

What the folder tells in full comes first; this adds what is missing, in the folder's own shape of
a call, so that it walks the same way through the services.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

from pilotline.config.demonstration.calls_course import SUBJECT, Filed
from pilotline.config.demonstration.calls_stage import Row, Stage, day_of
from pilotline.config.demonstration.places import MACHINE, place, places_of
from pilotline.desks.calls import queries
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.registry import queries as registry
from pilotline.desks.review.queries import proceedings
from pilotline.kernel.actor import SYSTEM
from pilotline.rulebook.program import Program
from pilotline.rulebook.tracks import Track

FIRST = 3  # the folder's own calls of a program are the first and second batch
HIGH, LOW = 0.84, 0.42
SKIPPED = 2  # applicants who issue challenges do not bid for them
COPIED = ("title", "title_en", "about", "issuer", "prize", "goals", "place", "begins", "seats")
# Days since a kind of call was opened, its window, and how far it goes. `marked` has had its
# panel and is still open; `fresh` has not.
KINDS = {
    "fresh": (20, 60, "open"),
    "marked": (43, 80, "open"),
    "judged": (70, 30, "listed"),
    "ended": (200, 40, "published"),
}


@dataclass
class _Round:
    """One program: its track, what the folder says of it, and its steps by their ids."""

    program: Program
    track: Track | None
    said: Row

    @property
    def steps(self) -> list[Any]:
        """Those that somebody does."""
        walked = self.track.walk.steps if self.track else ()
        return [step for step in walked if step.doer != MACHINE]

    def act(self, step: str) -> str:
        assert self.track is not None  # noqa: S101  only asked where there is one
        return self.track.step(step).act

    def is_marked_before(self, step: str) -> bool:
        """Whether the experts' marks must be in before this step opens."""
        by_id, seen, queue = {s.id: s for s in self.steps}, set(), [step]
        while queue:
            for earlier in by_id[queue.pop()].after:
                if earlier in by_id and earlier not in seen:
                    seen.add(earlier)
                    queue.append(earlier)
        return any(self.act(name) == "marks" for name in seen)


def missing_calls(stage: Stage, filed: Iterable[Filed]) -> Iterator[Row]:
    """Calls whose applications fill the places in which none of those filed stands."""
    book, standing = current_rulebook(), _standing(filed)
    rounds = stage.said.get("rounds", {})
    for program in book.programs:
        if program.id not in rounds or not program.is_valid(day_of(stage.now, -200)):
            continue
        track = book.tracks[program.track] if program.track else None
        this = _Round(program, track, rounds[program.id])
        wanted = [p for p in places_of(program, track) if p not in standing[program.id]]
        rows: dict[str, list[Row]] = defaultdict(list)
        for name in wanted:
            kind, made = _rows(this, name)
            rows[kind] += made
        yield from _calls(stage, this, rows)


def _standing(filed: Iterable[Filed]) -> dict[str, set[str]]:
    """By program the places in which an application stands."""
    found: dict[str, set[str]] = defaultdict(set)
    listed = list(filed)
    keys = [one.made.pk for one in listed]
    courses = proceedings.of_subjects(kind=SUBJECT, subjects=keys)
    for one in listed:
        made = one.made
        made.refresh_from_db(fields=["state"])
        runs = []
        if made.state == "accepted" and made.pk in courses:
            runs = [(run.step, run.state) for run in proceedings.runs(courses[made.pk])]
        found[made.call.program] |= place(made.state, runs)
    return found


def _rows(this: _Round, name: str) -> tuple[str, list[Row]]:
    """The kind of call and the applications by which one place is filled."""
    first = this.act(this.steps[0].id) if this.steps else ""
    rule = this.program.selection
    if name == "draft":
        return "fresh", [{"draft": True}]
    if name == "joining":
        return "fresh", [{"joins": True}]
    if name == "withdrawn":
        # Today, so that nothing happened after it.
        return "fresh", [{"withdraws": this.said["leaves"], "at": first, "after": 99}]
    if name in ("seated", "waiting"):
        return "fresh", [{"seats": 2}, {"seats": 2}]
    if name == "reviewed":
        return "marked" if this.program.rubric else "fresh", [_marked(this, {})]
    if name == "refused":
        return _refused(this)
    if name == "listed":
        return "judged", [_marked(this, {})]
    if name == "granted":
        return "ended", [_marked(this, {})]
    if name == "not_listed":
        if rule.minimum is not None and this.program.rubric:
            return "judged", [_marked(this, {"marks": LOW})]
        # One more than the quota or the money allows.
        most = rule.quota or int((rule.budget or 0) / (rule.most or 1))
        return "judged", [_marked(this, {}) for _n in range(most + 1)]
    how, step = name.split(":")
    row: Row = {"at": this.act(step)}
    if how == "returned":
        assert this.track is not None  # noqa: S101  only asked where there is one
        row |= {"outcome": this.track.returns(step)[0], "says": this.said["returns"]}
    if this.is_marked_before(step):
        return "marked", [_marked(this, row)]
    return "fresh", [row]


def _marked(this: _Round, row: Row) -> Row:
    return {"marks": HIGH} | row if this.program.rubric else row


def _refused(this: _Round) -> tuple[str, list[Row]]:
    """By the first step that may end it."""
    for step in this.steps:
        ways = this.track.refusals(step.id) if this.track else ()
        if ways:
            row = {"at": this.act(step.id), "outcome": ways[0], "says": this.said["refuses"]}
            late = this.is_marked_before(step.id)
            return ("marked", [_marked(this, row)]) if late else ("fresh", [row])
    return "ended", [_marked(this, {"marks": LOW})]


def _calls(stage: Stage, this: _Round, rows: dict[str, list[Row]]) -> Iterator[Row]:
    """The rows in calls, each with who applies."""
    batches, told = count(FIRST), count()
    cities = current_rulebook().cities
    for kind, listed in rows.items():
        opened, days, course = KINDS[kind]
        for region, some in _shared_out(stage, this, listed):
            names = {"n": next(batches)}
            if region:
                names |= {"city": cities[region].title.zh, "city_en": cities[region].title.en}
            yield {
                **{key: this.said[key] for key in COPIED if key in this.said},
                "program": this.program.id,
                "names": names,
                "opened": opened,
                "days": days,
                "course": course,
                "applications": [_told(stage, this, by, row, next(told)) for by, row in some],
                **({"region": region} if region else {}),
            }


def _shared_out(
    stage: Stage, this: _Round, rows: list[Row]
) -> Iterator[tuple[str, list[tuple[str, Row]]]]:
    """The rows of one call after the other, each row with who applies. Where a facility applies,
    a call takes it once; where a city decides, the call is that city's (else "")."""
    if this.program.concerns != "facility":
        yield "", [(stage.anybody(SKIPPED + at), row) for at, row in enumerate(rows)]
        return
    able = list(_able(stage, this.program, len(rows)))
    book = current_rulebook()
    decides = book.bodies.get(this.steps[-1].doer) if this.steps else None
    is_local = decides is not None and decides.level == "city"
    calls: dict[tuple[int, str], list[tuple[str, Row]]] = defaultdict(list)
    for at, row in enumerate(rows if able else []):
        name, region = able[at % len(able)]
        calls[at // len(able), region if is_local else ""].append((name, row))
    for (_turn, region), some in calls.items():
        yield region, some


def _able(stage: Stage, program: Program, most: int) -> Iterator[tuple[str, str]]:
    """Name and region of facilities that may apply now, at most so many."""
    today, found = day_of(stage.now), 0
    for name, code in stage.places.items():
        body = stage.body(name) if found < most else None
        if body is None:
            continue
        facility = registry.facility(SYSTEM, code)
        facts = queries.facts_of(organisation=body[0], facility=facility, today=today)
        if program.is_open_to(facts):
            found += 1
            yield name, facility.region


def _told(stage: Stage, this: _Round, by: str, row: Row, at: int) -> Row:
    """A row with its answers, kind and partners."""
    said, program = this.said, this.program
    told = said["titles"][at % len(said["titles"])]
    title = told.format(by=by)
    answers: Row = {
        key: value.format(title=title) if isinstance(value, str) else value
        for key, value in said["answers"].items()
    }
    found = {"by": by, "told": told, "answers": answers | {"title": title}} | row
    if "seats" in row:
        found["answers"]["seats"] = row["seats"]
    if program.categories:
        found["category"] = program.categories[at % len(program.categories)].id
    if program.partners and not row.get("draft"):
        tasks = said["tasks"]
        other = stage.anybody(SKIPPED + len(said["titles"]) + at)
        found["partners"] = [
            {"by": by, "task": tasks[0], "share": 60, "says": True},
            {"by": other, "task": tasks[1], "share": 40}
            | ({} if "joins" in row else {"says": True}),
        ]
    return found
