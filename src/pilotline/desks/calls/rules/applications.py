"""Why an application cannot be handed in: everything at once."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from pilotline.desks.calls.models import Application, Call, Partner
from pilotline.kernel.errors import Problem
from pilotline.rulebook.program import Program

WHOLE = Decimal(100)


def problem_of_window(call: Call, today: date) -> list[Problem]:
    if call.state != Call.State.OPEN:
        return [Problem("not-open", _("This call takes no applications."))]
    if today < call.opens:
        told = format_lazy(_("It opens on {day}."), day=call.opens.isoformat())
        return [Problem("too-early", told)]
    if today > call.closes:
        told = format_lazy(_("It closed on {day}."), day=call.closes.isoformat())
        return [Problem("too-late", told)]
    return []


def problems_of_facts(program: Program, facts: Mapping[str, Any]) -> list[Problem]:
    """Each condition and each gate that is not met, in the rulebook's own words."""
    language = get_language() or "zh-hans"
    unmet = [
        Problem("not-eligible", _both(one.says, language), data={"fact": one.fact})
        for one in program.unmet(facts)
    ]
    return unmet + [
        Problem("not-ready", _both(one.says, language), data={"fact": one.fact})
        for one in program.unready(facts)
    ]


def _both(text: Any, language: str) -> Any:
    return format_lazy(_("Not met: {what}"), what=text.say(language))


def problems_of_answers(application: Application, program: Program, today: date) -> list[Problem]:
    language = get_language() or "zh-hans"
    found = [
        Problem(m.code, m.text.say(language), m.field)
        for m in program.form.missing(application.answers, today)
    ]
    if program.categories and not application.category:
        found.append(Problem("missing", _("Choose a kind."), "category"))
    if program.concerns == "facility" and application.facility_id is None:
        found.append(Problem("missing", _("Choose the facility."), "facility"))
    if program.concerns == "case" and application.case_id is None:
        found.append(Problem("missing", _("Choose the case."), "case"))
    return found


def problems_of_partners(program: Program, partners: Iterable[Partner]) -> list[Problem]:
    """How many there are, that one leads, and that the shares make a whole."""
    listed = [p for p in partners if p.declined_at is None]
    if program.partners is None:
        return []
    least, most = program.partners
    found: list[Problem] = []
    if not least <= len(listed) <= most:
        told = format_lazy(_("There must be {least} to {most} parties."), least=least, most=most)
        found.append(Problem("partner-count", told, "partners"))
    if sum(1 for p in listed if p.leads) != 1:
        found.append(Problem("no-lead", _("Exactly one party leads."), "partners"))
    total = sum((p.share for p in listed), Decimal(0))
    if total != WHOLE:
        told = format_lazy(_("The shares add to {total} %, not to 100 %."), total=f"{total:g}")
        found.append(Problem("shares", told, "partners"))
    return found
