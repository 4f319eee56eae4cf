"""How a case goes on after it was accepted: let in, matched, closed, withdrawn."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pilotline.desks.demand import forms
from pilotline.desks.demand.events import CaseAmended, CaseClosed, CaseWithdrawn
from pilotline.desks.demand.models import Case, Insight
from pilotline.desks.demand.rules import MAX_REASON, MOVES, OPEN, problems_of
from pilotline.desks.demand.services.hold import held, keep, locked, note
from pilotline.desks.journal.services import emit
from pilotline.kernel.actor import SYSTEM, Actor
from pilotline.kernel.errors import Problem, refuse


def tell_amended(case: Case, changed: tuple[str, ...], now: datetime) -> None:
    """Announce what changed in an accepted case; a draft's changes are nobody's news."""
    if case.status not in OPEN:
        return
    emit(
        CaseAmended(
            case=case.pk,
            number=case.number or "",
            organisation=case.organisation_id,
            changed=changed,
        ),
        now=now,
    )


@transaction.atomic
def withdraw(*, who: Actor, case: int, reason: str, now: datetime) -> Case:
    """Take a case back. What was handed in needs a reason, a draft none."""
    found = held(who, case, "withdraw")
    said = " ".join(forms.storable(reason).split())
    was_accepted = found.accepted_at is not None
    problems = []
    if was_accepted and not said:
        problems.append(Problem("missing", _("Say in a few words why it is withdrawn."), "reason"))
    if len(said) > MAX_REASON:
        problems.append(Problem("too-long", _("At most 500 characters, please."), "reason"))
    refuse(problems)
    _take_back(found, who, said, now)
    return found


@transaction.atomic
def withdraw_all(*, organisation: int, reason: str, now: datetime) -> int:
    """The applicant is confirmed no more: its open cases are withdrawn, its drafts stay drafts.

    Returns how many. Doing it twice is doing it once.
    """
    said = str(_("The confirmation of the organisation was taken back."))
    said = f"{said} {reason}".strip()[:MAX_REASON]
    open_ones = Case.objects.filter(organisation=organisation, status__in=OPEN)
    found = [locked(pk) for pk in open_ones.order_by("pk").values_list("pk", flat=True)]
    still_open = [case for case in found if case.status in OPEN]
    for case in still_open:
        _take_back(case, SYSTEM, said, now)
    return len(still_open)


def _take_back(found: Case, who: Actor, said: str, now: datetime) -> None:
    before = found.status
    found.status, found.end_reason, found.closed_at = MOVES["withdraw"].to, said, now
    keep(found, now)
    if found.accepted_at is not None:
        emit(
            CaseWithdrawn(
                case=found.pk,
                number=found.number or "",
                organisation=found.organisation_id,
                reason=said,
            ),
            now=now,
        )
    note(
        who,
        "withdraw",
        found,
        now,
        before={"status": before},
        after={"status": found.status, "reason": said},
    )


@transaction.atomic
def open_to(
    *,
    case: int,
    organisation: int,
    now: datetime,
    confidential: bool = False,
    who: Actor = SYSTEM,
) -> None:
    """Let an organisation look at a case: at what is not confidential, or at all of it.

    Opening again changes nothing; what was opened wholly is not narrowed.
    """
    found = locked(case)
    insight, made = Insight.objects.get_or_create(
        case=found,
        organisation_id=organisation,
        defaults={"confidential": confidential, "opened_at": now},
    )
    if not made:
        if insight.confidential or not confidential:
            return
        insight.confidential = True
        insight.save(update_fields=["confidential"])
    note(
        who,
        "open",
        found,
        now,
        after={"organisation": organisation, "confidential": insight.confidential},
    )


@transaction.atomic
def close_to(*, case: int, organisation: int, now: datetime, who: Actor = SYSTEM) -> None:
    """Take an organisation's look at a case away again."""
    found = locked(case)
    gone, _kinds = Insight.objects.filter(case=found, organisation=organisation).delete()
    if gone:
        note(who, "shut", found, now, before={"organisation": organisation})


@transaction.atomic
def mark_matched(*, who: Actor, id: int, now: datetime) -> Case:
    """Both sides consented. The matching desk has checked who may say so."""
    return _move(who, id, "match", now)


@transaction.atomic
def reopen(*, who: Actor, id: int, now: datetime) -> Case:
    """A match came to nothing: the case looks for a partner again."""
    return _move(who, id, "reopen", now)


@transaction.atomic
def close_case(*, who: Actor, id: int, now: datetime, reason: str = "") -> Case:
    """The case has reached its end."""
    found = _move(who, id, "close", now, reason=" ".join(forms.storable(reason).split()))
    emit(
        CaseClosed(
            case=found.pk,
            number=found.number or "",
            organisation=found.organisation_id,
            reason=found.end_reason,
        ),
        now=now,
    )
    return found


def _move(who: Actor, id: int, move: str, now: datetime, reason: str = "") -> Case:
    found = locked(id)
    refuse(problems_of(move, found))
    before, found.status = found.status, MOVES[move].to
    if found.status not in OPEN:
        found.closed_at, found.end_reason = now, reason[:MAX_REASON]
    keep(found, now)
    note(
        who,
        move,
        found,
        now,
        before={"status": before},
        after={"status": found.status, "reason": reason} if reason else {"status": found.status},
    )
    return found
