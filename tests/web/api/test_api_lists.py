"""Every list asks the same number of queries for one row and for three."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pilotline.desks.matching import services as matching
from pilotline.desks.people.models import Organisation
from tests.factories import organisation
from tests.factories_demand import RELEASED, accepted
from tests.factories_registry import facility, resource

ONE, THREE = 1, 3


@pytest.fixture
def people(program):
    return {
        "public": program(None),
        "applicant": program("applicant"),
        "operator": program("operator"),
        "authority": program("authority"),
    }


def grow(people):
    """One more of everything."""
    applicant, operator = people["applicant"].who, people["operator"].who
    owner = Organisation.objects.get(pk=min(operator.organisations))
    place = facility(f"平台{Organisation.objects.count()}", owner=owner)
    line = resource(place)
    now = timezone.now()
    for kind in ("need", "technology"):
        case = accepted(applicant, kind, **RELEASED)
        matching.propose(case=case.pk, now=now)
        matching.ask_facility(who=applicant, case=case.pk, facility=place.pk, line=line.pk, now=now)
    organisation(confirmed=False)


LISTS = [
    ("public", "/facilities"),
    ("public", "/facilities?text=平台"),
    ("public", "/search?text=平台"),
    ("public", "/needs"),
    ("public", "/technologies"),
    ("applicant", "/my/cases"),
    ("applicant", "/my/talks"),
    ("applicant", "/my/organisations"),
    ("applicant", "/me/notices"),
    ("operator", "/operator/facilities"),
    ("operator", "/operator/cases"),
    ("operator", "/operator/talks"),
    ("authority", "/authority/cases"),
    ("authority", "/authority/facilities"),
    ("authority", "/authority/organisations"),
    ("authority", "/authority/talks"),
    ("authority", "/authority/journal"),
    ("authority", "/authority/figures"),
]


def counted(people):
    found = {}
    for who, path in LISTS:
        people[who].ask("GET", path)
        with CaptureQueriesContext(connection) as asked:
            answer = people[who].ask("GET", path).json()
        found[path] = (len(asked), answer.get("total"))
    return found


def test_queries_do_not_grow_with_the_rows(people):
    grow(people)
    first = counted(people)
    grow(people)
    grow(people)
    later = counted(people)
    assert {path: n for path, (n, _total) in first.items()} == {
        path: n for path, (n, _total) in later.items()
    }
    grown = [path for path in first if first[path][1] is not None and "organis" not in path]
    same = [path for path in grown if not later[path][1] > first[path][1]]
    assert same in ([], ["/me/notices"])


def test_a_list_is_read_in_parts(people):
    for _ in range(THREE):
        grow(people)
    whole = people["public"].get("/needs", sort="number")
    assert (whole["total"], len(whole["items"])) == (THREE, THREE)
    parts = [people["public"].get("/needs", sort="number", limit=1, offset=n) for n in range(4)]
    assert [row for part in parts for row in part["items"]] == whole["items"]
    back = people["public"].get("/needs", sort="-number")
    assert back["items"] == whole["items"][::-1]


def test_filters_narrow(people):
    grow(people)
    asked = people["public"]
    (need,) = asked.get("/needs")["items"]
    assert asked.get("/needs", field=need["fields"][0])["total"] == ONE
    assert asked.get("/needs", field="no-such-field")["total"] == 0
    assert asked.get("/facilities", region="370100")["total"] == ONE
    assert asked.get("/facilities", region="370200")["total"] == 0
    assert people["authority"].get("/authority/cases", kind="technology")["total"] == ONE
