"""The book of changes: search, filter, read, and whether its chain is whole."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST

from pilotline.desks.journal import queries, services
from pilotline.desks.journal.forms import by, changes, title
from pilotline.desks.journal.rules.wording import SUBJECTS
from pilotline.desks.people import queries as people
from pilotline.web.shared.lists import Column, Empty, Filter, ListPage

MOST_COUNTED = 10_000  # a book of years is long; nobody pages further back than this


def journal(request: HttpRequest) -> HttpResponse:
    """Every change that anybody made, the newest first."""
    return ListPage(
        name="journal",
        title=_("Book of changes"),
        rows=queries.entries(who=request.who),
        columns=[
            Column(
                name="action",
                title=_("What"),
                value=lambda entry: title(entry.action),
                link=lambda entry: reverse("authority:entry", args=[entry.pk]),
                leading=True,
            ),
            Column(name="subject", title=_("Of what"), value=_subject),
            Column(name="who", title=_("Who"), value=by),
            Column(name="at", title=_("When"), show="when"),
            Column(name="release", title=_("Rulebook release"), show="number"),
            Column(name="mark", title=_("Number in the chain"), value=_mark, show="number"),
            Column(
                name="code", title=pgettext_lazy("journal", "Code"), value="action", shown=False
            ),
        ],
        filters=[
            Filter(
                name="action", title=_("What"), choices=_actions, lookup="action", counted=False
            ),
            Filter(name="at", title=_("When"), kind="dates", lookup="at"),
        ],
        search=queries.found_in,
        attach=_name_subjects,
        most_counted=MOST_COUNTED,
        search_words=_("Search person, thing, number or content"),
        empty=Empty(_("Nothing was written yet")),
    ).respond(request, "authority/journal.html", _chain())


def entry(request: HttpRequest, entry: int) -> HttpResponse:
    """One entry in full."""
    found = queries.entry(who=request.who, id=entry)
    _name_subjects([found])
    shown = {
        "entry": found,
        "what": title(found.action),
        "by": by(found),
        "subject": _subject(found),
        "changes": changes(found),
    }
    return render(request, "authority/entry.html", shown)


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Have the worker walk the chain."""
    services.ask_for_check(who=request.who, now=timezone.now())
    messages.success(
        request, _("The chain is being checked; load this page again in a moment for the result.")
    )
    return redirect("authority:journal")


def _chain() -> dict[str, Any]:
    length, head = queries.chain_head()
    return {"length": length, "head": head, "last_check": queries.last_check()}


def _mark(entry: Any) -> int | None:
    return entry.link.seq if hasattr(entry, "link") else None


def _name_subjects(rows: list[Any]) -> None:
    """Give people and organisations their names, in two queries however many rows there are."""
    for kind, names in (("user", people.user_names), ("organisation", people.names)):
        mine = [row for row in rows if row.subject_kind == kind]
        found = names(int(row.subject_id) for row in mine)
        for row in mine:
            row.subject_name = found.get(int(row.subject_id), "")


def _subject(entry: Any) -> str:
    kind = SUBJECTS.get(entry.subject_kind, entry.subject_kind)
    return f"{kind} {getattr(entry, 'subject_name', '') or entry.subject_id}"


def _actions() -> list[tuple[str, Any]]:
    return sorted(((code, title(code)) for code in queries.actions()), key=lambda p: str(p[1]))
