"""What a use costs: versions of tariffs, and the cost behind an hour's price."""

from django.db import models
from django.db.models import F, Q


class Tariff(models.Model):
    """One version of what a resource or, without one, the whole facility charges. Never changed.

    On a day the latest version holds that has begun by then and was not ended before; older ones
    stay for what was quoted under them. `content` is the tariff as plain JSON values; see
    docs/explain/pricing.md. Valid on the days of [valid_from, valid_to).
    """

    facility = models.ForeignKey("registry.Facility", on_delete=models.CASCADE, related_name="+")
    resource = models.ForeignKey(
        "registry.Resource", on_delete=models.CASCADE, related_name="+", null=True
    )
    version = models.PositiveIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    content = models.JSONField()
    note = models.CharField(max_length=300, blank=True)
    digest = models.CharField(max_length=64)
    release = models.PositiveIntegerField()
    made_by = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["facility", F("resource").asc(nulls_first=True), "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "resource", "version"],
                nulls_distinct=False,
                name="one_tariff_a_version",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__lt=F("valid_to")),
                name="tariff_days_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facility_id}/{self.resource_id or '*'} v{self.version}"


class TariffFile(models.Model):
    """A list of prices that was handed in, with the plan that was shown for it.

    `digest` is of that plan: only this very plan is carried out. The content is kept to hand it
    back annotated, until it grows old.
    """

    class Status(models.TextChoices):
        PLANNED = "planned"
        APPLIED = "applied"

    name = models.CharField(max_length=200)
    content = models.BinaryField()
    plan = models.JSONField()
    digest = models.CharField(max_length=64)
    status = models.CharField(max_length=10, choices=Status, default=Status.PLANNED)
    made_by = models.BigIntegerField(null=True)
    made_at = models.DateTimeField(db_index=True)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"{self.name} {self.status}"


class CostBasis(models.Model):
    """One version of what stands behind an hour of a resource. The highest version counts.

    `content` holds the basis, `price` the yuan per hour that it builds up to.
    """

    resource = models.ForeignKey("registry.Resource", on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()
    content = models.JSONField()
    price = models.DecimalField(max_digits=14, decimal_places=2)
    is_public = models.BooleanField(default=False)
    made_by = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["resource", "-version"]
        verbose_name_plural = "cost bases"
        constraints = [
            models.UniqueConstraint(
                fields=["resource", "version"], name="one_cost_basis_a_version"
            ),
            models.CheckConstraint(condition=Q(price__gte=0), name="built_up_price_not_negative"),
        ]

    def __str__(self) -> str:
        return f"cost of {self.resource_id} v{self.version}"
