"""Tables of matching: stored shortlists, the talk between two sides, gaps."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Shortlist(models.Model):
    """One reasoned answer to one case. Kept as given, so that it can be replayed."""

    case = models.ForeignKey("demand.Case", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    actor = models.BigIntegerField(null=True)
    release = models.PositiveIntegerField()
    engine = models.CharField(max_length=40)
    case_version = models.BigIntegerField()
    catalogue_version = models.BigIntegerField()
    problem_digest = models.CharField(max_length=64)
    milliseconds = models.FloatField()
    answer = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["case", "-id"], name="shortlist_by_case")]
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.case_id} @ {self.at:%Y-%m-%d %H:%M}"


class Match(models.Model):
    """The talk between a case and a facility, until both consent or one side leaves.

    What was agreed may still come to nothing: then it is `ended`, and the case looks again.
    """

    class State(models.TextChoices):
        OPEN = "open"
        AGREED = "agreed"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"
        ENDED = "ended"

    class Side(models.TextChoices):
        APPLICANT = "applicant"
        OPERATOR = "operator"
        AUTHORITY = "authority"

    case = models.ForeignKey("demand.Case", on_delete=models.CASCADE, related_name="+")
    facility = models.ForeignKey("registry.Facility", on_delete=models.PROTECT, related_name="+")
    line = models.ForeignKey(
        "registry.Resource", on_delete=models.PROTECT, related_name="+", null=True
    )
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    opened_by = models.CharField(max_length=10, choices=Side)
    waiting_for = models.CharField(max_length=10, choices=Side, blank=True)
    opened_at = models.DateTimeField()
    applicant_consent = models.DateTimeField(null=True)
    operator_consent = models.DateTimeField(null=True)
    reason = models.CharField(max_length=40, blank=True)
    closed_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField()
    reasons = models.JSONField(default=dict)
    release = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "facility", "line"],
                condition=models.Q(state__in=["open", "agreed"]),
                nulls_distinct=False,
                name="one_living_match_a_case_and_line",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(state="agreed"),
                name="one_agreed_match_a_case",
            ),
        ]
        indexes = [models.Index(fields=["facility", "state", "-last_at"], name="match_inbox")]
        ordering = ["-last_at"]

    def __str__(self) -> str:
        return f"{self.case_id} ~ {self.facility_id}: {self.state}"


class MatchMessage(models.Model):
    """One thing said in a talk. Never changed."""

    class Kind(models.TextChoices):
        ASK = "ask"
        OFFER = "offer"
        QUESTION = "question"
        ANSWER = "answer"
        ACCEPT = "accept"
        CONSENT = "consent"
        DECLINE = "decline"
        WITHDRAW = "withdraw"
        END = "end"

    match = models.ForeignKey(Match, on_delete=models.CASCADE, related_name="messages")
    side = models.CharField(max_length=10, choices=Match.Side)
    author = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} by {self.side}"


class Gap(models.Model):
    """An accepted case that no facility, and no two together, can serve today."""

    case = models.OneToOneField("demand.Case", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12)
    fields = ArrayField(models.CharField(max_length=60), default=list)
    verifications = ArrayField(models.CharField(max_length=60), default=list)
    scale = models.CharField(max_length=40, blank=True)
    region = models.CharField(max_length=6)
    attributes = ArrayField(models.CharField(max_length=60), default=list)
    blocking = models.JSONField(default=list)
    since = models.DateTimeField()
    checked_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["-since"]

    def __str__(self) -> str:
        return f"gap {self.case_id}"
