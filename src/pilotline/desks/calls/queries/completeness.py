"""Whether an application may be accepted as it is, and the facts that are judged."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from pilotline.desks.calls.models import Application
from pilotline.desks.calls.queries.applications import facts_of
from pilotline.desks.calls.queries.calls import program_of
from pilotline.desks.calls.rules.applications import (
    problem_of_window,
    problems_of_answers,
    problems_of_facts,
    problems_of_partners,
)
from pilotline.desks.people import queries as people
from pilotline.desks.registry import queries as registry
from pilotline.kernel.actor import SYSTEM
from pilotline.kernel.errors import Problem
from pilotline.rulebook.program import Program


def problems_of_application(
    found: Application, facts: dict[str, Any], *, today: date
) -> list[Problem]:
    """Everything that keeps an application with these facts from being accepted now."""
    call = found.call
    program = program_of(call)
    partners = list(found.partners.all()) if program.partners else []
    found_problems = [
        *problem_of_window(call, today),
        *problems_of_facts(program, facts),
        *problems_of_answers(found, program, today),
        *problems_of_partners(program, partners),
    ]
    if program.one_each and has_another(found, program):
        told = _("There is an application for this already.")
        found_problems.append(Problem("one-each", told))
    if program.challenge and program.challenge.related_excluded:
        found_problems += _problem_of_relation(found)
    return found_problems


def facts_for(found: Application, *, today: date) -> dict[str, Any]:
    """The facts that an application is judged by; its facility's only when it has chosen one."""
    program, place = program_of(found.call), None
    if program.concerns == "facility" and found.facility is not None:
        place = registry.facility(SYSTEM, found.facility.code)
    return facts_of(organisation=found.organisation_id, facility=place, today=today)


def has_another(found: Application, program: Program) -> bool:
    """True when the same is put forward in this call already."""
    rest = Application.objects.filter(call=found.call).exclude(pk=found.pk)
    rest = rest.exclude(state__in=["draft", "joining", "withdrawn"])
    if program.concerns == "facility":
        return found.facility_id is not None and rest.filter(facility=found.facility_id).exists()
    return rest.filter(organisation=found.organisation_id).exists()


def _problem_of_relation(found: Application) -> list[Problem]:
    """Whoever issued the challenge, or shares people with the issuer, may not bid."""
    issuer = found.call.issuer_id
    if issuer is None:
        return []
    bidders = [found.organisation_id, *(p.organisation_id for p in found.partners.all())]
    ours = {user for body in bidders for user in people.users_of(body)}
    if issuer in bidders or ours & set(people.users_of(issuer)):
        told = _("You are related to the issuer of this challenge and may not bid for it.")
        return [Problem("related", told)]
    return []
