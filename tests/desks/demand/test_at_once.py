"""Two at the same moment: one number, one receipt, nothing lost."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from pilotline.desks.demand import queries, services
from pilotline.desks.demand.models import Case, Receipt, Requirement
from pilotline.desks.journal.models import Happening
from pilotline.kernel.errors import Conflict
from tests.factories import NOW, actor, publish_rulebook
from tests.factories_demand import NEED, draft

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls):
    """The answers of calls that start at the same moment, each in a connection of its own."""
    start = Barrier(len(calls))

    def run(call):
        try:
            start.wait(timeout=20)
            return call()
        except Conflict as conflict:
            return conflict
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_two_clicks_on_hand_in():
    publish_rulebook()
    who = actor()
    case = draft(who)

    def hand_in():
        return services.submit(
            who=who, case=case.pk, version=case.version, answers=NEED, key="same", now=NOW
        )

    receipts = at_once(hand_in, hand_in, hand_in)
    assert {receipt.pk for receipt in receipts} == {Receipt.objects.get().pk}
    assert Case.objects.get().number == "XQ-2026-000001"
    assert Happening.objects.filter(name="NeedAccepted").count() == 1


def test_two_cases_handed_in_have_two_numbers():
    publish_rulebook()
    who = actor()
    cases = [draft(who) for _ in range(3)]

    def hand_in(case):
        return lambda: services.submit(
            who=who, case=case.pk, version=case.version, answers=NEED, key="k", now=NOW
        )

    receipts = at_once(*(hand_in(case) for case in cases))
    assert sorted(receipt.number for receipt in receipts) == [
        f"XQ-2026-00000{n}" for n in (1, 2, 3)
    ]


def test_two_people_saving():
    publish_rulebook()
    who = actor()
    case = draft(who)

    def save(title):
        return lambda: services.save_draft(
            who=who, case=case.pk, version=case.version, answers={"title": title}, now=NOW
        )

    answers = at_once(save("甲的版本"), save("乙的版本"))
    assert sum(isinstance(answer, Conflict) for answer in answers) == 1
    case.refresh_from_db()
    kept = queries.asides(who=who, case=case)[0]
    assert {case.title, kept.answers["title"]} == {"甲的版本", "乙的版本"}


def test_two_clicks_on_add():
    publish_rulebook()
    who = actor()
    case = draft(who)

    def add():
        return services.add_requirement(
            who=who, case=case.pk, attribute="pressure", written="1 MPa", now=NOW
        )

    at_once(add, add)
    assert Requirement.objects.count() == 1
