"""A call's panel of experts: its applications put before it, its marks brought back."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pilotline.desks.calls.models import Application, Call
from pilotline.desks.calls.queries.calls import program_of
from pilotline.desks.calls.services.courses import SUBJECT, pass_steps
from pilotline.desks.calls.services.hold import held_call, keep_call
from pilotline.desks.calls.services.judging import take_marks
from pilotline.desks.demand.queries import answer_text
from pilotline.desks.people import queries as people
from pilotline.desks.review import queries as review_queries
from pilotline.desks.review import services as review
from pilotline.desks.review.forms import Item
from pilotline.desks.review.queries.proceedings import open_steps
from pilotline.kernel.actor import SYSTEM, Actor
from pilotline.kernel.errors import Problem, refuse
from pilotline.rulebook.program import Program

ABOUT = "call"


@transaction.atomic
def gather_panel(*, who: Actor, call: int, now: datetime) -> Call:
    """Put every application that waits for marks before the call's panel.

    One is opened when there is none, or when the last is closed: a call that stays open for months
    has one panel after the other.
    """
    found = held_call(who, call)
    program = program_of(found)
    waiting = [a for a in _waiting(found) if a.points is None]
    problems = []
    if not program.rubric:
        problems.append(Problem("no-rubric", _("Nothing is marked in this program.")))
    if not waiting:
        problems.append(Problem("nothing", _("No application waits for marks.")))
    refuse(problems)
    items = [_item(a, program) for a in waiting]
    if (
        found.panel is not None
        and review_queries.panel(who=SYSTEM, id=found.panel).state != "closed"
    ):
        review.add_items(who=who, panel=found.panel, items=items, now=now)
    else:
        opened = review.open_panel(
            who=who,
            title=found.title,
            title_en=found.title_en,
            region=found.region,
            rubric=program.rubric,
            rule=program.review_rule,
            items=items,
            about=(ABOUT, found.pk),
            is_demo=found.is_demo,
            now=now,
        )
        found.panel = opened.pk
    keep_call(who, found, "gather-panel", now, panel=found.panel, count=len(items))
    return found


def _waiting(call: Call) -> Iterator[Application]:
    """Accepted applications whose course has come to the marks."""
    accepted = call.applications.filter(state="accepted").select_related("call", "facility")
    rows = {a.pk: a for a in accepted.order_by("number")}
    for run in open_steps(subject_kind=SUBJECT, subjects=rows, act="marks"):
        yield rows[run.proceeding.subject]


def _item(found: Application, program: Program) -> Item:
    form = program.form
    material = [
        {
            "title": {"zh": field.title.zh, "en": field.title.en},
            "text": answer_text(field, found.answers[field.id], "zh-hans"),
        }
        for field in form.fields
        if field.type not in ("flag", "files", "phone")
        # Whom to call is nothing to mark, and would tell who applies where the rubric is blind.
        and field.role != "contact_name"
        and found.answers.get(field.id)
    ]
    parties = [partner.organisation_id for partner in found.partners.all()]
    if found.call.goals:
        material.insert(0, _goals(found.call))
    return Item(
        subject=(SUBJECT, found.pk),
        title=found.title,
        title_en=found.title_en,
        number=found.number or "",
        summary=str(form.answer(found.answers, "summary") or ""),
        fields=_fields(found, form.answer(found.answers, "field")),
        organisation=found.organisation_id,
        parties=parties,
        people=[str(form.answer(found.answers, "contact_name") or "")],
        unnamed=_members([found.organisation_id, *parties]),
        material=material,
    )


def _members(parties: Iterable[int]) -> list[str]:
    """The people of every party: their ties count, whoever is named as the contact."""
    members = frozenset().union(*people.members_of(parties).values())
    return [name for name in people.user_names(sorted(members)).values() if name.strip()]


def _fields(found: Application, answered: Any) -> list[str]:
    """The fields of industry that an application states, or its facility's."""
    if answered:
        return [answered] if isinstance(answered, str) else list(answered)
    return list(found.facility.fields) if found.facility else []


def _goals(call: Call) -> dict[str, Any]:
    """What a challenge wants reached, without which nobody can mark an answer to it."""
    lines = [
        f"{goal['title']} {'≥' if goal['least'] else '≤'} {goal['at']} {goal['unit']}"
        for goal in call.goals
    ]
    text = "\n".join([call.title, call.about, *lines]).strip()
    return {"title": {"zh": "榜单指标", "en": "Goals of the challenge"}, "text": text}


@transaction.atomic
def bring_marks(*, call: int, panel: int, now: datetime) -> int:
    """After a panel is closed: keep the totals and end the step of marks of each application.

    Told twice, it is done once. Returns how many applications got their marks.
    """
    Call.objects.select_for_update(no_key=True).get(pk=call)
    marked = review_queries.panel(who=SYSTEM, id=panel)
    subjects = {item.pk: item.subject for item in review_queries.items(panel=marked)}
    points = {
        subjects[row["item"]]: (Decimal(row["corrected"]), Decimal(row["raw"]))
        for row in review_queries.standings(who=SYSTEM, panel=panel)["items"]
        if row["item"] in subjects
    }
    points = take_marks(call=call, points=points, now=now)
    words = {pk: f"{corrected:.2f} ({raw:.2f})" for pk, (corrected, raw) in points.items()}
    pass_steps(applications=words, act="marks", now=now)
    return len(points)
