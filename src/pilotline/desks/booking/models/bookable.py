"""What can be booked and when: settings, opening hours, changeovers, closures, licences."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, IntegerRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

DAY_MINUTES = 1440


class Bookable(models.Model):
    """How one resource of the registry is booked. Its row is what writers of a calendar lock.

    `days` says whether opening hours hold on every day or on the region's working days only.
    `through`: a use may run through closed hours, only its start and end lie in opening hours.
    `scale` is one of the rulebook's: how full the resource should be depends on it.
    `changeover` is the least number of minutes between two uses where no `Changeover` says else.
    `pieces` equal pieces are booked one by one, each with a calendar of its own.
    """

    class Days(models.TextChoices):
        EVERY = "every"
        WORKING = "working"

    resource = models.OneToOneField(
        "registry.Resource", on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    is_open = models.BooleanField(default=True)
    is_public = models.BooleanField(default=True)
    days = models.CharField(max_length=8, choices=Days, default=Days.WORKING)
    through = models.BooleanField(default=False)
    slot = models.PositiveIntegerField(default=60)
    shortest = models.PositiveIntegerField(default=60)
    longest = models.PositiveIntegerField(default=60 * 24 * 14)
    lead = models.PositiveIntegerField(default=0)
    horizon_days = models.PositiveIntegerField(default=365)
    changeover = models.PositiveIntegerField(default=0)
    approval = models.BooleanField(default=False)
    licence = models.BooleanField(default=False)
    pieces = models.PositiveSmallIntegerField(default=1)
    scale = models.CharField(max_length=40, blank=True)
    about = models.TextField(max_length=1000, blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(slot__gte=5, slot__lte=DAY_MINUTES), name="bookable_slot_sensible"
            ),
            models.CheckConstraint(
                condition=Q(shortest__gte=1) & Q(longest__gte=F("shortest")),
                name="bookable_lengths_in_order",
            ),
            models.CheckConstraint(condition=Q(pieces__gte=1), name="bookable_has_a_piece"),
        ]

    def __str__(self) -> str:
        return f"bookable {self.resource_id}"


class Opening(models.Model):
    """Open on one day of the week (0 is Monday) from minute to minute of the local day."""

    bookable = models.ForeignKey(Bookable, on_delete=models.CASCADE, related_name="openings")
    weekday = models.PositiveSmallIntegerField()
    start = models.PositiveSmallIntegerField()
    end = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["weekday", "start"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__lte=6, end__lte=DAY_MINUTES) & Q(start__lt=F("end")),
                name="opening_within_a_day",
            ),
            ExclusionConstraint(
                name="opening_hours_do_not_overlap",
                expressions=[
                    ("bookable", RangeOperators.EQUAL),
                    ("weekday", RangeOperators.EQUAL),
                    (
                        Func(
                            "start", "end", function="int4range", output_field=IntegerRangeField()
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday}: {self.start}-{self.end}"


class Changeover(models.Model):
    """Minutes of cleaning and set-up between two material families; "" stands for any."""

    bookable = models.ForeignKey(Bookable, on_delete=models.CASCADE, related_name="changeovers")
    before = models.CharField(max_length=40, blank=True)
    after = models.CharField(max_length=40, blank=True)
    minutes = models.PositiveIntegerField()

    class Meta:
        ordering = ["before", "after"]
        constraints = [
            models.UniqueConstraint(
                fields=["bookable", "before", "after"], name="one_changeover_a_pair"
            )
        ]

    def __str__(self) -> str:
        return f"{self.before or '*'} → {self.after or '*'}: {self.minutes}"


class Closure(models.Model):
    """A time in which resources of a facility cannot be used. Its occupations block them."""

    class Kind(models.TextChoices):
        MAINTENANCE = "maintenance"
        CALIBRATION = "calibration"
        OTHER = "other"

    facility = models.ForeignKey("registry.Facility", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    period = DateTimeRangeField()
    reason = models.CharField(max_length=300, blank=True)
    made_by = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} at {self.facility_id}"


class Licence(models.Model):
    """This person was trained on this resource, or is licensed for it, up to and with a day."""

    resource = models.ForeignKey("registry.Resource", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="+")
    until = models.DateField()
    note = models.CharField(max_length=300, blank=True)
    given_by = models.BigIntegerField(null=True)
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-until", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["resource", "user"],
                condition=Q(ended_at=None),
                name="one_licence_a_person_and_resource",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.resource_id} until {self.until}"
