"""A statement of capability, read and checked, before it is anybody's."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from pilotline.desks.registry.models import Capability
from pilotline.desks.registry.rules.texts import problems_of_texts
from pilotline.desks.registry.rules.vocabulary import (
    ELSEWHERE,
    read_statement,
    says_its_unit,
)
from pilotline.kernel.errors import Problem, refuse
from pilotline.rulebook import Rulebook


def build_capability(
    rulebook: Rulebook,
    attribute: str,
    written: str,
    *,
    today: date,
    unit: str = "",
    measured_on: date | None = None,
    evidence: str = "",
) -> Capability:
    """Read and check a statement. Not stored, and not yet anybody's. Raises Refused."""
    typed = {"written": written.strip(), "unit": unit.strip(), "evidence": evidence.strip()}
    problems = problems_of_texts(Capability, typed)
    if attribute in ELSEWHERE:
        words = _("State this with the resource itself, or as a certificate.")
        problems.append(Problem("stated-elsewhere", words, "attribute"))
    if measured_on and measured_on > today:
        problems.append(Problem("future", _("This day lies in the future."), "measured_on"))
    refuse(problems)
    if typed["unit"] and says_its_unit(typed["written"]):
        typed["unit"] = ""
    reading = read_statement(rulebook, attribute, typed["written"], unit=typed["unit"])
    return Capability(
        attribute=attribute,
        low=reading.low,
        high=reading.high,
        values=list(reading.values),
        measured_on=measured_on,
        **typed,
    )
