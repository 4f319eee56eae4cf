"""Into the pool, out of it, and what experts state of themselves."""

from datetime import date

import pytest

from pilotline.desks.people.queries import actor_for
from pilotline.desks.review import queries, services
from pilotline.desks.review.models import Dealing
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from tests import factories, factories_experts
from tests.factories import NOW
from tests.factories_experts import SINCE, actor_of, profile

pytestmark = pytest.mark.usefixtures("rulebook")


def apply(user, **given):
    return services.apply_as_expert(
        who=actor_for(user),
        profile=profile(**given),
        employer={"name": "齐鲁大学", "since": SINCE},
        now=NOW,
    )


def test_own_application_is_decided_by_the_authority():
    user, authority = factories.user(), factories.actor("authority")
    made = apply(user)
    assert made.state == "applied"
    assert not actor_for(user).has("expert")
    services.accept_expert(who=authority, expert=made.pk, now=NOW)
    assert actor_for(user).has("expert")
    assert queries.expert(who=authority, id=made.pk).state == "active"
    with pytest.raises(Conflict):
        services.refuse_expert(who=authority, expert=made.pk, reason="x", now=NOW)
    with pytest.raises(Refused) as caught:
        apply(user)
    assert [p.code for p in caught.value.problems] == ["there-already"]


def test_refused_with_a_reason_and_asking_again():
    user, authority = factories.user(), factories.actor("authority")
    made = apply(user)
    with pytest.raises(Refused):
        services.refuse_expert(who=authority, expert=made.pk, reason=" ", now=NOW)
    services.refuse_expert(who=authority, expert=made.pk, reason="领域不符", now=NOW)
    again = apply(user)
    assert (again.pk, again.state, again.reason) == (made.pk, "applied", "")


def test_everything_missing_is_told_at_once():
    with pytest.raises(Refused) as caught:
        services.apply_as_expert(
            who=actor_for(factories.user()),
            profile={"name": "", "fields": [], "keywords": ["一"], "region": "000000"},
            employer={"name": "", "since": None},
            now=NOW,
        )
    assert [p.field for p in caught.value.problems] == [
        "name",
        "fields",
        "keywords",
        "region",
        "employer",
        "employer_since",
    ]


def test_an_invitation_is_good_once():
    authority = factories.actor("authority")
    _invited, code = services.invite_expert(who=authority, name="王院士", now=NOW)
    user = factories.user()
    made = services.apply_as_expert(
        who=actor_for(user),
        profile=profile(),
        employer={"name": "齐鲁大学", "since": SINCE},
        code=code,
        now=NOW,
    )
    assert (made.state, actor_for(user).has("expert")) == ("active", True)
    with pytest.raises(NotFound):
        queries.invitation(code=code, now=NOW)


def test_who_may():
    made = apply(factories.user())
    for role in ("known", "applicant", "expert", "sysop"):
        who = factories.actor(role)
        with pytest.raises(NotAllowed):
            queries.experts(who=who)
        with pytest.raises(NotFound):
            services.accept_expert(who=who, expert=made.pk, now=NOW)
        with pytest.raises(NotAllowed):
            services.invite_expert(who=who, name="x", now=NOW)
    elsewhere = factories.actor("authority", region=factories.OTHER_CITY)
    with pytest.raises(NotFound):
        services.accept_expert(who=elsewhere, expert=made.pk, now=NOW)


def test_bonds_find_the_organisation_they_mean_and_end():
    expert = factories_experts.expert()
    works = factories.organisation()
    who = actor_of(expert)
    bond = services.add_bond(
        who=who, bond={"kind": "holding", "name": works.name, "share": 3, "since": SINCE}, now=NOW
    )
    assert bond.organisation_id == works.pk
    services.end_bond(who=who, bond=bond.pk, until=date(2026, 1, 1), now=NOW)
    bond.refresh_from_db()
    assert bond.until == date(2026, 1, 1)
    with pytest.raises(Refused):
        services.end_bond(who=who, bond=bond.pk, until=date(2030, 1, 1), now=NOW)
    other = actor_of(factories_experts.expert())
    with pytest.raises(NotFound):
        services.end_bond(who=other, bond=bond.pk, until=date(2026, 1, 1), now=NOW)


@pytest.mark.parametrize(
    ("bond", "wrong"),
    [
        ({"kind": "cousin"}, ["kind"]),
        ({"kind": "employment"}, ["name", "since"]),
        ({"kind": "work"}, ["title", "since"]),
        ({"kind": "holding", "name": "甲"}, ["share"]),
        ({"kind": "holding", "name": "甲", "share": 101}, ["share"]),
        ({"kind": "declared", "name": "甲"}, ["title"]),
        ({"kind": "employment", "name": "甲", "since": date(2030, 1, 1)}, ["since"]),
        ({"kind": "employment", "name": "甲", "since": SINCE, "until": SINCE}, ["until"]),
    ],
)
def test_a_bond_is_whole(bond, wrong):
    who = actor_of(factories_experts.expert())
    with pytest.raises(Refused) as caught:
        services.add_bond(who=who, bond=bond, now=NOW)
    assert [p.field for p in caught.value.problems] == wrong


def test_a_dealing_told_twice_is_one():
    one, two = factories.organisation(), factories.organisation()
    for _time in range(2):
        services.note_dealing(
            supplier=one.pk, client=two.pk, on=SINCE, record_of=("order", 1), now=NOW
        )
    services.note_dealing(
        supplier=one.pk, client=two.pk, on=date(2026, 1, 1), record_of=("order", 2), now=NOW
    )
    (row,) = Dealing.objects.all()
    assert (row.count, row.last_on, row.record) == (2, date(2026, 1, 1), ["order", 2])
