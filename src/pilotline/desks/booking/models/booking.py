"""A booking, the times it occupies, and the series it may belong to."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from pilotline.desks.booking.models.bookable import Closure


class Series(models.Model):
    """Bookings that were wanted together, again and again."""

    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    every = models.CharField(max_length=8)
    interval = models.PositiveSmallIntegerField(default=1)
    count = models.PositiveSmallIntegerField()
    left_out = models.JSONField(default=list)
    made_by = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"every {self.interval} {self.every}, {self.count} times"


class Booking(models.Model):
    """Time on one or several resources, all or none. What each state may become: rules.states.

    `held_until`: when a hold, an offer or a request for approval ends by itself. `starts` and
    `ends` span all of its occupations. `fee_percent` of the price is due after a late change or
    cancellation.
    """

    class State(models.TextChoices):
        HELD = "held"
        ASKED = "asked"
        CONFIRMED = "confirmed"
        USED = "used"
        CLOSED = "closed"
        EXPIRED = "expired"
        CANCELLED = "cancelled"
        DECLINED = "declined"

    number = models.CharField(max_length=24, unique=True)
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey(
        "people.User", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    case = models.ForeignKey("demand.Case", on_delete=models.PROTECT, null=True, related_name="+")
    match = models.ForeignKey(
        "matching.Match", on_delete=models.PROTECT, null=True, related_name="+"
    )
    series = models.ForeignKey(
        Series, on_delete=models.SET_NULL, null=True, related_name="bookings"
    )
    purpose = models.CharField(max_length=500)
    family = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.HELD)
    held_until = models.DateTimeField(null=True)
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    fee_percent = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=500, blank=True)
    key = models.CharField(max_length=60, blank=True)
    release = models.PositiveIntegerField()
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["-starts", "-id"]
        indexes = [
            models.Index(fields=["organisation", "-starts"], name="booking_by_organisation"),
            models.Index(
                fields=["held_until"],
                condition=Q(state__in=["held", "asked"]),
                name="booking_that_may_expire",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "key"],
                condition=~Q(key=""),
                name="one_booking_a_key",
            ),
            models.CheckConstraint(
                condition=Q(starts__lt=F("ends")), name="booking_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(held_until__isnull=False) | ~Q(state__in=["held", "asked"]),
                name="a_hold_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.state}"


class Occupation(models.Model):
    """One piece of a resource, taken for one time: by a booking or by a closure.

    `use` is the time itself; `blocked` begins earlier by the changeover from what stands before
    it. While `living`, no two may overlap on a piece: that is the last constraint below, and it
    is the database that keeps it. `short` minutes of the changeover did not fit because what
    stood between two uses was given back.
    """

    class Approval(models.TextChoices):
        NONE = ""
        ASKED = "asked"
        GIVEN = "given"
        REFUSED = "refused"

    booking = models.ForeignKey(
        Booking, on_delete=models.CASCADE, null=True, related_name="occupations"
    )
    closure = models.ForeignKey(
        Closure, on_delete=models.CASCADE, null=True, related_name="occupations"
    )
    resource = models.ForeignKey("registry.Resource", on_delete=models.PROTECT, related_name="+")
    piece = models.PositiveSmallIntegerField(default=1)
    use = DateTimeRangeField()
    blocked = DateTimeRangeField()
    family = models.CharField(max_length=40, blank=True)
    short = models.PositiveIntegerField(default=0)
    living = models.BooleanField(default=True)
    approval = models.CharField(max_length=8, choices=Approval, default=Approval.NONE, blank=True)
    approved_by = models.BigIntegerField(null=True)
    measured_minutes = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["use", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(booking__isnull=False, closure__isnull=True)
                | Q(booking__isnull=True, closure__isnull=False),
                name="occupied_by_booking_or_closure",
            ),
            models.CheckConstraint(
                condition=Q(blocked__contains=F("use"), use__isempty=False),
                name="blocked_holds_the_use",
            ),
            models.CheckConstraint(
                condition=Q(
                    use__startswith__isnull=False,
                    use__endswith__isnull=False,
                    use__lower_inc=True,
                    use__upper_inc=False,
                    blocked__lower_inc=True,
                    blocked__upper_inc=False,
                    blocked__startswith__isnull=False,
                    blocked__endswith__isnull=False,
                ),
                name="occupied_half_open",
            ),
            ExclusionConstraint(
                name="no_two_at_the_same_time",
                expressions=[
                    ("resource", RangeOperators.EQUAL),
                    ("piece", RangeOperators.EQUAL),
                    ("blocked", RangeOperators.OVERLAPS),
                ],
                condition=Q(living=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.use}"
