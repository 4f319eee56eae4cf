"""The advisory committee, and the meetings of committees and panels."""

from django.db import models
from django.db.models import Q

from pilotline.desks.review.models.expert import Expert
from pilotline.desks.review.models.panel import Panel


class Committee(models.Model):
    """A standing body of experts that advises on questions put to it."""

    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120, blank=True)
    about = models.TextField(blank=True)
    region = models.CharField(max_length=6)
    since = models.DateField()
    ended_on = models.DateField(null=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title


class Term(models.Model):
    """An expert sits on a committee from `since` up to, and without, `until`."""

    class Seat(models.TextChoices):
        CHAIR = "chair"
        DEPUTY = "deputy"
        MEMBER = "member"

    committee = models.ForeignKey(Committee, on_delete=models.CASCADE, related_name="terms")
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="terms")
    seat = models.CharField(max_length=10, choices=Seat, default=Seat.MEMBER)
    since = models.DateField()
    until = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gt=models.F("since")), name="term_ends_after_it_begins"
            ),
            models.UniqueConstraint(
                fields=["committee", "expert", "since"], name="one_term_an_expert_and_day"
            ),
        ]
        ordering = ["committee_id", "seat", "id"]

    def __str__(self) -> str:
        return f"{self.expert_id} on {self.committee_id}"


class Meeting(models.Model):
    """A meeting of a panel or of a committee. `findings` is what a panel found of its items, by
    item: {"outcome", "words"}. Once the minutes are sealed nothing of it changes."""

    class State(models.TextChoices):
        CALLED = "called"
        SEALED = "sealed"
        CANCELLED = "cancelled"

    panel = models.ForeignKey(Panel, null=True, on_delete=models.CASCADE, related_name="meetings")
    committee = models.ForeignKey(
        Committee, null=True, on_delete=models.CASCADE, related_name="meetings"
    )
    title = models.CharField(max_length=200)
    place = models.CharField(max_length=200, blank=True)
    starts_at = models.DateTimeField()
    agenda = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.CALLED)
    minutes = models.TextField(blank=True)
    findings = models.JSONField(default=dict)
    sealed_at = models.DateTimeField(null=True)
    sealed_by_name = models.CharField(max_length=120, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(panel__isnull=True, committee__isnull=False)
                | Q(panel__isnull=False, committee__isnull=True),
                name="meeting_of_a_panel_or_a_committee",
            ),
            models.CheckConstraint(
                condition=~Q(state="sealed") | ~Q(digest=""), name="sealed_minutes_have_a_digest"
            ),
        ]
        ordering = ["-starts_at", "-id"]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """Who was called to a meeting, and whether they came. `away_for` are the panel items for which
    an expert with a conflict left the room."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendances")
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="+")
    came = models.BooleanField(null=True)
    away_for = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "expert"], name="one_attendance_a_meeting_and_expert"
            )
        ]
        ordering = ["meeting_id", "id"]

    def __str__(self) -> str:
        return f"{self.expert_id} at {self.meeting_id}"


class Question(models.Model):
    """What a committee is asked, tied to the case or program it concerns, and its advice."""

    class State(models.TextChoices):
        ASKED = "asked"
        CALLED = "called"
        ANSWERED = "answered"
        WITHDRAWN = "withdrawn"

    committee = models.ForeignKey(Committee, on_delete=models.CASCADE, related_name="questions")
    title = models.CharField(max_length=200)
    text = models.TextField()
    subject_kind = models.CharField(max_length=40, blank=True)
    subject = models.BigIntegerField(null=True)
    case = models.ForeignKey("demand.Case", null=True, on_delete=models.PROTECT, related_name="+")
    program = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.BigIntegerField(null=True)
    asked_by_name = models.CharField(max_length=120)
    meeting = models.ForeignKey(
        Meeting, null=True, on_delete=models.SET_NULL, related_name="questions"
    )
    advice = models.TextField(blank=True)
    in_favour = models.PositiveSmallIntegerField(null=True)
    against = models.PositiveSmallIntegerField(null=True)
    abstained = models.PositiveSmallIntegerField(null=True)
    answered_at = models.DateTimeField(null=True)
    is_public = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="answered") | ~Q(advice=""), name="answered_question_has_advice"
            )
        ]
        indexes = [models.Index(fields=["subject_kind", "subject"], name="question_by_subject")]
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title
