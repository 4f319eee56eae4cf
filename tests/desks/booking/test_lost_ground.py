"""What is given back when a match, a case or an organisation is lost, and who pays for it."""

from typing import Any

import pytest
from django.utils import timezone

from pilotline.desks.booking import services
from pilotline.desks.booking.models import Booking, Waiting
from pilotline.desks.demand import services as demand
from pilotline.desks.matching import services as matching
from pilotline.desks.notices.models import Notice
from pilotline.desks.people import services as people
from pilotline.desks.people.queries import actor_for
from pilotline.kernel.actor import Actor
from tests.factories import actor, person
from tests.factories_booking import HOUR, bookable, hold
from tests.factories_matching import operated, read_need, talk

# News is delivered after the commit, as in real use.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("rulebook")]
DAY = 24 * HOUR
OPEN = [(day, 0, 1440) for day in range(7)]


class Booked:
    """A match, a booking for it that is confirmed and near, and a place in line."""

    def __init__(self) -> None:
        self.owner, self.holder = person(), person("operator")
        self.applicant = actor_for(self.owner)
        self.operator, self.facility = operated(actor_for(self.holder))
        self.authority = actor("authority")
        # Delivered news carries the clock's time, so the booking lies ahead of that.
        self.start = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0) + DAY
        self.line = bookable(self.operator, self.facility, days="every", openings=OPEN)
        self.case = read_need(self.applicant)
        self.match = talk(self.applicant, self.operator, self.facility, self.line.pk, self.case)
        for who, side, move in (
            (self.operator, "operator", "accept"),
            (self.applicant, "applicant", "consent"),
        ):
            matching.say(who=who, match=self.match.pk, side=side, move=move, now=timezone.now())
        made = hold(self.applicant, self.line, self.start, match=self.match.pk, now=timezone.now())
        self.booking = services.confirm(who=self.applicant, booking=made.pk, now=timezone.now()).pk
        self.waiting = services.wait_for(
            who=self.applicant, organisation=min(self.applicant.organisations),
            resource=self.line.pk, minutes=120, start=self.start,
            end=self.start + 2 * HOUR, purpose="候补", case=self.case.pk, now=timezone.now(),
        ).pk  # fmt: skip

    def standing(self) -> Booking:
        return Booking.objects.get(pk=self.booking)

    def line_state(self) -> str:
        return Waiting.objects.get(pk=self.waiting).state

    def told(self, user: Any) -> set[str]:
        return set(Notice.objects.filter(user=user).values_list("kind", flat=True))


@pytest.fixture
def booked(rulebook: Any) -> Booked:
    return Booked()


@pytest.mark.parametrize(
    ("side", "pays"), [("applicant", True), ("operator", False), ("authority", False)]
)
def test_who_ends_the_match_decides_whether_a_fee_is_due(
    booked: Booked, side: str, pays: bool
) -> None:
    who: Actor = getattr(booked, side)
    matching.end_match(
        who=who, match=booked.match.pk, side=side, text="路线调整", now=timezone.now()
    )
    found = booked.standing()
    assert found.state == "cancelled"
    assert (found.fee_percent > 0) == pays
    assert ("booking.withdrawn" in booked.told(booked.owner)) != pays
    assert ("booking.cancelled" in booked.told(booked.holder)) == (side != "operator")


def test_what_is_in_use_runs_to_its_end(booked: Booked) -> None:
    later = booked.start + HOUR
    services.mark_used(who=booked.operator, booking=booked.booking, now=later)
    matching.end_match(
        who=booked.operator, match=booked.match.pk, side="operator", text="停机", now=later
    )
    assert booked.standing().state == "used"


def test_an_organisation_that_is_confirmed_no_more_keeps_no_time_and_stands_in_no_line(
    booked: Booked,
) -> None:
    people.revoke_organisation(
        who=booked.authority,
        organisation=min(booked.applicant.organisations),
        reason="材料不实",
        now=timezone.now(),
    )
    found = booked.standing()
    assert (found.state, found.fee_percent) == ("cancelled", 0)
    assert booked.line_state() == "left"


def test_a_case_that_is_taken_back_leaves_the_line(booked: Booked) -> None:
    booked.case.refresh_from_db()
    demand.withdraw(who=booked.applicant, case=booked.case.pk, reason="不做了", now=timezone.now())
    assert booked.standing().state == "cancelled"
    assert booked.line_state() == "left"
