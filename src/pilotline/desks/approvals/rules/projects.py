"""Who may see and move a project, and what makes it complete on arrival."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from pilotline.desks.approvals.models import Project
from pilotline.desks.people.rules import token_opens
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import Problem
from pilotline.rulebook import Rulebook

MAX_SUBSTANCES = 100
MAX_WORDS = 4000
CLASSES = range(1, 6)
NUMBERS = {
    "quantity": _("Quantity a year"),
    "temperature_low": _("Lowest temperature"),
    "temperature_high": _("Highest temperature"),
    "pressure_low": _("Lowest pressure"),
    "pressure_high": _("Highest pressure"),
}
# Nothing is colder than this, and no vacuum deeper: pressures are those of a gauge.
LEAST = {"temperature": Decimal("-273.15"), "pressure": Decimal("-0.1014")}
STATE_TITLES = {
    "open": pgettext_lazy("project", "under way"),
    "granted": pgettext_lazy("project", "may run"),
    "refused": pgettext_lazy("project", "refused"),
    "withdrawn": pgettext_lazy("project", "withdrawn"),
}
KIND_TITLES = {"project": _("Approval"), "filing": _("Filing")}
CONDITION_TITLES = {
    "open": pgettext_lazy("condition", "open"),
    "reported": pgettext_lazy("condition", "reported"),
    "met": pgettext_lazy("condition", "met"),
}


def is_applicant(who: Actor, project: Project) -> bool:
    return who.is_system or who.belongs_to(project.organisation_id)


def is_operator(who: Actor, project: Project) -> bool:
    """Whoever operates the facility on whose line the project runs."""
    facility = project.facility
    return facility is not None and who.has("operator") and who.belongs_to(facility.operator_id)


def is_authority(who: Actor, region: str, *, writes: bool = True) -> bool:
    opens = token_opens(who, "authority", writes=writes)
    return who.is_system or (opens and who.answers_for(region))


def may_see(who: Actor, project: Project) -> bool:
    """The applicant, the facility's operator, and the authority of the place."""
    return (
        is_applicant(who, project)
        or is_operator(who, project)
        or is_authority(who, project.region, writes=False)
    )


def problems_of_plan(plan: Mapping[str, Any], rulebook: Rulebook) -> Iterator[Problem]:
    """Everything missing or wrong in what a project says it will do."""
    if not plan.get("substances"):
        yield Problem("required", _("Name the substances."), field="substances")
    elif len(plan["substances"]) > MAX_SUBSTANCES:
        yield Problem("too-many", _("That are too many substances."), field="substances")
    for name, title in NUMBERS.items():
        yield from _number(plan, name, title, must=name == "quantity")
    for low, high in (("temperature_low", "temperature_high"), ("pressure_low", "pressure_high")):
        ends = _read(plan.get(low)), _read(plan.get(high))
        if ends[0] is not None and ends[1] is not None and ends[0] > ends[1]:
            yield Problem("low-above-high", _("The lower end is above the higher."), field=low)
    level = plan.get("hazard_class")
    if level not in (None, "") and str(level) not in {str(n) for n in CLASSES}:
        yield Problem("not-a-choice", _("The class is a number from 1 to 5."), field="hazard_class")
    for pollutant in rulebook.pollutants:
        given = (plan.get("emissions") or {}).get(pollutant.id)
        title = pollutant.title.say(get_language() or "zh")
        stated = {f"emissions_{pollutant.id}": given}
        yield from _number(stated, f"emissions_{pollutant.id}", title, must=False)


def _number(plan: Mapping[str, Any], name: str, title: Any, *, must: bool) -> Iterator[Problem]:
    given = plan.get(name)
    if given in (None, ""):
        if must:
            text = _("{what} is missing.").format(what=title)
            yield Problem("required", text, field=name)
        return
    value, least = _read(given), LEAST.get(name.partition("_")[0], Decimal(0))
    if value is None:
        yield Problem("not-a-number", _("{what} must be a number.").format(what=title), field=name)
    elif value < least:
        text = _("{what} may not be below {least}.").format(what=title, least=least)
        yield Problem("too-small", text, field=name)


def _read(given: Any) -> Decimal | None:
    try:
        value = Decimal(str(given))
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value.adjusted()) < 9 else None


def problems_of_dates(begin: date | None, end: date | None, today: date) -> Iterator[Problem]:
    """A project begins in the future and ends after it begins."""
    if begin is None:
        yield Problem("required", _("Say when it begins."), field="begin")
    elif begin < today:
        yield Problem("past-date", _("It cannot begin in the past."), field="begin")
    if end is None:
        yield Problem("required", _("Say when it ends."), field="end")
    elif begin is not None and end <= begin:
        yield Problem("too-early", _("It must end after it begins."), field="end")


def wanted_papers(rulebook: Rulebook, *, hazardous: bool, day: date) -> list[Any]:
    """The papers that must be there on arrival."""
    needed = {"always", "hazardous"} if hazardous else {"always"}
    return [item for item in rulebook.review_items.valid_on(day) if item.needed in needed]


def problems_of_papers(
    papers: Mapping[str, Any], there: Collection[int], rulebook: Rulebook, *, hazardous: bool,
    day: date,
) -> Iterator[Problem]:  # fmt: skip
    """Every paper that is missing, and every one that is not in the case's folder."""
    for item in wanted_papers(rulebook, hazardous=hazardous, day=day):
        if not papers.get(item.id):
            text = _("“{what}” is missing.").format(what=item.title.say(get_language() or "zh"))
            yield Problem("required", text, field=f"paper_{item.id}")
    for name, attachment in papers.items():
        if attachment and attachment not in there:
            yield Problem(
                "unknown", _("This file is not in the case's folder."), field=f"paper_{name}"
            )


def problems_of_words(words: str, field: str, *, must: bool = True) -> Iterator[Problem]:
    if must and not words.strip():
        yield Problem("no-words", _("Write a few words."), field=field)
    if len(words) > MAX_WORDS:
        yield Problem("too-long", _("That is too long: shorten it."), field=field)
