"""Members: invited by a one-time code, removed by owners; the last owner stays."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from pilotline.desks.journal.models import Entry
from pilotline.desks.people import queries, services
from pilotline.desks.people.models import Membership
from pilotline.kernel.actor import NOBODY
from pilotline.kernel.errors import NotAllowed, NotFound, Refused
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm(rulebook):
    """An organisation, and the actor who owns it."""
    owner = factories.user()
    made = factories.organisation(owner=owner)
    return made.pk, queries.actor_for(owner)


def invite(firm, **more) -> str:
    organisation, owner = firm
    return services.invite_member(who=owner, organisation=organisation, now=NOW, **more)[1]


def members(firm) -> dict[int, bool]:
    found = queries.members(who=firm[1], organisation=firm[0])
    return {member.user_id: member.is_owner for member in found}


def test_a_code_lets_one_colleague_in_once(firm):
    code, first, second = invite(firm), factories.actor("known"), factories.actor("known")
    services.accept_invitation(who=first, code=code, now=NOW)
    assert members(firm) == {firm[1].id: True, first.id: False}
    with pytest.raises(NotFound):
        services.accept_invitation(who=second, code=code, now=NOW)
    [joined] = Entry.objects.filter(action="people.join")
    assert joined.after["name"] == first.name


def test_a_code_is_kept_only_as_a_hash(firm):
    code = invite(firm)
    [open_one] = queries.invitations(who=firm[1], organisation=firm[0], now=NOW)
    assert code not in (open_one.digest, str(open_one))
    assert not Entry.objects.filter(body__contains=code).exists()


def test_who_belongs_already_leaves_the_code_unused(firm):
    code = invite(firm)
    services.accept_invitation(who=firm[1], code=code, now=NOW)
    assert members(firm) == {firm[1].id: True}
    assert queries.invitation(code=code, now=NOW)


def test_a_code_ends_after_a_week_and_can_be_withdrawn(firm):
    code, later = invite(firm), NOW + services.members.INVITED_FOR
    with pytest.raises(NotFound):
        queries.invitation(code=code, now=later)
    assert queries.invitation(code=code, now=later - timedelta(seconds=1))
    [open_one] = queries.invitations(who=firm[1], organisation=firm[0], now=NOW)
    for _ in range(2):
        services.withdraw_invitation(
            who=firm[1], organisation=firm[0], invitation=open_one.pk, now=NOW
        )
    with pytest.raises(NotFound):
        queries.invitation(code=code, now=NOW)
    assert Entry.objects.filter(action="people.withdraw_invitation").count() == 1


def test_only_owners_invite_and_nobody_floods(firm, monkeypatch):
    plain = factories.actor("known")
    services.accept_invitation(who=plain, code=invite(firm), now=NOW)
    for who in (plain, factories.actor("applicant"), NOBODY):
        with pytest.raises(NotFound):
            services.invite_member(who=who, organisation=firm[0], now=NOW)
        with pytest.raises(NotFound):
            queries.invitations(who=who, organisation=firm[0], now=NOW)
    monkeypatch.setattr("pilotline.desks.people.services.members.MOST_OPEN", 1)
    invite(firm)
    with pytest.raises(Refused):
        invite(firm)


def test_nobody_joins_nothing(firm):
    with pytest.raises(NotAllowed):
        services.accept_invitation(who=NOBODY, code=invite(firm), now=NOW)


def test_the_last_owner_cannot_leave_or_step_down(firm):
    organisation, owner = firm
    with pytest.raises(Refused):
        services.remove_member(who=owner, organisation=organisation, user=owner.id, now=NOW)
    with pytest.raises(Refused):
        services.set_owner(
            who=owner, organisation=organisation, user=owner.id, is_owner=False, now=NOW
        )
    second = factories.actor("known")
    services.accept_invitation(who=second, code=invite(firm, is_owner=True), now=NOW)
    services.remove_member(who=owner, organisation=organisation, user=owner.id, now=NOW)
    assert [m.user_id for m in Membership.objects.filter(organisation=organisation)] == [second.id]


def test_members_leave_by_themselves_and_are_removed_by_owners_only(firm):
    organisation, owner = firm
    one, two = factories.actor("known"), factories.actor("known")
    for who in (one, two):
        services.accept_invitation(who=who, code=invite(firm), now=NOW)
    with pytest.raises(NotFound):
        services.remove_member(who=one, organisation=organisation, user=two.id, now=NOW)
    services.remove_member(who=one, organisation=organisation, user=one.id, now=NOW)
    services.remove_member(who=owner, organisation=organisation, user=two.id, now=NOW)
    assert members(firm) == {owner.id: True}
    with pytest.raises(NotFound):
        services.remove_member(who=owner, organisation=organisation, user=two.id, now=NOW)


def test_owners_name_owners(firm):
    organisation, owner = firm
    other = factories.actor("known")
    services.accept_invitation(who=other, code=invite(firm), now=NOW)
    for is_owner in (True, True, False):
        services.set_owner(
            who=owner, organisation=organisation, user=other.id, is_owner=is_owner, now=NOW
        )
    assert members(firm) == {owner.id: True, other.id: False}
    assert Entry.objects.filter(action="people.set_owner").count() == 2


def test_strangers_do_not_see_members(firm):
    with pytest.raises(NotFound):
        queries.members(who=factories.actor("applicant"), organisation=firm[0])


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_leave_at_once_leave_one_behind():
    factories.publish_rulebook()
    first, second = factories.user(), factories.actor("known")
    made = factories.organisation(owner=first)
    firm = made.pk, queries.actor_for(first)
    services.accept_invitation(who=second, code=invite(firm, is_owner=True), now=NOW)
    outcomes, barrier = [], threading.Barrier(2)

    def leave(who):
        barrier.wait(10)
        try:
            services.remove_member(who=who, organisation=made.pk, user=who.id, now=NOW)
            outcomes.append("left")
        except Refused:
            outcomes.append("stays")
        finally:
            connection.close()

    threads = [threading.Thread(target=leave, args=(who,)) for who in (firm[1], second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["left", "stays"]
    assert Membership.objects.filter(organisation=made.pk).count() == 1
