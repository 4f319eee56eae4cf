"""What a line is approved for, and how long it may run."""

from django.db import models
from django.db.models import Q


class Envelope(models.Model):
    """What a line was approved for; a later one takes its place (`ended_at`).

    `substances` are names; `quantity` is kg a year of all projects together; degrees are °C,
    pressures MPa; `hazard_class` is the highest class of reaction; `emissions` gives t a year of
    each pollutant for all projects together.
    """

    line = models.ForeignKey("registry.Resource", on_delete=models.PROTECT, related_name="+")
    document = models.CharField(max_length=200)
    substances = models.JSONField(default=list)
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    temperature_low = models.DecimalField(max_digits=8, decimal_places=2)
    temperature_high = models.DecimalField(max_digits=8, decimal_places=2)
    pressure_low = models.DecimalField(max_digits=8, decimal_places=3)
    pressure_high = models.DecimalField(max_digits=8, decimal_places=3)
    hazard_class = models.PositiveSmallIntegerField()
    emissions = models.JSONField(default=dict)
    since = models.DateField()
    recorded_by_name = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line"],
                condition=Q(ended_at__isnull=True),
                name="one_envelope_in_force_a_line",
            )
        ]
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.line_id} {self.document}"


class Permit(models.Model):
    """A project runs on a line from `since` up to and with `ends`; then it is closed and reported.

    `reminded` are the reminders (days before the end) that were sent, `moves` how often somebody
    asked, answered or closed.
    """

    number = models.CharField(max_length=24, unique=True)
    project = models.OneToOneField(
        "approvals.Project", on_delete=models.PROTECT, related_name="permit"
    )
    line = models.ForeignKey("registry.Resource", on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    ends = models.DateField()
    extensions = models.PositiveSmallIntegerField(default=0)
    asked_until = models.DateField(null=True)
    asked_reasons = models.TextField(blank=True)
    asked_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    closing = models.CharField(max_length=40, blank=True)
    closed_on = models.DateField(null=True)
    report = models.TextField(blank=True)
    reminded = models.JSONField(default=list)
    moves = models.PositiveIntegerField(default=0)
    is_demo = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["ends"], name="permit_by_end")]
        ordering = ["ends", "id"]

    def __str__(self) -> str:
        return self.number
