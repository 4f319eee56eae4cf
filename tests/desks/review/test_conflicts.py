"""Every kind of conflict is found in the records, told with the record, and ends in time."""

from datetime import date

import pytest

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.people.queries import actor_for
from pilotline.desks.review import queries, services
from pilotline.desks.review.forms import item_of_case
from pilotline.desks.review.models import Assignment, PanelItem
from pilotline.kernel.actor import SYSTEM
from pilotline.kernel.errors import Refused
from tests import factories, factories_experts
from tests.factories import NOW
from tests.factories_demand import accepted
from tests.factories_experts import actor_of, item, panel

pytestmark = pytest.mark.usefixtures("rulebook")
TODAY = date(2026, 11, 2)


def found(expert, thing):
    expert.refresh_from_db()
    pairs = queries.conflicts(
        experts=[expert], items=[thing], rulebook=current_rulebook(), today=TODAY
    )
    return [reason["rule"] for reason in pairs.get((expert.pk, thing.pk), [])]


def thing_of(applicant, **given):
    panel(item(organisation=applicant.pk, **given))
    return PanelItem.objects.get()


def state(expert, **bond):
    return services.add_bond(who=actor_of(expert), bond=bond, now=NOW)


def test_none():
    assert found(factories_experts.expert(), thing_of(factories.organisation())) == []


def test_the_applicants_own_people():
    user = factories.user()
    applicant = factories.organisation(owner=user)
    expert = factories_experts.expert(user=user)
    assert found(expert, thing_of(applicant)) == ["own_people"]


def test_the_leader_by_name():
    expert = factories_experts.expert(name="张  伟")
    assert found(expert, thing_of(factories.organisation(), people=["张伟"])) == ["own_people"]


@pytest.mark.parametrize(
    ("until", "told"),
    [(None, ["employment"]), (date(2024, 1, 1), ["employment"]), (date(2023, 11, 2), [])],
)
def test_employer_now_and_in_the_last_three_years(until, told):
    applicant, expert = factories.organisation(), factories_experts.expert()
    since = date(2010, 1, 1)
    state(expert, kind="employment", name=applicant.name, since=since, until=until)
    assert found(expert, thing_of(applicant)) == told


def test_an_employer_by_name_only_and_a_party_beside_the_applicant():
    partner = factories.organisation()
    expert = factories_experts.expert()
    expert.bonds.update(organisation=None, name=f" {partner.name} ")
    thing = thing_of(factories.organisation(), parties=[partner.pk])
    assert found(expert, thing) == ["employment"]


@pytest.mark.parametrize(
    ("since", "told"), [(date(2024, 5, 1), ["joint_work"]), (date(2020, 5, 1), [])]
)
def test_coauthors_and_coinventors(since, told):
    expert = factories_experts.expert()
    state(expert, kind="work", title="一种加氢催化剂", names=["赵 敏", "钱强"], since=since)
    assert found(expert, thing_of(factories.organisation(), people=["赵敏"])) == told


@pytest.mark.parametrize(("share", "told"), [(5, ["holding"]), ("0.5", [])])
def test_shares(share, told):
    applicant, expert = factories.organisation(), factories_experts.expert()
    state(expert, kind="holding", name=applicant.credit_code, share=share)
    assert found(expert, thing_of(applicant)) == told


@pytest.mark.parametrize(("on", "told"), [(date(2026, 3, 1), ["business"]), (date(2025, 3, 1), [])])
@pytest.mark.parametrize("turned", [False, True])
def test_suppliers_and_clients_of_the_employer(on, told, turned):
    employer, applicant = factories.organisation(), factories.organisation()
    expert = factories_experts.expert(employer=employer.name)
    pair = (applicant.pk, employer.pk) if turned else (employer.pk, applicant.pk)
    services.note_dealing(supplier=pair[0], client=pair[1], on=on, record_of=("order", 1), now=NOW)
    assert found(expert, thing_of(applicant)) == told


def test_own_word_keeps_them_away_from_that_applicant():
    applicant, expert = factories.organisation(), factories_experts.expert()
    state(expert, kind="declared", name=applicant.name, title="女儿在该公司工作")
    assert found(expert, thing_of(applicant)) == ["own_word"]


def test_a_conflict_excludes_and_cannot_be_overruled():
    """The best expert by far works for the applicant: somebody else is asked, and says why."""
    applicant = factories.organisation()
    best = factories_experts.expert(
        employer=applicant.name, keywords=["加氢催化剂", "微反应器", "放大验证"]
    )
    others = [factories_experts.expert() for _n in range(3)]
    made = panel(item(organisation=applicant.pk))
    answer = services.propose(who=SYSTEM, panel=made.pk, now=NOW)
    assert {pair["expert"] for pair in answer["pairs"]} == {e.pk for e in others}
    (thing,) = PanelItem.objects.all()
    passed = {p["expert"]: p["why"] for p in answer["passed"][str(thing.pk)]}
    assert passed == {best.pk: "barred"}
    with pytest.raises(Refused) as caught:
        services.add_by_hand(who=SYSTEM, item=thing.pk, expert=best.pk, now=NOW)
    (problem,) = caught.value.problems
    assert problem.code == "conflict"
    assert problem.data["record"][0] == "bond"


def test_a_conflict_stated_after_the_proposal_stops_the_confirmation():
    applicant = factories.organisation()
    experts = [factories_experts.expert() for _n in range(3)]
    made = panel(item(organisation=applicant.pk))
    services.propose(who=SYSTEM, panel=made.pk, now=NOW)
    state(experts[0], kind="holding", name=applicant.name, share=10)
    with pytest.raises(Refused) as caught:
        services.confirm(who=SYSTEM, panel=made.pk, now=NOW)
    assert [p.code for p in caught.value.problems] == ["conflict"]


def test_queries_do_not_grow(django_assert_num_queries):
    rulebook = current_rulebook()
    experts = [factories_experts.expert() for _n in range(2)]
    panel(*(item(n, organisation=factories.organisation().pk) for n in range(3)))
    things = list(PanelItem.objects.all())
    for some_experts, some_items in ((experts[:1], things[:1]), (experts, things)):
        with django_assert_num_queries(4):
            queries.conflicts(
                experts=some_experts, items=some_items, rulebook=rulebook, today=TODAY
            )


def test_an_agreed_match_is_a_dealing():
    from pilotline.desks.matching.events import MatchAgreed
    from pilotline.desks.matching.handlers import note_dealing
    from pilotline.desks.review.models import Dealing

    operator, applicant = factories.organisation(), factories.organisation()
    event = MatchAgreed(1, 1, "XQ-1", applicant.pk, 1, operator.pk)
    note_dealing(event, NOW)
    note_dealing(event, NOW)
    (row,) = Dealing.objects.all()
    assert (row.supplier_id, row.client_id, row.count) == (operator.pk, applicant.pk, 1)


def test_an_agreed_order_is_a_dealing():
    from pilotline.desks.review.models import Dealing
    from pilotline.desks.settlement.events import OrderAgreed
    from pilotline.desks.settlement.handlers import note_dealing

    operator, applicant = factories.organisation(), factories.organisation()
    event = OrderAgreed(7, "DD-1", applicant.pk, operator.pk, 1, 1, "x", False)
    note_dealing(event, NOW)
    note_dealing(event, NOW)
    (row,) = Dealing.objects.all()
    assert (row.supplier_id, row.client_id, row.record) == (operator.pk, applicant.pk, ["order", 7])


def test_who_stands_behind_a_case_is_found_by_name():
    """A panel of cases names the applicant's members, so that a joint work shows."""
    who = factories.person("applicant")
    case = accepted(actor_for(who), contact_name="钱不言")
    made = panel(item_of_case(who=SYSTEM, case=case))
    (thing,) = queries.items(panel=made)
    # The form keeps the contact confidential: it stays out of what experts read.
    assert (thing.people, thing.unnamed) == ([str(who)], ["钱不言"])
    assert "钱不言" not in str(queries.shown_item(Assignment(item=thing, state="accepted")))
    friend, stranger = factories_experts.expert(), factories_experts.expert()
    work = {"kind": "work", "title": "合作论文", "names": [str(who)], "since": date(2026, 3, 1)}
    services.add_bond(who=actor_of(friend), bond=work, now=NOW)
    assert found(friend, thing) == ["joint_work"]
    assert found(stranger, thing) == []
    services.add_bond(who=actor_of(stranger), bond=work | {"names": ["钱不言"]}, now=NOW)
    assert found(stranger, thing) == ["joint_work"]
