"""Accepted on arrival: number and receipt at once and without a person, or all that is missing."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilotline.desks.demand.events import NeedAccepted, TechnologyAccepted
from pilotline.desks.demand.models import Attachment, Case, Receipt, Requirement
from pilotline.desks.demand.queries import missing
from pilotline.desks.demand.queries.requirements import requirement_text
from pilotline.desks.demand.queries.shown import answer_text
from pilotline.desks.demand.rules import MOVES, is_owner, problems_from, problems_of
from pilotline.desks.demand.services.anchors import anchor_again
from pilotline.desks.demand.services.course import tell_amended
from pilotline.desks.demand.services.drafts import AT_ONCE, put_aside, save_draft, take
from pilotline.desks.demand.services.hold import discreetly, held, keep, note
from pilotline.desks.journal.queries import current_release, current_rulebook
from pilotline.desks.journal.rules import canonical, digest_of
from pilotline.desks.journal.services import draw_number, emit
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Problem, Refused, refuse
from pilotline.rulebook import Form, Rulebook

EVENTS = {"need": NeedAccepted, "technology": TechnologyAccepted}


def submit(
    *,
    who: Actor,
    case: int,
    version: int,
    now: datetime,
    key: str = "",
    answers: Mapping[str, Any] | None = None,
    confidential: Iterable[str] | None = None,
    title_en: str | None = None,
) -> Receipt:
    """Hand a case in. Complete: accepted in this very call, with number and receipt.

    Incomplete: Refused with everything that is missing, and the draft is kept as typed.
    Handing the same in twice (a double click, a retry with the same `key`) gives one receipt.
    Conflict when the answers were changed after `version`: see `save_draft`.
    """
    done = _receipt_of(who, case, key, answers)
    if done is not None:
        return done
    try:
        save_draft(
            who=who,
            case=case,
            version=version,
            answers=answers or {},
            confidential=confidential,
            title_en=title_en,
            now=now,
        )
    except (Conflict, Refused):
        # The other click of two may have handed it in between the look and the lock.
        done = _receipt_of(who, case, key, answers)
        if done is None:
            raise
        return done
    return _accept(who, case, key, now)


def _receipt_of(
    who: Actor, case: int, key: str, answers: Mapping[str, Any] | None
) -> Receipt | None:
    """The receipt of a case that was handed in by this very request before."""
    found = Case.objects.filter(pk=case).first()
    if found is None or found.accepted_at is None:
        return None
    if not is_owner(who, found):
        raise NotFound
    if (key and key == found.submit_key) or not answers:
        return Receipt.objects.get(case=found)
    raise Refused(problems_of("submit", found))


@transaction.atomic
def _accept(who: Actor, case: int, key: str, now: datetime) -> Receipt:
    found = held_or_accepted(who, case)
    if found.accepted_at is not None:
        return Receipt.objects.get(case=found)
    refuse(missing(found, timezone.localdate(now)))
    if found.organisation.status not in ("pending", "confirmed"):
        raise NotAllowed(_("An organisation that was refused cannot hand in cases."))
    rulebook = current_rulebook()
    year = timezone.localdate(now).year
    found.number = draw_number(series=rulebook.number_prefixes[found.kind], year=year)
    found.status = MOVES["submit"].to
    found.submitted_at = found.accepted_at = now
    found.release = current_release()[0]
    found.submit_key = key[:64]
    keep(found, now)
    content = receipt_content(found, rulebook)
    receipt = Receipt.objects.create(
        case=found,
        number=found.number,
        at=now,
        content=content,
        digest=digest_of(canonical(content)),
    )
    event = EVENTS[found.kind]
    emit(event(case=found.pk, number=found.number, organisation=found.organisation_id), now=now)
    note(
        who,
        "submit",
        found,
        now,
        before={"status": "draft"},
        after={
            "status": found.status,
            "number": found.number,
            "receipt": receipt.digest,
            "answers": discreetly(found.answers, found.confidential),
        },
    )
    return receipt


def held_or_accepted(who: Actor, case: int) -> Case:
    """The case locked for submitting; one that a faster click accepted comes back as it is."""
    try:
        return held(who, case, "submit")
    except Refused:
        found = held(who, case, "withdraw")
        if found.accepted_at is None:
            raise
        return found


def receipt_content(case: Case, rulebook: Rulebook) -> dict[str, Any]:
    """What is printed and hashed: who handed in what, when, with which files, in both languages."""
    form = rulebook.forms[case.kind]
    files = Attachment.objects.filter(case=case, removed_at=None)
    return {
        "number": case.number,
        "kind": case.kind,
        "form": _both(form.title),
        "region": _both(rulebook.region.title),
        "at": case.accepted_at.isoformat(),
        "applicant": case.organisation.name,
        "credit_code": case.organisation.credit_code,
        "title": case.title,
        "title_en": case.title_en,
        "sections": _sections(form, case),
        "requirements": _requirements(case, rulebook),
        "attachments": [{"name": f.name, "size": f.size, "sha256": f.sha256} for f in files],
        "release": case.release,
        "is_demo": case.is_demo,
    }


def _both(text: Any) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _sections(form: Form, case: Case) -> list[dict[str, Any]]:
    found = []
    for section in form.sections:
        rows = [
            {
                "title": _both(field.title),
                "zh": text,
                "en": answer_text(field, case.answers.get(field.id), "en"),
            }
            for field in form.in_section(section.id)
            if (text := answer_text(field, case.answers.get(field.id), "zh"))
        ]
        if rows:
            found.append({"title": _both(section.title), "rows": rows})
    return found


def _requirements(case: Case, rulebook: Rulebook) -> list[dict[str, Any]]:
    rows = Requirement.objects.filter(case=case, state=Requirement.State.CONFIRMED)
    found = []
    for row in rows:
        known = rulebook.attributes.get(row.attribute)
        if known is not None:
            shown = {lang: requirement_text(row, known, lang) for lang in ("zh", "en")}
            found.append({"title": _both(known.title), **shown})
    return found


def amend(
    *,
    who: Actor,
    case: int,
    version: int,
    answers: Mapping[str, Any],
    now: datetime,
    reason: str = "",
    confidential: Iterable[str] | None = None,
    title_en: str | None = None,
) -> Case:
    """Change an accepted case. It must stay complete; before and after stand in the journal.

    Raises Refused with all problems, and Conflict when the answers changed after `version`.
    """
    with transaction.atomic():
        found = held(who, case, "amend")
        aside = put_aside(who, found, version, answers, now)
        if aside is None:
            before = {**found.answers, "title_en": found.title_en}
            form = current_rulebook().forms[found.kind]
            changed = take(found, form, answers, confidential=confidential, title_en=title_en)
            if changed:
                refuse(_broken(found, changed, form, now))
                found.release = current_release()[0]
                anchor_again(found)
                keep(found, now, answered=True)
                tell_amended(found, tuple(changed), now)
                _note_amended(who, found, before, changed, reason, now)
    if aside is not None:
        raise Conflict(AT_ONCE, case=case, aside=aside.pk)
    return found


def _broken(case: Case, changed: list[str], form: Form, now: datetime) -> list[Problem]:
    """What an amendment would break. A day that has passed since is no fault of today's change."""
    found = form.missing(case.answers, timezone.localdate(now))
    always = ("required", "low-above-high")
    return problems_from(m for m in found if m.field in changed or m.code in always)


def _note_amended(
    who: Actor,
    case: Case,
    before: Mapping[str, Any],
    changed: list[str],
    reason: str,
    now: datetime,
) -> None:
    after = {**case.answers, "title_en": case.title_en}
    note(
        who,
        "amend",
        case,
        now,
        before={"answers": discreetly({f: before.get(f) for f in changed}, case.confidential)},
        after={
            "answers": discreetly({f: after.get(f) for f in changed}, case.confidential),
            "reason": " ".join(reason.split())[:500],
        },
    )
