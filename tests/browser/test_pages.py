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


def look(page: Any, site: str, *, chinese: bool) -> list[str]:
    """Everything that is wrong on any page that links lead to."""
    found = []
    for seen in walk(page, site):
        for size in (WIDE, NARROW):
            page.set_viewport_size(size)
            wrong = faults(page, chinese=chinese)
            found += [f"{seen.url} at {size['width']}: {line}" for line in wrong]
        page.set_viewport_size(WIDE)
        found += [f"{seen.url}: {line}" for line in seen.said]
        if seen.status >= 400:
            found.append(f"{seen.url}: {seen.status}")
    return found


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("role", ["nobody", "applicant", "operator", "authority", "sysop"])
def test_every_page_can_be_shown(open_page, live_server, role, language):
    person = None if role == "nobody" else factories.person(role)
    if role == "applicant":
        for kind in ("need", "technology"):
            accepted(actor_for(person), kind, **RELEASED)
    page = open_page("/", person=person, language=language, complaints=False)
    assert look(page, live_server.url, chinese=language == "zh-hans") == []
