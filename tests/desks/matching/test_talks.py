"""The talk between a case and a facility: who may say what, and that it is said once."""

from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from pilotline.desks.demand import queries as demand
from pilotline.desks.demand import services as demand_services
from pilotline.desks.journal.queries import case_history, current_rulebook, verify
from pilotline.desks.matching import queries, services
from pilotline.desks.matching.models import Match, MatchMessage
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, PilotlineError, Refused
from tests.factories import NOW, actor
from tests.factories_matching import operated, read_need, talk, with_reactor

pytestmark = pytest.mark.usefixtures("rulebook")


class Stage:
    """An applicant, an operator with a fitting line, a case, and the talk between them."""

    def __init__(self) -> None:
        self.operator, self.facility = operated()
        self.line = with_reactor(self.operator, self.facility)
        self.applicant = actor()
        self.case = read_need(self.applicant, secret="催化剂配方")
        self.match = talk(self.applicant, self.operator, self.facility, self.line, self.case)

    def say(self, who: Actor, side: str, move: str, **given: Any) -> Match:
        return services.say(who=who, match=self.match.pk, side=side, move=move, now=NOW, **given)


@pytest.fixture
def stage() -> Stage:
    return Stage()


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [problem.code for problem in refused.value.problems]


def test_from_asking_to_both_consents(stage: Stage) -> None:
    stage.say(stage.operator, "operator", "question", text="闪点数据有吗?")
    stage.say(stage.applicant, "applicant", "answer", text="有。")
    stage.say(stage.operator, "operator", "accept")
    done = stage.say(stage.applicant, "applicant", "consent")
    assert (done.state, done.waiting_for) == ("agreed", "")
    assert demand.case(who=stage.applicant, id=stage.case.pk).status == "matched"
    kinds = [m.kind for m in queries.messages(match=done)]
    assert kinds == ["ask", "question", "answer", "accept", "consent"]
    actions = [e.action for e in case_history(case=stage.case.pk)]
    for kind in kinds:
        assert f"matching.{kind}" in actions


def test_the_confidential_part_opens_with_the_consent_only(stage: Stage) -> None:
    def seen() -> dict[str, Any]:
        case = demand.case(who=stage.operator, id=stage.case.pk)
        return demand.visible_answers(who=stage.operator, case=case)

    assert "detail" in seen()
    assert "secret" not in seen()
    stage.say(stage.operator, "operator", "accept")
    assert "secret" not in seen()
    stage.say(stage.applicant, "applicant", "consent")
    assert seen()["secret"] == "催化剂配方"


def test_consent_waits_for_the_facility(stage: Stage) -> None:
    with pytest.raises(Refused) as refused:
        stage.say(stage.applicant, "applicant", "consent")
    assert codes(refused) == ["too-early"]


def test_declining_needs_a_reason_of_the_list(stage: Stage) -> None:
    with pytest.raises(Refused) as refused:
        stage.say(stage.operator, "operator", "decline", reason="because")
    assert codes(refused) == ["no-reason"]
    wordy = next(r for r in current_rulebook().decline_reasons if r.words_required)
    with pytest.raises(Refused) as refused:
        stage.say(stage.operator, "operator", "decline", reason=wordy.id)
    assert codes(refused) == ["unexplained"]
    done = stage.say(stage.operator, "operator", "decline", reason=wordy.id, text="排期已满")
    assert (done.state, done.reason) == ("declined", wordy.id)
    with pytest.raises(Refused) as refused:
        stage.say(stage.applicant, "applicant", "question", text="再商量?")
    assert codes(refused) == ["closed"]


def test_empty_words_and_too_many_are_refused(stage: Stage) -> None:
    with pytest.raises(Refused) as refused:
        stage.say(stage.operator, "operator", "question", text="  ")
    assert codes(refused) == ["no-words"]
    with pytest.raises(Refused) as refused:
        stage.say(stage.operator, "operator", "question", text="长" * 5000)
    assert codes(refused) == ["too-long"]


def test_each_side_makes_its_own_moves_only(stage: Stage) -> None:
    with pytest.raises(NotAllowed):
        stage.say(stage.applicant, "operator", "accept")
    with pytest.raises(NotAllowed):
        stage.say(stage.applicant, "applicant", "accept")
    for stranger in (actor(), actor("operator")):
        with pytest.raises(NotAllowed):
            stage.say(stranger, "operator", "accept")
        with pytest.raises(NotFound):
            queries.match(who=stranger, id=stage.match.pk)
    assert queries.match(who=actor("authority"), id=stage.match.pk) == stage.match


def test_asking_twice_is_asking_once(stage: Stage) -> None:
    again = talk(stage.applicant, stage.operator, stage.facility, stage.line, stage.case)
    assert again.pk == stage.match.pk
    assert MatchMessage.objects.filter(match=again).count() == 1


def test_saying_the_same_twice_is_saying_it_once(stage: Stage) -> None:
    seen = MatchMessage.objects.latest("id").pk
    stage.say(stage.operator, "operator", "question", text="粘度?", seen=seen)
    stage.say(stage.operator, "operator", "question", text="粘度?", seen=seen)
    assert MatchMessage.objects.filter(kind="question").count() == 1


def test_who_has_not_seen_the_last_word_is_told_so(stage: Stage) -> None:
    seen = MatchMessage.objects.latest("id").pk
    stage.say(stage.operator, "operator", "question", text="粘度?", seen=seen)
    with pytest.raises(Conflict):
        stage.say(stage.applicant, "applicant", "withdraw", seen=seen)
    assert Match.objects.get(pk=stage.match.pk).state == "open"


def test_agreeing_ends_the_other_talks_and_the_search(stage: Stage) -> None:
    second, place = operated(name="第二平台")
    line = with_reactor(second, place)
    other = talk(stage.applicant, second, place, line, stage.case)
    stage.say(stage.operator, "operator", "accept")
    stage.say(stage.applicant, "applicant", "consent")
    other.refresh_from_db()
    assert other.state == "withdrawn"
    with pytest.raises(Refused) as refused:
        talk(stage.applicant, second, place, line, stage.case)
    assert codes(refused) == ["not-looking"]


def test_an_offer_is_the_operators_consent() -> None:
    operator, facility = operated()
    line = with_reactor(operator, facility)
    applicant = actor()
    case = read_need(applicant, release=True, summary="寻求前驱体共沉淀中试承接单位")
    services.propose(case=case.pk, now=NOW)
    (row,) = queries.fitting_cases(who=operator)
    assert row["case"].pk == case.pk
    match = services.offer_line(
        who=operator, case=case.pk, facility=facility.pk, line=line, now=NOW
    )
    assert (match.waiting_for, match.operator_consent) == ("applicant", NOW)
    assert queries.fitting_cases(who=operator) == []
    done = services.say(who=applicant, match=match.pk, side="applicant", move="consent", now=NOW)
    assert done.state == "agreed"


def test_what_was_not_released_is_not_offered_to_operators() -> None:
    operator, facility = operated()
    with_reactor(operator, facility)
    case = read_need(actor())
    services.propose(case=case.pk, now=NOW)
    assert queries.fitting_cases(who=operator) == []


def test_a_withdrawn_case_ends_its_talks(stage: Stage) -> None:
    demand_services.withdraw(who=stage.applicant, case=stage.case.pk, reason="计划变更", now=NOW)
    services.end_talks(case=stage.case.pk, now=NOW)
    assert Match.objects.get(pk=stage.match.pk).state == "withdrawn"


def together(*jobs: Any) -> list[Any]:
    """Run jobs at the same moment, each on its own connection; results or errors in order."""
    barrier, found = Barrier(len(jobs)), [None] * len(jobs)

    def run(place: int, job: Any) -> None:
        barrier.wait()
        try:
            found[place] = job()
        except PilotlineError as error:
            found[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


@pytest.mark.django_db(transaction=True)
def test_two_people_answering_at_once_leave_one_answer(rulebook: Any) -> None:
    stage = Stage()
    seen = MatchMessage.objects.latest("id").pk
    reason = next(r for r in current_rulebook().decline_reasons if not r.words_required).id
    found = together(
        lambda: stage.say(stage.operator, "operator", "accept", seen=seen),
        lambda: stage.say(stage.operator, "operator", "decline", reason=reason, seen=seen),
    )
    assert sorted(type(f).__name__ for f in found) == ["Conflict", "Match"]
    assert MatchMessage.objects.filter(kind__in=["accept", "decline"]).count() == 1
    assert list(verify()) == []


@pytest.mark.django_db(transaction=True)
def test_two_consents_at_once_make_one_match(rulebook: Any) -> None:
    stage = Stage()
    second, place = operated(name="第二平台")
    line = with_reactor(second, place)
    other = talk(stage.applicant, second, place, line, stage.case)
    for who, match in ((stage.operator, stage.match), (second, other)):
        services.say(who=who, match=match.pk, side="operator", move="accept", now=NOW)

    def consent(match: Match) -> Any:
        return lambda: services.say(
            who=stage.applicant, match=match.pk, side="applicant", move="consent", now=NOW
        )

    found = together(consent(stage.match), consent(other))
    assert sorted(type(f).__name__ for f in found) == ["Match", "Refused"]
    assert sorted(Match.objects.values_list("state", flat=True)) == ["agreed", "withdrawn"]


@pytest.mark.django_db(transaction=True)
def test_asking_in_two_windows_at_once_opens_one_talk(rulebook: Any) -> None:
    operator, facility = operated()
    line = with_reactor(operator, facility)
    applicant = actor()
    case = read_need(applicant)
    found = together(*[lambda: talk(applicant, operator, facility, line, case)] * 4)
    assert len({match.pk for match in found}) == 1
    assert MatchMessage.objects.count() == 1
