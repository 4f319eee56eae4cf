"""What experts mark by, what counts as a conflict of interest, and how an assignment runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pilotline.rulebook.model import Entry, Text, heading

# The closed set of what code can find. `party`: is one of the applicant's people. `employer`: works
# or worked there. `coauthor`: wrote or invented with one of its people. `shareholding`: holds a
# share of it. `orders`: the employer supplies it or buys from it. `declared`: the expert says so.
MEASURES = ("party", "employer", "coauthor", "shareholding", "orders", "declared")
NAMED = ("party", "employer", "coauthor", "shareholding")
TIMED = ("employer", "coauthor", "shareholding", "orders")
METHODS = ("optimal", "draw")


@dataclass(frozen=True, slots=True)
class RubricCriterion:
    """Marked from 0 to `full` in steps of `step`; `weight` of a hundred."""

    id: str
    title: Text
    asks: Text | None
    full: Decimal
    step: Decimal
    weight: Decimal
    always_comment: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rubric(Entry):
    """How an item is marked.

    `open_marks`: the applicant may learn who gave which marks. `blind`: experts do not learn who
    the applicant is. A comment is due for a mark below `comment_below` or above `comment_above`
    per cent of full marks. `shrink`, `most`, `shared` bound the correction of strict and lenient
    markers, `trim` and `spread` are those of the scoring engine.
    """

    criteria: tuple[RubricCriterion, ...]
    open_marks: bool
    blind: bool
    comment_below: int
    comment_above: int
    shrink: float
    most: float
    shared: int
    trim: int
    spread: float

    def needs_comment(self, criterion: RubricCriterion, mark: Decimal) -> bool:
        percent = mark * 100 / criterion.full
        return criterion.always_comment or (
            percent < self.comment_below or percent > self.comment_above
        )

    def faults(
        self, marks: Mapping[str, Any], comments: Mapping[str, str]
    ) -> list[tuple[str, str]]:
        """What keeps a sheet from being handed in: pairs of criterion and `missing`, `scale`,
        `step` or `comment`; `strange` for a mark of no criterion."""
        found = []
        known = {c.id for c in self.criteria}
        found += [(key, "strange") for key in marks if key not in known]
        for criterion in self.criteria:
            mark = marks.get(criterion.id)
            if mark is None:
                found.append((criterion.id, "missing"))
                continue
            value = Decimal(str(mark))
            if not (value.is_finite() and 0 <= value <= criterion.full):
                found.append((criterion.id, "scale"))
            elif value % criterion.step:
                found.append((criterion.id, "step"))
            elif (
                self.needs_comment(criterion, value) and not comments.get(criterion.id, "").strip()
            ):
                found.append((criterion.id, "comment"))
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictRule(Entry):
    """One kind of conflict. It counts for so many `years` after it ended; `share` is the least
    per cent of a holding. `bars` is false for what is only shown to the authority. With
    `namesakes`, two officials may set aside what was found by a name alone."""

    measure: str
    years: int
    share: Decimal
    bars: bool
    namesakes: bool = False

    def counts(self, *, ended: date | None, today: date, share: Decimal | None = None) -> bool:
        """True when something that ended on that day (None: still lasts) is a conflict today."""
        if self.measure == "shareholding" and share is not None and share < self.share:
            return False
        return ended is None or ended > years_before(today, self.years)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRule(Entry):
    """How experts are asked. Days are working days.

    `marks`: experts an item wants. `load`: items an expert has open at once. `answer_days` to
    accept, `mark_days` to mark from then on; `remind_days` before the end they are reminded, and
    `grace_days` after it replaced. `least`, the two weights and `slack` are those of the engine.
    """

    marks: int
    load: int
    answer_days: int
    mark_days: int
    remind_days: int
    grace_days: int
    methods: tuple[str, ...]
    least: float
    word_weight: float
    field_weight: float
    slack: int


def years_before(day: date, years: int) -> date:
    """The same day so many years before; 28 February for the 29th of a leap year."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def rubric(raw: Mapping[str, Any]) -> Rubric:
    return Rubric(
        **heading(raw),
        criteria=tuple(
            RubricCriterion(
                c["id"],
                Text.read(c["title"]),
                Text.read(c["asks"]) if c.get("asks") else None,
                _decimal(c["full"]),
                _decimal(c.get("step", 1)),
                _decimal(c["weight"]),
                c.get("always_comment", False),
            )
            for c in raw["criteria"]
        ),
        open_marks=raw["open_marks"],
        blind=raw["blind"],
        comment_below=raw["comments"]["below"],
        comment_above=raw["comments"]["above"],
        shrink=float(raw["correction"]["shrink"]),
        most=float(raw["correction"]["most"]),
        shared=raw["correction"]["shared"],
        trim=raw["trim"],
        spread=float(raw["spread"]),
    )


def conflict(raw: Mapping[str, Any]) -> ConflictRule:
    return ConflictRule(
        **heading(raw),
        measure=raw["measure"],
        years=raw.get("years", 0),
        share=_decimal(raw.get("share", 0)),
        bars=raw["bars"],
        namesakes=raw.get("namesakes", False),
    )


def review_rule(raw: Mapping[str, Any]) -> ReviewRule:
    return ReviewRule(
        **heading(raw),
        marks=raw["marks"],
        load=raw["load"],
        answer_days=raw["answer_days"],
        mark_days=raw["mark_days"],
        remind_days=raw["remind_days"],
        grace_days=raw["grace_days"],
        methods=tuple(raw["methods"]),
        least=float(raw["least"]),
        word_weight=float(raw["word_weight"]),
        field_weight=float(raw["field_weight"]),
        slack=raw["slack"],
    )


def _decimal(number: Any) -> Decimal:
    return Decimal(str(number))
