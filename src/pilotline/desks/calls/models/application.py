"""Applications, their partners and files, what is promised afterwards, and plans of cultivation."""

from django.db import models

from pilotline.desks.calls.models.call import Call


class Application(models.Model):
    """What one organisation puts forward in one call.

    `facts` are those the conditions were judged by when it was accepted. `total` is out of 100,
    `points` those of the marks alone, `votes` those of the vote. `proceeding` is its course.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        JOINING = "joining"
        ACCEPTED = "accepted"
        REVIEWED = "reviewed"
        LISTED = "listed"
        NOT_LISTED = "not_listed"
        GRANTED = "granted"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"
        SEATED = "seated"
        WAITING = "waiting"

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="applications")
    number = models.CharField(max_length=24, unique=True, null=True)
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    facility = models.ForeignKey(
        "registry.Facility", null=True, on_delete=models.PROTECT, related_name="+"
    )
    case = models.ForeignKey("demand.Case", null=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200, blank=True)
    title_en = models.CharField(max_length=200, blank=True)
    category = models.CharField(max_length=60, blank=True)
    region = models.CharField(max_length=6)
    answers = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    proceeding = models.BigIntegerField(null=True)
    asked = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    granted = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    points = models.DecimalField(max_digits=7, decimal_places=3, null=True)
    raw_points = models.DecimalField(max_digits=7, decimal_places=3, null=True)
    votes = models.PositiveIntegerField(null=True)
    total = models.DecimalField(max_digits=7, decimal_places=3, null=True)
    rank = models.PositiveIntegerField(null=True)
    why = models.CharField(max_length=20, blank=True)
    reasons = models.TextField(blank=True)
    seats = models.PositiveSmallIntegerField(default=1)
    checked_in_at = models.DateTimeField(null=True)
    created_by = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["call", "organisation"],
                condition=models.Q(state="draft"),
                name="one_draft_a_call_and_organisation",
            ),
        ]
        indexes = [
            models.Index(fields=["call", "state", "rank"], name="application_by_call"),
            models.Index(fields=["organisation", "-id"], name="application_by_organisation"),
        ]
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.number or f"draft application {self.pk}"


class Partner(models.Model):
    """An organisation that takes part, its task and its share of the money in percent."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="partners")
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    task = models.CharField(max_length=400)
    share = models.DecimalField(max_digits=5, decimal_places=2)
    leads = models.BooleanField(default=False)
    agreed_at = models.DateTimeField(null=True)
    agreed_by_name = models.CharField(max_length=120, blank=True)
    declined_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "organisation"], name="one_partner_an_organisation"
            ),
            models.UniqueConstraint(
                fields=["application"], condition=models.Q(leads=True), name="one_lead"
            ),
            models.CheckConstraint(
                condition=models.Q(share__gte=0, share__lte=100), name="share_is_a_percentage"
            ),
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.application_id}"


class Paper(models.Model):
    """A file that belongs to an application, stored outside the web root."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="papers")
    name = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    key = models.CharField(max_length=120, unique=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class Milestone(models.Model):
    """A promise of a granted application: reported by the applicant, checked by the authority."""

    class State(models.TextChoices):
        OPEN = "open"
        REPORTED = "reported"
        PASSED = "passed"
        FAILED = "failed"

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="milestones"
    )
    title = models.CharField(max_length=200)
    due = models.DateField()
    amount = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    report = models.TextField(blank=True)
    reported_at = models.DateTimeField(null=True)
    verdict = models.TextField(blank=True)
    judged_at = models.DateTimeField(null=True)
    reminded_on = models.DateField(null=True)

    class Meta:
        ordering = ["due", "id"]

    def __str__(self) -> str:
        return f"{self.title} by {self.due}"


class GoalTest(models.Model):
    """The acceptance test of one goal of a challenge: what was measured, by what proof."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="tests")
    goal = models.PositiveSmallIntegerField()
    measured = models.DecimalField(max_digits=24, decimal_places=6)
    reached = models.BooleanField()
    proof = models.CharField(max_length=1000)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "goal"], name="one_test_a_goal")
        ]
        ordering = ["goal"]

    def __str__(self) -> str:
        return f"goal {self.goal} of {self.application_id}"


class CultivationPlan(models.Model):
    """What a facility still lacks for a program, and until when it means to bring it.

    `items` are the gates it missed when the plan was made: {fact, zh, en, advice_zh, advice_en}.
    """

    facility = models.ForeignKey("registry.Facility", on_delete=models.CASCADE, related_name="+")
    program = models.CharField(max_length=60)
    items = models.JSONField()
    until = models.DateField()
    words = models.TextField(blank=True)
    made_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "program"],
                condition=models.Q(ready_at__isnull=True),
                name="one_open_plan_a_facility_and_program",
            )
        ]
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.facility_id} for {self.program}"
