"""Who may look at a case, and how much of it they see."""

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any

from pilotline.desks.demand.models import Case, Insight
from pilotline.desks.demand.rules.states import ACCEPTED, PUBLIC
from pilotline.desks.people.rules import token_opens
from pilotline.kernel.actor import Actor
from pilotline.rulebook import Form


def is_owner(who: Actor, case: Case) -> bool:
    """The applicant: whoever belongs to the organisation that hands the case in."""
    if who.is_system:
        return True
    return who.has("applicant") and who.belongs_to(case.organisation_id)


def may_change(who: Actor, case: Case) -> bool:
    """The applicant, in person or by a token that was given the right to write."""
    return is_owner(who, case) and token_opens(who, "applicant", writes=True)


class Sight(Enum):
    """How much of a case somebody sees."""

    ALL = "all"
    DISCREET = "discreet"
    ASKED = "asked"
    NOTHING = "nothing"


def sight(who: Actor, case: Case, insights: Iterable[Insight]) -> Sight:
    """What of the case lies open to this actor beyond what is public.

    All of it: the applicant and, once handed in, the authority of its region. An operator that
    was let in sees what is not confidential, and the rest when the applicant agreed to it.
    """
    if is_owner(who, case):
        return Sight.ALL
    if case.status not in ACCEPTED or case.accepted_at is None:
        return Sight.NOTHING
    if who.answers_for(case.region):
        return Sight.ALL
    if not who.has("operator"):
        return Sight.NOTHING
    mine = [i for i in insights if i.case_id == case.pk and who.belongs_to(i.organisation_id)]
    if not mine:
        return Sight.NOTHING
    return Sight.DISCREET if any(i.confidential for i in mine) else Sight.ASKED


def open_fields(case: Case, form: Form, seen: Sight) -> frozenset[str]:
    """The form's fields whose answers may be shown to somebody with this sight."""
    known = frozenset(f.id for f in form.fields)
    if seen in (Sight.ALL, Sight.DISCREET):
        return known
    if seen is Sight.ASKED:
        return known - form.confidential_ids - frozenset(case.confidential)
    return public_fields(case, form)


def public_fields(case: Case, form: Form) -> frozenset[str]:
    """What everybody may see: the title, and what the applicant released."""
    if case.status not in PUBLIC:
        return frozenset()
    title = form.by_role("title")
    shown = frozenset(case.released) & form.public_ids
    shown -= form.confidential_ids | frozenset(case.confidential)
    return shown | ({title.id} if title else frozenset())


def released_by(form: Form, answers: Mapping[str, Any], confidential: Iterable[str]) -> list[str]:
    """The fields that an answer to the question of release opens to the public, in form order."""
    if form.answer(answers, "release") is not True:
        return []
    hidden = form.confidential_ids | frozenset(confidential)
    return [f.id for f in form.fields if f.public and f.id not in hidden]


def may_hide(form: Form) -> list[str]:
    """Fields that the applicant may mark as confidential beyond those that always are."""
    return [f.id for f in form.fields if f.type == "long_text" and not (f.confidential or f.public)]
