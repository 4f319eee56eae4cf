"""The page of one talk, the same for both sides, and the list of talks, told by side."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from pilotline.desks.demand import queries as demand
from pilotline.desks.matching import queries, services
from pilotline.desks.matching.rules import MAX_WORDS, MOVES
from pilotline.kernel.errors import Conflict, Problem, Refused
from pilotline.web.shared import book, values
from pilotline.web.shared.cells import Column
from pilotline.web.shared.facility_view import name_of
from pilotline.web.shared.filters import Filter
from pilotline.web.shared.forms import LongField, PageForm, apply_problems
from pilotline.web.shared.reasons import candidate

STATES = {
    "open": pgettext_lazy("talk", "talking"),
    "agreed": pgettext_lazy("talk", "matched"),
    "declined": pgettext_lazy("talk", "declined"),
    "withdrawn": pgettext_lazy("talk", "ended"),
    "ended": pgettext_lazy("talk", "came to nothing"),
}
MAX_DIGITS = 18
TONES = {
    "open": "info",
    "agreed": "good",
    "declined": "bad",
    "withdrawn": "quiet",
    "ended": "warn",
}
SAID = {
    "ask": gettext_lazy("asked the facility"),
    "offer": gettext_lazy("offered to take it"),
    "question": gettext_lazy("asked back"),
    "answer": gettext_lazy("answered"),
    "accept": gettext_lazy("would take it"),
    "consent": gettext_lazy("consented"),
    "decline": gettext_lazy("declined"),
    "withdraw": gettext_lazy("ended the talk"),
    "end": gettext_lazy("ended it"),
}
WAITING = {
    "applicant": gettext_lazy("the applicant"),
    "operator": gettext_lazy("the facility"),
    "authority": gettext_lazy("the authority"),
    "": "",
}


class WordsForm(PageForm):
    """What somebody says in a talk."""

    text = LongField(label=gettext_lazy("Message"), most=MAX_WORDS, rows=4, required=False)


class DeclineForm(WordsForm):
    """Declining needs a reason of the closed list."""

    reason = forms.ChoiceField(label=gettext_lazy("Reason"), choices=())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rulebook = book.rulebook()
        listed = rulebook.decline_reasons.choices(values.language()) if rulebook else []
        self.fields["reason"].choices = [("", "—"), *listed]


class EndForm(WordsForm):
    """Why a match comes to nothing."""

    text = LongField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("The other side and the authority read it."),
        most=MAX_WORDS,
        rows=3,
    )


FORMS = {"decline": DeclineForm, "end": EndForm}


def talk_page(request: HttpRequest, match: int, *, side: str, back: str) -> HttpResponse:
    """Read a talk, and make one move in it."""
    found = queries.match(who=request.who, id=match)
    may_speak = side in queries.speaking_for(who=request.who, match=found)
    forms_shown = {move: kind(auto_id=f"{move}_%s") for move, kind in FORMS.items()}
    forms_shown["say"] = WordsForm(auto_id="say_%s")
    if request.method == "POST":
        move = request.POST.get("move", "")
        place = move if move in FORMS else "say"
        forms_shown[place] = type(forms_shown[place])(request.POST, auto_id=f"{place}_%s")
        answer = _move(request, match, side, move, forms_shown[place], back)
        if answer is not None:
            return answer
        found = queries.match(who=request.who, id=match)
    context = {
        "match": found,
        "case": found.case,
        "side": side,
        "speaks": may_speak,
        "may_speak": may_speak and (found.state == "open" or request.method == "POST"),
        "moves": _moves(found, side),
        "messages_said": _messages(found),
        "form": forms_shown["say"],
        "decline": forms_shown["decline"],
        "end": forms_shown["end"],
        "may_end": side in queries.ending_for(who=request.who, match=found),
        "why": _why(found),
        "requirements": demand.shown_requirements(
            who=request.who, case=found.case, language=values.language()
        ),
        "state": (STATES[found.state], TONES[found.state]),
        "waiting": WAITING[found.waiting_for],
        "back": reverse(back),
    }
    wrong = request.method == "POST"
    return render(request, "shared/talk.html", context, status=422 if wrong else 200)


def words(request: HttpRequest) -> str:
    """What was written, without the one character that no database keeps."""
    return request.POST.get("text", "")


def asked_place(request: HttpRequest) -> tuple[int | None, int]:
    """Line and facility that somebody asks or offers; no line when the facility is meant."""
    line, facility = (_id(request.POST.get(name, "")) for name in ("line", "facility"))
    return line or None, facility


def _id(typed: str) -> int:
    """A row's id, 0 for whatever cannot be one."""
    return int(typed) if typed.isdecimal() and len(typed) <= MAX_DIGITS else 0


def _move(
    request: HttpRequest, match: int, side: str, move: str, form: WordsForm, page: str
) -> HttpResponse | None:
    """Make the move and lead back to the talk; None when it was refused and must be shown.

    When the other side was quicker the words are kept as well, below what was said meanwhile.
    """
    form.is_valid()
    said: dict[str, Any] = {
        "who": request.who,
        "match": match,
        "side": side,
        "text": words(request),
        "seen": _id(request.POST.get("seen", "")) or None,
        "now": timezone.now(),
    }
    try:
        if move == "end":
            services.end_match(**said)
        else:
            move = move if move in MOVES else "question"
            services.say(**said, move=move, reason=request.POST.get("reason", ""))
    except (Refused, Conflict) as error:
        problems = [Problem("late", error.text)] if isinstance(error, Conflict) else error.problems
        apply_problems(form, problems)
        return None
    messages.success(request, _("Said."))
    return redirect(page.replace("talks", "talk"), match)


def _moves(match: Any, side: str) -> list[str]:
    """What this side can say now, the most likely first."""
    if match.state != "open":
        return []
    last = match.messages.order_by("-id").first()
    asked = last is not None and last.kind == "question" and last.side != side
    words = ["answer", "question"] if asked else ["question"]
    if side == "operator":
        return ([] if match.operator_consent else ["accept"]) + words + ["decline"]
    return (["consent"] if match.operator_consent else []) + words + ["withdraw"]


def _messages(match: Any) -> list[dict[str, Any]]:
    return [
        {"said": m, "words": SAID[m.kind], "side": WAITING[m.side]}
        for m in queries.messages(match=match)
    ]


def _why(match: Any) -> Any:
    """The reasons that were known when the talk began."""
    return candidate(match.reasons, book.rulebook()) if match.reasons else None


def columns(link: Callable[[Any], str], *, for_operator: bool) -> list[Column]:
    """The columns of a list of talks."""
    other = (
        Column(name="facility", title=gettext_lazy("Facility"), value=lambda m: name_of(m.facility))
        if not for_operator
        else Column(
            name="applicant",
            title=gettext_lazy("Applicant"),
            value="case.organisation.name",
            sort="case__organisation__name",
        )
    )
    return [
        Column(
            name="number",
            title=gettext_lazy("Number"),
            value="case.number",
            link=link,
            sort="case__number",
        ),
        Column(
            name="title",
            title=gettext_lazy("Title"),
            value=lambda m: demand.case_title(m.case, values.language()),
            leading=True,
            link=link,
            sort="case__title",
        ),
        other,
        Column(
            name="line",
            title=gettext_lazy("Line"),
            value=lambda m: name_of(m.line) if m.line else "",
        ),
        Column(
            name="state",
            title=gettext_lazy("State"),
            show="badge",
            words=STATES,
            tones=TONES,
            sort="state",
        ),
        Column(
            name="waiting_for",
            title=gettext_lazy("Waiting for"),
            value=lambda m: WAITING[m.waiting_for],
            sort="waiting_for",
        ),
        Column(name="last_at", title=gettext_lazy("Last word"), show="when", sort="last_at"),
    ]


def filters() -> list[Filter]:
    """How a list of talks is narrowed."""
    return [
        Filter(name="state", title=gettext_lazy("State"), lookup="state", choices=STATES.items()),
        Filter(
            name="waiting",
            title=gettext_lazy("Waiting for"),
            lookup="waiting_for",
            choices=[(k, v) for k, v in WAITING.items() if k],
        ),
    ]


SEARCH = ("case__number", "case__title", "facility__name", "case__organisation__name")
