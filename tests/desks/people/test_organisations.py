"""Organisations: registered by anybody, confirmed or refused by the authority of their city."""

import threading

import pytest
from django.db import connection

from pilotline.desks.journal.models import Entry, Happening
from pilotline.desks.people import queries, services
from pilotline.desks.people.models import Organisation
from pilotline.kernel.actor import NOBODY
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from tests import factories
from tests.factories import CITY, NOW, OTHER_CITY

pytestmark = pytest.mark.django_db


def register(who, **given):
    values = {"name": "济南精化", "credit_code": factories.credit_code(), "kind": "sme"}
    values |= {"region": CITY, "now": NOW}
    return services.register_organisation(who=who, **values | given)


def fields(caught) -> dict[str, str]:
    return {problem.field: problem.code for problem in caught.value.problems}


def test_whoever_registers_becomes_the_owner_and_an_applicant(rulebook):
    person = factories.user()
    made = register(queries.actor_for(person), credit_code=factories.credit_code().lower())
    who = queries.actor_for(person)
    assert made.status == "pending"
    assert who.roles == {"applicant"}
    assert who.owned == who.organisations == {made.pk}
    [entry] = Entry.objects.filter(action="people.register_organisation")
    assert (entry.actor, entry.subject_id, entry.organisation) == (person.pk, str(made.pk), made.pk)
    assert entry.after["name"] == "济南精化"
    [news] = Happening.objects.filter(name="OrganisationRegistered")
    assert news.payload == {"organisation": made.pk, "region": CITY, "user": person.pk}


def test_everything_wrong_is_said_at_once(rulebook):
    with pytest.raises(Refused) as caught:
        register(
            factories.actor("known"),
            name=" ",
            credit_code="913701000000000000",
            kind="guild",
            region="110100",
            phone="1" * 31,
            contact="王\x00芳",
        )
    assert fields(caught) == {
        "name": "missing",
        "credit_code": "credit-code",
        "kind": "kind",
        "region": "region",
        "phone": "too-long",
        "contact": "strange",
    }
    assert not Organisation.objects.exists()


def test_a_kind_that_runs_nothing_cannot_operate(rulebook):
    kind = next(kind for kind in rulebook.organisation_kinds if "operate" not in kind.may)
    with pytest.raises(Refused) as caught:
        register(factories.actor("known"), kind=kind.id, operates=True)
    assert fields(caught) == {"operates": "operates"}


def test_a_code_twice_is_refused_without_saying_whose_it_is(rulebook):
    first = factories.organisation()
    with pytest.raises(Refused) as caught:
        register(factories.actor("known"), credit_code=first.credit_code)
    assert fields(caught) == {"credit_code": "registered"}
    assert first.name not in str(caught.value)


def test_nobody_registers_nothing(rulebook):
    with pytest.raises(NotAllowed):
        register(NOBODY)


def test_only_the_authority_of_its_city_or_province_decides(rulebook):
    made = factories.organisation(confirmed=False)
    for who in (
        factories.actor("authority", region=OTHER_CITY),
        factories.actor("applicant"),
        factories.actor("expert"),
        NOBODY,
    ):
        with pytest.raises(NotFound):
            services.confirm_organisation(who=who, organisation=made.pk, now=NOW)
    for who in (factories.actor("sysop"), owner_of(made)):
        with pytest.raises(NotAllowed):
            services.confirm_organisation(who=who, organisation=made.pk, now=NOW)
    services.confirm_organisation(
        who=factories.actor("authority", region=CITY), organisation=made.pk, now=NOW
    )
    assert queries.is_confirmed(made.pk)


def test_confirming_twice_is_confirming_once(rulebook):
    made = factories.organisation(confirmed=False)
    who = factories.actor("authority")
    for _ in range(2):
        services.confirm_organisation(who=who, organisation=made.pk, now=NOW)
    assert Entry.objects.filter(action="people.confirm_organisation").count() == 1
    assert Happening.objects.filter(name="OrganisationConfirmed").count() == 1


def test_who_comes_second_with_another_decision_learns_it(rulebook):
    made = factories.organisation(confirmed=False)
    services.refuse_organisation(
        who=factories.actor("authority"), organisation=made.pk, reason="名称与执照不符", now=NOW
    )
    with pytest.raises(Conflict):
        services.confirm_organisation(
            who=factories.actor("authority"), organisation=made.pk, now=NOW
        )


def test_a_refusal_needs_a_reason(rulebook):
    made = factories.organisation(confirmed=False)
    with pytest.raises(Refused) as caught:
        services.refuse_organisation(
            who=factories.actor("authority"), organisation=made.pk, reason="  ", now=NOW
        )
    assert fields(caught) == {"reason": "missing"}


def test_a_refused_one_may_amend_and_stand_in_line_again(rulebook):
    owner = factories.user()
    made = factories.organisation(owner=owner, confirmed=False)
    services.refuse_organisation(
        who=factories.actor("authority"), organisation=made.pk, reason="地址不详", now=NOW
    )
    who = queries.actor_for(owner)
    assert who.organisations == frozenset()
    assert [own.organisation.pk for own in queries.own_organisations(who)] == [made.pk]
    services.amend_organisation(who=who, organisation=made.pk, address="历下区", now=NOW)
    again = queries.organisation(who=who, id=made.pk)
    assert (again.status, again.status_reason, again.address) == ("pending", "", "历下区")
    assert Happening.objects.filter(name="OrganisationRegistered").count() == 2


def test_what_was_confirmed_cannot_be_amended_but_the_phone_can(rulebook):
    made = factories.organisation()
    who = owner_of(made)
    with pytest.raises(Refused) as caught:
        services.amend_organisation(
            who=who, organisation=made.pk, name="别的公司", region=OTHER_CITY, now=NOW
        )
    assert fields(caught) == {"name": "confirmed", "region": "confirmed"}
    services.amend_organisation(who=who, organisation=made.pk, phone="0531-1", now=NOW)
    services.amend_organisation(who=who, organisation=made.pk, phone="0531-1", now=NOW)
    [entry] = Entry.objects.filter(action="people.amend_organisation")
    assert (entry.before["phone"], entry.after["phone"]) == ("", "0531-1")


def test_strangers_cannot_amend(rulebook):
    made = factories.organisation()
    with pytest.raises(NotFound):
        services.amend_organisation(
            who=factories.actor("applicant"), organisation=made.pk, phone="1", now=NOW
        )


def test_who_sees_which_organisations(rulebook):
    here, there = factories.organisation(), factories.organisation(region=OTHER_CITY)

    def seen(who):
        return {found.pk for found in queries.organisations(who=who)}

    assert seen(owner_of(here)) == {here.pk}
    assert seen(factories.actor("authority", region=CITY)) == {here.pk}
    assert {here.pk, there.pk} <= seen(factories.actor("authority"))
    assert {here.pk, there.pk} <= seen(factories.actor("sysop"))
    assert seen(factories.actor("expert")) == seen(NOBODY) == set()
    with pytest.raises(NotFound):
        queries.organisation(who=owner_of(here), id=there.pk)


def test_lists_are_searched_and_counted(rulebook):
    made = factories.organisation(name="青岛氢能研究院", region=OTHER_CITY, confirmed=False)
    who = factories.actor("authority", region=OTHER_CITY)
    assert list(queries.organisations(who=who, text="氢能")) == [made]
    assert list(queries.organisations(who=who, text=made.credit_code)) == [made]
    assert list(queries.organisations(who=who, status="confirmed")) == []
    assert queries.organisation_counts(who) == {
        "pending": 1,
        "confirmed": 0,
        "refused": 0,
        "revoked": 0,
    }


def test_operators_act_once_their_organisation_is_confirmed(rulebook):
    owner = factories.user()
    made = factories.organisation(owner=owner, operates=True, confirmed=False)
    assert queries.actor_for(owner).roles == {"applicant"}
    assert queries.operators_of(made.pk) == []
    services.confirm_organisation(who=factories.actor("authority"), organisation=made.pk, now=NOW)
    assert queries.actor_for(owner).roles == {"applicant", "operator"}
    assert queries.operators_of(made.pk) == queries.users_of(made.pk) == [owner.pk]


def test_news_goes_to_the_nearest_authority(rulebook):
    city = factories.actor("authority", region=CITY)
    province = factories.actor("authority")
    assert queries.authorities_of(CITY) == [city.id]
    assert queries.authorities_of(OTHER_CITY) == [province.id]


@pytest.mark.django_db(transaction=True)
def test_two_officials_at_once_decide_once():
    factories.publish_rulebook()
    made = factories.organisation(confirmed=False)
    officials = [factories.actor("authority") for _ in range(2)]
    outcomes = []
    barrier = threading.Barrier(2)

    def decide(who, service, **more):
        barrier.wait(10)
        try:
            service(who=who, organisation=made.pk, now=NOW, **more)
            outcomes.append("done")
        except Conflict:
            outcomes.append("conflict")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=decide, args=(officials[0], services.confirm_organisation)),
        threading.Thread(
            target=decide,
            args=(officials[1], services.refuse_organisation),
            kwargs={"reason": "重复登记"},
        ),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["conflict", "done"]


def owner_of(made):
    return queries.actor_for(made.memberships.get(is_owner=True).user)


def test_a_confirmation_is_taken_back_once_and_can_be_earned_again(rulebook):
    owner = factories.user()
    made = factories.organisation(owner=owner)
    authority = factories.actor("authority")
    with pytest.raises(Refused) as caught:
        services.revoke_organisation(who=authority, organisation=made.pk, reason=" ", now=NOW)
    assert fields(caught) == {"reason": "missing"}
    for who in (factories.actor("sysop"), queries.actor_for(owner)):
        with pytest.raises(NotAllowed):
            services.revoke_organisation(who=who, organisation=made.pk, reason="x", now=NOW)
    for _ in range(2):
        services.revoke_organisation(who=authority, organisation=made.pk, reason="注销", now=NOW)
    assert Entry.objects.filter(action="people.revoke_organisation").count() == 1
    assert Happening.objects.filter(name="OrganisationRevoked").count() == 1
    assert queries.actor_for(owner).roles == set()
    assert queries.organisation(who=queries.actor_for(owner), id=made.pk).status_reason == "注销"
    services.amend_organisation(
        who=queries.actor_for(owner), organisation=made.pk, name="济南精化(新)", now=NOW
    )
    again = services.confirm_organisation(who=authority, organisation=made.pk, now=NOW)
    assert (again.status, again.name) == ("confirmed", "济南精化(新)")


def test_what_waits_is_refused_and_not_revoked(rulebook):
    made = factories.organisation(confirmed=False)
    with pytest.raises(Conflict):
        services.revoke_organisation(
            who=factories.actor("authority"), organisation=made.pk, reason="x", now=NOW
        )
