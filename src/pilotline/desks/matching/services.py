"""What matching does: propose a shortlist, carry the talk, agree."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from pilotline.desks.demand import queries as demand
from pilotline.desks.demand import services as demand_services
from pilotline.desks.journal.queries import current_release, current_rulebook
from pilotline.desks.journal.services import emit, record
from pilotline.desks.matching import problem
from pilotline.desks.matching.events import MatchAgreed, MatchMoved, ShortlistMade
from pilotline.desks.matching.models import Gap, Match, MatchMessage, Shortlist
from pilotline.desks.matching.queries import latest_shortlist
from pilotline.desks.matching.rules import (
    MAX_WORDS,
    MOVES,
    OPEN,
    problems_of_move,
    sides_of,
)
from pilotline.desks.registry import queries as registry
from pilotline.kernel.actor import SYSTEM, Actor
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Problem, refuse


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
    stored = latest_shortlist(who=who, case=case)
    found = demand.case(who=who, id=case)
    if (
        stored is not None
        and stored.case_version == found.version
        and stored.catalogue_version == registry.catalogue_version()
    ):
        return stored.answer, stored
    return problem.shortlist_for(found).answer, None


def has_fresh_shortlist(*, case: int) -> bool:
    """True when the newest shortlist answers the case and the registry as they are now."""
    stored = latest_shortlist(who=SYSTEM, case=case)
    return (
        stored is not None
        and stored.case_version == demand.case(who=SYSTEM, id=case).version
        and stored.catalogue_version == registry.catalogue_version()
    )


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


@transaction.atomic
def ask_facility(
    *, who: Actor, case: int, facility: int, line: int | None, text: str = "", now: datetime
) -> Match:
    """The applicant asks a facility. Its operator is let in to look at the case."""
    found = demand.case(who=who, id=case)
    if not who.belongs_to(found.organisation_id):
        raise NotAllowed(_("Only the applicant may ask a facility."))
    return _open(who, found, facility, line, "applicant", text, now)


@transaction.atomic
def offer_line(
    *, who: Actor, case: int, facility: int, line: int | None, text: str = "", now: datetime
) -> Match:
    """An operator offers to take a case. That is their side's consent."""
    found = demand.looking_case(id=case)
    match = _open(who, found, facility, line, "operator", text, now)
    return match


def _open(
    who: Actor, case: Any, facility: int, line: int | None, side: str, text: str, now: datetime
) -> Match:
    place = registry.facility_for_match(facility=facility, line=line)
    refuse(_problems_of_opening(who, case, place, side, text))
    living = _living(case.pk, facility, line)
    if living is not None:
        return living
    try:
        with transaction.atomic():
            match = Match.objects.create(
                case_id=case.pk,
                facility_id=facility,
                line_id=line,
                opened_by=side,
                waiting_for="operator" if side == "applicant" else "applicant",
                opened_at=now,
                last_at=now,
                operator_consent=now if side == "operator" else None,
                reasons=_reasons(case, facility, line),
                release=current_release()[0],
            )
    except IntegrityError:
        # Two clicks at the same moment: the other one has opened this very talk.
        found = _living(case.pk, facility, line)
        if found is None:
            raise
        return found
    demand_services.open_to(case=case.pk, organisation=place.operator_id, now=now)
    _say(match, who, side, "ask" if side == "applicant" else "offer", text, now)
    return match


def _reasons(case: Any, facility: int, line: int | None) -> dict[str, Any]:
    """How the line stands to the case now, kept with the talk; empty when it is not listed."""
    answer, _stored = current_shortlist(who=SYSTEM, case=case.pk)
    for row in (*answer["rows"], *answer["near"]):
        if (row["facility"], row["line"]) == (facility, line):
            return dict(row)
    return {}


def _living(case: int, facility: int, line: int | None) -> Match | None:
    return Match.objects.filter(
        case_id=case, facility_id=facility, line_id=line, state__in=["open", "agreed"]
    ).first()


def _problems_of_opening(who: Actor, case: Any, place: Any, side: str, text: str) -> list[Problem]:
    problems = []
    if not demand.is_looking(case):
        problems.append(Problem("not-looking", _("This case is not looking for a facility now.")))
    if place.operator_id is None:
        problems.append(
            Problem(
                "no-operator",
                _("This facility is known from a public list only; nobody answers for it yet."),
            )
        )
    elif side == "operator" and not (who.has("operator") and who.belongs_to(place.operator_id)):
        raise NotAllowed(_("Only the operator of the facility may offer it."))
    if len(text) > MAX_WORDS:
        problems.append(Problem("too-long", _("That is too long: shorten it."), field="text"))
    return problems


@transaction.atomic
def say(
    *,
    who: Actor,
    match: int,
    side: str,
    move: str,
    text: str = "",
    reason: str = "",
    seen: int | None = None,
    now: datetime,
) -> Match:
    """Make one move in a talk: question, answer, accept, consent, decline or withdraw.

    `seen` is the last message the speaker had before their eyes; when the other side has closed
    the talk or changed its mind since, nothing is written and Conflict says so.
    """
    found = _lock(match)
    if side not in sides_of(who, found) or side not in MOVES[move].sides:
        raise NotAllowed
    latest = found.messages.order_by("-id").first()
    if latest is not None and seen is not None and latest.pk != seen:
        if latest.author == who.id and latest.kind == move and latest.text == text.strip():
            return found
        raise Conflict(_("Something was said meanwhile: read it and answer again."))
    rulebook = current_rulebook()
    refuse(problems_of_move(found, move, text=text, reason=reason, rulebook=rulebook))
    _move(found, move, reason, now)
    waits = MOVES[move].waits_for
    found.waiting_for = {"other": "operator" if side == "applicant" else "applicant"}.get(
        waits, waits
    )
    found.last_at = now
    found.save()
    _say(found, who, side, move, text, now, reason)
    if found.state == "agreed":
        _agree(found, who, now)
    return found


def _lock(match: int) -> Match:
    """Lock all talks of the match's case, in one order, so that two consents cannot cross."""
    case = Match.objects.filter(pk=match).values_list("case_id", flat=True).first()
    talks = (
        Match.objects.select_for_update(no_key=True, of=("self",))
        .select_related("case", "facility")
        .filter(case_id=case)
        .order_by("pk")
    )
    found = next((talk for talk in talks if talk.pk == match), None)
    if found is None:
        raise NotFound
    return found


def _move(match: Match, move: str, reason: str, now: datetime) -> None:
    if move == "accept":
        match.operator_consent = now
    elif move == "consent":
        match.applicant_consent = now
        match.state, match.closed_at = Match.State.AGREED, now
    elif move == "decline":
        match.state, match.closed_at, match.reason = Match.State.DECLINED, now, reason
    elif move == "withdraw":
        match.state, match.closed_at = Match.State.WITHDRAWN, now


def _say(
    match: Match, who: Actor, side: str, kind: str, text: str, now: datetime, reason: str = ""
) -> None:
    message = MatchMessage.objects.create(
        match=match,
        side=side,
        author=who.id,
        author_name=who.name,
        kind=kind,
        text=text.strip(),
        at=now,
    )
    emit(
        MatchMoved(
            match=match.pk,
            message=message.pk,
            case=match.case_id,
            number=match.case.number or "",
            applicant=match.case.organisation_id,
            facility=match.facility_id,
            operator=match.facility.operator_id,
            side=side,
            move=kind,
            reason=reason,
        ),
        now=now,
    )
    record(
        who=who,
        action=f"matching.{kind}",
        subject=("match", match.pk),
        case=match.case_id,
        organisation=match.case.organisation_id,
        after={"state": match.state, "side": side, "reason": reason, "facility": match.facility_id},
        now=now,
    )


@transaction.atomic
def end_talks(*, case: int, now: datetime) -> None:
    """End the open talks of a case that has come to its end without them."""
    _end_others(case, None, SYSTEM, now)


def _end_others(case: int, kept: int | None, who: Actor, now: datetime) -> None:
    others = (
        Match.objects.select_for_update(no_key=True, of=("self",))
        .select_related("case", "facility")
        .filter(case_id=case, state__in=OPEN)
        .exclude(pk=kept)
        .order_by("pk")
    )
    for other in others:
        other.state, other.closed_at, other.waiting_for = Match.State.WITHDRAWN, now, ""
        other.last_at = now
        other.save()
        _say(other, who, "applicant", "withdraw", "", now)


def _agree(match: Match, who: Actor, now: datetime) -> None:
    """Both have consented: the case is matched and its other talks end."""
    _end_others(match.case_id, match.pk, who, now)
    # With the applicant's consent the facility may read the confidential part as well.
    demand_services.open_to(
        case=match.case_id,
        organisation=match.facility.operator_id,
        confidential=True,
        now=now,
    )
    demand_services.mark_matched(who=who, id=match.case_id, now=now)
    close_gap(case=match.case_id)
    emit(
        MatchAgreed(
            match=match.pk,
            case=match.case_id,
            number=match.case.number or "",
            applicant=match.case.organisation_id,
            facility=match.facility_id,
            operator=match.facility.operator_id,
        ),
        now=now,
    )
