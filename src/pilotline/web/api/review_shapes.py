"""How assignments, panels and draws are told to programs."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_noop as _
from ninja import Field, Schema

from pilotline.web.api.route import Id


class AssignmentRow(Schema):
    """Something an expert is asked to mark."""

    id: Id
    panel: str = Field(description=_("The panel's title."))
    title: str
    number: str
    state: str = Field(description=_("offered, accepted or submitted."), examples=["offered"])
    answer_by: date | None
    due: date | None


class MaterialShape(Schema):
    title: dict[str, str] = Field(description=_("By language: zh, en."))
    text: str


class CriterionShape(Schema):
    """What is marked, from 0 to `full` in steps of `step`."""

    id: str
    title: dict[str, str] = Field(description=_("By language: zh, en."))
    full: str = Field(examples=["10"])
    step: str = Field(examples=["1"])
    weight: str = Field(examples=["30"])


class AssignmentShape(AssignmentRow):
    """With what may be read of the item, and the sheet so far."""

    summary: str
    applicant: str = Field(description=_("Empty when the review is blind."))
    material: list[MaterialShape] = Field(description=_("Opens when you have accepted."))
    criteria: list[CriterionShape]
    marks: dict[str, str] = Field(examples=[{"need": "8"}])
    comments: dict[str, str]
    overall: str


class StandingShape(Schema):
    """An item's figures: raw as given, corrected for strict and lenient markers."""

    title: str
    number: str
    rank: int
    raw_rank: int
    raw: str = Field(examples=["78.50"])
    corrected: str = Field(examples=["79.20"])
    sheets: int
    spread: str
    disagree: bool
    tied: bool


class PanelShape(Schema):
    """A panel with its table as of now; the kept one once it is closed."""

    id: Id
    title: str
    state: str = Field(description=_("open, marking or closed."), examples=["marking"])
    rubric: str = Field(description=_("Of /rulebook/lists/rubrics."))
    standings: list[StandingShape]


class ReasonShape(Schema):
    """One conflict of interest, as it was found in the records."""

    rule: str = Field(description=_("Of /rulebook/lists/conflicts."))
    bars: bool = Field(description=_("Excludes; others are only shown."))
    by_name: bool = Field(description=_("Rests on a name alone."))
    other: str = Field(description=_("With whom."))
    words: str
    set_aside: Id | None = Field(description=_("The namesake by which it bars no longer."))


class ConflictPairShape(Schema):
    """What is marked, and an expert."""

    item: Id
    title: str
    number: str
    expert: Id
    expert_name: str


class ConflictShape(ConflictPairShape):
    """Everything that stands between the two."""

    reasons: list[ReasonShape]


class NamesakeShape(ConflictPairShape):
    """A name told to be another person's: stated by one official, confirmed by another."""

    id: Id
    state: str = Field(description=_("stated, confirmed, refused or revoked."), examples=["stated"])
    reasons: list[ReasonShape]
    words: str
    stated_by: str
    stated_at: datetime
    confirmed_by: str
    confirmed_at: datetime | None
    ended_by: str
    ended_at: datetime | None
    end_words: str


class DrawShape(Schema):
    """Everything that is public of a draw; seed and result only after it was revealed."""

    draw: Id
    title: str
    ballot: dict[str, Any]
    digest: str = Field(description=_("SHA-256 of the canonical JSON of the ballot."))
    commitment: str = Field(description=_("SHA-256 of the seed."))
    committed_at: datetime
    revealed_at: datetime | None
    void_at: datetime | None
    seed: str
    figure: str
    result: dict[str, list[str]]
    fits: bool | None = Field(description=_("Done again now; nothing before it is revealed."))
