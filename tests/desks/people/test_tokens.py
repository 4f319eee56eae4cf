"""Tokens: told once, kept as a hash, narrowed to their scopes."""

from datetime import timedelta

import pytest

from pilotline.desks.journal.models import Entry
from pilotline.desks.people import queries, rules, services
from pilotline.desks.people.models import ApiToken
from pilotline.kernel.actor import NOBODY, SYSTEM
from pilotline.kernel.errors import NotAllowed, NotFound, Refused
from tests import factories
from tests.factories import CITY, NOW

pytestmark = pytest.mark.django_db
MONTH = timedelta(days=30)


def token(who, *scopes: str, lasts: timedelta = MONTH) -> str:
    return services.make_token(who=who, name="ERP", scopes=scopes, expires=NOW + lasts, now=NOW)[1]


def test_a_token_stands_for_its_user(rulebook):
    who = factories.actor("operator")
    plain = token(who, "write")
    found = queries.actor_for_token(plain, NOW)
    assert (found.id, found.roles, found.scopes) == (who.id, who.roles, {"write"})
    assert queries.actor_for_token(plain[:-1], NOW) is None
    assert queries.actor_for_token("", NOW) is None


def test_only_the_hash_is_kept(rulebook):
    plain = token(factories.actor("applicant"), "read")
    row = ApiToken.objects.get()
    assert plain.startswith(row.prefix)
    assert plain not in row.digest
    [entry] = Entry.objects.filter(action="people.make_token")
    assert plain not in entry.body
    assert entry.after["scopes"] == ["read"]


def test_scopes_leave_only_the_roles_of_their_doors(rulebook):
    made = factories.person("operator")
    for role, region in (("authority", CITY), ("sysop", "")):
        services.grant_role(who=SYSTEM, user=made.pk, role=role, region=region, now=NOW)
    who = queries.actor_for(made)
    assert who.roles == {"applicant", "operator", "authority", "sysop"}
    narrow = queries.actor_for_token(token(who, "operator:read"), NOW)
    assert narrow.roles == {"operator"}
    assert not narrow.answers_for(CITY)
    whole = queries.actor_for_token(token(who, "read"), NOW)
    assert whole.roles == {"applicant", "operator", "authority"}


@pytest.mark.parametrize(
    ("scopes", "door", "writes", "opens"),
    [
        (["read"], "operator", False, True),
        (["read"], "operator", True, False),
        (["write"], "authority", False, True),
        (["write"], "authority", True, True),
        (["operator:read"], "operator", False, True),
        (["operator:read"], "operator", True, False),
        (["operator:write"], "operator", True, True),
        (["operator:write"], "applicant", False, False),
        (["operator:read"], "public", False, True),
        (["operator:write"], "public", True, False),
    ],
)
def test_what_scopes_open(rulebook, scopes, door, writes, opens):
    who = queries.actor_for_token(token(factories.actor("operator"), *scopes), NOW)
    assert rules.token_opens(who, door, writes=writes) is opens


def test_people_in_a_session_are_not_narrowed(rulebook):
    assert rules.token_opens(factories.actor("applicant"), "authority", writes=True)


def test_what_is_wrong_is_said_at_once(rulebook):
    who = factories.actor("applicant")
    with pytest.raises(Refused) as caught:
        services.make_token(who=who, name="", scopes=["root"], expires=NOW, now=NOW)
    assert {problem.field for problem in caught.value.problems} == {"name", "scopes", "expires"}
    with pytest.raises(Refused):
        token(who, "read", lasts=timedelta(days=400))
    with pytest.raises(Refused):
        token(who)


def test_a_token_opens_no_door_that_its_person_may_not_pass(rulebook):
    who = factories.actor("applicant")
    assert rules.scopes_of(who) == ("read", "write", "applicant:read", "applicant:write")
    with pytest.raises(Refused) as caught:
        token(who, "read", "authority:write", "expert:read")
    [problem] = caught.value.problems
    assert (problem.field, problem.data["scopes"]) == ("scopes", ["authority:write", "expert:read"])
    assert not ApiToken.objects.exists()


def test_a_token_ends_is_revoked_and_dies_with_its_user(rulebook):
    made = factories.person("applicant")
    who = queries.actor_for(made)
    plain = token(who, "read")
    assert queries.actor_for_token(plain, NOW + MONTH) is None
    [row] = queries.tokens(who)
    with pytest.raises(NotFound):
        services.revoke_token(who=factories.actor("applicant"), token=row.pk, now=NOW)
    for _ in range(2):
        services.revoke_token(who=who, token=row.pk, now=NOW)
    assert queries.actor_for_token(plain, NOW) is None
    assert Entry.objects.filter(action="people.revoke_token").count() == 1
    second = token(who, "read")
    made.is_active = False
    made.save()
    assert queries.actor_for_token(second, NOW) is None


def test_tokens_cannot_make_or_end_tokens(rulebook):
    who = factories.actor("applicant")
    by_token = queries.actor_for_token(token(who, "write"), NOW)
    [row] = queries.tokens(who)
    for actor in (by_token, NOBODY):
        with pytest.raises(NotAllowed):
            token(actor, "write")
        with pytest.raises(NotAllowed):
            services.revoke_token(who=actor, token=row.pk, now=NOW)


def test_a_user_has_only_so_many(rulebook, monkeypatch):
    monkeypatch.setattr("pilotline.desks.people.services.tokens.MOST_LIVE", 1)
    who = factories.actor("applicant")
    token(who, "read")
    with pytest.raises(Refused):
        token(who, "read")


def test_use_is_noted_once_an_hour(rulebook, django_assert_num_queries):
    plain = token(factories.actor("applicant"), "read")
    assert services.admit_token(plain=plain, now=NOW).scopes == {"read"}
    later = NOW + timedelta(minutes=59)
    with django_assert_num_queries(3):
        services.admit_token(plain=plain, now=later)
    assert ApiToken.objects.get().last_used_at == NOW
    services.admit_token(plain=plain, now=NOW + timedelta(minutes=61))
    assert ApiToken.objects.get().last_used_at > later
    assert services.admit_token(plain="plt_nothing", now=NOW) is None
