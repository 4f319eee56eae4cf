"""Disputes about an order or a bill, mediated by the authority."""

from django.db import models
from django.db.models import Q

from pilotline.desks.settlement.models.bills import Bill
from pilotline.desks.settlement.models.orders import Order, Side


class Dispute(models.Model):
    """What two sides disagree on. Open until it is settled by the authority or withdrawn."""

    class State(models.TextChoices):
        OPEN = "open"
        SETTLED = "settled"
        WITHDRAWN = "withdrawn"

    number = models.CharField(max_length=24, unique=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="disputes")
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, null=True, related_name="disputes")
    side = models.CharField(max_length=10, choices=Side)
    subject = models.CharField(max_length=200)
    region = models.CharField(max_length=6)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    outcome = models.TextField(max_length=4000, blank=True)
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(state="open"), name="one_open_dispute_an_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.state}"


class DisputeEntry(models.Model):
    """One thing said. Never changed."""

    class Kind(models.TextChoices):
        OPENING = "opening"
        STATEMENT = "statement"
        MEDIATION = "mediation"
        SETTLEMENT = "settlement"
        WITHDRAWAL = "withdrawal"

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=Kind)
    side = models.CharField(max_length=10)
    author = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=120)
    text = models.TextField(max_length=4000)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} in {self.dispute_id}"
