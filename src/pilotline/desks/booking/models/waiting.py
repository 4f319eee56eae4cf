"""Who waits for a time that is taken."""

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Q

from pilotline.desks.booking.models.booking import Booking


class Waiting(models.Model):
    """A wish for `minutes` on a resource some time in `window`; served in the order of ids.

    `in_steps`: it takes the steps that are its rows of `WaitingStep`, one after another, all or
    none. Only a plan finds times for such a one; `resource` is then the first that could begin,
    `minutes` the sum. `joint`: the steps lie with several operators, its rows of `WaitingPlace`
    say where.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        OFFERED = "offered"
        TAKEN = "taken"
        LAPSED = "lapsed"
        LEFT = "left"

    resource = models.ForeignKey("registry.Resource", on_delete=models.PROTECT, related_name="+")
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
    purpose = models.CharField(max_length=500)
    family = models.CharField(max_length=40, blank=True)
    minutes = models.PositiveIntegerField()
    window = DateTimeRangeField()
    in_steps = models.BooleanField(default=False)
    joint = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    booking = models.ForeignKey(Booking, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    offered_at = models.DateTimeField(null=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["resource", "id"], condition=Q(state="waiting"), name="waiting_in_line"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} waits for {self.resource_id}: {self.state}"


class WaitingStep(models.Model):
    """One step of a wish that takes several. `ways` are the resources that could do it: each a
    list of one resource, or of two that run at once."""

    waiting = models.ForeignKey(Waiting, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField()
    minutes = models.PositiveIntegerField()
    ways = models.JSONField()

    class Meta:
        ordering = ["waiting", "number"]
        constraints = [
            models.UniqueConstraint(fields=["waiting", "number"], name="steps_have_numbers")
        ]

    def __str__(self) -> str:
        return f"{self.waiting_id}, step {self.number}"


class WaitingPlace(models.Model):
    """A facility that a joint wish names, and its first resource there."""

    waiting = models.ForeignKey(Waiting, on_delete=models.CASCADE, related_name="places")
    facility = models.ForeignKey("registry.Facility", on_delete=models.PROTECT, related_name="+")
    resource = models.ForeignKey("registry.Resource", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["waiting", "id"]
        constraints = [
            models.UniqueConstraint(fields=["waiting", "facility"], name="one_place_a_facility")
        ]

    def __str__(self) -> str:
        return f"{self.waiting_id} at {self.facility_id}"
