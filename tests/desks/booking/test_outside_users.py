"""An organisation from elsewhere: who confirms it, and at which prices it uses a facility."""

from decimal import Decimal

import pytest

from pilotline.desks.booking.services.prices import user_class_of
from pilotline.desks.people import queries, services
from pilotline.desks.people.queries import actor_for
from pilotline.kernel.errors import NotFound, Refused
from tests.factories import CITY, NOW, actor, credit_code, user
from tests.factories_matching import operated
from tests.factories_tariffs import hours, quotation, resource, tariff

pytestmark = pytest.mark.django_db
ELSEWHERE = "320000"


def register(who, region):
    return services.register_organisation(
        who=who,
        name="省外新材料有限公司",
        credit_code=credit_code(),
        kind="sme",
        region=region,
        operates=False,
        now=NOW,
    )


def test_it_registers_is_confirmed_by_the_whole_region_and_pays_the_outside_price(rulebook):
    person = user()
    with pytest.raises(Refused):
        register(actor_for(person), "999999")
    made = register(actor_for(person), ELSEWHERE)
    city, province = actor("authority", region=CITY), actor("authority")
    assert made not in queries.organisations(who=city)
    assert made in queries.organisations(who=province)
    assert queries.authorities_of(ELSEWHERE) == [province.id]
    with pytest.raises(NotFound):
        services.confirm_organisation(who=city, organisation=made.pk, now=NOW)
    services.confirm_organisation(who=province, organisation=made.pk, now=NOW)
    operator, facility = operated()
    thing = resource(operator, facility)
    tariff(facility, thing)
    who = actor_for(person)
    assert user_class_of(organisation=made.pk, operator=facility.operator_id) == "outside"
    inside = quotation(actor(), facility, hours(thing, "2"))
    outside = quotation(who, facility, hours(thing, "2"))
    use = {q.pk: Decimal(q.lines[0]["amount"]) for q in (inside, outside)}
    assert use[outside.pk] == (Decimal("300.31") * 2 * Decimal("1.25")).quantize(Decimal("0.01"))
    assert use[inside.pk] == (Decimal("300.31") * 2 * Decimal("0.9")).quantize(Decimal("0.01"))
