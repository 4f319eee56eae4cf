"""Calls and applications as their pages show them, whichever door they belong to."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pilotline.desks.calls import queries
from pilotline.desks.demand.queries import answer_text
from pilotline.web.shared import book
from pilotline.web.shared.cells import Column
from pilotline.web.shared.filters import Filter
from pilotline.web.shared.values import language

KIND_WORDS = {
    "recognition": _("Recognition of facilities"),
    "improvement": _("Raising capability"),
    "challenge": _("Open challenge"),
    "joint_project": _("Joint project"),
    "showcase": _("Showcases"),
    "listing": _("Lists of new products"),
    "subsidy": _("Subsidy"),
    "event": _("Contests and lectures"),
}
CALL_WORDS = {
    "draft": pgettext_lazy("call", "draft"),
    "open": pgettext_lazy("call", "takes applications"),
    "judged": pgettext_lazy("call", "under review"),
    "notice": pgettext_lazy("call", "up for public notice"),
    "ended": pgettext_lazy("call", "results published"),
    "cancelled": pgettext_lazy("call", "taken back"),
}
CALL_TONES = {"draft": "quiet", "open": "good", "judged": "info", "notice": "warn"}
CALL_TONES |= {"ended": "quiet", "cancelled": "bad"}
APPLICATION_WORDS = {
    "draft": pgettext_lazy("application", "draft"),
    "joining": pgettext_lazy("application", "waits for its partners"),
    "accepted": pgettext_lazy("application", "accepted, under review"),
    "reviewed": pgettext_lazy("application", "through its review"),
    "listed": pgettext_lazy("application", "on the list"),
    "not_listed": pgettext_lazy("application", "not on the list"),
    "granted": pgettext_lazy("application", "granted"),
    "refused": pgettext_lazy("application", "not granted"),
    "withdrawn": pgettext_lazy("application", "withdrawn"),
    "seated": pgettext_lazy("application", "has a seat"),
    "waiting": pgettext_lazy("application", "waits for a seat"),
}
APPLICATION_TONES = {"draft": "quiet", "joining": "warn", "accepted": "info", "reviewed": "info"}
APPLICATION_TONES |= {"listed": "good", "not_listed": "quiet", "granted": "good"}
APPLICATION_TONES |= {"refused": "bad", "withdrawn": "quiet", "seated": "good", "waiting": "warn"}
WHY_WORDS = {
    "in": _("within quota and budget"),
    "minimum": _("below the lowest total"),
    "quota": _("the quota is full"),
    "tie": _("equal totals at the last place, none gets in"),
    "budget": _("the money does not reach for it"),
}
MILESTONE_WORDS = {
    "open": pgettext_lazy("milestone", "to be reported"),
    "reported": pgettext_lazy("milestone", "to be checked"),
    "passed": pgettext_lazy("milestone", "passed"),
    "failed": pgettext_lazy("milestone", "not passed"),
}
MILESTONE_TONES = {"open": "quiet", "reported": "warn", "passed": "good", "failed": "bad"}

Link = Callable[[Any], str]


def title_of(row: Any) -> str:
    """The title of a call, an application or a committee, in the reader's language, as far as it
    was given."""
    english = not language().startswith("zh") and row.title_en
    return str(row.title_en if english else row.title)


def call_columns(link: Link) -> list[Column]:
    return [
        Column(name="title", title=_("Call"), value=title_of, link=link, leading=True),
        Column(name="number", title=pgettext_lazy("call", "Number"), sort="number"),
        Column(name="kind", title=_("Kind"), value=lambda c: KIND_WORDS[c.kind], sort="kind"),
        Column(
            name="state",
            title=_("State"),
            show="badge",
            words=CALL_WORDS,
            tones=CALL_TONES,
            sort="order",
        ),
        Column(name="closes", title=_("Last day"), show="day", sort="closes"),
        Column(name="count", title=_("Applications"), show="number", sort="count"),
        Column(name="region", title=_("Opened by"), show="region"),
        Column(name="is_demo", title=_("Demonstration"), show="flag", shown=False),
    ]


def call_filters(*, drafts: bool) -> list[Filter]:
    shown = CALL_WORDS.items() if drafts else [w for w in CALL_WORDS.items() if w[0] != "draft"]
    return [
        Filter(name="kind", title=_("Kind"), choices=list(KIND_WORDS.items()), lookup="kind"),
        Filter(name="state", title=_("State"), choices=list(shown), lookup="state"),
    ]


def _points(value: Decimal | None) -> Decimal | None:
    """Points as they are published: to the hundredth, whatever the column keeps."""
    return None if value is None else value.quantize(Decimal("0.01"))


def _judged_columns() -> list[Column]:
    """What came out for an application, with every figure it rests on."""
    return [
        Column(name="rank", title=_("Rank"), show="number", sort="rank"),
        Column(
            name="total",
            title=_("Total points"),
            show="number",
            sort="total",
            value=lambda a: _points(a.total),
        ),
        Column(
            name="points",
            title=_("Marks"),
            show="number",
            shown=False,
            value=lambda a: _points(a.points),
        ),
        Column(
            name="raw_points",
            title=_("Marks as given"),
            show="number",
            shown=False,
            value=lambda a: _points(a.raw_points),
        ),
        Column(name="votes", title=_("Votes"), show="number", sort="votes", shown=False),
        Column(
            name="granted",
            title=_("Granted"),
            value=lambda a: a.granted or None,
            show="money",
            sort="granted",
        ),
        Column(name="why", title=_("Why"), value=lambda a: WHY_WORDS.get(a.why, "")),
    ]


def application_columns(link: Link, *, judged: bool) -> list[Column]:
    found = [
        Column(
            name="title",
            title=_("Application"),
            value=lambda a: title_of(a) or str(_("(no title yet)")),
            link=link,
            sort="title",
            leading=True,
        ),
        Column(name="number", title=_("Number"), sort="number"),
        Column(
            name="organisation",
            title=_("Applicant"),
            value="organisation.name",
            sort="organisation__name",
        ),
        Column(name="region", title=_("City"), show="region", sort="region", shown=not judged),
        Column(
            name="state",
            title=_("State"),
            show="badge",
            words=APPLICATION_WORDS,
            tones=APPLICATION_TONES,
            sort="state",
        ),
    ]
    if judged:
        found += _judged_columns()
    else:
        found.insert(1, Column(name="call", title=_("Call"), value=lambda a: title_of(a.call)))
        found.append(
            Column(name="changed_at", title=_("Changed at"), show="when", sort="changed_at")
        )
    return found


def application_filters() -> list[Filter]:
    return [
        Filter(
            name="state",
            title=_("State"),
            choices=list(APPLICATION_WORDS.items()),
            lookup="state",
        )
    ]


def call_facts(call: Any) -> dict[str, Any]:
    """What every page of a call shows: its program, goals, days and what is asked."""
    program, lang = queries.program_of(call), language()
    rulebook = book.rulebook()
    return {
        "call": call,
        "name": title_of(call),
        "kind": KIND_WORDS[call.kind],
        "state": CALL_WORDS[call.state],
        "tone": CALL_TONES[call.state],
        "program": program,
        "summary": program.summary.say(lang),
        "source": rulebook.source_words(program, lang) if rulebook else "",
        "conditions": [one.says.say(lang) for one in program.eligibility],
        "gates": [one.says.say(lang) for one in program.gates],
        "goals": call.goals,
    }


def milestone_rows(program: Any, milestones: list[Any]) -> list[dict[str, Any]]:
    """Milestones with their state in words; the promised last day is called as the form calls it,
    in the reader's language."""
    end = program.form.by_role("end")
    return [
        {
            "row": m,
            "title": end.title.say(language()) if end and m.title == end.title.zh else m.title,
            "words": MILESTONE_WORDS[m.state],
            "tone": MILESTONE_TONES[m.state],
        }
        for m in milestones
    ]


def test_rows(application: Any) -> list[dict[str, Any]]:
    """The acceptance test of a challenge: each goal beside what was measured."""
    goals = application.call.goals
    return [
        {
            "goal": goals[test.goal],
            "reached": test.reached,
            "measured": f"{test.measured.normalize():f}",
            "proof": test.proof,
        }
        for test in application.tests.all()
        if test.goal < len(goals)
    ]


def answers(program: Any, application: Any, *, confidential: bool) -> list[dict[str, Any]]:
    """What was answered, in the order of the form."""
    lang = language()
    return [
        {
            "title": field.title.say(lang),
            "text": answer_text(field, application.answers[field.id], lang),
            "is_long": field.type == "long_text",
        }
        for field in program.form.fields
        if field.type != "files"
        and application.answers.get(field.id) not in (None, "", [], False)
        and (confidential or not field.confidential)
    ]
