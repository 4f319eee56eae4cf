"""One inbox for each person: mine, due, late, the green lane first; with bulk work."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from pilotline.desks.demand.queries import case_title
from pilotline.desks.review import services
from pilotline.desks.review.queries import inbox as inboxes
from pilotline.desks.review.rules.proceedings import STEP_TITLES
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Problem, Refused
from pilotline.web.shared import book, moves
from pilotline.web.shared.lists import Column, Empty, Filter, ListPage
from pilotline.web.shared.steps import STEP_TONES, body_title, step_title
from pilotline.web.shared.values import language

TABS = {
    "all": gettext_lazy("All"),
    "mine": gettext_lazy("Taken by me"),
    "due": gettext_lazy("Due within three days"),
    "late": gettext_lazy("Late"),
    "green": gettext_lazy("Green lane"),
    "waiting": gettext_lazy("Waiting for others"),
}
MOST = 100
LONGEST_ADDRESS = 2000


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits for me."""
    tab, today = request.GET.get("tab", "all"), timezone.localdate()
    tab = tab if tab in TABS else "all"
    rulebook = book.rulebook()
    counts = inboxes.inbox_counts(who=request.who, today=today)
    page = ListPage(
        name="inbox",
        title=gettext_lazy("Inbox"),
        rows=inboxes.inbox(who=request.who, tab=tab, today=today),
        columns=_columns(rulebook, today),
        filters=[
            Filter(
                name="body",
                title=gettext_lazy("Office"),
                lookup="body",
                choices=_bodies(rulebook),
            )
        ],
        search=(
            "proceeding__title",
            "proceeding__title_en",
            "proceeding__number",
            "proceeding__organisation__name",
        ),
        hidden={"tab": tab},
        most_counted=inboxes.MOST_COUNTED,
        empty=Empty(
            gettext_lazy("Nothing waits for you"),
            gettext_lazy("Steps appear here as soon as it is your turn."),
        ),
    )
    return page.respond(
        request,
        "shared/inbox.html",
        {
            "tabs": [(name, words, counts[name], name == tab) for name, words in TABS.items()],
            "most": inboxes.MOST_COUNTED,
            "asked": request.GET.urlencode(),
        },
    )


def _bodies(rulebook: Any) -> list[tuple[str, str]]:
    return rulebook.bodies.choices(language()) if rulebook else []


def _columns(rulebook: Any, today: Any) -> list[Column]:
    return [
        Column(
            name="pick",
            value="pk", title=gettext_lazy("Pick"), template="shared/inbox_pick.html",
            exported=False,
        ),
        Column(
            name="title", title=gettext_lazy("Title"), leading=True,
            value=lambda run: case_title(run.proceeding, language()),
            template="shared/inbox_title.html",
        ),
        Column(
            name="step", title=gettext_lazy("Step"), value=lambda run: step_title(run, rulebook)
        ),
        Column(
            name="whose", title=gettext_lazy("Office"), value=lambda run: body_title(run, rulebook)
        ),
        Column(
            name="organisation", title=gettext_lazy("Applicant"),
            value="proceeding.organisation.name",
        ),
        Column(
            name="state", title=gettext_lazy("State"), show="badge", words=STEP_TITLES,
            tones=STEP_TONES,
        ),
        Column(
            name="due", title=gettext_lazy("To be done by"), show="day", sort="due",
            template="shared/inbox_due.html",
        ),
        Column(name="holder_name", title=gettext_lazy("Taken by")),
        Column(
            name="is_late", title=gettext_lazy("Late"), show="flag", shown=False,
            value=lambda run: run.due is not None and run.due < today,
        ),
    ]  # fmt: skip


@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Take, lay down or pass many steps at once; what cannot be done is told with its reason.

    It leads back to the inbox as it was narrowed: `asked` is what its address asked for.
    """
    keys = [int(k) for k in request.POST.getlist("run") if k.isdecimal() and len(k) < 18][:MOST]
    move, done, said = request.POST.get("move", ""), 0, list[str]()
    for key in keys:
        try:
            _one(request, key, move)
            done += 1
        except (Refused, Conflict, NotAllowed, NotFound) as error:
            said.append(str(error.text))
    if done:
        words = ngettext("{n} step done.", "{n} steps done.", done).format(n=done)
        messages.success(request, words)
    for words in dict.fromkeys(said):
        messages.error(request, words)
    if not keys:
        messages.info(request, _("Tick the steps first."))
    asked = QueryDict(request.POST.get("asked", "")[:LONGEST_ADDRESS]).urlencode()
    return redirect(f"{reverse('shared:inbox')}?{asked}")


def _one(request: HttpRequest, run: int, move: str) -> None:
    who, now = request.who, timezone.now()
    if move == "take":
        services.take_step(who=who, run=run, now=now)
    elif move == "give_back":
        services.give_back_step(who=who, run=run, now=now)
    else:
        outcome = _plain(services.ways(who=who, run=run))
        moves.finish(who=who, run=run, outcome=outcome, now=now)


def _plain(ways: dict[str, str]) -> str:
    """The outcome that leads on without words; decisions with reasons are made one by one."""
    rulebook = book.rulebook()
    words: Iterable[Any] = rulebook.outcomes if rulebook else ()
    for word in words:
        if ways.get(word.id) == "on" and not word.words_required:
            return str(word.id)
    raise Refused([_needs_words()])


def _needs_words() -> Any:
    return Problem("one-by-one", _("A decision with reasons is made one by one, on its page."))
