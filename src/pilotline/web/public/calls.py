"""What may be applied for now, what is up for notice, what came of it; votes and objections."""

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
from pilotline.kernel.errors import NotAllowed, Refused
from pilotline.web.shared import calls
from pilotline.web.shared.cells import Column
from pilotline.web.shared.filters import Filter
from pilotline.web.shared.lists import Empty, ListPage


@require_safe
def call_list(request: HttpRequest) -> HttpResponse:
    """Every call that was opened, those that take applications first."""
    return ListPage(
        name="calls",
        title=gettext_lazy("Calls and challenges"),
        rows=queries.calls(who=request.who),
        columns=calls.call_columns(lambda c: reverse("public:call", args=[c.pk])),
        filters=calls.call_filters(drafts=False),
        search=("title", "title_en", "number"),
        order=("order", "closes"),
        empty=Empty(
            gettext_lazy("Nothing is open yet"),
            gettext_lazy("Recognitions, challenges and other programs appear here when opened."),
        ),
    ).respond(request, "public/calls.html")


@require_safe
def call_page(request: HttpRequest, call: int) -> HttpResponse:
    return _page(request, call)


def _page(request: HttpRequest, call: int, **wrong: Any) -> HttpResponse:
    found = queries.call(who=request.who, id=call)
    facts = calls.call_facts(found)
    today = timezone.localdate()
    has_vote = found.vote_from is not None and facts["program"].vote is not None
    is_voting = has_vote and found.vote_from <= today <= found.vote_to
    context = {
        **facts,
        "results": list(queries.results(call=found)),
        "takes": found.state == "open" and found.opens <= today <= found.closes,
        "objects": found.state == "notice" and found.notice_to and today <= found.notice_to,
        "objections": list(queries.objections(who=request.who, call=found)),
        "is_voting": is_voting,
        "candidates": _candidates(request, found) if is_voting else (),
        "chosen": queries.ballot(who=request.who, call=found),
        **wrong,
    }
    return render(request, "public/call.html", context, status=422 if wrong else 200)


def _candidates(request: HttpRequest, call: Any) -> list[dict[str, Any]]:
    """What may be voted for, each with what its program lets the public read in a sentence."""
    program, lang = queries.program_of(call), calls.language()
    kinds = {one.id: one.title.say(lang) for one in program.categories}
    asked = program.form.by_role("summary")
    return [
        {
            "row": row,
            "kind": kinds.get(row.category, ""),
            "summary": row.answers.get(asked.id, "") if asked and asked.public else "",
        }
        for row in queries.candidates_of_vote(who=request.who, call=call)
    ]


@require_POST
def object_to(request: HttpRequest, call: int) -> HttpResponse:
    """Object to a list that is up for notice."""
    named, text = request.POST.get("application", ""), request.POST.get("text", "")
    try:
        services.raise_objection(
            who=request.who,
            call=call,
            text=text,
            application=int(named) if named.isdecimal() and len(named) < 10 else None,
            now=timezone.now(),
        )
    except Refused as refused:
        return _page(request, call, problems=refused.problems, text=text)
    except NotAllowed as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Received. It will be answered before anything is decided."))
    return redirect("public:call", call)


@require_POST
def vote(request: HttpRequest, call: int) -> HttpResponse:
    """Vote, or change one's vote."""
    chosen = [int(c) for c in request.POST.getlist("choice") if c.isdecimal() and len(c) < 10]
    try:
        services.cast_ballot(who=request.who, call=call, choices=chosen, now=timezone.now())
    except Refused as refused:
        return _page(request, call, vote_problems=refused.problems, chosen=chosen)
    except NotAllowed as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Your vote counts. You may change it while the vote runs."))
    return redirect("public:call", call)


@require_safe
def showcases(request: HttpRequest) -> HttpResponse:
    """The cases that were chosen, in their kinds."""
    return _granted(
        request,
        "publish",
        title=gettext_lazy("Showcases"),
        empty=gettext_lazy("No showcase has been published yet"),
    )


@require_safe
def products(request: HttpRequest) -> HttpResponse:
    """Products on the lists of first sets and first batches."""
    return _granted(
        request,
        "enter_list",
        title=gettext_lazy("First sets and first batches"),
        empty=gettext_lazy("No product has entered a list yet"),
    )


def _granted(request: HttpRequest, action: str, *, title: Any, empty: Any) -> HttpResponse:
    programs = [p for p in queries.open_programs(timezone.localdate()) if p.action.kind == action]
    kinds = {c.id: c.title for p in programs for c in p.categories}
    lang = calls.language()
    filters = [
        Filter(
            name="kind",
            title=gettext_lazy("Kind"),
            choices=[(key, words.say(lang)) for key, words in kinds.items()],
            lookup="category",
        )
    ]
    columns = [
        Column(
            name="title",
            title=gettext_lazy("Name"),
            value=calls.title_of,
            sort="title",
            link=lambda a: reverse("public:granted", args=[a.pk]),
            leading=True,
        ),
        Column(
            name="category",
            title=gettext_lazy("Kind"),
            value=lambda a: kinds[a.category].say(lang) if a.category in kinds else "",
        ),
        Column(
            name="organisation",
            title=gettext_lazy("Organisation"),
            value="organisation.name",
            sort="organisation__name",
        ),
        Column(name="region", title=gettext_lazy("City"), show="region", sort="region"),
        Column(name="call", title=gettext_lazy("Call"), value=lambda a: calls.title_of(a.call)),
        Column(name="decided_at", title=gettext_lazy("Published"), show="when", sort="decided_at"),
    ]
    return ListPage(
        name="granted",
        title=title,
        rows=queries.published(action=action),
        columns=columns,
        filters=filters if kinds else (),
        search=("title", "title_en", "organisation__name"),
        order=("-decided_at",),
        empty=Empty(empty),
    ).respond(request, "public/granted_list.html", {"title": title})


@require_safe
def granted(request: HttpRequest, application: int) -> HttpResponse:
    """One published case or product: what of it is public."""
    found = queries.published_one(id=application)
    program = queries.program_of(found.call)
    rows = calls.answers(program, found, confidential=False)
    public = {f.title.say(calls.language()) for f in program.form.fields if f.public}
    context = {
        "found": found,
        "call": found.call,
        "call_name": calls.title_of(found.call),
        "rows": [row for row in rows if row["title"] in public and row["text"] != found.title],
    }
    return render(request, "public/granted.html", context)
