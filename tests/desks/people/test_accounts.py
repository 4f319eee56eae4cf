"""Accounts, roles and who is told: users register, change their data, get roles, are closed."""

import pytest

from pilotline.desks.journal.models import Entry
from pilotline.desks.people import queries, services
from pilotline.desks.people.models import User
from pilotline.kernel.actor import NOBODY, SYSTEM
from pilotline.kernel.errors import NotAllowed, NotFound, Refused
from tests import factories
from tests.factories import CITY, NOW, PASSWORD

pytestmark = pytest.mark.django_db


def problems(caught) -> list[tuple[str, str]]:
    return sorted((problem.field, problem.code) for problem in caught.value.problems)


def test_a_password_is_kept_by_argon2_and_nowhere_else():
    made = factories.user()
    assert made.password.startswith("argon2$argon2id$")
    assert made.check_password(PASSWORD)
    [entry] = Entry.objects.filter(action="people.register")
    assert entry.actor == made.pk
    assert "password" not in entry.body
    assert PASSWORD not in entry.body


def test_everything_wrong_with_a_person_is_said_at_once():
    with pytest.raises(Refused) as caught:
        factories.user(
            username="a@b", email="nowhere", password="12345", name="\u0007", language="fr"
        )
    assert problems(caught) == [
        ("email", "email"),
        ("language", "language"),
        ("name", "strange"),
        ("password", "password"),
        ("password", "password"),
        ("password", "password"),
        ("username", "log-in-name"),
    ]


def test_names_and_addresses_are_taken_whatever_the_case():
    factories.user(username="WangFang", email="wang@example.org")
    with pytest.raises(Refused) as caught:
        factories.user(username="wangfang", email="WANG@example.org")
    assert problems(caught) == [("email", "taken"), ("username", "taken")]
    assert queries.user_by_login(" wangFANG ") == queries.user_by_login("Wang@Example.org")


def test_who_comes_by_oidc_gets_a_free_name_and_no_password():
    factories.user(username="li.na", email="")
    name = queries.free_username("li.na@corp.example")
    made = factories.user(username=name, email="", password=None)
    assert name == "li.na1"
    assert not made.has_usable_password()
    assert queries.free_username("李") == "李-user"
    assert queries.free_username("@!") == "user"


def test_people_change_their_own_data():
    made = factories.user(name="旧名")
    who = queries.actor_for(made)
    for _ in range(2):
        services.change_profile(who=who, name=" 新名 ", phone="", language="en", now=NOW)
    [entry] = Entry.objects.filter(action="people.change_profile")
    assert (entry.before["name"], entry.after["name"]) == ("旧名", "新名")
    with pytest.raises(Refused):
        services.change_profile(who=who, name="", phone="", language="en", now=NOW)
    with pytest.raises(NotFound):
        services.change_profile(who=NOBODY, name="甲", phone="", language="en", now=NOW)


def test_roles_are_given_by_the_operator_of_the_system_only(rulebook):
    made, sysop = factories.user(), factories.actor("sysop")
    for role in ("known", "applicant", "operator", "expert", "authority"):
        with pytest.raises(NotAllowed):
            services.grant_role(who=factories.actor(role), user=made.pk, role="expert", now=NOW)
    for _ in range(2):
        services.grant_role(who=sysop, user=made.pk, role="authority", region=CITY, now=NOW)
    who = queries.actor_for(made)
    assert (who.roles, who.regions) == ({"authority"}, {CITY})
    services.revoke_role(who=sysop, user=made.pk, role="authority", region=CITY, now=NOW)
    assert queries.actor_for(made).roles == frozenset()
    told = [e.action for e in Entry.objects.filter(subject_kind="user", subject_id=str(made.pk))]
    assert told == ["people.register", "people.grant_role", "people.revoke_role"]


@pytest.mark.parametrize(
    ("role", "region", "field"),
    [
        ("king", "", "role"),
        ("authority", "", "region"),
        ("authority", "110000", "region"),
        ("expert", CITY, "region"),
    ],
)
def test_roles_and_regions_that_do_not_exist_are_refused(rulebook, role, region, field):
    with pytest.raises(Refused) as caught:
        services.grant_role(who=SYSTEM, user=factories.user().pk, role=role, region=region, now=NOW)
    assert [problem.field for problem in caught.value.problems] == [field]


def test_the_last_operator_of_the_system_stays(rulebook):
    first = factories.actor("sysop")
    with pytest.raises(Refused):
        services.revoke_role(who=first, user=first.id, role="sysop", now=NOW)
    with pytest.raises(Refused):
        services.close_account(who=first, user=first.id, now=NOW)
    second = factories.actor("sysop")
    services.close_account(who=first, user=second.id, now=NOW)
    with pytest.raises(Refused):
        services.revoke_role(who=first, user=first.id, role="sysop", now=NOW)
    assert queries.sysops() == [first.id]


def test_a_closed_account_is_nobody_until_it_is_opened(rulebook):
    made, sysop = factories.person("expert"), factories.actor("sysop")
    with pytest.raises(NotAllowed):
        services.close_account(who=queries.actor_for(made), user=sysop.id, now=NOW)
    for service in (services.close_account, services.open_account):
        for _ in range(2):
            service(who=sysop, user=made.pk, now=NOW)
        made = User.objects.get(pk=made.pk)
        assert (queries.actor_for(made) == NOBODY) is not made.is_active
    assert Entry.objects.filter(action__endswith="_account").count() == 2


def test_the_list_of_users_is_closed_to_others(rulebook):
    factories.user(name="孙工")
    assert queries.users(who=factories.actor("sysop"), text="孙工").count() == 1
    with pytest.raises(NotAllowed):
        queries.users(who=factories.actor("authority"))


def test_an_actor_costs_two_queries(rulebook, django_assert_num_queries):
    made = factories.person("operator")
    with django_assert_num_queries(2):
        queries.actor_for(made)


def test_names_are_found_for_showing(rulebook):
    made = factories.organisation()
    person = factories.user(name="周工")
    assert queries.names([made.pk, 0]) == {made.pk: made.name}
    assert queries.user_names([person.pk, 0]) == {person.pk: "周工"}


def test_demonstration_logins_are_those_of_the_demonstration(rulebook):
    factories.user()
    demo = factories.user(is_demo=True)
    assert queries.demo_logins() == [demo]
