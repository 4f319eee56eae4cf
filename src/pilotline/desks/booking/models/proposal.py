"""A plan that was proposed for those who wait at an operator's resources."""

from django.db import models
from django.db.models import Q


class PlanProposal(models.Model):
    """Asked for by an operator, worked out in the background, found again, accepted or left.

    Without an operator it is a joint plan: for wishes whose steps lie with several operators, each
    of whom accepts its own part up to `until`.
    `widely`: resources of the same kind at the same facility may serve a wish as well.
    `progress` is in percent. `weight` is what the plan serves, `bound` what no plan could exceed.
    `seed`, `engine`, `release` and `digest` (of the problem) let it be replayed. `tries` counts
    how often a worker began: one that dies with it does not begin for ever.
    """

    class State(models.TextChoices):
        ASKED = "asked"
        READY = "ready"
        FAILED = "failed"

    operator = models.ForeignKey(
        "people.Organisation", on_delete=models.CASCADE, null=True, related_name="+"
    )
    until = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    progress = models.PositiveSmallIntegerField(default=0)
    asked_by = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    widely = models.BooleanField(default=False)
    weight = models.FloatField(default=0)
    bound = models.FloatField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    seed = models.PositiveIntegerField(default=1)
    release = models.PositiveIntegerField()
    engine = models.CharField(max_length=40, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator"], condition=Q(state="asked"), name="one_plan_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state="asked", operator=None),
                name="one_joint_plan_at_a_time",
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="plan_progress_in_percent"),
        ]

    def __str__(self) -> str:
        return f"plan {self.pk}: {self.state}"


class PlanLine(models.Model):
    """What a proposal says of one wish: its time, or why it goes on waiting. A wish of several
    steps has a line for each, numbered from 1, or one for the first that finds no place.

    `beside` is the second resource of a step that takes two. `why` is the engine's word, of a
    refused line of a joint plan the reason (`rules.joint`), `earliest` the first time after the
    wish's window, on `earliest_at`, `holders` how many uses stand in the way. An accepted line has
    the offer that came of it.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed"
        WAITS = "waits"
        ACCEPTED = "accepted"
        REFUSED = "refused"

    proposal = models.ForeignKey(PlanProposal, on_delete=models.CASCADE, related_name="lines")
    waiting = models.ForeignKey(
        "booking.Waiting", on_delete=models.CASCADE, related_name="plan_lines"
    )
    step = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State)
    resource = models.ForeignKey(
        "registry.Resource", on_delete=models.CASCADE, null=True, related_name="+"
    )
    beside = models.ForeignKey(
        "registry.Resource", on_delete=models.CASCADE, null=True, related_name="+"
    )
    starts = models.DateTimeField(null=True)
    ends = models.DateTimeField(null=True)
    why = models.CharField(max_length=20, blank=True)
    earliest = models.DateTimeField(null=True)
    earliest_at = models.ForeignKey(
        "registry.Resource", on_delete=models.CASCADE, null=True, related_name="+"
    )
    holders = models.PositiveIntegerField(default=0)
    booking = models.ForeignKey(
        "booking.Booking", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    refused = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["starts", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "waiting", "step"], name="one_line_a_wish_and_step"
            ),
            models.CheckConstraint(
                condition=Q(state="waits")
                | Q(resource__isnull=False, starts__isnull=False, ends__isnull=False),
                name="a_planned_line_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.waiting_id}: {self.state}"


class PlanConsent(models.Model):
    """One operator's answer to its part of what a joint plan proposes for one wish."""

    class State(models.TextChoices):
        GIVEN = "given"
        DECLINED = "declined"

    proposal = models.ForeignKey(PlanProposal, on_delete=models.CASCADE, related_name="consents")
    waiting = models.ForeignKey("booking.Waiting", on_delete=models.CASCADE, related_name="+")
    operator = models.ForeignKey("people.Organisation", on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State)
    reason = models.CharField(max_length=500, blank=True)
    given_by = models.BigIntegerField(null=True)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "waiting", "operator"], name="one_answer_an_operator"
            )
        ]

    def __str__(self) -> str:
        return f"{self.operator_id} on {self.waiting_id}: {self.state}"
