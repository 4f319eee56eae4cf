"""Orders, every version of their text, and who agreed to which."""

from django.db import models
from django.db.models import Q


class Side(models.TextChoices):
    APPLICANT = "applicant"
    OPERATOR = "operator"


class Order(models.Model):
    """What two sides agree on. `version` is the newest text, `agreed_version` the one in force.

    When the two differ on an agreed order, an amendment waits. `price`, `starts` and `ends`
    repeat the newest text. What each state may become stands in `rules.states`.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        AGREED = "agreed"
        COMPLETED = "completed"
        TERMINATED = "terminated"
        WITHDRAWN = "withdrawn"

    number = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    match = models.ForeignKey(
        "matching.Match", on_delete=models.PROTECT, null=True, related_name="+"
    )
    case = models.ForeignKey("demand.Case", on_delete=models.PROTECT, null=True, related_name="+")
    facility = models.ForeignKey("registry.Facility", on_delete=models.PROTECT, related_name="+")
    applicant = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    operator = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    agreed_version = models.PositiveIntegerField(null=True)
    waiting_for = models.CharField(max_length=10, blank=True)
    price = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    starts = models.DateField(null=True)
    ends = models.DateField(null=True)
    drafted_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    release = models.PositiveIntegerField()
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["applicant", "-id"], name="order_by_applicant"),
            models.Index(fields=["operator", "-id"], name="order_by_operator"),
            models.Index(fields=["facility", "-id"], name="order_by_facility"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["match"],
                condition=Q(state__in=["draft", "agreed", "completed"]),
                name="one_living_order_a_match",
            ),
            models.CheckConstraint(
                condition=Q(price__isnull=True) | Q(price__gte=0), name="order_price_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | Q(agreed_version__isnull=False),
                name="agreed_orders_have_a_text",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.state}"


class OrderVersion(models.Model):
    """One text of an order, as it is printed: frozen, hashed, never changed.

    `dropped_at`: an amendment that was given up again.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    side = models.CharField(max_length=10, choices=Side)
    author = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=120)
    note = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="one_text_an_order_and_number")
        ]

    def __str__(self) -> str:
        return f"{self.order_id} v{self.number} {self.digest[:12]}"


class Consent(models.Model):
    """A side agreed to one text: who, when, and the hash of what they had before their eyes."""

    version = models.ForeignKey(OrderVersion, on_delete=models.PROTECT, related_name="consents")
    side = models.CharField(max_length=10, choices=Side)
    author = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=120)
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "side"], name="one_consent_a_side_and_text")
        ]

    def __str__(self) -> str:
        return f"{self.side} to {self.version_id}"
