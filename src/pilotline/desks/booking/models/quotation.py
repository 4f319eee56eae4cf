"""A bill worked out beforehand, kept with all it rests on."""

from django.db import models
from django.db.models import Q

from pilotline.desks.booking.models.booking import Booking


class Quotation(models.Model):
    """What a facility asks of an organisation for certain uses, valid up to and with a day.

    What was quoted (`wanted`, `lines`, the amounts, `tariffs` with their versions, `release` and
    `engine`) is never changed; `digest` is taken over all of it. Only `state` moves, and only
    from open.
    """

    class State(models.TextChoices):
        OPEN = "open"
        ACCEPTED = "accepted"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"

    number = models.CharField(max_length=24, unique=True)
    facility = models.ForeignKey("registry.Facility", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    booking = models.ForeignKey(
        Booking, on_delete=models.PROTECT, null=True, related_name="quotations"
    )
    case = models.ForeignKey("demand.Case", on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    user_class = models.CharField(max_length=60, blank=True)
    wanted = models.JSONField()
    lines = models.JSONField()
    tariffs = models.JSONField()
    net = models.DecimalField(max_digits=16, decimal_places=2)
    tax = models.DecimalField(max_digits=16, decimal_places=2)
    total = models.DecimalField(max_digits=16, decimal_places=2)
    note = models.CharField(max_length=500, blank=True)
    valid_until = models.DateField()
    release = models.PositiveIntegerField()
    engine = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    made_by = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    decided_by = models.BigIntegerField(null=True)
    decided_by_name = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    told_of_end = models.CharField(max_length=8, blank=True)  # "", "soon", "lapsed"
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["valid_until"],
                condition=Q(state="open"),
                name="quotation_that_may_lapse",
            ),
            models.Index(fields=["organisation", "-id"], name="quotation_by_organisation"),
            models.Index(fields=["facility", "-id"], name="quotation_by_facility"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["booking", "facility"],
                condition=Q(state="accepted"),
                name="one_accepted_quotation_a_booking",
            ),
            models.CheckConstraint(
                condition=Q(total__gte=0, tax__gte=0), name="quotation_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(decided_at__isnull=False),
                name="a_decided_quotation_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.total}"
