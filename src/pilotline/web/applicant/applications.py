"""Applying: begin, fill in, name partners, attach, hand in, follow, report what was promised."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pilotline.desks.calls import queries, services
from pilotline.desks.calls.rules.states import may_move
from pilotline.desks.demand import queries as demand
from pilotline.desks.demand.forms import WHOLE, posted
from pilotline.desks.people import queries as people
from pilotline.desks.registry import queries as registry
from pilotline.kernel.errors import Conflict, Problem, Refused
from pilotline.web.applicant.answers import TITLE_EN, AnswersForm, title_in_english
from pilotline.web.applicant.partners import party_rows, sent_parties
from pilotline.web.shared import calls, courses
from pilotline.web.shared.fields import Section
from pilotline.web.shared.forms import OneOfField
from pilotline.web.shared.lists import Empty, ListPage


@dataclass(frozen=True, slots=True)
class _Answered:
    """What the form of answers shows of an application."""

    answers: dict[str, Any]
    version: int
    title_en: str = ""
    confidential: list[str] = field(default_factory=list)


class ApplicationForm(AnswersForm):
    """The program's questions, and what is put forward."""

    def __init__(self, request: HttpRequest, program: Any, found: Any, **kwargs: Any) -> None:
        self.program, self.choices = program, _choices(request, program)
        chosen = {
            "facility": found.facility.code if found.facility else "",
            "case": str(found.case_id or ""),
            "category": found.category,
        }
        given = {name: chosen[name] for name in self.choices}
        shown = _Answered({**found.answers, **given}, found.version, found.title_en)
        super().__init__(program.form, shown, timezone.localdate(), **kwargs)
        self.sections = (Section(_("What is put forward"), tuple(self.choices)), *self.sections)

    def _more(self, asked: Any, lang: str) -> None:
        titles = {"facility": _("Facility"), "case": _("Case"), "category": _("Kind")}
        if asked.by_role("title"):
            self.fields[TITLE_EN] = title_in_english()
        for name, listed in self.choices.items():
            self.fields[name] = OneOfField(label=titles[name], choices=listed, required=False)


def _choices(request: HttpRequest, program: Any) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    if program.concerns == "facility":
        mine = registry.my_facilities(request.who)
        found["facility"] = [(f.code, f.name) for f in mine]
    if program.concerns == "case":
        mine = demand.cases(who=request.who, door="applicant")
        found["case"] = [(str(c.pk), f"{c.number or ''} {c.title}") for c in mine]
    if program.categories:
        lang = calls.language()
        found["category"] = [(c.id, c.title.say(lang)) for c in program.categories]
    return found


@require_safe
def application_list(request: HttpRequest) -> HttpResponse:
    """What one's organisations apply for, and what they take part in."""
    return ListPage(
        name="applications",
        title=gettext_lazy("My applications"),
        rows=queries.applications(who=request.who, door="applicant"),
        columns=calls.application_columns(
            lambda a: reverse("applicant:application", args=[a.pk]), judged=False
        ),
        filters=calls.application_filters(),
        search=("title", "title_en", "number", "call__title", "call__title_en"),
        order=("-changed_at",),
        empty=Empty(
            gettext_lazy("Nothing applied for yet"),
            gettext_lazy("See what is open: recognitions, challenges, showcases, subsidies."),
            reverse("public:calls"),
            gettext_lazy("Calls and challenges"),
        ),
    ).respond(request, "applicant/applications.html")


@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, call: int) -> HttpResponse:
    """Begin: for which organisation. With one organisation a click is enough."""
    found = queries.call(who=request.who, id=call)
    mine = [
        (m.organisation_id, m.organisation.name)
        for m in people.own_organisations(request.who)
        if request.who.belongs_to(m.organisation_id)
    ]
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and mine:
        wanted = request.POST.get("organisation", "")
        chosen = next((pk for pk, _name in mine if str(pk) == wanted), mine[0][0])
        try:
            made = services.start_application(
                who=request.who, call=call, organisation=chosen, now=timezone.now()
            )
        except Refused as refused:
            problems = refused.problems
        else:
            return redirect("applicant:application", made.pk)
    context = {**calls.call_facts(found), "organisations": mine, "problems": problems}
    return render(request, "applicant/apply.html", context, status=422 if problems else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def application(request: HttpRequest, application: int) -> HttpResponse:
    """A draft to be filled in, or an application to be followed."""
    found = queries.application(who=request.who, id=application)
    if request.method == "POST":
        action = request.POST.get("action", "")
        return ACTIONS.get(action, _keep)(request, found)
    return page(request, found)


def page(
    request: HttpRequest, found: Any, *, problems: Any = (), status: int = 200
) -> HttpResponse:
    """The page of one application with all that this person may do."""
    program = queries.program_of(found.call)
    is_mine = request.who.belongs_to(found.organisation_id)
    is_draft = found.state == "draft" and is_mine
    context = {
        **calls.call_facts(found.call),
        "found": found,
        "status": calls.APPLICATION_WORDS[found.state],
        "status_tone": calls.APPLICATION_TONES[found.state],
        "is_mine": is_mine,
        "is_draft": is_draft,
        "form": ApplicationForm(request, program, found, problems=problems) if is_draft else None,
        "problems": () if is_draft else problems,
        "rows": calls.answers(program, found, confidential=True),
        "parties": party_rows(request, found),
        "names_parties": program.partners is not None and is_draft,
        "papers": list(found.papers.all()),
        "milestones": calls.milestone_rows(
            program, queries.milestones(who=request.who, application=found)
        ),
        "tests": calls.test_rows(found),
        "why": calls.WHY_WORDS.get(found.why, ""),
        "may_withdraw": is_mine and may_move(found, "withdrawn"),
        "course": courses.of(request, "application", found.pk),
    }
    return render(request, "applicant/application.html", context, status=status)


def _given(request: HttpRequest, found: Any) -> dict[str, Any]:
    program = queries.program_of(found.call)
    case = request.POST.get("case", "")
    return {
        "who": request.who,
        "application": found.pk,
        "answers": posted(program.form, request.POST) if WHOLE in request.POST else {},
        "facility": request.POST.get("facility") or None,
        "case": int(case) if case.isdecimal() and len(case) < 10 else None,
        "category": request.POST.get("category"),
        "title_en": request.POST.get(TITLE_EN),
        "now": timezone.now(),
    }


def _again(request: HttpRequest, found: Any, refused: Refused) -> HttpResponse:
    fresh = queries.application(who=request.who, id=found.pk)
    return page(request, fresh, problems=refused.problems, status=422)


def _keep(request: HttpRequest, found: Any) -> HttpResponse:
    try:
        services.save_application(**_given(request, found))
    except Refused as refused:
        return _again(request, found, refused)
    messages.success(request, _("The draft is saved."))
    return redirect("applicant:application", found.pk)


def _submit(request: HttpRequest, found: Any) -> HttpResponse:
    """Hand in: accepted at once, or everything that is missing at once."""
    try:
        if found.state == "draft":
            services.save_application(**_given(request, found))
        done = services.submit_application(
            who=request.who, application=found.pk, now=timezone.now()
        )
    except Refused as refused:
        return _again(request, found, refused)
    if done.state == "joining":
        messages.info(request, _("It is handed in as soon as every partner has agreed."))
    else:
        told = _("Accepted at once, with the number %(number)s.") % {"number": done.number}
        messages.success(request, told)
    return redirect("applicant:application", found.pk)


def _name(request: HttpRequest, found: Any) -> HttpResponse:
    """Set the parties of a joint application."""
    parties, problems = sent_parties(request)
    if not problems:
        try:
            services.name_partners(
                who=request.who, application=found.pk, partners=parties, now=timezone.now()
            )
        except Refused as refused:
            problems = list(refused.problems)
    if problems:
        return page(request, found, problems=problems, status=422)
    messages.success(request, _("The parties are named; each of them is asked to agree."))
    return redirect("applicant:application", found.pk)


def _answer(request: HttpRequest, found: Any, *, agree: bool) -> HttpResponse:
    mine = [p for p in found.partners.all() if request.who.belongs_to(p.organisation_id)]
    for party in mine:
        services.answer_partnership(
            who=request.who,
            application=found.pk,
            organisation=party.organisation_id,
            agree=agree,
            now=timezone.now(),
        )
    messages.success(request, _("Agreed.") if agree else _("Declined. The lead is told."))
    return redirect("applicant:application", found.pk)


def _withdraw(request: HttpRequest, found: Any) -> HttpResponse:
    try:
        services.withdraw_application(
            who=request.who,
            application=found.pk,
            reason=request.POST.get("reason", ""),
            now=timezone.now(),
        )
    except Conflict as conflict:
        messages.error(request, str(conflict))
    else:
        messages.success(request, _("Withdrawn."))
    return redirect("applicant:application", found.pk)


ACTIONS = {
    "submit": _submit,
    "parties": _name,
    "agree": lambda request, found: _answer(request, found, agree=True),
    "decline": lambda request, found: _answer(request, found, agree=False),
    "withdraw": _withdraw,
}


@require_POST
def papers(request: HttpRequest, application: int) -> HttpResponse:
    """Attach files, or take one out; what is not taken is said by name."""
    sent, away = request.FILES.getlist("files"), request.POST.get("remove", "")
    now = timezone.now()
    if away.isdecimal() and len(away) < 10:
        services.detach_paper(who=request.who, paper=int(away), now=now)
    for file in sent:
        try:
            services.attach_paper(
                who=request.who,
                application=application,
                name=file.name,
                size=file.size,
                content=file,
                now=now,
            )
        except Refused as refused:
            for problem in refused.problems:
                said = {"file": file.name, "text": problem.text}
                messages.error(request, _("%(file)s: %(text)s") % said)
    return redirect(reverse("applicant:application", args=[application]) + "#papers")


@require_POST
def milestone(request: HttpRequest, application: int, milestone: int) -> HttpResponse:
    """Report that a milestone is reached."""
    try:
        services.report_milestone(
            who=request.who,
            milestone=milestone,
            report=request.POST.get("report", ""),
            now=timezone.now(),
        )
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, str(problem.text))
    except Conflict as conflict:
        messages.error(request, str(conflict))
    else:
        messages.success(request, _("Reported. It will be checked."))
    return redirect("applicant:application", application)
