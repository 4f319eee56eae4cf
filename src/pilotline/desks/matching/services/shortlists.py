"""Shortlists: search the whole registry for a case, keep the answer, mend the gap list."""

from datetime import datetime
from typing import Any

from django.db import transaction

from pilotline.desks.demand import queries as demand
from pilotline.desks.journal.queries import current_release
from pilotline.desks.journal.services import emit, record
from pilotline.desks.matching import problem
from pilotline.desks.matching.events import ShortlistMade
from pilotline.desks.matching.models import Gap, Shortlist
from pilotline.desks.matching.queries import newest_shortlist
from pilotline.desks.registry import queries as registry
from pilotline.kernel.actor import SYSTEM, Actor
from pilotline.kernel.errors import NotFound


@transaction.atomic
def propose(*, case: int, who: Actor = SYSTEM, now: datetime) -> Shortlist:
    """Search the whole registry for one open case, keep the answer, and mend the gap list."""
    found = demand.case(who=who, id=case)
    if who is not SYSTEM and not _may_search(who, found):
        raise NotFound
    made = problem.shortlist_for(found)
    shortlist = Shortlist.objects.create(
        case_id=found.pk,
        at=now,
        actor=who.id,
        release=current_release()[0],
        engine=made.engine,
        case_version=found.version,
        catalogue_version=made.catalogue_version,
        problem_digest=made.digest,
        milliseconds=made.milliseconds,
        answer=made.answer,
    )
    _keep_gap(found, made.answer, now)
    emit(
        ShortlistMade(
            case=found.pk,
            number=found.number or "",
            organisation=found.organisation_id,
            count=made.answer["full"] + made.answer["possible"],
            pairs=len(made.answer["pairs"]),
        ),
        now=now,
    )
    record(
        who=who,
        action="matching.propose",
        subject=("case", found.pk),
        case=found.pk,
        organisation=found.organisation_id,
        after={
            "shortlist": shortlist.pk,
            "engine": made.engine,
            "problem": made.digest,
            "full": made.answer["full"],
        },
        now=now,
    )
    return shortlist


def current_shortlist(*, who: Actor, case: int) -> tuple[dict[str, Any], Shortlist | None]:
    """The answer as of this moment, and the stored shortlist it came from.

    When case or registry have changed since the stored one was made, the answer is worked out
    anew and the stored one is None: nothing is written until somebody asks for it.
    """
    return current_for(who, demand.case(who=who, id=case))


def current_for(who: Actor, found: Any) -> tuple[dict[str, Any], Shortlist | None]:
    """The same for a case at hand that was fetched for the actor."""
    stored = newest_shortlist(who, found)
    if stored is not None and _is_fresh(stored, found):
        return stored.answer, stored
    return problem.shortlist_for(found).answer, None


def _is_fresh(stored: Shortlist, found: Any) -> bool:
    return (stored.case_version, stored.catalogue_version) == (
        found.version,
        registry.catalogue_version(),
    )


def has_fresh_shortlist(*, case: int) -> bool:
    """True when the newest shortlist answers the case and the registry as they are now."""
    found = demand.case(who=SYSTEM, id=case)
    stored = newest_shortlist(SYSTEM, found)
    return stored is not None and _is_fresh(stored, found)


def refresh_stale(*, now: datetime, limit: int = 50) -> int:
    """Propose again for open cases whose newest shortlist is older than the registry."""
    version = registry.catalogue_version()
    fresh = set(
        Shortlist.objects.filter(catalogue_version__gte=version).values_list("case_id", flat=True)
    )
    stale = [pk for pk in demand.open_case_ids() if pk not in fresh][:limit]
    for pk in stale:
        propose(case=pk, now=now)
    return len(stale)


def _may_search(who: Actor, case: Any) -> bool:
    return who.belongs_to(case.organisation_id) or who.answers_for(case.region)


def _keep_gap(case: Any, answer: dict[str, Any], now: datetime) -> None:
    """A gap is there while nobody could serve the case, alone or in pairs; its first day stays.

    A line of which something is unknown may still serve it: it is asked before a gap is claimed.
    """
    served = answer["full"] or answer["possible"] or answer["pairs"]
    if served or not demand.is_looking(case):
        Gap.objects.filter(case_id=case.pk).delete()
        return
    facts = {
        "kind": case.kind,
        "fields": case.fields,
        "verifications": case.verifications,
        "scale": case.scale,
        "region": case.region,
        "attributes": [part["attribute"] for part in answer["conflict"]],
        "blocking": answer["conflict"],
        "checked_at": now,
        "is_demo": case.is_demo,
    }
    Gap.objects.update_or_create(
        case_id=case.pk, defaults=facts, create_defaults={**facts, "since": now}
    )


def close_gap(*, case: int) -> None:
    """A case that looks no more leaves the gap list and ends its open talks."""
    Gap.objects.filter(case_id=case).delete()
