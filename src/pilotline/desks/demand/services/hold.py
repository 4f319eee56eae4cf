"""Taking a case in hand: locked, by those who may, in a state in which it may be done."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pilotline.desks.demand.models import Case
from pilotline.desks.demand.rules import is_owner, may_change, problems_of
from pilotline.desks.journal.services import record
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotAllowed, NotFound, refuse


def held(who: Actor, case: int, move: str) -> Case:
    """The case, locked until the transaction ends. Raises NotFound, NotAllowed or Refused."""
    found = locked(case)
    if not is_owner(who, found):
        raise NotFound
    if not may_change(who, found):
        raise NotAllowed
    refuse(problems_of(move, found))
    return found


def locked(case: int) -> Case:
    """The case, locked until the transaction ends, whoever asks. Raises NotFound."""
    rows = Case.objects.select_for_update(no_key=True, of=("self",))
    found = rows.select_related("organisation").filter(pk=case).first()
    if found is None:
        raise NotFound
    return found


def keep(case: Case, now: datetime, *, answered: bool = False) -> None:
    """Save the case as changed; `answered` says that its answers are among what changed."""
    case.version += 1
    if answered:
        case.answered_at = case.version
    case.changed_at = now
    case.save()


def note(
    who: Actor,
    action: str,
    case: Case,
    now: datetime,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """The case's entry in the journal. Call it last: the chain's lock is taken at the commit."""
    record(
        who=who,
        action=f"demand.{action}",
        subject=("case", case.pk),
        case=case.pk,
        organisation=case.organisation_id,
        before=before,
        after=after,
        now=now,
    )


HIDDEN = "•••"


def discreetly(answers: Mapping[str, Any], confidential: Iterable[str]) -> dict[str, Any]:
    """Answers for the journal: that a confidential one changed shows, what it says does not."""
    hidden = frozenset(confidential)
    return {field: HIDDEN if field in hidden else given for field, given in answers.items()}
