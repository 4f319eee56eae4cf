"""A case as its pages show it, whichever door they belong to."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from pilotline.desks.demand import queries
from pilotline.desks.demand.queries.trail import WORDS
from pilotline.desks.demand.rules import KIND_TITLES, STATUS_TITLES, is_owner, may
from pilotline.kernel.actor import Actor
from pilotline.web.shared import book
from pilotline.web.shared.cells import Column
from pilotline.web.shared.filters import Filter
from pilotline.web.shared.values import language

STATUS_TONES = {
    "draft": "quiet",
    "accepted": "info",
    "matched": "good",
    "closed": "quiet",
    "withdrawn": "warn",
}
STORY = {
    **WORDS,
    "matching.propose": _("Shortlist made"),
    "matching.ask": _("A facility was asked"),
    "matching.offer": _("A facility offered to take it"),
    "matching.question": _("Asked back"),
    "matching.answer": _("Answered"),
    "matching.accept": _("A facility would take it"),
    "matching.consent": _("The applicant consented"),
    "matching.decline": _("A facility declined"),
    "matching.withdraw": _("A talk was ended"),
    "matching.end": _("A match came to nothing"),
}

# Done by the machine whenever something changes.
MINOR = frozenset({"matching.propose"})


def context(request: HttpRequest, case: Any) -> dict[str, Any]:
    """Everything about a case that this person may see."""
    who, lang = request.who, language()
    requirements = queries.shown_requirements(who=who, case=case, language=lang)
    offered = sum(1 for row in requirements if row.state == "offered")
    return {
        "case": case,
        "title": queries.case_title(case, lang),
        "kind": KIND_TITLES[case.kind],
        "status": STATUS_TITLES[case.status],
        "tone": STATUS_TONES[case.status],
        "next": queries.next_step(case, offered=offered if is_owner(who, case) else 0),
        "sections": queries.shown_sections(who=who, case=case, language=lang),
        "requirements": requirements,
        "offered": offered,
        "attachments": queries.attachments(who=who, case=case),
        "is_owner": is_owner(who, case),
        "may": {move: may(move, case) for move in ("amend", "withdraw", "attach", "require")},
        **history(who, case),
    }


def history(who: Actor, case: Any) -> dict[str, Any]:
    """What happened, newest first: the main events, and the small steps apart from them."""
    told = queries.timeline(who=who, case=case, language=language(), words=STORY)
    small = [one for one in told if one.is_minor or one.action in MINOR]
    return {
        "lines": [_line(one) for one in reversed(told) if one not in small],
        "minor": [_line(one) for one in reversed(small)],
    }


def _line(told: Any) -> dict[str, Any]:
    joint = "、" if language().startswith("zh") else ", "
    said = [told.reason] if told.reason else []
    if told.changed:
        said.append(joint.join(told.changed))
    return {"text": told.text, "at": told.at, "by": told.actor, "note": " · ".join(said)}


def name(row: Any) -> str:
    """A case's title in a list, with words for one that has none yet."""
    return queries.case_title(row, language()) or str(_("(no title yet)"))


def columns(link: Any, *, with_organisation: bool) -> list[Column]:
    """The columns of a list of cases; `link` (case) gives the address of its page."""
    found = [
        Column(name="title", title=_("Title"), value=name, link=link, sort="title", leading=True),
        Column(name="number", title=_("Number"), sort="number"),
        Column(
            name="kind",
            title=_("Kind"),
            value=lambda row: KIND_TITLES[row.kind],
            sort="kind",
        ),
        Column(
            name="status",
            title=_("Status"),
            show="badge",
            words=STATUS_TITLES,
            tones=STATUS_TONES,
            sort="status",
        ),
        Column(name="fields", title=_("Field"), show="titles", of="fields"),
        *_details(shown=not with_organisation),
        Column(name="deadline", title=_("Wanted by"), show="day", sort="deadline"),
        Column(name="accepted_at", title=_("Accepted at"), show="when", sort="accepted_at"),
        Column(
            name="changed_at", title=_("Changed at"), show="when", sort="changed_at", shown=False
        ),
        Column(name="is_demo", title=_("Demonstration"), show="flag", shown=False),
    ]
    if with_organisation:
        found[2:2] = [
            Column(
                name="organisation",
                title=_("Applicant"),
                value="organisation.name",
                sort="organisation__name",
            ),
            Column(name="region", title=_("City"), show="region", sort="region"),
        ]
    return found


def _details(*, shown: bool) -> list[Column]:
    """Columns that a list has room for only where it does not name the applicant."""
    return [
        Column(
            name="verifications",
            title=_("Verification"),
            show="titles",
            of="verifications",
            shown=shown,
        ),
        Column(
            name="scale", title=_("Scale"), show="title", of="scales", sort="scale", shown=shown
        ),
    ]


def filters(*, statuses: tuple[str, ...], with_region: bool) -> list[Filter]:
    """What a list of cases can be narrowed by."""
    found = [
        Filter(name="kind", title=_("Kind"), choices=tuple(KIND_TITLES.items()), lookup="kind"),
        Filter(
            name="status",
            title=_("Status"),
            choices=tuple((s, STATUS_TITLES[s]) for s in statuses),
            lookup="status",
        ),
        Filter(
            name="field", title=_("Field"), choices=entries("fields"), lookup="fields", array=True
        ),
        Filter(
            name="verification",
            title=_("Verification"),
            choices=entries("verifications"),
            lookup="verifications",
            array=True,
        ),
        Filter(name="scale", title=_("Scale"), choices=entries("scales"), lookup="scale"),
        Filter(name="accepted", title=_("Accepted at"), kind="dates", lookup="accepted_at__date"),
    ]
    if with_region:
        cities = Filter(name="region", title=_("City"), choices=entries("cities"), lookup="region")
        found.insert(2, cities)
    return found


def entries(kind: str) -> Any:
    """The choices of a rulebook list, asked for when they are shown."""

    def choices() -> list[tuple[str, str]]:
        rulebook = book.rulebook()
        return rulebook.listing(kind).choices(language()) if rulebook else []

    return choices
