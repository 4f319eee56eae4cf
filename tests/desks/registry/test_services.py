"""Facilities and what they have: written, checked, versioned, journalled, found at once."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pilotline.desks.journal.queries import current_rulebook, history
from pilotline.desks.registry import queries, services
from pilotline.desks.registry.models import Capability, Facility
from pilotline.desks.registry.rules import quality_of
from pilotline.kernel.actor import NOBODY
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from tests.factories_registry import (
    NOW,
    authority,
    capability,
    facility,
    operator,
    organisation,
    publish_rulebook,
    resource,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _rulebook():
    publish_rulebook()


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str]]:
    return [(p.field, p.code) for p in refused.value.problems]


def test_a_new_facility_is_a_draft_with_a_number_and_an_entry():
    owner = organisation()
    made = facility(owner=owner, published=False)
    assert (made.code, made.status) == ("PT-2026-000001", "draft")
    assert [e.action for e in history(kind="facility", id=made.pk)] == ["registry.create"]
    with pytest.raises(NotFound):
        queries.public_facility(made.code)
    with pytest.raises(NotFound):
        queries.facility(NOBODY, made.code)
    assert queries.facility(operator(owner), made.code) == made
    assert queries.facility(authority("370100"), made.code) == made
    with pytest.raises(NotFound):
        queries.facility(authority("370200"), made.code)


def test_only_people_of_the_operating_organisation_write():
    made = facility()
    stranger = operator(organisation("别家"))
    for who in (stranger, authority(), NOBODY):
        with pytest.raises(NotAllowed):
            services.update_facility(who=who, code=made.code, values={"phone": "1"}, now=NOW)
        with pytest.raises(NotAllowed):
            services.add_resource(who=who, facility=made.code, values={"kind": "line"}, now=NOW)


def test_all_problems_are_told_at_once():
    owner = organisation()
    values = {
        "name": "",
        "region": "999999",
        "fields": ["magic"],
        "summary": "a\x00b",
        "latitude": Decimal(36),
        "opened_year": 1200,
        "website": "javascript:alert(1)",
    }
    with pytest.raises(Refused) as refused:
        services.create_facility(who=operator(owner), organisation=owner.pk, values=values, now=NOW)
    assert codes(refused) == [
        ("summary", "control-character"),
        ("website", "no-address"),
        ("name", "missing"),
        ("region", "unknown-choice"),
        ("fields", "unknown-choice"),
        ("longitude", "half-a-place"),
        ("opened_year", "impossible-year"),
    ]
    assert Facility.objects.count() == 0


def test_one_name_in_one_city_stands_once():
    facility("同名平台")
    with pytest.raises(Refused) as refused:
        facility("同名平台")
    assert codes(refused) == [("name", "twice")]


def test_the_slower_of_two_writers_is_told():
    made = facility()
    who, seen = operator(made.operator), made.version
    services.update_facility(
        who=who, code=made.code, values={"phone": "0531-1"}, now=NOW, seen_version=seen
    )
    with pytest.raises(Conflict):
        services.update_facility(
            who=who, code=made.code, values={"phone": "0531-2"}, now=NOW, seen_version=seen
        )
    assert Facility.objects.get().phone == "0531-1"


def test_nothing_is_written_when_nothing_changes():
    made = facility()
    before = queries.catalogue_version()
    services.update_facility(
        who=operator(made.operator), code=made.code, values={"name": made.name}, now=NOW
    )
    assert queries.catalogue_version() == before


def test_a_capability_is_read_into_the_vocabularys_unit():
    made = facility()
    kettle = resource(made, "反应釜", "equipment")
    stated = capability(made, "volume", "0.5～2立方米", kettle)
    assert (stated.low, stated.high, stated.written) == (
        Decimal(500),
        Decimal(2000),
        "0.5～2立方米",
    )
    assert capability(made, "volume", "500-2000L", kettle).pk == stated.pk
    assert Capability.objects.get().written == "500-2000L"
    cold = capability(made, "temperature", "-20~150℃", kettle)
    assert (cold.low, cold.high) == (Decimal(-20), Decimal(150))
    steel = capability(made, "contact_material", "316L", kettle)
    assert steel.values == ["ss316l"]


@pytest.mark.parametrize(
    ("attribute", "text", "code"),
    [
        ("volume", "很大", "unreadable"),
        ("volume", "500℃", "unreadable"),
        ("volume", "200~100L", "unreadable"),
        ("temperature", "-400℃", "unreadable"),
        ("volume", "9e12L", "unbelievable"),
        ("contact_material", "木头", "unknown-value"),
        ("gmp", "也许", "yes-or-no"),
        ("magic", "1", "unknown-attribute"),
        ("certificate", "CNAS", "stated-elsewhere"),
    ],
)
def test_what_cannot_be_read_is_a_problem_at_that_field(attribute, text, code):
    made = facility()
    with pytest.raises(Refused) as refused:
        capability(made, attribute, text)
    assert [c for _field, c in codes(refused)] == [code]
    assert Capability.objects.count() == 0


def test_a_line_takes_its_parts_along_when_it_retires():
    made = facility()
    line = resource(made)
    kettle = resource(made, "反应釜", "equipment", line=line.pk)
    services.retire_resource(
        who=operator(made.operator), facility=made.code, resource=line.pk, now=NOW
    )
    kettle.refresh_from_db()
    assert kettle.status == "retired"
    assert queries.facility(NOBODY, made.code).active == []
    assert queries.search("反应釜").total == 0


def test_a_line_of_another_facility_is_refused():
    first, second = facility("甲平台"), facility("乙平台")
    line = resource(first)
    with pytest.raises(Refused) as refused:
        resource(second, "反应釜", "equipment", line=line.pk)
    assert codes(refused) == [("line", "no-such-line")]


def test_the_same_equipment_is_not_added_twice():
    made = facility()
    resource(made, "反应釜", "equipment", facts={"model": "K500"})
    resource(made, "反应釜", "equipment", facts={"model": "K1000"})
    with pytest.raises(Refused) as refused:
        resource(made, "反应釜", "equipment", facts={"model": "K500"})
    assert codes(refused) == [("name", "twice")]


def test_quality_names_what_is_missing():
    made = facility()
    rulebook = current_rulebook()
    quality = quality_of(queries.public_facility(made.code), rulebook, today=NOW.date())
    assert 0 < quality.score < 50
    assert quality.missing[0].measure == "measured_capabilities"
    line = resource(made)
    for n in range(5):
        capability(made, "volume", f"{n + 1}00L", line)
    better = quality_of(queries.public_facility(made.code), rulebook, today=NOW.date())
    assert better.score == quality.score + 8 + 18


def test_lists_ask_a_fixed_number_of_times():
    asked = []
    for names in (["甲"], ["乙", "丙"]):
        for name in names:
            made = facility(f"{name}平台")
            line = resource(made)
            capability(made, "volume", "500L", line)
        with CaptureQueriesContext(connection) as caught:
            found = queries.search("平台")
            list(queries.facilities(NOBODY, text="平台", sort="-tier"))
            list(queries.offers())
        asked.append((len(caught), found.total))
    assert asked[0][0] == asked[1][0]
    assert [total for _n, total in asked] == [2, 6]
