"""One application before the authority: its answers, course, milestones, test, check-in."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pilotline.desks.calls import queries, services
from pilotline.desks.journal.forms import lines
from pilotline.desks.journal.queries import history
from pilotline.desks.review.queries import questions_about
from pilotline.kernel.errors import Conflict, NotFound, Refused
from pilotline.web.shared import calls, courses


@require_safe
def application(request: HttpRequest, application: int) -> HttpResponse:
    """Everything about one application for those who decide on it."""
    found = queries.application(who=request.who, id=application)
    tests = {test.goal: test for test in found.tests.all()}
    goals = [
        {"goal": goal, "number": n, "test": (test := tests.get(n)), "measured": _plain(test)}
        for n, goal in enumerate(found.call.goals)
    ]
    context = {
        **calls.call_facts(found.call),
        "found": found,
        "status": calls.APPLICATION_WORDS[found.state],
        "status_tone": calls.APPLICATION_TONES[found.state],
        "rows": calls.answers(queries.program_of(found.call), found, confidential=True),
        "partners": list(found.partners.all()),
        "papers": list(found.papers.all()),
        "milestones": calls.milestone_rows(
            queries.program_of(found.call), queries.milestones(who=request.who, application=found)
        ),
        "goal_rows": goals,
        "why": calls.WHY_WORDS.get(found.why, ""),
        "judges": queries.may_judge(request.who, found),
        "questions": list(questions_about("application", found.pk)),
        "course": courses.of(request, "application", found.pk),
        "lines": lines(history(kind="application", id=found.pk)),
    }
    return render(request, "authority/application.html", context)


def _plain(test: Any) -> str:
    """What was measured, without zeros that nobody measured."""
    return f"{test.measured.normalize():f}" if test else ""


@require_POST
def act(request: HttpRequest, application: int) -> HttpResponse:
    """A further milestone, a checked report, an acceptance test, a check-in."""
    action = ACTIONS.get(request.POST.get("action", ""))
    if action is None:
        raise NotFound
    try:
        told = action(request, application)
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, str(problem.text))
    except Conflict as conflict:
        messages.error(request, str(conflict))
    else:
        messages.success(request, told)
    return redirect("authority:application", application)


def _milestone(request: HttpRequest, application: int) -> str:
    amount = _figure(request.POST.get("amount", "") or "0")
    try:
        due = date.fromisoformat(request.POST.get("due", ""))
    except ValueError:
        due = date.min
    services.add_milestone(
        who=request.who,
        application=application,
        title=request.POST.get("title", ""),
        due=due,
        amount=Decimal(-1) if amount is None else amount,
        now=timezone.now(),
    )
    return _("Agreed. The applicant sees it.")


def _judge(request: HttpRequest, application: int) -> str:
    named = request.POST.get("milestone", "")
    services.judge_milestone(
        who=request.who,
        milestone=int(named) if named.isdecimal() and len(named) < 10 else 0,
        passed=request.POST.get("passed") == "yes",
        verdict=request.POST.get("verdict", ""),
        now=timezone.now(),
    )
    return _("Written down.")


def _test(request: HttpRequest, application: int) -> str:
    sent = enumerate(request.POST.getlist("measured"))
    measured = {n: value for n, text in sent if (value := _figure(text)) is not None}
    services.enter_test(
        who=request.who,
        application=application,
        measured=measured,
        proof=request.POST.get("proof", ""),
        now=timezone.now(),
    )
    return _("The acceptance test is kept.")


def _check_in(request: HttpRequest, application: int) -> str:
    services.check_in(who=request.who, application=application, now=timezone.now())
    return _("Checked in.")


ACTIONS: dict[str, Any] = {
    "milestone": _milestone,
    "judge": _judge,
    "test": _test,
    "check-in": _check_in,
}


def _figure(text: str) -> Decimal | None:
    try:
        value = Decimal(text.replace(",", "").strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value.adjusted()) < 16 else None
