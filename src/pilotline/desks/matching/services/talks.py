"""Talks: ask a facility, offer a line, say something, agree."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from pilotline.desks.demand import queries as demand
from pilotline.desks.demand import services as demand_services
from pilotline.desks.journal.queries import current_release, current_rulebook
from pilotline.desks.journal.services import emit, record
from pilotline.desks.matching.events import MatchAgreed, MatchMoved
from pilotline.desks.matching.models import Match, MatchMessage
from pilotline.desks.matching.rules import (
    MAX_WORDS,
    MOVES,
    OPEN,
    problems_of_move,
    sides_of,
)
from pilotline.desks.matching.services.shortlists import close_gap, current_for
from pilotline.desks.registry import queries as registry
from pilotline.kernel.actor import SYSTEM, Actor
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Problem, refuse


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
    speak(match, who, side, "ask" if side == "applicant" else "offer", text, now)
    return match


def _reasons(case: Any, facility: int, line: int | None) -> dict[str, Any]:
    """How the line stands to the case now, kept with the talk; empty when it is not listed."""
    answer, _stored = current_for(SYSTEM, case)
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
    found = locked(match)
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
    speak(found, who, side, move, text, now, reason)
    if found.state == "agreed":
        _agree(found, who, now)
    return found


def locked(match: int) -> Match:
    """The talk, with all talks of its case locked in one order: two consents cannot cross."""
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


def speak(
    match: Match, who: Actor, side: str, kind: str, text: str, now: datetime, reason: str = ""
) -> None:
    """Keep what was said, and tell of it."""
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
        speak(other, who, "applicant", "withdraw", "", now)


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
