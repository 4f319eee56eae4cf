"""The advisory committee and all meetings: terms, questions, advice, minutes."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pilotline.desks.calls import queries as calls
from pilotline.desks.journal.forms import lines
from pilotline.desks.journal.queries import history
from pilotline.desks.review import queries, services
from pilotline.kernel.errors import Conflict, NotFound, Refused
from pilotline.web.shared import book
from pilotline.web.shared.calls import title_of
from pilotline.web.shared.forms import (
    DayField,
    LongField,
    OneOfField,
    PageForm,
    apply_problems,
    render_form,
)
from pilotline.web.shared.lists import Column, Empty, ListPage
from pilotline.web.shared.reviews import (
    FINDING_WORDS,
    MEETING_TONES,
    MEETING_WORDS,
    QUESTION_TONES,
    QUESTION_WORDS,
    SEAT_WORDS,
)
from pilotline.web.shared.values import language, region


class CommitteeForm(PageForm):
    """A new committee."""

    title = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    title_en = forms.CharField(label=gettext_lazy("English name"), max_length=120, required=False)
    region = OneOfField(label=gettext_lazy("Region"), choices=())
    about = LongField(label=gettext_lazy("What it is for"), most=1000, rows=3, required=False)

    def __init__(self, *args: Any, regions: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = [(code, region(code)) for code in sorted(regions)]


class SeatForm(PageForm):
    """An expert of the pool for a term."""

    expert = forms.TypedChoiceField(label=gettext_lazy("Expert"), coerce=int)
    seat = OneOfField(label=gettext_lazy("Seat"), choices=SEAT_WORDS.items())
    since = DayField(label=gettext_lazy("From"))
    until = DayField(label=gettext_lazy("Until (not included)"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pool = queries.active_experts().order_by("name").values_list("pk", "name")
        self.fields["expert"].choices = [("", "—"), *pool]


class QuestionForm(PageForm):
    """A question, tied to a case or a program where it has one."""

    title = forms.CharField(label=gettext_lazy("The question in a few words"), max_length=200)
    text = LongField(label=gettext_lazy("The question in full"), most=4000)
    case_number = forms.CharField(
        label=gettext_lazy("Number of the case it concerns"), max_length=40, required=False
    )
    program = forms.ChoiceField(label=gettext_lazy("Program it concerns"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rulebook = book.rulebook()
        listed = rulebook.programs if rulebook else ()
        titles = [(one.id, one.title.say(language())) for one in listed]
        self.fields["program"].choices = [("", "—"), *titles]


class MeetingForm(PageForm):
    """A meeting of the committee, or of a panel."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    starts_at = forms.DateTimeField(
        label=gettext_lazy("Begins"),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    place = forms.CharField(label=gettext_lazy("Place"), max_length=200, required=False)
    agenda = LongField(label=gettext_lazy("Agenda"), most=4000)


class AdviceForm(PageForm):
    """What the committee advises, and how it voted."""

    advice = LongField(label=gettext_lazy("Advice"), most=4000)
    in_favour = forms.IntegerField(label=gettext_lazy("In favour"), min_value=0)
    against = forms.IntegerField(label=gettext_lazy("Against"), min_value=0)
    abstained = forms.IntegerField(label=gettext_lazy("Abstained"), min_value=0)
    is_public = forms.BooleanField(label=gettext_lazy("Publish the advice"), required=False)


def committees(request: HttpRequest) -> HttpResponse:
    """The committees; where there is none, the form to set one up."""
    form = CommitteeForm(request.POST or None, regions=request.who.regions)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.set_up_committee(
                who=request.who, now=timezone.now(), **form.cleaned_data
            )
        except Refused as refused:
            apply_problems(form, refused)
        else:
            messages.success(request, _("Set up. Now name its members."))
            return redirect("authority:committee", made.pk)
    page = ListPage(
        name="committees",
        title=gettext_lazy("Advisory committees"),
        rows=queries.committees(who=request.who),
        columns=[
            Column(
                name="title",
                title=gettext_lazy("Name"),
                value=title_of,
                link=lambda row: reverse("authority:committee", args=[row.pk]),
                sort="title",
                leading=True,
            ),
            Column(name="region", title=gettext_lazy("Region"), show="region", sort="region"),
            Column(name="since", title=gettext_lazy("Since"), show="day", sort="since"),
        ],
        search=("title", "title_en"),
        empty=Empty(gettext_lazy("No committee yet")),
    )
    answer = page.respond(request, "authority/committees.html", {"form": form})
    answer.status_code = 422 if form.is_bound else answer.status_code
    return answer


def committee(request: HttpRequest, committee: int) -> HttpResponse:
    return _page(request, committee)


@require_POST
def seat(request: HttpRequest, committee: int) -> HttpResponse:
    """Name a member."""
    return _said(request, committee, "seat", SeatForm(request.POST), services.seat_expert)


@require_POST
def ask(request: HttpRequest, committee: int) -> HttpResponse:
    """Put a question to it."""
    return _said(request, committee, "ask", QuestionForm(request.POST), services.ask_committee)


@require_POST
def term_end(request: HttpRequest, committee: int, term: int) -> HttpResponse:
    """A member leaves."""
    try:
        services.end_term(who=request.who, term=term, now=timezone.now())
    except Conflict as conflict:
        messages.error(request, str(conflict.text))
    else:
        messages.success(request, _("Saved."))
    return redirect("authority:committee", committee)


def meeting_call(
    request: HttpRequest, committee: int | None = None, panel: int | None = None
) -> HttpResponse:
    """Call a meeting of a committee or a panel."""
    if panel is not None:
        queries.panel(who=request.who, id=panel)
    else:
        queries.committee(who=request.who, id=committee or 0)
    form = MeetingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.call_meeting(
                who=request.who,
                committee=committee,
                panel=panel,
                now=timezone.now(),
                **form.cleaned_data,
            )
        except Refused as refused:
            apply_problems(form, refused)
        else:
            messages.success(request, _("Called. Everybody concerned is told."))
            return redirect("authority:meeting", made.pk)
    return render_form(request, "authority/meeting_call.html", {}, form)


def meeting(request: HttpRequest, meeting: int) -> HttpResponse:
    """A meeting; its minutes are written and sealed here."""
    found = queries.meeting(who=request.who, id=meeting)
    typed, problems = {"minutes": "", "came": set(), "findings": {}}, ()
    items = list(queries.items(panel=found.panel)) if found.panel else []
    if request.method == "POST":
        typed = _typed(request, items)
        try:
            services.seal_minutes(who=request.who, meeting=meeting, now=timezone.now(), **typed)
        except Refused as refused:
            problems = refused.problems
        except Conflict as conflict:
            messages.error(request, str(conflict.text))
            return redirect("authority:meeting", meeting)
        else:
            messages.success(request, _("The minutes are sealed."))
            return redirect("authority:meeting", meeting)
    shown = {
        "meeting": found,
        "state": (MEETING_WORDS[found.state], MEETING_TONES[found.state]),
        "attendances": queries.attendances(meeting=found),
        "typed": typed,
        "problems": problems,
        "items": [
            (item, (found.findings or {}).get(str(item.pk)), typed["findings"].get(item.pk, {}))
            for item in items
        ],
        "findings": FINDING_WORDS.items(),
        "finding_words": FINDING_WORDS,
        "titles": {item.pk: title_of(item) for item in items},
        "lines": lines(history(kind="meeting", id=meeting)),
    }
    return render(request, "authority/meeting.html", shown, status=422 if problems else 200)


@require_POST
def meeting_cancel(request: HttpRequest, meeting: int) -> HttpResponse:
    """Call a meeting off."""
    try:
        services.cancel_meeting(who=request.who, meeting=meeting, now=timezone.now())
    except Conflict as conflict:
        messages.error(request, str(conflict.text))
    else:
        messages.success(request, _("Called off."))
    return redirect("authority:meeting", meeting)


def question(request: HttpRequest, question: int) -> HttpResponse:
    """A question and its advice."""
    found = queries.question(who=request.who, id=question)
    form = AdviceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.give_advice(
                who=request.who, question=question, now=timezone.now(), **form.cleaned_data
            )
        except Refused as refused:
            apply_problems(form, refused)
        except Conflict as conflict:
            messages.error(request, str(conflict.text))
            return redirect("authority:question", question)
        else:
            messages.success(request, _("Saved."))
            return redirect("authority:question", question)
    open_now = found.state in ("asked", "called")
    runs = queries.may_run(request.who, found.committee)
    shown = {
        "question": found,
        "state": (QUESTION_WORDS[found.state], QUESTION_TONES[found.state]),
        "form": form if open_now and runs else None,
        "about": _application(request, found),
        "committee_name": title_of(found.committee),
    }
    wrong = form.is_bound and form.errors
    return render(request, "authority/question.html", shown, status=422 if wrong else 200)


def _application(request: HttpRequest, found: Any) -> Any:
    """The application that a question is about, for those who may see it."""
    if found.subject_kind != "application":
        return None
    try:
        return calls.application(who=request.who, id=found.subject)
    except NotFound:
        return None


def _typed(request: HttpRequest, items: list[Any]) -> dict[str, Any]:
    """Minutes, who came and findings as they were sent."""
    data = request.POST
    return {
        "minutes": data.get("minutes", ""),
        "came": {int(pk) for pk in data.getlist("came") if pk.isdecimal() and len(pk) < 18},
        "findings": {
            item.pk: {
                "outcome": data.get(f"outcome_{item.pk}", ""),
                "words": data.get(f"words_{item.pk}", "")[:2000],
            }
            for item in items
        },
    }


def _said(
    request: HttpRequest, committee: int, name: str, form: PageForm, service: Any
) -> HttpResponse:
    if form.is_valid():
        try:
            service(who=request.who, committee=committee, now=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            apply_problems(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("authority:committee", committee)
    return _page(request, committee, **{name: form})


def _page(
    request: HttpRequest,
    pk: int,
    seat: PageForm | None = None,
    ask: PageForm | None = None,
) -> HttpResponse:
    found = queries.committee(who=request.who, id=pk)
    today: date = timezone.localdate()
    shown = {
        "committee": found,
        "name": title_of(found),
        "runs": queries.may_run(request.who, found),
        "terms": [
            (term, SEAT_WORDS[term.seat], term.since <= today < term.until)
            for term in queries.terms(committee=found)
        ],
        "questions": [
            (q, QUESTION_WORDS[q.state], QUESTION_TONES[q.state])
            for q in queries.questions(committee=found)
        ],
        "meetings": [
            (m, MEETING_WORDS[m.state], MEETING_TONES[m.state])
            for m in queries.meetings(committee=found)
        ],
        "seat_form": seat or SeatForm(auto_id="seat_%s"),
        "ask_form": ask or QuestionForm(auto_id="ask_%s"),
        "lines": lines(history(kind="committee", id=pk)),
    }
    return render(request, "authority/committee.html", shown, status=422 if seat or ask else 200)
