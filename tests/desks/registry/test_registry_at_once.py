"""Two people at the same moment: done once, the slower one is told, versions come in order."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from pilotline.desks.registry import queries, services
from pilotline.desks.registry.models import Facility, Resource
from pilotline.kernel.errors import Conflict, Refused
from tests.factories_registry import NOW, facility, operator, organisation, publish_rulebook

pytestmark = pytest.mark.django_db(transaction=True)


def together(*works) -> list:
    """Run all at the same moment, each in a thread of its own; errors are given back."""
    start = Barrier(len(works))

    def run(work):
        try:
            start.wait()
            return work()
        except (Refused, Conflict) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def kinds(results: list) -> list[str]:
    return sorted(type(one).__name__ for one in results)


@pytest.fixture
def owner():
    publish_rulebook()
    return organisation("甲")


def test_one_name_stands_once(owner):
    values = {"name": "同名平台", "region": "370100"}

    def create():
        return services.create_facility(
            who=operator(owner), organisation=owner.pk, values=values, now=NOW
        )

    assert kinds(together(create, create)) == ["Facility", "Refused"]
    assert [f.code for f in Facility.objects.all()] == ["PT-2026-000001"]


def test_the_slower_writer_is_told(owner):
    made = facility("海岱平台", owner=owner)

    def write(phone):
        return lambda: services.update_facility(
            who=operator(owner),
            code=made.code,
            values={"phone": phone},
            seen_version=made.version,
            now=NOW,
        )

    assert kinds(together(write("1"), write("2"))) == ["Conflict", "Facility"]


def test_an_import_is_carried_out_once(owner):
    facility("海岱平台", owner=owner)
    upload = services.Upload(
        "a.csv", "设备名称,数量\n反应釜,2\n".encode(), services.CATALOGUE, owner.pk
    )
    file = services.plan_import(who=operator(owner), upload=upload, now=NOW)

    def apply():
        return services.apply_import(who=operator(owner), pk=file.pk, now=NOW)

    assert kinds(together(apply, apply)) == ["ImportFile", "ImportFile"]
    assert Resource.objects.count() == 1


def test_versions_are_committed_in_order(owner):
    made = [facility(f"平台{n}", owner=owner) for n in range(3)]
    before = queries.catalogue_version()

    def touch(one):
        return lambda: services.add_resource(
            who=operator(owner),
            facility=one.code,
            values={"kind": "line", "name": "线"},
            now=NOW,
        )

    assert kinds(together(*map(touch, made))) == ["Resource"] * 3
    versions = sorted(Facility.objects.values_list("version", flat=True))
    assert versions == [before + 1, before + 2, before + 3]
