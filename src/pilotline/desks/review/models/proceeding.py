"""A subject that moves along a track, the course of each step, and who was urged."""

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q

LIVING = Q(state__in=["open", "waiting", "held"])
OPEN_OFFICES = Q(state="open", role__in=["authority", "expert"])


class Proceeding(models.Model):
    """One subject on its way along one track of one rulebook release.

    `subject_kind` and `subject` name a row of a desk above. `happened` is the whole course as
    the engine reads it: [day, step, what] in order; the rows of `StepRun` repeat what follows
    from it. `version` grows with every change. `region` is where it is decided.
    """

    class State(models.TextChoices):
        OPEN = "open"
        ENDED = "ended"
        WITHDRAWN = "withdrawn"

    subject_kind = models.CharField(max_length=40)
    subject = models.BigIntegerField()
    number = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=400)
    title_en = models.CharField(max_length=400, blank=True)
    organisation = models.ForeignKey(
        "people.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    operator = models.ForeignKey(
        "people.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    case = models.ForeignKey("demand.Case", null=True, on_delete=models.PROTECT, related_name="+")
    region = models.CharField(max_length=6)
    track = models.CharField(max_length=60)
    release = models.PositiveIntegerField()
    green = models.BooleanField(default=False)
    green_reasons = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    outcome = models.CharField(max_length=60, blank=True)
    happened = models.JSONField(default=list)
    opened_on = models.DateField()
    opened_at = models.DateTimeField()
    closed_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)
    latest_end = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject", "track"],
                condition=Q(state="open"),
                name="one_open_proceeding_a_subject_and_track",
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True)
                | ~Q(state="open") & Q(closed_at__isnull=False),
                name="proceeding_closed_when_not_open",
            ),
        ]
        indexes = [
            models.Index(fields=["subject_kind", "subject"], name="proceeding_by_subject"),
            models.Index(fields=["region", "state"], name="proceeding_by_region"),
            models.Index(fields=["organisation", "-id"], name="proceeding_by_organisation"),
        ]
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.number or f"{self.subject_kind} {self.subject}"


class StepRun(models.Model):
    """The course of one step, once.

    `role` is who does it, `body` the office of the rulebook that does, `region` whose authority
    answers, `organisation` whose turn it is when the role is an applicant's or operator's.
    `due` is the last day in time, None while the clock stands. `green` repeats the proceeding's
    lane, which never changes, so that an inbox is read from one index in its order.
    `stops` are [from, to] days in which it stood; `to` is None while it stands. `holder` is the
    person who took it.
    """

    class State(models.TextChoices):
        OPEN = "open"
        WAITING = "waiting"
        HELD = "held"
        DONE = "done"
        SKIPPED = "skipped"
        DROPPED = "dropped"

    proceeding = models.ForeignKey(Proceeding, on_delete=models.CASCADE, related_name="runs")
    step = models.CharField(max_length=60)
    act = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    role = models.CharField(max_length=12)
    body = models.CharField(max_length=60, blank=True)
    region = models.CharField(max_length=6)
    organisation = models.ForeignKey(
        "people.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    green = models.BooleanField(default=False)
    days = models.PositiveSmallIntegerField(default=0)
    opened_on = models.DateField()
    opened_at = models.DateTimeField()
    due = models.DateField(null=True)
    stops = models.JSONField(default=list)
    holder = models.BigIntegerField(null=True)
    holder_name = models.CharField(max_length=120, blank=True)
    outcome = models.CharField(max_length=60, blank=True)
    reasons = models.TextField(blank=True)
    question = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    done_by = models.BigIntegerField(null=True)
    done_by_name = models.CharField(max_length=120, blank=True)
    done_on = models.DateField(null=True)
    done_at = models.DateTimeField(null=True)
    escalated_to = models.CharField(max_length=60, blank=True)
    escalated_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["proceeding", "step"],
                condition=LIVING,
                name="one_living_run_a_step",
            ),
        ]
        indexes = [
            models.Index(
                F("green").desc(),
                F("due").asc(nulls_last=True),
                "id",
                name="step_inbox",
                condition=OPEN_OFFICES,
            ),
            models.Index(
                OpClass("region", "varchar_pattern_ops"),
                "state",
                name="step_by_region",
                condition=LIVING,
            ),
            models.Index(fields=["due"], name="step_by_due", condition=OPEN_OFFICES),
            models.Index(fields=["holder"], name="step_by_holder", condition=LIVING),
            models.Index(fields=["organisation", "state"], name="step_by_organisation"),
        ]
        ordering = ["proceeding_id", "id"]

    def __str__(self) -> str:
        return f"{self.proceeding_id} {self.step}: {self.state}"


class Urge(models.Model):
    """Somebody above asked for speed (`urge`) or took the step under supervision, and the answer.

    Never changed but for the one answer.
    """

    class Kind(models.TextChoices):
        URGE = "urge"
        SUPERVISE = "supervise"

    run = models.ForeignKey(StepRun, on_delete=models.CASCADE, related_name="urges")
    kind = models.CharField(max_length=10, choices=Kind)
    words = models.CharField(max_length=1000, blank=True)
    by = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()
    answer = models.CharField(max_length=1000, blank=True)
    answered_by_name = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.run_id}"
