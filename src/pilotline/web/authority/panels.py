"""Panels: put together, assigned at their best or by lot, marked, closed; and their table."""

from collections import defaultdict
from collections.abc import Iterable
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

from pilotline.desks.journal.forms import lines
from pilotline.desks.journal.queries import history
from pilotline.desks.review import queries, services
from pilotline.desks.review.forms import items_of_numbers
from pilotline.kernel.errors import Conflict, NotFound, Refused
from pilotline.web.shared import book
from pilotline.web.shared.calls import title_of
from pilotline.web.shared.forms import (
    LongField,
    OneOfField,
    PageForm,
    apply_problems,
    render_form,
)
from pilotline.web.shared.lists import Column, Empty, Filter, ListPage
from pilotline.web.shared.reviews import (
    ASSIGNMENT_TONES,
    ASSIGNMENT_WORDS,
    MEETING_TONES,
    MEETING_WORDS,
    PANEL_TONES,
    PANEL_WORDS,
    REASON_WORDS,
    WHY_WORDS,
)
from pilotline.web.shared.values import language, region


class PanelForm(PageForm):
    """A panel over cases."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    title_en = forms.CharField(
        label=gettext_lazy("Title in English"), max_length=200, required=False
    )
    region = OneOfField(label=gettext_lazy("Region"), choices=())
    rubric = OneOfField(label=gettext_lazy("Rubric"), choices=())
    rule = OneOfField(label=gettext_lazy("Review rule"), choices=())
    cases = LongField(
        label=gettext_lazy("Numbers of the cases"),
        help_text=gettext_lazy("Set apart by blanks or lines."),
        most=4000,
        rows=4,
    )

    def __init__(self, *args: Any, regions: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rulebook = book.rulebook()
        self.fields["region"].choices = [(code, region(code)) for code in sorted(regions)]
        if rulebook:
            self.fields["rubric"].choices = rulebook.rubrics.choices(language())
            self.fields["rule"].choices = rulebook.review_rules.choices(language())


def panels(request: HttpRequest) -> HttpResponse:
    """The panels of my region, the newest first."""
    return ListPage(
        name="panels",
        title=gettext_lazy("Expert review"),
        rows=queries.panels(who=request.who),
        columns=[
            Column(
                name="title",
                title=gettext_lazy("Title"),
                value=title_of,
                link=lambda row: reverse("authority:panel", args=[row.pk]),
                sort="title",
                leading=True,
            ),
            Column(name="rubric", title=gettext_lazy("Rubric"), show="title", of="rubrics"),
            Column(name="region", title=gettext_lazy("Region"), show="region", sort="region"),
            Column(name="things", title=gettext_lazy("Items"), show="number", sort="things"),
            Column(name="asked", title=gettext_lazy("Experts asked"), show="number", sort="asked"),
            Column(name="marks", title=gettext_lazy("Marks in"), show="number", sort="marks"),
            Column(
                name="state",
                title=gettext_lazy("State"),
                show="badge",
                words=PANEL_WORDS,
                tones=PANEL_TONES,
                sort="state",
            ),
            Column(name="opened_at", title=gettext_lazy("Opened"), show="day", sort="opened_at"),
        ],
        filters=[
            Filter(
                name="state",
                title=gettext_lazy("State"),
                lookup="state",
                choices=list(PANEL_WORDS.items()),
            )
        ],
        search=("title", "title_en", "items__title", "items__title_en", "items__number"),
        order=("-id",),
        empty=Empty(
            gettext_lazy("No panel yet"),
            gettext_lazy("Put cases together that the same experts shall mark by one rubric."),
            reverse("authority:panel-new"),
            gettext_lazy("New panel"),
        ),
    ).respond(request, "authority/panels.html")


def panel_new(request: HttpRequest) -> HttpResponse:
    """Put a panel together."""
    form = PanelForm(request.POST or None, regions=request.who.regions)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        items, unknown = items_of_numbers(who=request.who, text=given.pop("cases"))
        if unknown or not items:
            told = _("There is no case of this number: %(numbers)s.")
            form.add_error("cases", told % {"numbers": ", ".join(unknown) or "—"})
        else:
            try:
                made = services.open_panel(
                    who=request.who, items=items, now=timezone.now(), **given
                )
            except Refused as refused:
                apply_problems(form, refused)
            else:
                messages.success(request, _("The panel is open. Now find its experts."))
                return redirect("authority:panel", made.pk)
    return render_form(request, "authority/panel_new.html", {}, form)


def panel(request: HttpRequest, panel: int) -> HttpResponse:
    """Items, who marks them and why, the draw, the table, meetings, history."""
    found = queries.panel(who=request.who, id=panel)
    items = list(queries.items(panel=found))
    table = services.standings_now(who=request.who, panel=panel)
    names = {row.expert_id: row.expert.name for row in queries.assignments(panel=found)}
    titles = {item.pk: item for item in items}
    draw = queries.draw(panel=found)
    shown = {
        "panel": found,
        "state": (PANEL_WORDS[found.state], PANEL_TONES[found.state]),
        "rubric": queries.rubric_of(found),
        "rule": queries.rule_of(found),
        "items": _items(found, items),
        "proposed": queries.assignments(panel=found).filter(state="proposed").count(),
        "draw": draw,
        "standings": [
            row | {"thing": titles[row["item"]]} for row in table["items"] if row["item"] in titles
        ],
        "markers": [row | {"name": names.get(row["expert"], "")} for row in table["markers"]],
        "groups": table["groups"],
        "meetings": [
            (m, MEETING_WORDS[m.state], MEETING_TONES[m.state])
            for m in queries.meetings(panel=found)
        ],
        "pool": list(queries.active_experts().values_list("pk", "name").order_by("name"))
        if found.state != "closed"
        else [],
        "lines": lines(history(kind="panel", id=panel)),
    }
    return render(request, "authority/panel.html", shown)


def _items(panel: Any, items: list[Any]) -> list[dict[str, Any]]:
    """Each item with who is or was asked, and the most expert of those passed over."""
    asked: dict[int, list[Any]] = defaultdict(list)
    names = dict(queries.experts_of(panel))
    aside = {
        (one.item_id, one.expert_id): one
        for one in queries.namesakes(panel=panel)
        if one.state == "confirmed"
    }
    for row in queries.assignments(panel=panel):
        asked[row.item_id].append(
            {
                "row": row,
                "aside": aside.get((row.item_id, row.expert_id)),
                "state": (ASSIGNMENT_WORDS[row.state], ASSIGNMENT_TONES[row.state]),
                "reason": REASON_WORDS.get(row.reason, row.reason),
                "percent": round(row.why["score"] * 100) if "score" in row.why else None,
                "words": _words(row.why.get("words", ())),
            }
        )
    passed = panel.proposal.get("passed", {})
    short = {row["item"]: row for row in panel.proposal.get("short", [])}
    return [
        {
            "item": item,
            "asked": asked[item.pk],
            "passed": [
                {
                    "name": names.get(one["expert"], ""),
                    "percent": round(one["score"] * 100),
                    "why": WHY_WORDS[one["why"]],
                }
                for one in passed.get(str(item.pk), [])
            ],
            "short": short.get(item.pk),
        }
        for item in items
    ]


def _words(shared: Iterable[str]) -> str:
    """The words that expert and item share; a single character tells a reader nothing."""
    joint = "、" if language().startswith("zh") else ", "
    return joint.join(word for word in shared if len(word) > 1)


@require_POST
def act(request: HttpRequest, panel: int, move: str) -> HttpResponse:
    """One step of a panel: propose, confirm, commit, reveal, void or close."""
    given: dict[str, Any] = {"who": request.who, "panel": panel, "now": timezone.now()}
    calls: dict[str, tuple[Any, tuple[str, ...], Any]] = {
        "propose": (services.propose, (), _("Proposed. Look at it, change it, then confirm.")),
        "confirm": (services.confirm, (), _("The experts are asked.")),
        "commit": (services.commit_draw, ("beacon",), _("The draw is committed to and public.")),
        "reveal": (services.reveal_draw, ("figure",), _("Drawn. Seed and result are public.")),
        "void": (services.void_draw, ("reason",), _("The draw is given up; it stays public.")),
        "close": (services.close_panel, (), _("Closed. The standings are kept.")),
    }
    if move not in calls:
        raise NotFound
    service, fields, told = calls[move]
    given |= {name: request.POST.get(name, "") for name in fields}
    return _done(request, panel, service, given, told)


@require_POST
def add(request: HttpRequest, panel: int, item: int) -> HttpResponse:
    """Add somebody to the proposal by hand."""
    typed = request.POST.get("expert", "")
    expert = int(typed) if typed.isdecimal() and len(typed) < 18 else 0
    given = {"who": request.who, "item": item, "expert": expert, "now": timezone.now()}
    return _done(request, panel, services.add_by_hand, given, _("Added to the proposal."))


@require_POST
def assignment(request: HttpRequest, panel: int, assignment: int, move: str) -> HttpResponse:
    """Take a proposal back, or an open assignment away."""
    if move not in ("drop", "replace"):
        raise NotFound
    service = services.drop if move == "drop" else services.replace_assignment
    given = {"who": request.who, "assignment": assignment, "now": timezone.now()}
    return _done(request, panel, service, given, _("Saved."))


def _done(
    request: HttpRequest, panel: int, service: Any, given: dict[str, Any], told: str
) -> HttpResponse:
    try:
        service(**given)
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, str(problem.text))
    except Conflict as conflict:
        messages.error(request, str(conflict.text))
    else:
        messages.success(request, told)
    return redirect("authority:panel", panel)
