"""Before and after a decision: what a facility still lacks, its plans, milestones and tests."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Field, Router, Schema

from pilotline.desks.calls import queries, services
from pilotline.web.api.call_shapes import (
    ApplicationShape,
    Day,
    MilestoneShape,
    Text,
    application_of,
    milestone_of,
)
from pilotline.web.api.doors import Bearer
from pilotline.web.api.route import (
    Given,
    Id,
    Limit,
    Listed,
    Offset,
    get,
    language,
    made,
    part_of,
    post,
)

router = Router(tags=[_("Plans and acceptance")])
MINE, REGION = Bearer("operator"), Bearer("authority")


class LackShape(Schema):
    says: str
    advice: str = Field(description=_("How to bring it; empty where the rulebook says nothing."))


class ReadinessShape(Schema):
    """How far a facility is for one program."""

    program: str
    title: str
    unmet: list[str] = Field(description=_("Conditions that keep it from applying at all."))
    lacking: list[LackShape] = Field(description=_("Gates that a plan of cultivation can bring."))


class CultivationShape(Schema):
    """What a facility takes on to become ready for a program."""

    id: Id
    facility: str = Field(description=_("Its code."), examples=["PT-2026-000001"])
    program: str
    lacking: list[LackShape] = Field(description=_("As it was when the plan was made."))
    until: date
    words: str
    made_at: datetime
    ready_at: datetime | None = Field(description=_("None while something is lacking."))


class CultivationGiven(Given):
    program: str = Field(max_length=60, examples=["provincial_recognition"])
    until: Day
    words: Text = Field(default="", examples=["年内补足检测设备"])


class FurtherMilestoneGiven(Given):
    title: str = Field(min_length=1, max_length=200, examples=["完成三批连续验证"])
    due: Day
    amount: Decimal = Field(default=Decimal(0), ge=0, lt=10**13, decimal_places=2)


class MeasuredGiven(Given):
    measured: list[Decimal] = Field(
        min_length=1, max_length=20, examples=[["86.5"]],
        description=_("One figure for each goal of the call, in its order."),
    )  # fmt: skip
    proof: str = Field(min_length=1, max_length=1000, examples=["检测报告 YS-2026-018"])


@get(router, "/operator/facilities/{code}/readiness", "operator-readiness",
     _("What a facility of mine lacks for each program for facilities"),
     list[ReadinessShape], auth=MINE)  # fmt: skip
def readiness(request: HttpRequest, code: str) -> Any:
    today, lang = timezone.localdate(), language()
    return [
        {
            "program": program.id,
            "title": program.title.say(lang),
            "unmet": [one.says.say(lang) for one in unmet],
            "lacking": [
                {
                    "says": one.says.say(lang),
                    "advice": one.advice.say(lang) if one.advice else "",
                }
                for one in lacking
            ],
        }
        for program, unmet, lacking in queries.readiness_by_program(
            who=request.who, facility=code, today=today
        )
    ]


@get(router, "/operator/plans", "operator-plans", _("Plans of cultivation of my facilities"),
     Listed[CultivationShape], auth=MINE)  # fmt: skip
def my_plans(request: HttpRequest, limit: Limit = 50, offset: Offset = 0) -> dict[str, Any]:
    return part_of(queries.plans(who=request.who), limit, offset, plan_of)


@post(
    router, "/operator/facilities/{code}/plans", "operator-facility-plans",
    _("Take on what a facility lacks"), CultivationShape, status=201, creates=True, auth=MINE,
    about=_("One open plan a facility and program: asked again, it is given back."),
)  # fmt: skip
def make_plan(request: HttpRequest, code: str, given: CultivationGiven) -> Any:
    row = services.make_plan(
        who=request.who, facility=code, now=timezone.now(), **given.model_dump()
    )
    return made(plan_of(row))


@get(router, "/authority/plans", "authority-plans", _("Plans of cultivation in my region"),
     Listed[CultivationShape], auth=REGION)  # fmt: skip
def plans(request: HttpRequest, limit: Limit = 50, offset: Offset = 0) -> dict[str, Any]:
    return part_of(queries.plans(who=request.who), limit, offset, plan_of)


@post(router, "/authority/applications/{id}/milestones", "authority-application-milestones",
      _("Agree on a further milestone"), MilestoneShape, status=201, creates=True, auth=REGION,
      about=_("Its money comes out of what is promised for the end."))  # fmt: skip
def add_milestone(request: HttpRequest, id: Id, given: FurtherMilestoneGiven) -> Any:
    row = services.add_milestone(
        who=request.who, application=id, now=timezone.now(), **given.model_dump()
    )
    return made(milestone_of(row))


@post(router, "/authority/applications/{id}/test", "authority-application-test",
      _("Enter the acceptance test of a challenge"), ApplicationShape, auth=REGION,
      about=_("Every goal at once; entered again, it replaces the last one."))  # fmt: skip
def enter_test(request: HttpRequest, id: Id, given: MeasuredGiven) -> Any:
    services.enter_test(
        who=request.who,
        application=id,
        measured=dict(enumerate(given.measured)),
        proof=given.proof,
        now=timezone.now(),
    )
    return application_of(request.who, queries.application(who=request.who, id=id))


@post(router, "/authority/applications/{id}/check-in", "authority-application-check-in",
      _("Check somebody in at an event"), ApplicationShape, auth=REGION)  # fmt: skip
def check_in(request: HttpRequest, id: Id) -> Any:
    services.check_in(who=request.who, application=id, now=timezone.now())
    return application_of(request.who, queries.application(who=request.who, id=id))


def plan_of(row: Any) -> dict[str, Any]:
    key = "zh" if language().startswith("zh") else "en"
    return {
        "id": row.pk,
        "facility": row.facility.code,
        "program": row.program,
        "lacking": [{"says": one[key], "advice": one[f"advice_{key}"]} for one in row.items],
        **{name: getattr(row, name) for name in ("until", "words", "made_at", "ready_at")},
    }
