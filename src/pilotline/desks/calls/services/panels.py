"""A call's panel of experts: its applications put before it, its marks brought back."""

from collections.abc import Iterator
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
from pilotline.desks.review import services as review
from pilotline.desks.review.forms import Item
from pilotline.desks.review.queries.panels import standings
from pilotline.desks.review.queries.proceedings import open_steps
from pilotline.kernel.actor import SYSTEM, Actor
from pilotline.kernel.errors import Problem, refuse
from pilotline.rulebook.program import Program

ABOUT = "call"


@transaction.atomic
def gather_panel(*, who: Actor, call: int, now: datetime) -> Call:
    """Put every application that waits for marks before the call's panel; opened when needed."""
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
    if found.panel is None:
        panel = review.open_panel(
            who=who,
            title=found.title,
            region=found.region,
            rubric=program.rubric,
            rule=program.review_rule,
            items=items,
            about=(ABOUT, found.pk),
            is_demo=found.is_demo,
            now=now,
        )
        found.panel = panel.pk
    else:
        review.add_items(who=who, panel=found.panel, items=items, now=now)
    keep_call(who, found, "gather-panel", now, panel=found.panel, count=len(items))
    return found


def _waiting(call: Call) -> Iterator[Application]:
    """Accepted applications whose course has come to the marks."""
    rows = {a.pk: a for a in call.applications.filter(state="accepted").order_by("number")}
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
        if field.type not in ("flag", "files", "phone") and found.answers.get(field.id)
    ]
    field = form.answer(found.answers, "field")
    return Item(
        subject=(SUBJECT, found.pk),
        title=found.title,
        number=found.number or "",
        summary=str(form.answer(found.answers, "summary") or ""),
        fields=[field] if isinstance(field, str) else list(field or ()),
        organisation=found.organisation_id,
        parties=[p.organisation_id for p in found.partners.all()],
        people=[str(form.answer(found.answers, "contact_name") or "")],
        material=material,
    )


@transaction.atomic
def bring_marks(*, call: int, now: datetime) -> int:
    """After the panel is closed: keep the totals and end the step of marks of each application."""
    found = Call.objects.select_for_update(no_key=True).get(pk=call)
    if found.panel is None:
        return 0
    table = standings(who=SYSTEM, panel=found.panel)
    points = {row["subject"]: _totals(row) for row in table["items"] if row["raw"] is not None}
    take_marks(call=call, points=points, now=now)
    words = {pk: f"{corrected:.2f} ({raw:.2f})" for pk, (corrected, raw) in points.items()}
    pass_steps(applications=words, act="marks", now=now)
    return len(points)


def _totals(row: dict[str, Any]) -> tuple[Decimal, Decimal]:
    raw = Decimal(str(row["raw"]))
    corrected = row.get("corrected")
    return (raw if corrected is None else Decimal(str(corrected))), raw
