"""Every page, as every kind of person, wide and narrow: nothing sticks out, all is labelled."""

from typing import Any

import pytest

from pilotline.desks.people.queries import actor_for
from tests import factories, factories_registry
from tests.browser.conftest import NARROW, WIDE
from tests.factories_demand import RELEASED, accepted
from tools.looking import faults, walk

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def region(transactional_db: Any) -> None:
    factories.publish_rulebook()
    owner = factories_registry.organisation()
    facility = factories_registry.facility(owner=owner)
    line = factories_registry.resource(facility)
    factories_registry.resource(facility, "反应釜", "equipment", line=line.pk)


def look(page: Any, site: str, seen: set[str], *, chinese: bool) -> list[str]:
    """Everything that is wrong on any page that links lead to and that was not seen before."""
    found = []
    for one in walk(page, site, seen=frozenset(seen)):
        seen.add(one.view)
        for size in (WIDE, NARROW):
            page.set_viewport_size(size)
            wrong = faults(page, chinese=chinese)
            found += [f"{one.url} at {size['width']}: {line}" for line in wrong]
        page.set_viewport_size(WIDE)
        found += [f"{one.url}: {line}" for line in one.said]
        if one.status >= 400:
            found.append(f"{one.url}: {one.status}")
    return found


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_can_be_shown(open_page, live_server, language):
    seen: set[str] = set()
    found = []
    for role in ("nobody", "applicant", "operator", "authority", "city", "sysop"):
        person = _person(role)
        if role == "applicant":
            for kind in ("need", "technology"):
                accepted(actor_for(person), kind, **RELEASED)
        page = open_page("/", person=person, language=language, complaints=False)
        wrong = look(page, live_server.url, seen, chinese=language == "zh-hans")
        found += [f"{role} {line}" for line in wrong]
    assert found == []
    assert len(seen) > 40


def _person(role: str) -> Any:
    if role == "nobody":
        return None
    if role == "city":
        return factories.person("authority", region=factories.CITY)
    return factories.person(role)
