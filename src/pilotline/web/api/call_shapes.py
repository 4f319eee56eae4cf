"""How calls and applications are told to programs. Amounts are yuan as text."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Field, Schema
from pydantic import AwareDatetime

from pilotline.desks.calls import queries
from pilotline.desks.calls.services.judging import problems_of_deciding, problems_of_listing
from pilotline.kernel.actor import Actor
from pilotline.web.api.route import Given, Id
from pilotline.web.shared import calls as words

ANSWERS = {"title": "高性能膜材料", "contact_name": "李工"}
YUAN = _("Yuan, as text to the fen.")
LAST = date(2100, 12, 31)
Day = Annotated[date, Field(le=LAST, examples=["2026-12-31"])]
Text = Annotated[str, Field(max_length=4000)]


class GoalShape(Schema):
    """What a challenge wants reached."""

    title: str = Field(examples=["收率"])
    at: str = Field(examples=["85"])
    unit: str = Field(examples=["%"])
    least: bool = Field(description=_("True: this or more; false: this or less."))


class CallRow(Schema):
    """A program that is open, was open, or will be."""

    id: Id
    number: str | None = Field(examples=["ZJ-2026-000001"])
    program: str = Field(description=_("Of the rulebook's programs."), examples=["first_batch"])
    kind: str = Field(examples=["listing"])
    title: str
    state: str = Field(
        description=_("draft, open, judged, notice, ended or cancelled."), examples=["open"]
    )
    region: str = Field(description=_("GB/T 2260 code."), examples=["110000"])
    opens: date
    closes: date = Field(description=_("The last day, included."))
    applications: int = Field(description=_("Handed in and not withdrawn."))


class CallShape(CallRow):
    """A call with what it asks."""

    title_en: str
    about: str
    summary: str
    conditions: list[str]
    gates: list[str] = Field(description=_("What a facility must have before it may apply."))
    issuer: str | None
    goals: list[GoalShape]
    prize: str | None = Field(description=YUAN)
    place: str
    begins_at: datetime | None
    seats: int | None
    vote_from: date | None
    vote_to: date | None
    notice_from: date | None
    notice_to: date | None
    end_reason: str
    release: int = Field(description=_("Rulebook release that it was opened under."))
    version: int


class CallStandingShape(CallShape):
    """A call before its authority."""

    panel: int | None = Field(description=_("The panel that marks its applications."))
    to_list: list[str] = Field(description=_("Why no list can be made yet."))
    to_decide: list[str] = Field(description=_("Why it cannot be decided yet."))


class ResultShape(Schema):
    """A line of the list that is up for notice, or of the results."""

    application: Id
    rank: int | None
    title: str
    title_en: str
    organisation: str
    facility: str | None = Field(description=_("Its code."))
    region: str
    category: str
    granted: str = Field(description=YUAN)


class ApplicationPartyShape(Schema):
    organisation: Id
    name: str
    task: str
    share: str = Field(description=_("Percent of the money."))
    leads: bool
    agreed: bool | None = Field(description=_("None: has not answered."))


class MilestoneShape(Schema):
    id: Id
    title: str
    due: date
    amount: str = Field(description=YUAN)
    state: str = Field(description=_("open, reported, passed or failed."))
    report: str
    verdict: str


class GoalTestShape(Schema):
    goal: int = Field(description=_("Its place among the call's goals, from 0."))
    measured: str
    reached: bool
    proof: str


class ApplicationRow(Schema):
    """What one organisation puts forward in one call."""

    id: Id
    number: str | None = Field(description=_("None before it is accepted."))
    call: Id
    title: str
    title_en: str
    organisation: str
    facility: str | None = Field(description=_("Its code."))
    region: str
    category: str
    state: str = Field(
        description=_(
            "draft, joining, accepted, reviewed, listed, not_listed, granted, refused, withdrawn, "
            "seated or waiting."
        )
    )
    rank: int | None
    total: str | None = Field(description=_("Out of 100, marks and votes together."))
    granted: str = Field(description=YUAN)
    why: str = Field(description=_("in, minimum, quota, tie or budget; empty before the list."))
    changed_at: datetime


class ApplicationShape(ApplicationRow):
    """An application with everything in it."""

    answers: dict[str, Any] = Field(examples=[ANSWERS])
    reasons: str
    seats: int
    checked_in_at: datetime | None
    proceeding: int | None = Field(description=_("Its course on the track."))
    parties: list[ApplicationPartyShape]
    milestones: list[MilestoneShape]
    tests: list[GoalTestShape]
    version: int


class BeginGiven(Given):
    call: Id
    organisation: Id


class AnswersGiven(Given):
    answers: dict[str, Any] = Field(default={}, examples=[ANSWERS])
    title_en: str | None = Field(default=None, max_length=200)
    facility: str | None = Field(default=None, max_length=40, examples=["PT-2026-000001"])
    case: Id | None = None
    category: str | None = Field(default=None, max_length=60)


class ApplicationPartyGiven(Given):
    organisation: Id
    task: str = Field(min_length=1, max_length=400, examples=["工艺放大"])
    share: Decimal = Field(ge=0, le=100, decimal_places=2, examples=["60"])


class PartiesGiven(Given):
    parties: list[ApplicationPartyGiven] = Field(max_length=40)


class PartnershipGiven(Given):
    organisation: Id = Field(description=_("Which of my organisations answers."))
    agree: bool


class ApplicationReasonGiven(Given):
    reason: str = Field(default="", max_length=1000, examples=["项目计划调整"])


class MilestoneReportGiven(Given):
    report: Text = Field(min_length=1, examples=["三批平均收率 86 %"])


class ObjectionGiven(Given):
    text: str = Field(min_length=10, max_length=4000, examples=["该产品三年前已有销售。"])
    application: Id | None = None


class ObjectionShape(Schema):
    id: Id
    application: int | None
    by: str
    text: str
    at: datetime
    upheld: bool | None = Field(description=_("None: not answered yet."))
    answer: str


class ObjectionAnswerGiven(Given):
    upheld: bool
    answer: str = Field(min_length=10, max_length=4000, examples=["已请专家复核，指标无误。"])


class VerdictGiven(Given):
    passed: bool
    verdict: Text = Field(default="", examples=["检测报告齐全，通过。"])


class MoveGiven(Given):
    move: Literal["open", "close", "panel", "list", "notice", "publish", "cancel", "end"]
    reason: str = Field(default="", max_length=1000, description=_("For cancel and end."))
    seen: int | None = Field(
        default=None, ge=0, le=2**31 - 1,
        description=_("For list, notice, publish: the version as you read it; else 409."),
    )  # fmt: skip


class GoalGiven(Given):
    title: str = Field(min_length=1, max_length=200, examples=["收率"])
    at: Decimal = Field(ge=-(10**12), le=10**12, examples=["85"])
    unit: str = Field(min_length=1, max_length=20, examples=["%"])
    least: bool = True


class CallGiven(Given):
    program: str = Field(max_length=60, examples=["first_batch"])
    region: str | None = Field(default=None, pattern="^[0-9]{6}$", examples=["110000"])
    title: str = Field(min_length=1, max_length=200, examples=["首批次新材料申报"])
    title_en: str = Field(default="", max_length=200)
    about: Text = ""
    opens: Day
    closes: Day
    issuer: str = Field(
        default="", max_length=18, description=_("Credit code of who issues a challenge.")
    )
    goals: list[GoalGiven] = Field(default=[], max_length=20)
    prize: Decimal | None = Field(default=None, gt=0, lt=10**13, decimal_places=2)
    place: str = Field(default="", max_length=200)
    begins_at: AwareDatetime | None = None
    seats: int | None = Field(default=None, ge=1, le=100_000)


def call_row(row: Any) -> dict[str, Any]:
    shown = ("number", "program", "kind", "title", "state", "region", "opens", "closes")
    return {name: getattr(row, name) for name in shown} | {
        "id": row.pk,
        "applications": row.count,
    }


def call_of(row: Any) -> dict[str, Any]:
    """A call that was fetched through its query, with the words of its program."""
    facts = words.call_facts(row)
    shown: tuple[str, ...] = ("title_en", "about", "goals", "place", "begins_at", "seats")
    shown += ("vote_from", "vote_to")
    shown += ("notice_from", "notice_to", "end_reason", "release", "version")
    row.count = len(queries.counted(call=row))
    return (
        call_row(row)
        | {name: getattr(row, name) for name in shown}
        | {name: facts[name] for name in ("summary", "conditions", "gates")}
        | {
            "issuer": row.issuer.name if row.issuer else None,
            "prize": None if row.prize is None else str(row.prize),
        }
    )


def standing_of(row: Any) -> dict[str, Any]:
    """A call as its authority sees it."""
    now = timezone.now()
    return call_of(row) | {
        "panel": row.panel,
        "to_list": [str(p.text) for p in problems_of_listing(row, now)],
        "to_decide": [str(p.text) for p in problems_of_deciding(row, now)],
    }


def result_of(row: Any) -> dict[str, Any]:
    return {
        "application": row.pk,
        "rank": row.rank,
        "title": row.title,
        "title_en": row.title_en,
        "organisation": row.organisation.name,
        "facility": row.facility.code if row.facility else None,
        "region": row.region,
        "category": row.category,
        "granted": str(row.granted),
    }


def application_row(row: Any) -> dict[str, Any]:
    shown = (
        "number",
        "title",
        "title_en",
        "region",
        "category",
        "state",
        "rank",
        "why",
        "changed_at",
    )
    return {name: getattr(row, name) for name in shown} | {
        "id": row.pk,
        "call": row.call_id,
        "organisation": row.organisation.name,
        "facility": row.facility.code if row.facility else None,
        "total": None if row.total is None else str(row.total),
        "granted": str(row.granted),
    }


def application_of(who: Actor, row: Any) -> dict[str, Any]:
    """An application that was fetched through its query."""
    shown = ("answers", "reasons", "seats", "checked_in_at", "proceeding", "version")
    return (
        application_row(row)
        | {name: getattr(row, name) for name in shown}
        | {
            "parties": [_party(one) for one in row.partners.all()],
            "milestones": [
                milestone_of(one) for one in queries.milestones(who=who, application=row)
            ],
            "tests": [
                {
                    "goal": one.goal,
                    "measured": f"{one.measured.normalize():f}",
                    "reached": one.reached,
                    "proof": one.proof,
                }
                for one in row.tests.all()
            ],
        }
    )


def _party(row: Any) -> dict[str, Any]:
    answered = row.agreed_at is not None or row.declined_at is not None
    return {
        "organisation": row.organisation_id,
        "name": row.organisation.name,
        "task": row.task,
        "share": str(row.share),
        "leads": row.leads,
        "agreed": row.agreed_at is not None if answered else None,
    }


def milestone_of(row: Any) -> dict[str, Any]:
    shown = ("title", "due", "state", "report", "verdict")
    return {name: getattr(row, name) for name in shown} | {"id": row.pk, "amount": str(row.amount)}


def objection_of(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk,
        "application": row.application_id,
        "by": row.by_name,
        **{name: getattr(row, name) for name in ("text", "at", "upheld", "answer")},
    }
