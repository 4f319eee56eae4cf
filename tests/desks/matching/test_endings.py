"""What was agreed and comes to nothing, and what ends when an organisation is confirmed no more."""

from typing import Any

import pytest

from pilotline.desks.demand import queries as demand
from pilotline.desks.demand import services as demand_services
from pilotline.desks.demand.models import Case
from pilotline.desks.journal.queries import case_history, verify
from pilotline.desks.matching import queries, services
from pilotline.desks.matching.models import Match, Shortlist
from pilotline.desks.notices.models import Notice
from pilotline.desks.people import services as people
from pilotline.desks.people.queries import actor_for
from pilotline.desks.registry.models import Claim, Facility
from pilotline.kernel.actor import SYSTEM, Actor
from pilotline.kernel.errors import NotAllowed, Refused
from tests.factories import NOW, OTHER_CITY, actor, person
from tests.factories_matching import operated, read_need, talk, with_reactor

# News is delivered after the commit, as in real use.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("rulebook")]


class Agreed:
    """A case with a secret, matched with a facility."""

    def __init__(self) -> None:
        self.owner, self.holder, self.official = person(), person("operator"), person("authority")
        self.applicant, self.authority = actor_for(self.owner), actor_for(self.official)
        self.operator, self.facility = operated(actor_for(self.holder))
        self.line = with_reactor(self.operator, self.facility)
        self.case = read_need(self.applicant, secret="催化剂配方")
        self.match = self.agree()

    def agree(self) -> Match:
        match = talk(self.applicant, self.operator, self.facility, self.line, self.case)
        for who, side, move in (
            (self.operator, "operator", "accept"),
            (self.applicant, "applicant", "consent"),
        ):
            services.say(who=who, match=match.pk, side=side, move=move, now=NOW)
        return Match.objects.get(pk=match.pk)

    def end(self, who: Actor, side: str, text: str = "工艺路线调整", **given: Any) -> Match:
        return services.end_match(
            who=who, match=self.match.pk, side=side, text=text, now=NOW, **given
        )

    def status(self) -> str:
        return demand.case(who=SYSTEM, id=self.case.pk).status


@pytest.fixture
def agreed(rulebook: Any) -> Agreed:
    return Agreed()


def kinds(user: Any) -> set[str]:
    return set(Notice.objects.filter(user=user).values_list("kind", flat=True))


@pytest.mark.parametrize("side", ["applicant", "operator", "authority"])
def test_either_side_or_the_authority_ends_it_and_the_case_looks_again(
    agreed: Agreed, side: str
) -> None:
    lists = Shortlist.objects.count()
    done = agreed.end(getattr(agreed, side), side)
    assert (done.state, agreed.status()) == ("ended", "accepted")
    assert Shortlist.objects.count() == lists + 1
    people_of = {"applicant": agreed.owner, "operator": agreed.holder, "authority": agreed.official}
    for other, user in people_of.items():
        assert ("match.ended" in kinds(user)) == (other != side)
    last = queries.messages(match=done).last()
    assert (last.kind, last.side, last.text) == ("end", side, "工艺路线调整")
    actions = [entry.action for entry in case_history(case=agreed.case.pk)]
    assert {"matching.end", "demand.reopen", "demand.shut"} <= set(actions)
    assert list(verify()) == []


def test_the_secret_closes_and_the_same_line_can_be_asked_again(agreed: Agreed) -> None:
    def seen() -> dict[str, Any]:
        return demand.visible_answers(who=agreed.operator, case=agreed.case)

    assert "secret" in seen()
    agreed.end(agreed.applicant, "applicant")
    assert "detail" in seen()
    assert "secret" not in seen()
    assert agreed.agree().pk != agreed.match.pk
    assert (agreed.status(), "secret" in seen()) == ("matched", True)


def test_twice_is_once_and_only_what_was_agreed_can_end(agreed: Agreed) -> None:
    agreed.end(agreed.operator, "operator")
    agreed.end(agreed.applicant, "applicant", text="也要终止")
    assert queries.messages(match=agreed.match).filter(kind="end").count() == 1
    fresh = talk(agreed.applicant, agreed.operator, agreed.facility, agreed.line, agreed.case)
    with pytest.raises(Refused) as refused:
        services.end_match(
            who=agreed.applicant, match=fresh.pk, side="applicant", text="不谈了", now=NOW
        )
    assert [problem.code for problem in refused.value.problems] == ["not-agreed"]


@pytest.mark.parametrize(("text", "code"), [("  ", "no-words"), ("长" * 4001, "too-long")])
def test_a_reason_is_needed_and_not_a_novel(agreed: Agreed, text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        agreed.end(agreed.applicant, "applicant", text=text)
    assert [problem.code for problem in refused.value.problems] == [code]
    assert agreed.status() == "matched"


def test_nobody_else_ends_it(agreed: Agreed) -> None:
    for who, side in (
        (actor(), "applicant"),
        (actor("operator"), "operator"),
        (actor("authority", region=OTHER_CITY), "authority"),
        (agreed.applicant, "authority"),
        (agreed.operator, "applicant"),
    ):
        with pytest.raises(NotAllowed):
            agreed.end(who, side)


def test_a_case_that_is_taken_back_ends_its_match(agreed: Agreed) -> None:
    demand_services.withdraw(who=agreed.applicant, case=agreed.case.pk, reason="停产", now=NOW)
    assert Match.objects.get(pk=agreed.match.pk).state == "ended"
    assert agreed.status() == "withdrawn"
    assert "match.ended" in kinds(agreed.holder)


def test_a_revoked_applicant_has_no_open_cases_and_no_match(agreed: Agreed) -> None:
    organisation = agreed.case.organisation_id
    people.revoke_organisation(
        who=agreed.authority, organisation=organisation, reason="执照已注销", now=NOW
    )
    case = Case.objects.get(pk=agreed.case.pk)
    assert case.status == "withdrawn"
    assert "执照已注销" in case.end_reason
    assert Match.objects.get(pk=agreed.match.pk).state == "ended"
    assert kinds(agreed.owner) >= {"organisation.revoked"}
    assert not actor_for(agreed.owner).organisations


def test_a_revoked_operator_leaves_the_catalogue_and_its_cases_look_again(agreed: Agreed) -> None:
    listed = Facility.objects.create(
        code="PT-2026-900001",
        name="名录上的平台",
        region="370100",
        status="published",
        is_public_fact=True,
        operator=agreed.facility.operator,
        version=1,
        created_at=NOW,
        updated_at=NOW,
    )
    Claim.objects.create(
        facility=listed, organisation=agreed.facility.operator, status="confirmed", asked_at=NOW
    )
    hanging = queries.living_count(organisation=agreed.facility.operator_id)
    assert hanging == {"talks": 0, "matches": 1}
    people.revoke_organisation(
        who=agreed.authority, organisation=agreed.facility.operator_id, reason="停止运营", now=NOW
    )
    agreed.facility.refresh_from_db()
    listed.refresh_from_db()
    assert agreed.facility.status == "archived"
    assert (listed.status, listed.operator_id) == ("published", None)
    assert Claim.objects.get().status == "ended"
    assert agreed.status() == "accepted"
    assert kinds(agreed.holder) >= {"organisation.revoked", "facilities.left"}
    assert "match.ended" in kinds(agreed.owner)
    assert Shortlist.objects.filter(case=agreed.case.pk).first().answer["rows"] == []
