"""One proceeding as everybody who may see it sees it: the picture, who has it, until when, why."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pilotline.desks.review import services
from pilotline.desks.review.queries import proceedings as queries
from pilotline.desks.review.rules.proceedings import STATE_TITLES, STEP_TITLES, may_urge
from pilotline.kernel.errors import Conflict, Refused
from pilotline.web.shared import book, moves
from pilotline.web.shared import projects as shown
from pilotline.web.shared.forms import PageForm, apply_problems
from pilotline.web.shared.stepforms import AnswerForm, FinishForm, UrgeForm, conditions_of
from pilotline.web.shared.steps import STEP_TONES, body_title, step_title, timeline
from pilotline.web.shared.values import language

STATE_TONES = {"open": "info", "ended": "quiet", "withdrawn": "warn"}
MOVES = ("finish", "answer", "take", "give_back", "urge")


def proceeding(request: HttpRequest, id: int) -> HttpResponse:
    """The case page of whatever moves along a track; a move made here is a POST to its step."""
    return _page(request, id)


def _page(
    request: HttpRequest,
    id: int,
    *,
    wrong: tuple[int, str, PageForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    """`wrong` is a form that was refused: its step, its move and itself."""
    who, rulebook = request.who, book.rulebook()
    found = queries.proceeding(who=who, id=id)
    runs = queries.runs(found)
    today = timezone.localdate()
    outlook = services.standing(who=who, proceeding=id, today=today)
    abilities = queries.abilities(who=who, proceeding=found, runs=runs)
    context = {
        "proceeding": found,
        "track": rulebook.tracks.get(found.track) if rulebook else None,
        "state": (STATE_TITLES[found.state], STATE_TONES[found.state]),
        "outcome": found.outcome if found.state == "ended" else "",
        "green": [rulebook.green_lane.get(r["rule"]) for r in found.green_reasons]
        if rulebook
        else [],
        "open": [
            open_step(request, run, abilities, rulebook, today, wrong)
            for run in runs
            if run.state in ("open", "waiting", "held")
        ],
        "told": timeline(runs, rulebook),
        "outlook": outlook,
        "picture": picture_of(request, found, runs),
        "project": shown.beside(request, found),
    }
    return render(request, "shared/proceeding.html", context, status=422 if wrong else status)


def open_step(
    request: HttpRequest,
    run: Any,
    abilities: dict[str, Any],
    rulebook: Any,
    today: date,
    wrong: tuple[int, str, PageForm] | None = None,
) -> dict[str, Any]:
    """A living step with the forms of what this person may do to it."""
    given = {wrong[1]: wrong[2]} if wrong and wrong[0] == run.pk else {}
    may = run.pk in abilities["act"]
    row = {
        "run": run,
        "title": step_title(run, rulebook),
        "whose": body_title(run, rulebook),
        "tone": STEP_TONES[run.state],
        "late": run.due is not None and run.due < today,
        "days": (run.due - today).days if run.due else None,
        "up": rulebook.bodies.get(run.escalated_to) if rulebook and run.escalated_to else None,
        "opened": bool(given),
    }
    if may:
        ways = services.ways(who=request.who, run=run.pk)
        row["finish"] = given.get("finish") or FinishForm.of(run, ways, rulebook)
        row["may_take"] = run.holder is None
    if run.state == "waiting" and abilities["answer"]:
        row["answer"] = given.get("answer") or AnswerForm(auto_id=f"answer{run.pk}_%s")
    if not may and may_urge(request.who, run):
        row["urge"] = given.get("urge") or UrgeForm(auto_id=f"urge{run.pk}_%s")
    row["may_say"] = run.pk in abilities["say"]
    return row


def picture_of(request: HttpRequest, found: Any, runs: list[Any]) -> dict[str, Any]:
    """The track with the state of each step, the newest run of it counts."""
    states = {run.step: run.state for run in runs}
    drawn = dict(services.picture(who=request.who, proceeding=found.pk, language=language()))
    joint = "" if language().startswith("zh") else " "
    drawn["boxes"] = [
        box
        | {
            "state": states.get(box["step"], "later"),
            "title": joint.join(box["words"]),
            "said": STEP_TITLES.get(states.get(box["step"], ""), ""),
            "tone": STEP_TONES.get(states.get(box["step"], ""), "quiet"),
        }
        for box in drawn["boxes"]
    ]
    return drawn


@require_safe
def bpmn(request: HttpRequest, id: int) -> HttpResponse:
    """The track as BPMN 2.0, for any standard viewer."""
    found = queries.proceeding(who=request.who, id=id)
    text = services.bpmn_of(who=request.who, proceeding=id, language=language())
    answer = HttpResponse(text, content_type="application/xml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{found.track}.bpmn"'
    return answer


@require_POST
def move(request: HttpRequest, run: int, move: str) -> HttpResponse:
    """Make one move in a step, and lead back to the page; refused words are kept."""
    found = queries.run(who=request.who, id=run)
    form = _form(request, found, move)
    try:
        _carry_out(request, found, move)
    except Conflict as error:
        # Somebody was faster: the step and its form may be gone, the reason must not be.
        messages.error(request, str(error.text))
        return _page(request, found.proceeding_id, status=409)
    except Refused as error:
        if form is None:
            messages.error(request, str(error.text))
            return redirect("shared:proceeding", found.proceeding_id)
        apply_problems(form, error.problems)
        return _page(request, found.proceeding_id, wrong=(run, move, form))
    messages.success(request, _("Done."))
    return redirect("shared:proceeding", found.proceeding_id)


def _form(request: HttpRequest, run: Any, move: str) -> PageForm | None:
    if move == "finish":
        ways = services.ways(who=request.who, run=run.pk)
        return FinishForm.of(run, ways, book.rulebook(), data=request.POST)
    kinds = {"answer": AnswerForm, "urge": UrgeForm}
    if move not in kinds:
        return None
    return kinds[move](request.POST, auto_id=f"{move}{run.pk}_%s")


def _carry_out(request: HttpRequest, run: Any, move: str) -> None:
    who, now = request.who, timezone.now()

    def said(name: str) -> str:
        return request.POST.get(name, "")

    if move == "finish":
        moves.finish(
            who=who,
            run=run.pk,
            outcome=said("outcome"),
            reasons=said("reasons"),
            conditions=conditions_of(request.POST),
            readiness={"scale": said("scale"), "level": said("level")} if said("scale") else None,
            now=now,
        )
    elif move == "answer":
        services.answer_step(who=who, run=run.pk, answer=said("answer"), now=now)
    elif move == "take":
        services.take_step(who=who, run=run.pk, now=now)
    elif move == "give_back":
        services.give_back_step(who=who, run=run.pk, now=now)
    elif move == "urge":
        services.urge_step(who=who, run=run.pk, kind=said("kind"), words=said("words"), now=now)


@require_POST
def answer_urge(request: HttpRequest, urge: int) -> HttpResponse:
    """Say how a step stands that was urged or is supervised."""
    words = request.POST.get("words", "")
    try:
        made = services.answer_urge(who=request.who, urge=urge, words=words, now=timezone.now())
    except (Refused, Conflict) as error:
        return shown.back_with(request, error)
    messages.success(request, _("Answered."))
    return redirect("shared:proceeding", queries.run(who=request.who, id=made.run_id).proceeding_id)


@require_POST
def withdraw(request: HttpRequest, id: int) -> HttpResponse:
    """The applicant leaves in the middle."""
    reasons = request.POST.get("reasons", "")
    try:
        moves.withdraw(who=request.who, proceeding=id, reasons=reasons, now=timezone.now())
    except (Refused, Conflict) as error:
        messages.error(request, str(error.text))
    else:
        messages.success(request, _("Withdrawn. The history stays."))
    return redirect("shared:proceeding", id)
