"""A public vote beside the marks, guarded against ballots that are stuffed."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pilotline.desks.calls.models import Ballot, Call
from pilotline.desks.calls.queries.calls import call as visible_call
from pilotline.desks.calls.queries.calls import candidates_of_vote, program_of
from pilotline.desks.journal.services import record
from pilotline.desks.people import queries as people
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotAllowed, Problem, refuse


@transaction.atomic
def cast_ballot(*, who: Actor, call: int, choices: Iterable[int], now: datetime) -> Ballot:
    """Vote, or change one's vote while the vote runs. One person has one ballot.

    Guards: a person known by log-in, whose account is older than the vote, and never for an
    application of one's own organisation.
    """
    if who.id is None or who.scopes is not None:
        raise NotAllowed(_("Please log in to vote."))
    found = visible_call(who=who, id=call)
    chosen = sorted(set(choices))
    refuse(_problems(who, found, chosen, now))
    ballot, _made = Ballot.objects.update_or_create(
        call=found, voter=who.id, defaults={"choices": chosen, "at": now}
    )
    # That somebody voted stands in the journal; what they chose is theirs.
    record(
        who=who,
        action="calls.vote",
        subject=("call", found.pk),
        after={"count": len(chosen)},
        now=now,
    )
    return ballot


def _problems(who: Actor, call: Call, chosen: list[int], now: datetime) -> list[Problem]:
    program, today = program_of(call), timezone.localdate(now)
    if program.vote is None or call.vote_from is None or call.vote_to is None:
        return [Problem("no-vote", _("There is no vote on this call."))]
    if not call.vote_from <= today <= call.vote_to:
        return [Problem("vote-closed", _("The vote is not open today."))]
    found: list[Problem] = []
    if timezone.localdate(people.user(who.id or 0).date_joined) >= call.vote_from:
        told = _("Accounts that were made after the vote began do not vote in it.")
        found.append(Problem("new-account", told))
    if len(chosen) > program.vote.choices:
        told = format_lazy(_("Choose {most} at the most."), most=program.vote.choices)
        found.append(Problem("too-many", told, "choices"))
    standing = {a.pk: a for a in candidates_of_vote(who=who, call=call)}
    if not chosen or any(one not in standing for one in chosen):
        found.append(Problem("no-such", _("Choose among those that are listed."), "choices"))
    if any(one in standing and standing[one].mine for one in chosen):
        told = _("Nobody votes for an application of their own organisation.")
        found.append(Problem("own", told, "choices"))
    return found
