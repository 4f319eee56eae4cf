"""The demonstration's year of bookings: in every state, and no two at the same time."""

import os
from collections import Counter

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from pilotline.desks.booking import services
from pilotline.desks.booking.models import Booking, Closure, PlanProposal, Series, Waiting

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("rulebook")]


def test_a_year_of_bookings_without_a_collision():
    os.makedirs(settings.HOME, exist_ok=True)
    call_command(
        "load_demonstration", facilities=2, cases=1, without=["calls", "approvals"], verbosity=0
    )
    states = Counter(Booking.objects.values_list("state", flat=True))
    assert {"closed", "cancelled", "held"} <= set(states)
    assert states["closed"] > 20
    assert Closure.objects.exists()
    assert Waiting.objects.exists()
    assert Series.objects.exists()
    assert Waiting.objects.get(in_steps=True, joint=False).steps.count() == 3
    assert Waiting.objects.get(joint=True).places.count() == 2
    assert services.work_out(now=timezone.now(), seconds=1) == 2
    assert set(PlanProposal.objects.values_list("state", flat=True)) == {"ready"}
    joint = PlanProposal.objects.get(operator=None)
    assert set(joint.lines.values_list("state", flat=True)) == {"proposed"}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM booking_occupation a JOIN booking_occupation b"
            " ON a.resource_id = b.resource_id AND a.id < b.id"
            " WHERE a.living AND b.living AND a.blocked && b.blocked"
        )
        assert cursor.fetchone() == (0,)
