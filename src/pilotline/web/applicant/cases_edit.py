"""Handing in: begin with three sentences, complete the form, be accepted at once."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from pilotline.desks.demand import queries, services
from pilotline.desks.demand.forms import WHOLE, posted
from pilotline.desks.demand.rules import KIND_TITLES, may
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.people import queries as people
from pilotline.kernel.errors import Conflict, NotFound, Refused
from pilotline.web.applicant.answers import HIDE, TITLE_EN, AnswersForm
from pilotline.web.applicant.reading import panel
from pilotline.web.shared import begun
from pilotline.web.shared.forms import LongField, OneOfField, PageForm, apply_problems, render_form
from pilotline.web.shared.values import language

LONGEST_START = 20_000


class StartForm(PageForm):
    """The first step: whose case it is, and what it is about in the applicant's own words."""

    text = LongField(
        most=LONGEST_START,
        rows=8,
        required=False,
        label=gettext_lazy("Say in three sentences what you want to pilot"),
        help_text=gettext_lazy(
            "What product or process, at what scale, under which conditions, by when. Chinese or "
            "English. What you write is read for figures and requirements; you confirm each."
        ),
    )

    def __init__(self, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        mine = people.own_organisations(request.who)
        choices = [
            (m.organisation_id, m.organisation.name)
            for m in mine
            if request.who.belongs_to(m.organisation_id)
        ]
        self.organisations = choices
        if len(choices) > 1:
            self.fields["organisation"] = OneOfField(
                label=_("Handed in for"), choices=[(str(pk), name) for pk, name in choices]
            )
            self.order_fields(["organisation", "text"])


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, kind: str) -> HttpResponse:
    """Begin a need or a technology. Whoever has no organisation yet registers it first."""
    if request.method != "POST":
        return _start_page(request, kind, StartForm(request, initial={"text": _begun(request)}))
    form = StartForm(request, data=request.POST)
    if not form.organisations:
        begun.keep(request, request.POST.get("text", ""))
    if not form.is_valid() or not form.organisations:
        return _start_page(request, kind, form)
    now, rulebook = timezone.now(), current_rulebook()
    body = rulebook.forms[kind].by_role("body")
    text = form.cleaned_data["text"]
    try:
        case = services.start_case(
            who=request.who,
            organisation=int(form.cleaned_data.get("organisation") or form.organisations[0][0]),
            kind=kind,
            answers={body.id: text} if body and text else {},
            facility_hint=request.GET.get("facility", ""),
            now=now,
        )
        if text.strip():
            services.read_text(who=request.who, case=case.pk, now=now)
    except Refused as refused:
        apply_problems(form, refused)
        return _start_page(request, kind, form)
    begun.take(request)
    return redirect("applicant:case-edit", case.pk)


def _begun(request: HttpRequest) -> str:
    """What was typed on the first page; kept until a draft holds it."""
    text = begun.take(request)
    if text:
        begun.keep(request, text)
    return text


def _start_page(request: HttpRequest, kind: str, form: forms.Form) -> HttpResponse:
    other = "technology" if kind == "need" else "need"
    context = {
        "kind": kind,
        "kind_title": KIND_TITLES[kind],
        "other_url": reverse(f"applicant:{other}-new"),
        "other_title": KIND_TITLES[other],
        "form": form,
        "needs_organisation": not form.organisations,
    }
    return render_form(request, "applicant/start.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, case: int) -> HttpResponse:
    """The whole form: of a draft to complete it, of an accepted case to amend it."""
    found = queries.own_case(who=request.who, id=case)
    if request.method == "POST":
        action = request.POST.get("action", "")
        return ACTIONS.get(action, _keep)(request, found)
    if not (may("save", found) or may("amend", found)):
        return redirect("applicant:case", found.pk)
    return form_page(request, found)


def form_page(
    request: HttpRequest,
    found: Any,
    *,
    problems: tuple[Any, ...] = (),
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The form with what is saved, what is wrong, and what was read from the text."""
    asked = current_rulebook().forms[found.kind]
    context = {
        "case": found,
        "kind_title": KIND_TITLES[found.kind],
        "form": AnswersForm(asked, found, timezone.localdate(), problems=problems),
        "asides": _asides(request, found, asked),
        "attachments": queries.attachments(who=request.who, case=found),
        "uploads": current_rulebook().uploads,
        **panel(request, found),
        **more,
    }
    return render(request, "applicant/case_edit.html", context, status=status)


def _asides(request: HttpRequest, found: Any, asked: Any) -> list[dict[str, Any]]:
    """Answers that were kept beside the saved ones, as far as they differ."""
    lang, shown = language(), []
    for aside in queries.asides(who=request.who, case=found):
        rows = [
            {
                "title": field.title.say(lang),
                "saved": queries.answer_text(field, found.answers.get(field.id), lang),
                "aside": queries.answer_text(field, aside.answers[field.id], lang),
            }
            for field in asked.fields
            if field.id in aside.answers and aside.answers[field.id] != found.answers.get(field.id)
        ]
        shown.append({"aside": aside, "rows": rows})
    return shown


def _given(request: HttpRequest, found: Any) -> dict[str, Any]:
    """What the form sent, for a service."""
    form = current_rulebook().forms[found.kind]
    version = request.POST.get("version", "")
    is_whole = WHOLE in request.POST
    return {
        "who": request.who,
        "case": found.pk,
        "version": int(version) if version.isdecimal() and len(version) < 10 else 0,
        "answers": posted(form, request.POST),
        "confidential": request.POST.getlist(HIDE) if is_whole else None,
        "title_en": request.POST.get(TITLE_EN),
        "now": timezone.now(),
    }


def _fresh(request: HttpRequest, found: Any) -> Any:
    return queries.own_case(who=request.who, id=found.pk)


def _conflict(request: HttpRequest, found: Any, conflict: Conflict) -> HttpResponse:
    return form_page(request, _fresh(request, found), status=409, conflict=conflict.text)


def _keep(request: HttpRequest, found: Any) -> HttpResponse:
    """Save the draft as it is, complete or not."""
    try:
        services.save_draft(**_given(request, found))
    except Conflict as conflict:
        return _conflict(request, found, conflict)
    messages.success(request, _("The draft is saved."))
    return redirect("applicant:case-edit", found.pk)


def _autosave(request: HttpRequest, found: Any) -> HttpResponse:
    """The same without leaving the field that is being typed in."""
    context: dict[str, Any] = {}
    try:
        saved = services.save_draft(**_given(request, found))
        context = {"version": saved.version, "at": saved.changed_at}
    except Conflict as conflict:
        context = {"conflict": conflict.text, "case": found}
    except Refused as refused:
        context = {"conflict": refused.problems[0].text, "case": found}
    return render(request, "applicant/_saved.html", context)


def _read(request: HttpRequest, found: Any) -> HttpResponse:
    """Save what is typed and read it for requirements."""
    try:
        services.save_draft(**_given(request, found))
        services.read_text(who=request.who, case=found.pk, now=timezone.now())
    except Conflict as conflict:
        return _conflict(request, found, conflict)
    except Refused as refused:
        return form_page(request, _fresh(request, found), problems=refused.problems, status=422)
    return redirect(reverse("applicant:case-edit", args=[found.pk]) + "#reading")


def _take(request: HttpRequest, found: Any) -> HttpResponse:
    """Save what is typed and take over answers that the text gives."""
    wanted = [f for f in request.POST.getlist("offer") if f]
    try:
        services.save_draft(**_given(request, found))
        services.take_offered(who=request.who, case=found.pk, fields=wanted, now=timezone.now())
    except Conflict as conflict:
        return _conflict(request, found, conflict)
    messages.success(request, _("Taken over into the form."))
    return redirect("applicant:case-edit", found.pk)


def _submit(request: HttpRequest, found: Any) -> HttpResponse:
    """Hand in: accepted at once, or everything that is missing at once."""
    key = request.POST.get("_once", "")[:64]
    try:
        services.submit(key=key, **_given(request, found))
    except Conflict as conflict:
        return _conflict(request, found, conflict)
    except Refused as refused:
        fresh = _fresh(request, found)
        if not may("save", fresh):
            messages.info(request, refused.problems[0].text)
            return redirect("applicant:case", found.pk)
        return form_page(request, fresh, problems=refused.problems, status=422)
    return redirect("applicant:received", found.pk)


def _amend(request: HttpRequest, found: Any) -> HttpResponse:
    """Change an accepted case. What is refused is shown as typed, and the case stays as it was."""
    given = _given(request, found)
    try:
        services.amend(reason=request.POST.get("reason", ""), **given)
    except Conflict as conflict:
        return _conflict(request, found, conflict)
    except Refused as refused:
        fresh = _fresh(request, found)
        fresh.answers = fresh.answers | given["answers"]
        return form_page(request, fresh, problems=refused.problems, status=422)
    messages.success(request, _("The case was amended."))
    return redirect("applicant:case", found.pk)


ACTIONS = {
    "autosave": _autosave,
    "read": _read,
    "take": _take,
    "submit": _submit,
    "amend": _amend,
}


@require_POST
def aside(request: HttpRequest, case: int, aside: int) -> HttpResponse:
    """Put answers that were kept beside in the place of the saved ones, or throw them away."""
    found = queries.own_case(who=request.who, id=case)
    kept = next((a for a in queries.asides(who=request.who, case=found) if a.pk == aside), None)
    if kept is None:
        raise NotFound
    now = timezone.now()
    if request.POST.get("action") == "take":
        given = {"who": request.who, "case": case, "version": found.version, "now": now}
        change = services.save_draft if may("save", found) else services.amend
        try:
            change(answers=kept.answers, **given)
        except Refused as refused:
            return form_page(request, found, problems=refused.problems, status=422)
        messages.success(request, _("Your version stands now."))
    services.drop_aside(who=request.who, aside=aside, now=now)
    return redirect("applicant:case-edit", case)
