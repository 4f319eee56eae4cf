"""The invented experts are made through the services: a pool, panels in every state, advice."""

import pytest

from pilotline.config import demonstration
from pilotline.config.demonstration.experts import build_experts
from pilotline.config.demonstration.people import Cast
from pilotline.desks.people.models import User
from pilotline.desks.people.queries import actor_for
from pilotline.desks.review import queries, services
from pilotline.desks.review.models import Assignment, Draw, Expert, Namesake, Panel, Question
from pilotline.kernel.actor import SYSTEM
from tests import factories, factories_demand
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("rulebook")


def test_the_pool_its_panels_and_the_committee():
    firm = factories.person("applicant")
    (membership,) = firm.memberships.all()
    who = actor_for(firm)
    for number in range(9):
        factories_demand.accepted(who if number == 0 else None)
    province = factories.person("authority")
    cast = Cast(
        logins={"expert": factories.user().pk, "province": province.pk},
        applicants=[(membership.organisation_id, firm.pk)],
    )
    build_experts(demonstration.folder(), cast, seed=1, now=NOW)
    assert all(expert.is_demo for expert in Expert.objects.all())
    assert set(Expert.objects.values_list("state", flat=True)) == {"active", "applied"}
    states = {p.title: p.state for p in Panel.objects.all()}
    assert sorted(states.values()) == ["closed", "marking", "open"]
    assert services.check_draw(told=queries.public_draw(id=Draw.objects.get().pk)) == []
    # The one who holds shares of the first applicant is never asked for its case.
    sharing = Expert.objects.get(bonds__kind="holding")
    asked = Assignment.objects.filter(expert=sharing, item__organisation=membership.organisation_id)
    assert not asked.exists()
    (told,) = Namesake.objects.all()
    assert (told.state, told.stated_by != province.pk) == ("stated", True)
    closed = Panel.objects.get(state="closed")
    assert queries.standings(who=SYSTEM, panel=closed.pk)["items"][0]["rank"] == 1
    assert Question.objects.filter(state="answered", is_public=True).count() == 1
    assert User.objects.filter(username__startswith="demo-e").exists()
