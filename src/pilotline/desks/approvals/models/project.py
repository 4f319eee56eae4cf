"""Pilot projects, the conditions of their approval, and the list of key projects."""

from django.db import models
from django.db.models import Q


class Project(models.Model):
    """A case that wants to run on a line, with what it will do there.

    `plan` keeps what it does: `substances` (names), `quantity` (kg a year), `temperature_low`,
    `temperature_high` (°C), `pressure_low`, `pressure_high` (MPa), `hazard_class` and `emissions`
    (pollutant → t a year), numbers as text. `papers` names for each paper of the rulebook an
    attachment of the case. `held` is what came out when it was held against an envelope.
    """

    class Kind(models.TextChoices):
        APPROVAL = "project"
        FILING = "filing"

    class State(models.TextChoices):
        OPEN = "open"
        GRANTED = "granted"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    number = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    case = models.ForeignKey("demand.Case", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    facility = models.ForeignKey(
        "registry.Facility", null=True, on_delete=models.PROTECT, related_name="+"
    )
    line = models.ForeignKey(
        "registry.Resource", null=True, on_delete=models.PROTECT, related_name="+"
    )
    proceeding = models.OneToOneField(
        "review.Proceeding", null=True, on_delete=models.PROTECT, related_name="+"
    )
    title = models.CharField(max_length=400)
    region = models.CharField(max_length=6)
    begin = models.DateField()
    end = models.DateField()
    hazardous = models.BooleanField(default=False)
    plan = models.JSONField(default=dict)
    papers = models.JSONField(default=dict)
    held = models.JSONField(default=list)
    readiness = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    outcome = models.CharField(max_length=60, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state="open"), name="one_open_project_a_case"
            ),
            models.CheckConstraint(
                condition=Q(begin__lt=models.F("end")), name="project_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["region", "state"], name="project_by_region")]
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.number


class Condition(models.Model):
    """Something an approval demands by a day; reported by the applicant, confirmed by those who
    set it. `moves`: how often either side did something."""

    class State(models.TextChoices):
        OPEN = "open"
        REPORTED = "reported"
        MET = "met"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="conditions")
    text = models.CharField(max_length=1000)
    due = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    report = models.TextField(blank=True)
    reported_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=1000, blank=True)
    confirmed_by_name = models.CharField(max_length=120, blank=True)
    met_at = models.DateTimeField(null=True)
    reminded_on = models.DateField(null=True)
    moves = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["state", "due"], name="condition_by_due")]
        ordering = ["due", "id"]

    def __str__(self) -> str:
        return f"{self.project_id} {self.due}"


class KeyProject(models.Model):
    """A line of an official list of key projects; with no `title` all of an organisation's."""

    credit_code = models.CharField(max_length=18)
    title = models.CharField(max_length=400, blank=True)
    listed_in = models.CharField(max_length=200)
    added_by_name = models.CharField(max_length=120)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["credit_code", "title"],
                condition=Q(removed_at__isnull=True),
                name="no_key_project_twice",
            )
        ]
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.credit_code} {self.title}"
