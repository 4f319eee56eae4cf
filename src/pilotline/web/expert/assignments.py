"""What I am asked to mark: the list, the answer with its declaration, the marking page."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from pilotline.desks.review import queries, services
from pilotline.kernel.errors import Refused
from pilotline.rulebook import Text
from pilotline.web.shared.calls import title_of
from pilotline.web.shared.forms import (
    LongField,
    NumberField,
    OneOfField,
    PageForm,
    Section,
    apply_problems,
)
from pilotline.web.shared.lists import Column, Empty, Filter, ListPage
from pilotline.web.shared.reviews import ASSIGNMENT_TONES, ASSIGNMENT_WORDS
from pilotline.web.shared.values import language

MOST = 2000
SEARCH = ("item__title", "item__title_en", "item__number")
SEARCH += ("item__panel__title", "item__panel__title_en")
ANSWERS = (
    ("accepted", gettext_lazy("I accept")),
    ("declined", gettext_lazy("I decline")),
    ("conflict", gettext_lazy("I have a conflict of interest")),
)


class AnswerForm(PageForm):
    """Accept with the declaration, decline, or declare a conflict."""

    answer = OneOfField(label=gettext_lazy("Your answer"), choices=ANSWERS)
    declares = forms.BooleanField(
        label=gettext_lazy(
            "I declare that no interest ties me to the applicant or the people behind this item, "
            "and that I keep confidential what I read."
        ),
        required=False,
    )
    reason = LongField(
        label=gettext_lazy("Why (when you decline or have a conflict)"),
        most=500,
        rows=3,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("declares", "reason"):
            self.fields[name].as_needed = True


class SheetForm(PageForm):
    """One mark and one comment for each criterion of the rubric."""

    def __init__(self, rubric: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sections = []
        for criterion in rubric.criteria:
            mark, comment = f"mark_{criterion.id}", f"comment_{criterion.id}"
            self.fields[mark] = NumberField(
                label=_("Mark"),
                unit=_("of %(full)s") % {"full": criterion.full},
                help_text=_("weight %(weight)s %%, in steps of %(step)s")
                % {"weight": criterion.weight, "step": criterion.step},
                required=False,
            )
            self.fields[comment] = LongField(label=_("Comment"), most=MOST, rows=3, required=False)
            asks = criterion.asks.say(language()) if criterion.asks else ""
            sections.append(Section(criterion.title.say(language()), (mark, comment), asks))
        self.fields["overall"] = LongField(
            label=_("Overall remarks"), most=4000, rows=4, required=False
        )
        sections.append(Section(_("In all"), ("overall",)))
        self.sections = sections

    def given(self, rubric: Any) -> dict[str, Any]:
        """Marks and comments as the service takes them."""
        data = self.cleaned_data
        marks = {c.id: data.get(f"mark_{c.id}") for c in rubric.criteria}
        return {
            "marks": {key: mark for key, mark in marks.items() if mark is not None},
            "comments": {c.id: data.get(f"comment_{c.id}") or "" for c in rubric.criteria},
            "overall": data.get("overall") or "",
        }


def _panel_title(row: Any) -> str:
    return title_of(row.item.panel)


def assignment_list(request: HttpRequest) -> HttpResponse:
    """What waits for my answer or my marks, the nearest end first."""
    return ListPage(
        name="assignments",
        title=gettext_lazy("My assignments"),
        rows=queries.my_assignments(who=request.who),
        columns=[
            Column(
                name="title",
                title=pgettext_lazy("panel", "Item"),
                value=lambda row: title_of(row.item),
                leading=True,
                link=lambda row: reverse("expert:assignment", args=[row.pk]),
                sort="item__title",
            ),
            Column(name="panel", title=gettext_lazy("Panel"), value=_panel_title),
            Column(
                name="state",
                title=gettext_lazy("State"),
                show="badge",
                words=ASSIGNMENT_WORDS,
                tones=ASSIGNMENT_TONES,
                sort="state",
            ),
            Column(name="answer_by", title=gettext_lazy("Answer by"), show="day", sort="answer_by"),
            Column(name="due", title=gettext_lazy("Marks due"), show="day", sort="due"),
        ],
        filters=[
            Filter(
                name="state",
                title=gettext_lazy("State"),
                lookup="state",
                choices=[(s, ASSIGNMENT_WORDS[s]) for s in ("offered", "accepted", "submitted")],
            )
        ],
        search=SEARCH,
        empty=Empty(
            gettext_lazy("Nothing is assigned to you"),
            gettext_lazy(
                "You are told as soon as your opinion is wanted. Keywords and papers in your data "
                "decide what you are asked for."
            ),
            reverse("expert:data"),
            gettext_lazy("My data"),
        ),
    ).respond(request, "expert/assignments.html")


def assignment(request: HttpRequest, assignment: int) -> HttpResponse:
    """Read the item; answer, or mark it: saved as a draft or handed in."""
    found = queries.my_assignment(who=request.who, id=assignment)
    rubric = queries.rubric_of(found.item.panel)
    if request.method != "POST" or not queries.is_marking(found):
        form = SheetForm(rubric, initial=_initial(found)) if queries.is_marking(found) else None
        return _page(request, found, form=form)
    form = SheetForm(rubric, request.POST)
    submits = request.POST.get("do") == "submit"
    if form.is_valid():
        service = services.submit_sheet if submits else services.save_sheet
        try:
            service(
                who=request.who, assignment=assignment, now=timezone.now(), **form.given(rubric)
            )
        except Refused as refused:
            apply_problems(form, refused)
        else:
            told = _("Handed in. Thank you.") if submits else _("The draft is saved.")
            messages.success(request, told)
            return redirect("expert:assignment", assignment)
    return _page(request, found, form=form)


@require_POST
def answer(request: HttpRequest, assignment: int) -> HttpResponse:
    """Say whether I mark this."""
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            services.answer(
                who=request.who, assignment=assignment, now=timezone.now(), **form.cleaned_data
            )
        except Refused as refused:
            apply_problems(form, refused)
        else:
            if form.cleaned_data["answer"] == "accepted":
                messages.success(request, _("Accepted. You can mark the item now."))
                return redirect("expert:assignment", assignment)
            messages.success(request, _("Thank you for saying so. Somebody else is asked."))
            return redirect("expert:assignments")
    return _page(request, queries.my_assignment(who=request.who, id=assignment), answer_form=form)


def meetings(request: HttpRequest) -> HttpResponse:
    """The meetings I am called to."""
    return ListPage(
        name="meetings",
        title=gettext_lazy("My meetings"),
        rows=queries.my_meetings(who=request.who),
        columns=[
            Column(
                name="title", title=gettext_lazy("Meeting"), value="meeting.title", leading=True
            ),
            Column(
                name="body",
                title=gettext_lazy("Panel or committee"),
                value=lambda row: title_of(row.meeting.panel or row.meeting.committee),
            ),
            Column(
                name="starts",
                title=gettext_lazy("Begins"),
                value="meeting.starts_at",
                show="when",
                sort="meeting__starts_at",
            ),
            Column(name="place", title=gettext_lazy("Place"), value="meeting.place"),
            Column(name="agenda", title=pgettext_lazy("meeting", "Agenda"), value="meeting.agenda"),
        ],
        search=("meeting__title", "meeting__agenda"),
        empty=Empty(gettext_lazy("You are called to no meeting")),
    ).respond(request, "expert/meetings.html")


def _initial(found: Any) -> dict[str, Any]:
    sheet = getattr(found, "sheet", None)
    if sheet is None:
        return {}
    return (
        {f"mark_{key}": mark for key, mark in sheet.marks.items()}
        | {f"comment_{key}": words for key, words in sheet.comments.items()}
        | {"overall": sheet.overall}
    )


def _page(
    request: HttpRequest,
    found: Any,
    *,
    form: SheetForm | None = None,
    answer_form: AnswerForm | None = None,
) -> HttpResponse:
    rubric, item = queries.rubric_of(found.item.panel), queries.shown_item(found)
    sheet = getattr(found, "sheet", None)
    shown = {
        "assignment": found,
        "item": item,
        "material": [(_title(part), part.get("text", "")) for part in item["material"]],
        "state": (ASSIGNMENT_WORDS[found.state], ASSIGNMENT_TONES[found.state]),
        "form": form,
        "answer_form": answer_form or (AnswerForm() if found.state == "offered" else None),
        "rubric": rubric,
        "sheet": sheet if sheet and sheet.submitted_at else None,
        "lines": [
            (criterion, sheet.marks.get(criterion.id), sheet.comments.get(criterion.id))
            for criterion in rubric.criteria
        ]
        if sheet
        else [],
    }
    wrong = any(f is not None and f.is_bound and f.errors for f in (form, answer_form))
    return render(request, "expert/assignment.html", shown, status=422 if wrong else 200)


def _title(part: Mapping[str, Any]) -> str:
    """The heading of a part of the material, in the reader's language where it has two."""
    title = part.get("title", "")
    return Text.read(title).say(language()) if isinstance(title, Mapping) else str(title)
