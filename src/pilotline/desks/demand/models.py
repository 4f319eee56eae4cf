"""Tables of demand: cases, what they require, what is attached, receipts, who may look inside.

Answers are kept as typed, keyed by the fields of the rulebook's form; the columns beside them
repeat what lists filter by and are derived from the answers on every change.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models


def _words(length: int) -> ArrayField:
    return ArrayField(models.CharField(max_length=length), default=list, blank=True)


class Kind(models.TextChoices):
    NEED = "need"
    TECHNOLOGY = "technology"


class Status(models.TextChoices):
    """What each one allows stands in the table of `rules.py`."""

    DRAFT = "draft"
    ACCEPTED = "accepted"
    MATCHED = "matched"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Case(models.Model):
    """A need or a technology, from its first draft to its end.

    `text` is the free text as it is read and ranked by: it may hold confidential words and is
    never shown or indexed; `public_text` is all that strangers may search. `offered` are answers
    that were read from the text and wait to be taken over. `version` grows with every change;
    forms carry it back and are too late when the answers changed after it (`answered_at`).
    `submit_key` is what the form sent when it was accepted, so that a second click is known.
    """

    kind = models.CharField(max_length=10, choices=Kind)
    number = models.CharField(max_length=24, unique=True, null=True)
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    created_by = models.BigIntegerField(null=True)
    title = models.CharField(max_length=400, blank=True)
    title_en = models.CharField(max_length=400, blank=True)
    answers = models.JSONField(default=dict)
    text = models.TextField(blank=True)
    public_text = models.TextField(blank=True)
    offered = models.JSONField(default=list)
    region = models.CharField(max_length=6, blank=True)
    fields = _words(40)
    chain = models.CharField(max_length=40, blank=True)
    services = _words(40)
    verifications = _words(40)
    scale = models.CharField(max_length=40, blank=True)
    deadline = models.DateField(null=True)
    budget = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    released = _words(60)
    confidential = _words(60)
    facility_hint = models.CharField(max_length=40, blank=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=500, blank=True)
    release = models.PositiveIntegerField(null=True)
    version = models.PositiveIntegerField(default=1)
    answered_at = models.PositiveIntegerField(default=1)
    submit_key = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status="draft")
                | models.Q(status="withdrawn")
                | models.Q(number__isnull=False, accepted_at__isnull=False),
                name="accepted_cases_have_a_number",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-id"], name="case_by_organisation"),
            models.Index(fields=["kind", "status", "-accepted_at"], name="case_by_kind_and_status"),
            models.Index(fields=["region", "status"], name="case_by_region"),
        ]
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.number or f"draft {self.pk}"


class Requirement(models.Model):
    """One thing a facility must be able to do, in the words of the rulebook's vocabulary.

    `low` and `high` stand in the attribute's own unit, None is an open side. What was read from
    the text keeps its place: `words` is `answers[source][start:end]`; `written` is the statement
    itself, and changes when it is corrected. With `must` it is a
    limit that no facility may miss, without it a wish.
    """

    class Origin(models.TextChoices):
        READ = "read"
        TYPED = "typed"

    class State(models.TextChoices):
        OFFERED = "offered"
        CONFIRMED = "confirmed"
        DISMISSED = "dismissed"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="requirements")
    attribute = models.CharField(max_length=60)
    low = models.DecimalField(max_digits=30, decimal_places=10, null=True)
    high = models.DecimalField(max_digits=30, decimal_places=10, null=True)
    values = _words(60)
    relation = models.CharField(max_length=20, blank=True)
    written = models.CharField(max_length=400, blank=True)
    words = models.TextField(blank=True)
    source = models.CharField(max_length=60, blank=True)
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    origin = models.CharField(max_length=10, choices=Origin)
    state = models.CharField(max_length=10, choices=State)
    must = models.BooleanField(default=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["case", "state"], name="requirement_by_case")]
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return f"{self.attribute} {self.written}"

    @property
    def is_limit(self) -> bool:
        """True when no facility may miss it: only the applicant's word makes a limit."""
        return self.must and self.state == self.State.CONFIRMED


class Attachment(models.Model):
    """A file that was handed in. `key` is its random name in the store, outside the web root."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=120)
    upload_kind = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    key = models.CharField(max_length=120, unique=True)
    confidential = models.BooleanField(default=False)
    uploaded_by = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class Receipt(models.Model):
    """What was accepted, frozen: the content that is printed and the hash it is checked by."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="receipt")
    number = models.CharField(max_length=24, unique=True)
    at = models.DateTimeField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.number


class Insight(models.Model):
    """An organisation that was let in to look at a case, as an operator that was asked is."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="insights")
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.CASCADE, related_name="+"
    )
    confidential = models.BooleanField(default=False)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "organisation"], name="one_insight_a_case_and_organisation"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} into {self.case_id}"


class Aside(models.Model):
    """Answers that could not be saved, for somebody had saved first. Kept to choose from."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="asides")
    answers = models.JSONField()
    based_on = models.PositiveIntegerField()
    typed_by = models.BigIntegerField(null=True)
    typed_by_name = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.case_id} @{self.based_on}"
