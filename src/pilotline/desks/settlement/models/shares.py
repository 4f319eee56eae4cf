"""Who shares in a facility's income, by which rule, and what each got of which bill."""

from django.db import models
from django.db.models import Q

from pilotline.desks.settlement.models.bills import Bill


class ShareParty(models.Model):
    """Somebody who shares: a name, a kind of the rulebook, and where the money is to go."""

    facility = models.ForeignKey("registry.Facility", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    account = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "kind", "name"], name="one_party_a_kind_and_name"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ShareRule(models.Model):
    """How a facility divides its net income. Never changed: a newer one takes its place."""

    facility = models.ForeignKey("registry.Facility", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    author = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=120)
    release = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "number"], name="one_share_rule_a_facility_and_number"
            )
        ]

    def __str__(self) -> str:
        return f"rule {self.number} of {self.facility_id}"


class SharePart(models.Model):
    """One party's percentage in a rule."""

    rule = models.ForeignKey(ShareRule, on_delete=models.PROTECT, related_name="parts")
    party = models.ForeignKey(ShareParty, on_delete=models.PROTECT, related_name="+")
    percent = models.DecimalField(max_digits=7, decimal_places=4)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "party"], name="one_part_a_rule_and_party"),
            models.CheckConstraint(
                condition=Q(percent__gt=0, percent__lte=100), name="part_is_a_percentage"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party_id}: {self.percent} %"


class Distribution(models.Model):
    """One division of a bill's net income, or (`of` is set) its taking back."""

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="distributions")
    rule = models.ForeignKey(ShareRule, on_delete=models.PROTECT, related_name="+")
    of = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversal")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    engine = models.CharField(max_length=40)
    release = models.PositiveIntegerField()
    author = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["bill"], condition=Q(of=None), name="one_distribution_a_bill"
            )
        ]

    def __str__(self) -> str:
        return f"{self.amount} of {self.bill_id}"


class Share(models.Model):
    """What one party got of one distribution; `odd` marks the fen of rounding."""

    distribution = models.ForeignKey(Distribution, on_delete=models.PROTECT, related_name="shares")
    party = models.ForeignKey(ShareParty, on_delete=models.PROTECT, related_name="shares")
    percent = models.DecimalField(max_digits=7, decimal_places=4)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    odd = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["distribution", "party"], name="one_share_a_distribution_and_party"
            )
        ]

    def __str__(self) -> str:
        return f"{self.party_id}: {self.amount}"
