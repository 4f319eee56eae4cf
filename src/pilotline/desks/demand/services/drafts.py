"""Drafts: begun, saved as typed, kept even when somebody else was faster."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pilotline.desks.demand import forms
from pilotline.desks.demand.models import Aside, Case, Kind
from pilotline.desks.demand.services.anchors import anchor_again
from pilotline.desks.demand.services.hold import held, keep, note
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.people.queries import organisation as organisation_for
from pilotline.desks.people.rules import token_opens
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import Conflict, NotAllowed, Problem, refuse
from pilotline.rulebook import Form

MOST_DRAFTS = 100


@transaction.atomic
def start_case(
    *,
    who: Actor,
    organisation: int,
    kind: str,
    now: datetime,
    answers: Mapping[str, Any] | None = None,
    facility_hint: str = "",
    is_demo: bool = False,
) -> Case:
    """Begin a draft. `facility_hint` is the code of the facility whose page it was begun on."""
    owner = organisation_for(who=who, id=organisation)
    if not (who.is_system or (who.has("applicant") and who.belongs_to(organisation))):
        raise NotAllowed(_("Only members of an organisation hand in cases for it."))
    if not token_opens(who, "applicant", writes=True):
        raise NotAllowed
    problems = []
    if kind not in Kind.values:
        problems.append(Problem("unknown-kind", _("Hand in a need or a technology."), "kind"))
    drafts = Case.objects.filter(organisation=owner, status="draft").count()
    if drafts >= MOST_DRAFTS and not who.is_system:
        told = _("Your organisation has many drafts already: finish or withdraw one of them first.")
        problems.append(Problem("too-many-drafts", told))
    refuse(problems)
    case = Case(
        kind=kind,
        organisation=owner,
        created_by=who.id,
        region=owner.region,
        facility_hint=forms.storable(facility_hint)[:40],
        is_demo=is_demo,
        created_at=now,
        changed_at=now,
    )
    take(case, current_rulebook().forms[kind], answers or {}, confidential=())
    case.save()
    note(who, "start", case, now, after={"kind": kind})
    return case


def save_draft(
    *,
    who: Actor,
    case: int,
    version: int,
    answers: Mapping[str, Any],
    now: datetime,
    confidential: Iterable[str] | None = None,
    title_en: str | None = None,
) -> Case:
    """Keep what was typed, complete or not. Fields that are not in `answers` stay as they are.

    Raises Conflict when the answers were changed after `version`; what was typed is then kept
    beside them (`Conflict.data["aside"]`) and neither is lost.
    """
    with transaction.atomic():
        found = held(who, case, "save")
        aside = put_aside(who, found, version, answers, now)
        if aside is None:
            form = current_rulebook().forms[found.kind]
            changed = take(found, form, answers, confidential=confidential, title_en=title_en)
            if changed:
                if not {"title_en", "confidential"}.issuperset(changed):
                    anchor_again(found)
                keep(found, now, answered=True)
                note(who, "save", found, now, after={"answers": dict.fromkeys(changed)})
    if aside is not None:
        raise Conflict(AT_ONCE, case=case, aside=aside.pk)
    return found


AT_ONCE = _(
    "Somebody else saved this form while you were writing. Your version was kept beside theirs: "
    "compare the two and save what shall stand."
)


def put_aside(
    who: Actor, case: Case, version: int, answers: Mapping[str, Any], now: datetime
) -> Aside | None:
    """Keep answers that come too late, unless they say what stands there anyway."""
    if version >= case.answered_at:
        return None
    form = current_rulebook().forms[case.kind]
    typed = forms.clean(form, answers)
    if all(case.answers.get(field) == given for field, given in typed.items()):
        return None
    return Aside.objects.create(
        case=case,
        answers=typed,
        based_on=version,
        typed_by=who.id,
        typed_by_name=who.name[:120],
        at=now,
    )


def take(
    case: Case,
    form: Form,
    answers: Mapping[str, Any],
    *,
    confidential: Iterable[str] | None = None,
    title_en: str | None = None,
) -> list[str]:
    """Put answers into the case (not saved yet). Returns the ids of what changed."""
    typed = forms.clean(form, answers)
    changed = [field for field, given in typed.items() if case.answers.get(field) != given]
    case.answers = case.answers | typed
    hidden = list(case.confidential if confidential is None else confidential)
    for name, value in forms.columns(form, case.answers, hidden).items():
        if name == "confidential" and value != case.confidential and confidential is not None:
            changed.append("confidential")
        setattr(case, name, value)
    if title_en is not None and title_en != case.title_en:
        case.title_en = " ".join(forms.storable(title_en).split())[:400]
        changed.append("title_en")
    return changed


@transaction.atomic
def take_offered(*, who: Actor, case: int, fields: Iterable[str], now: datetime) -> Case:
    """Take over answers that were read from the text, for questions that are still open."""
    found = held(who, case, "save")
    wanted = set(fields)
    given = {
        o["field"]: o["value"]
        for o in found.offered
        if o["field"] in wanted and not found.answers.get(o["field"])
    }
    found.offered = [o for o in found.offered if o["field"] not in wanted]
    changed = take(found, current_rulebook().forms[found.kind], given)
    keep(found, now, answered=bool(changed))
    note(who, "save", found, now, after={"answers": dict.fromkeys(changed)})
    return found


@transaction.atomic
def drop_aside(*, who: Actor, aside: int, now: datetime) -> None:
    """Throw away answers that were kept beside, once they have been compared."""
    found = Aside.objects.filter(pk=aside).first()
    if found is None:
        return
    case = held(who, found.case_id, "withdraw")
    found.delete()
    note(who, "drop_aside", case, now)
