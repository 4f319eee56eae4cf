"""Programs opened as calls, and the way from applications to results."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from pilotline.desks.calls import queries, services
from pilotline.desks.calls.services.judging import problems_of_deciding, problems_of_listing
from pilotline.desks.journal.forms import lines
from pilotline.desks.journal.queries import history
from pilotline.desks.review.queries import panels_about, questions_of_program
from pilotline.kernel.errors import Conflict, NotFound, Refused
from pilotline.web.authority.call_forms import CallForm, goals_sent, region_of
from pilotline.web.shared import annex, calls
from pilotline.web.shared.forms import apply_problems, render_form
from pilotline.web.shared.lists import Empty, ListPage
from pilotline.web.shared.reviews import PANEL_TONES, PANEL_WORDS


@require_safe
def call_list(request: HttpRequest) -> HttpResponse:
    """The calls of the authority's region, drafts too."""
    return ListPage(
        name="calls",
        title=gettext_lazy("Calls"),
        rows=queries.calls(who=request.who, door="authority"),
        columns=calls.call_columns(lambda c: reverse("authority:call", args=[c.pk])),
        filters=calls.call_filters(drafts=True),
        search=("title", "title_en", "number"),
        order=("order", "-closes"),
        empty=Empty(
            gettext_lazy("No call yet"),
            gettext_lazy("Open a program of the rulebook for application."),
            reverse("authority:call-new"),
            gettext_lazy("Open a program"),
        ),
    ).respond(request, "authority/calls.html", {"programs": _programs()})


def _programs() -> list[dict[str, Any]]:
    lang = calls.language()
    return [
        {
            "id": p.id,
            "title": p.title.say(lang),
            "kind": calls.KIND_WORDS[p.kind],
            "about": p.summary.say(lang),
        }
        for p in queries.open_programs(timezone.localdate())
    ]


def new(request: HttpRequest) -> HttpResponse:
    """Choose a program, then say what is its own this time."""
    chosen = request.GET.get("program", "")
    program = next((p for p in queries.open_programs(timezone.localdate()) if p.id == chosen), None)
    if program is None:
        return render(request, "authority/call_choose.html", {"programs": _programs()})
    form = CallForm(program, request.POST or None)
    if form.is_valid():
        values = form.values() | {"goals": goals_sent(request)}
        try:
            call = services.draft_call(
                who=request.who,
                program=program.id,
                region=region_of(request.who),
                values=values,
                now=timezone.now(),
            )
        except Refused as refused:
            apply_problems(form, refused)
        else:
            messages.success(request, _("Written down. Look at it once more, then open it."))
            return redirect("authority:call", call.pk)
    context = {
        "program": program,
        "title": program.title.say(calls.language()),
        "goals": goals_sent(request) or [{}],
    }
    return render_form(request, "authority/call_new.html", context, form)


@require_safe
def call(request: HttpRequest, call: int) -> HttpResponse:
    return _page(request, call)


def _page(request: HttpRequest, pk: int, *, problems: Any = ()) -> HttpResponse:
    found = queries.call(who=request.who, id=pk)
    now = timezone.now()
    applications = ListPage(
        name="applications",
        title=gettext_lazy("Applications"),
        rows=queries.applications(who=request.who, door="authority", call=pk),
        columns=calls.application_columns(
            lambda a: reverse("authority:application", args=[a.pk]), judged=True
        ),
        filters=calls.application_filters(),
        search=("title", "title_en", "number", "organisation__name"),
        order=("rank", "pk"),
        empty=Empty(gettext_lazy("Nobody has applied yet")),
    )
    context = {
        **calls.call_facts(found),
        "objections": list(queries.objections(who=request.who, call=found)),
        "to_list": problems_of_listing(found, now) if found.state in ("judged", "notice") else (),
        "to_decide": problems_of_deciding(found, now) if found.state == "notice" else (),
        "has_list": found.applications.filter(state="listed").exists(),
        "waits_for_marks": bool(queries.program_of(found).rubric),
        "is_over": timezone.localdate(now) > found.closes,
        "problems": problems,
        "questions": list(questions_of_program(found.program)),
        "panels": [
            {"panel": one, "words": PANEL_WORDS[one.state], "tone": PANEL_TONES[one.state]}
            for one in panels_about("call", pk)
        ],
        "lines": lines(history(kind="call", id=pk)),
    }
    return applications.respond(request, "authority/call.html", context)


@require_POST
def move(request: HttpRequest, call: int) -> HttpResponse:
    """One step of a call: open, close, panel, list, notice, publish, cancel, end."""
    step = MOVES.get(request.POST.get("move", ""))
    if step is None:
        raise NotFound
    service, told, named = step
    given: dict[str, Any] = {"who": request.who, "call": call, "now": timezone.now()}
    if named == "reason":
        given["reason"] = request.POST.get("reason", "")
    if named == "closes":
        given["closes"] = _day(request.POST.get("closes", ""))
    seen = request.POST.get("seen", "")
    if named == "seen" and seen.isdecimal() and len(seen) < 10:
        given["seen"] = int(seen)
    try:
        service(**given)
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, str(problem.text))
    except Conflict as conflict:
        messages.error(request, str(conflict))
    else:
        messages.success(request, told)
    return redirect("authority:call", call)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min


Move = tuple[Callable[..., Any], Any, str]
MOVES: dict[str, Move] = {
    "open": (services.open_call, gettext_lazy("Opened. It stands in the service hall."), ""),
    "close": (services.close_call, gettext_lazy("Closed. The applications are judged now."), ""),
    "end-day": (services.move_end, gettext_lazy("The last day is moved."), "closes"),
    "panel": (services.gather_panel, gettext_lazy("The applications are before the panel."), ""),
    "list": (services.make_list, gettext_lazy("The list is made."), "seen"),
    "notice": (services.open_notice, gettext_lazy("The list is up for public notice."), "seen"),
    "publish": (services.publish_results, gettext_lazy("Decided and published."), "seen"),
    "cancel": (services.cancel_call, gettext_lazy("Taken back. Applicants are told."), "reason"),
    "end": (services.end_without_list, gettext_lazy("Ended."), "reason"),
}


@require_POST
def answer_objection(request: HttpRequest, call: int, objection: int) -> HttpResponse:
    try:
        services.answer_objection(
            who=request.who,
            objection=objection,
            upheld=request.POST.get("upheld") == "yes",
            answer=request.POST.get("answer", ""),
            now=timezone.now(),
        )
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, str(problem.text))
    except Conflict as conflict:
        messages.error(request, str(conflict))
    else:
        messages.success(request, _("Answered. Whoever objected is told."))
    return redirect("authority:call", call)


@require_safe
def annex_table(request: HttpRequest, call: int, kind: str) -> HttpResponse:
    """The list as the annex officials publish: docx or xlsx."""
    found = queries.call(who=request.who, id=call)
    return annex.file(found, list(queries.results(call=found)), kind)
