"""Tariffs: versions, everything wrong at once, the catalogue's price, the cost behind an hour."""

from datetime import timedelta
from decimal import Decimal as D

import pytest

from pilotline.desks.booking.models import CostBasis, Tariff
from pilotline.desks.booking.queries import tariffs as queries
from pilotline.desks.booking.services import tariffs
from pilotline.desks.journal.models import Entry
from pilotline.desks.matching import services as matching
from pilotline.desks.registry import queries as registry
from pilotline.desks.registry.models import Resource
from pilotline.kernel.actor import SYSTEM
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from tests.factories import NOW, actor
from tests.factories_matching import operated, read_need, with_reactor
from tests.factories_tariffs import BASIS, CONTENT, TODAY, resource, tariff

pytestmark = pytest.mark.usefixtures("rulebook")


def changed(**more):
    return CONTENT | more


def test_a_new_version_supersedes_from_its_day_on_and_the_old_one_stays() -> None:
    who, facility = operated()
    first = tariff(facility, who=who)
    later = TODAY + timedelta(days=10)
    second = tariff(facility, who=who, content=changed(tax="0.03"), valid_from=later)
    assert (first.version, second.version) == (1, 2)
    found = registry.facility(SYSTEM, facility.code)
    assert queries.price_list(found, TODAY) == [first]
    assert queries.price_list(found, later) == [second]
    third = tariff(facility, who=who, valid_from=later, valid_to=later + timedelta(days=1))
    assert queries.price_list(found, later) == [third]
    assert queries.price_list(found, later + timedelta(days=1)) == []
    assert list(queries.tariff_versions(who=who, code=facility.code, resource=None)) == [
        third,
        second,
        first,
    ]


def test_the_same_prices_are_not_written_twice() -> None:
    _who, facility = operated()
    assert tariff(facility) == tariff(facility)
    assert Tariff.objects.count() == 1
    assert Entry.objects.filter(action="booking.set-tariff").count() == 1


def test_whoever_was_slower_is_told() -> None:
    who, facility = operated()
    tariff(facility, who=who, seen_version=0)
    with pytest.raises(Conflict):
        tariff(facility, who=who, content=changed(tax="0.03"), seen_version=0)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    who, facility = operated()
    entry = CONTENT["entries"][0] | {
        "price": "-1",
        "unit": "fortnight",
        "tiers": [{"start": "0", "end": "10", "factor": "1"}, {"start": "20", "factor": "0.9"}],
        "prices": {"kings": "1"},
    }
    nameless = {"id": "x", "kind": "use", "unit": "day", "price": "many", "color": "red"}
    with pytest.raises(Refused) as caught:
        tariff(
            facility,
            who=who,
            content={"entries": [entry], "urgent": "3", "overhead": "0.5", "tax": "0.055"},
            valid_from=TODAY - timedelta(days=1),
            valid_to=TODAY - timedelta(days=1),
            note="x" * 400,
        )
    assert {(p.code, p.field) for p in caught.value.problems} == {
        ("negative", "entries.0.price"),
        ("unknown-unit", "entries.0.unit"),
        ("gap", "entries.0.tiers.1"),
        ("unknown-class", "entries.0.prices.kings"),
        ("urgent", "urgent"),
        ("overhead", "overhead"),
        ("tax", "tax"),
        ("past", "valid_from"),
        ("ends-before-it-starts", "valid_to"),
        ("too-long", "note"),
    }
    with pytest.raises(Refused) as caught:
        tariff(facility, who=who, content={"entries": [nameless, 7], "colour": 1})
    assert {(p.code, p.field) for p in caught.value.problems} == {
        ("unknown-key", "colour"),
        ("unknown-key", "entries.0.color"),
        ("no-title", "entries.0.title"),
        ("not-a-number", "entries.0.price"),
        ("not-a-table", "entries.1"),
    }
    assert not Tariff.objects.exists()


def test_only_its_people_set_a_facility_s_prices() -> None:
    _who, facility = operated()
    for stranger in (actor(), actor("operator"), actor("authority")):
        with pytest.raises((NotAllowed, NotFound)):
            tariff(facility, who=stranger)
    with pytest.raises(NotFound):
        tariff(facility, 10**9)


def test_the_catalogue_s_price_follows_and_the_shortlist_shows_it() -> None:
    who, facility = operated()
    line = with_reactor(who, facility)
    content = {"entries": [CONTENT["entries"][0] | {"unit": "day", "price": "9000"}], "tax": "0"}
    tariff(facility, line, who=who, content=content)
    stored = matching.propose(case=read_need(actor()).pk, now=NOW)
    (row,) = stored.answer["rows"]
    assert (row["line"], row["price"], row["price_unit"]) == (line, "9000.00", "天")


def test_a_price_that_begins_later_reaches_the_catalogue_on_its_day() -> None:
    who, facility = operated()
    pk = resource(who, facility)
    tariff(facility, pk, who=who, valid_from=TODAY + timedelta(days=1))
    assert Resource.objects.get(pk=pk).price is None
    assert tariffs.carry_prices(now=NOW) == 0
    assert tariffs.carry_prices(now=NOW + timedelta(days=1)) == 1
    found = Resource.objects.get(pk=pk)
    assert (found.price, found.price_unit) == (D("300.31"), "小时")


def test_the_cost_behind_an_hour_is_built_up_and_shown_as_its_owner_wishes() -> None:
    who, facility = operated()
    pk = resource(who, facility)

    def put(**more):
        given = {"content": BASIS, "is_public": False, "now": NOW} | more
        return tariffs.set_cost_basis(who=who, code=facility.code, resource=pk, **given)

    first = put()
    assert (first.version, first.price) == (1, D("300.31"))
    assert put() == first

    def seen(who):
        return queries.cost_basis(who=who, code=facility.code, resource=pk)

    assert seen(who) == first
    assert seen(actor("authority")) == first
    assert seen(actor()) is None
    second = put(is_public=True)
    assert seen(actor()) == second
    assert queries.latest_bases([pk]) == {pk: second}
    with pytest.raises(Conflict):
        put(content=BASIS | {"labour": "5"}, seen_version=1)


def test_a_faulty_cost_basis_is_refused_with_all_faults() -> None:
    who, facility = operated()
    pk = resource(who, facility)
    with pytest.raises(Refused) as caught:
        tariffs.set_cost_basis(
            who=who,
            code=facility.code,
            resource=pk,
            content={"value": "5", "hours": "-1", "maintenance_share": "2"},
            is_public=False,
            now=NOW,
        )
    assert {(p.code, p.field) for p in caught.value.problems} == {
        ("zero", "years"),
        ("negative", "hours"),
        ("not-a-share", "maintenance_share"),
    }
    assert not CostBasis.objects.exists()
