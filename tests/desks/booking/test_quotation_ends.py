"""Who is told of a quotation: when it is made, decided, about to run out, and when it has."""

from datetime import timedelta

import pytest

from pilotline.desks.booking.models import Quotation
from pilotline.desks.booking.services import quotations
from pilotline.desks.notices.models import Notice
from pilotline.desks.people.queries import actor_for
from tests.factories import NOW, person
from tests.factories_matching import operated
from tests.factories_tariffs import hours, quotation, resource, tariff

# News is delivered after the commit, as in real use.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("rulebook")]
DAY = timedelta(days=1)


class Asked:
    """An open quotation, and the people on both sides."""

    def __init__(self) -> None:
        self.buyer, self.seller = person(), person("operator")
        self.operator, self.facility = operated(actor_for(self.seller))
        self.pk = resource(self.operator, self.facility)
        tariff(self.facility, self.pk)
        self.applicant = actor_for(self.buyer)
        self.made = self.another()

    def another(self) -> Quotation:
        return quotation(self.applicant, self.facility, hours(self.pk, "2"))

    def told(self) -> tuple[list[str], list[str]]:
        rows = Notice.objects.filter(kind__startswith="quotation.").order_by("id")
        by_user = {self.buyer.pk: [], self.seller.pk: []}
        for user, kind in rows.values_list("user_id", "kind"):
            by_user[user].append(kind.removeprefix("quotation."))
        return by_user[self.buyer.pk], by_user[self.seller.pk]


@pytest.fixture
def asked(rulebook: object) -> Asked:
    return Asked()


def test_the_end_is_called_to_mind_once_and_told_once(asked: Asked) -> None:
    last = asked.made.valid_until - NOW.date()
    assert quotations.tell_of_ends(now=NOW + last - 4 * DAY) == 0
    for _turn in range(2):
        quotations.tell_of_ends(now=NOW + last - 3 * DAY)
    assert asked.told() == (["ending"], ["made"])
    # On its last day it can still be accepted; on the next it has run out.
    assert quotations.tell_of_ends(now=NOW + last) == 0
    for _turn in range(2):
        quotations.tell_of_ends(now=NOW + last + DAY)
    assert asked.told() == (["ending", "lapsed"], ["made", "unused"])


def test_what_was_decided_runs_out_no_more(asked: Asked) -> None:
    quotations.accept_quotation(who=asked.applicant, quotation=asked.made.pk, now=NOW)
    other = asked.another()
    quotations.withdraw_quotation(
        who=asked.operator, quotation=other.pk, reason="设备检修", now=NOW
    )
    third = asked.another()
    quotations.decline_quotation(who=asked.applicant, quotation=third.pk, now=NOW)
    assert quotations.tell_of_ends(now=NOW + 400 * DAY) == 0
    assert asked.told() == (
        ["withdrawn"],
        ["made", "accepted", "made", "made", "declined"],
    )
