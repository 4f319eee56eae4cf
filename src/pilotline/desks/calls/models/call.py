"""A program opened for application, what is objected to its list, and the votes."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Call(models.Model):
    """One opening of a program, under one rulebook release.

    `opens` to `closes` are days, both included; so are those of the vote and of the notice.
    `goals` are a challenge's, each {title, unit, at, least}: reached when `at` (`least` true: or
    more, false: or less) is. What each state allows stands in the table of `rules`.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        OPEN = "open"
        JUDGED = "judged"
        NOTICE = "notice"
        ENDED = "ended"
        CANCELLED = "cancelled"

    number = models.CharField(max_length=24, unique=True, null=True)
    program = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    release = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    about = models.TextField(blank=True)
    region = models.CharField(max_length=6)
    opens = models.DateField()
    closes = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    issuer = models.ForeignKey(
        "people.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    goals = models.JSONField(default=list)
    prize = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    place = models.CharField(max_length=200, blank=True)
    begins_at = models.DateTimeField(null=True)
    seats = models.PositiveIntegerField(null=True)
    panel = models.BigIntegerField(null=True)
    vote_from = models.DateField(null=True)
    vote_to = models.DateField(null=True)
    notice_from = models.DateField(null=True)
    notice_to = models.DateField(null=True)
    end_reason = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opens__lte=models.F("closes")), name="call_closes_after_it_opens"
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft") | models.Q(number__isnull=False),
                name="opened_calls_have_a_number",
            ),
        ]
        indexes = [models.Index(fields=["state", "-closes"], name="call_by_state")]
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.number or f"draft call {self.pk}"


class Ballot(models.Model):
    """One person's votes in a public vote; changed until it ends, never cast twice."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="ballots")
    voter = models.BigIntegerField()
    choices = ArrayField(models.BigIntegerField())
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "voter"], name="one_ballot_a_voter_and_call")
        ]

    def __str__(self) -> str:
        return f"{self.voter} in {self.call_id}"


class Objection(models.Model):
    """A reasoned objection to a list that is up for notice, and its answer."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="objections")
    application = models.ForeignKey(
        "calls.Application", null=True, on_delete=models.CASCADE, related_name="+"
    )
    by = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120)
    text = models.TextField()
    at = models.DateTimeField()
    upheld = models.BooleanField(null=True)
    answer = models.TextField(blank=True)
    answered_by_name = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"objection {self.pk} to {self.call_id}"
