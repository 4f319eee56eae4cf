"""The advisory committee: who sits on it, what it is asked, what it advises."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pilotline.desks.demand import queries as demand
from pilotline.desks.journal.services import emit, record
from pilotline.desks.review import queries
from pilotline.desks.review.events import AdviceGiven, QuestionAsked
from pilotline.desks.review.models import Committee, Expert, Question, Term
from pilotline.desks.review.queries.committees import may_run
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Problem, refuse


@transaction.atomic
def set_up_committee(
    *,
    who: Actor,
    title: str,
    region: str,
    title_en: str = "",
    about: str = "",
    is_demo: bool = False,
    now: datetime,
) -> Committee:
    """Set up a committee for a region the actor answers for."""
    if not (who.is_system or who.answers_for(region)):
        raise NotAllowed
    if not title.strip():
        refuse([Problem("title", _("Give the committee a name."), "title")])
    made = Committee.objects.create(
        title=title.strip(),
        title_en=title_en.strip(),
        about=about.strip(),
        region=region,
        since=timezone.localdate(now),
        is_demo=is_demo,
    )
    _record(who, "set_up_committee", made, now, {"title": made.title})
    return made


@transaction.atomic
def seat_expert(
    *,
    who: Actor,
    committee: int,
    expert: int,
    seat: str,
    since: date | None,
    until: date | None,
    now: datetime,
) -> Term:
    """Name an expert of the pool to a committee for a term."""
    found = _run(who, committee)
    problems = []
    if not Expert.objects.filter(pk=expert, state=Expert.State.ACTIVE).exists():
        problems.append(Problem("expert", _("Choose an expert of the pool."), "expert"))
    if seat not in Term.Seat.values:
        problems.append(Problem("seat", _("Please choose one of the seats."), "seat"))
    if since is None or until is None or until <= since:
        problems.append(Problem("until", _("A term ends after it begins."), "until"))
    elif Term.objects.filter(
        committee=found, expert=expert, since__lt=until, until__gt=since
    ).exists():
        problems.append(
            Problem("there", _("This expert has a seat in that time already."), "expert")
        )
    refuse(problems)
    try:
        with transaction.atomic():
            term = Term.objects.create(
                committee=found, expert_id=expert, seat=seat, since=since, until=until
            )
    except IntegrityError as error:
        raise Conflict from error
    after = {"expert": expert, "seat": seat, "since": str(since), "until": str(until)}
    _record(who, "seat_expert", found, now, after)
    return term


@transaction.atomic
def end_term(*, who: Actor, term: int, now: datetime) -> None:
    """A member leaves today. A term that has not begun is taken back."""
    found = Term.objects.select_related("committee").filter(pk=term).first()
    if found is None:
        raise NotFound
    committee = _run(who, found.committee_id)
    today = timezone.localdate(now)
    if found.until <= today:
        raise Conflict
    if found.since >= today:
        found.delete()
    else:
        found.until = today
        found.save(update_fields=["until"])
    _record(who, "end_term", committee, now, {"expert": found.expert_id})


@transaction.atomic
def ask_committee(
    *,
    who: Actor,
    committee: int,
    title: str,
    text: str,
    case_number: str = "",
    program: str = "",
    subject: tuple[str, int] | None = None,
    now: datetime,
) -> Question:
    """Put a question to a committee; any authority may, or a desk above for it."""
    found = queries.committee(who=who, id=committee)
    problems = []
    if not title.strip():
        problems.append(Problem("title", _("Say in one line what it is about."), "title"))
    if not text.strip():
        problems.append(Problem("text", _("Write the question."), "text"))
    case = None
    if case_number.strip():
        case = (
            demand.cases(who=who, door="authority")
            .filter(number__iexact=case_number.strip())
            .first()
        )
        if case is None:
            problems.append(Problem("case", _("There is no case of this number."), "case_number"))
    refuse(problems)
    made = Question.objects.create(
        committee=found,
        title=title.strip(),
        text=text.strip(),
        case=case,
        program=program.strip(),
        subject_kind=subject[0] if subject else "",
        subject=subject[1] if subject else None,
        asked_at=now,
        asked_by=who.id,
        asked_by_name=who.name,
    )
    _record(who, "ask_committee", found, now, {"question": made.pk, "title": made.title})
    emit(QuestionAsked(made.pk, found.pk, made.subject_kind, made.subject), now=now)
    return made


@transaction.atomic
def give_advice(
    *,
    who: Actor,
    question: int,
    advice: str,
    in_favour: int,
    against: int,
    abstained: int,
    is_public: bool = False,
    now: datetime,
) -> Question:
    """Write down what the committee advises and how it voted. Not more voices than it has seats."""
    found = Question.objects.select_for_update(of=("self",)).filter(pk=question).first()
    if found is None:
        raise NotFound
    committee = _run(who, found.committee_id)
    if found.state in (Question.State.ANSWERED, Question.State.WITHDRAWN):
        raise Conflict(_("This question is answered or was withdrawn."))
    seats = queries.terms(committee=committee, day=timezone.localdate(now)).count()
    problems = []
    if not advice.strip():
        problems.append(Problem("advice", _("Write the advice."), "advice"))
    if min(in_favour, against, abstained) < 0 or in_favour + against + abstained > seats:
        text = _("There cannot be more votes than seats ({seats}).").format(seats=seats)
        problems.append(Problem("votes", text, "in_favour"))
    refuse(problems)
    found.advice, found.state, found.answered_at = advice.strip(), Question.State.ANSWERED, now
    found.in_favour, found.against, found.abstained = in_favour, against, abstained
    found.is_public = is_public
    found.save()
    _record(who, "give_advice", committee, now, {"question": question, "advice": found.advice})
    emit(AdviceGiven(found.pk, committee.pk, found.subject_kind, found.subject), now=now)
    return found


def _run(who: Actor, committee: int) -> Committee:
    found = Committee.objects.select_for_update(no_key=True).filter(pk=committee).first()
    if found is None or not may_run(who, found):
        raise NotFound
    return found


def _record(
    who: Actor, verb: str, committee: Committee, now: datetime, after: dict[str, Any]
) -> None:
    record(
        who=who, action=f"review.{verb}", subject=("committee", committee.pk), after=after, now=now
    )
