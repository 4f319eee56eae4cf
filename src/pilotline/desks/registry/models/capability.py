"""What was measured or certified: the facts that requirements are held against."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from pilotline.desks.registry.models.facility import Facility
from pilotline.desks.registry.models.resource import Resource


class Capability(models.Model):
    """One attribute of the vocabulary, stated for a resource or (None) the whole facility.

    `low` and `high` are in the attribute's own unit, None is an open side. `values` are value
    ids of a set or level; a flag is stated as `yes` or `no`. `written` is the text as typed.
    """

    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="capabilities")
    resource = models.ForeignKey(
        Resource, null=True, blank=True, on_delete=models.CASCADE, related_name="capabilities"
    )
    attribute = models.CharField(max_length=40)
    low = models.DecimalField(max_digits=30, decimal_places=10, null=True, blank=True)
    high = models.DecimalField(max_digits=30, decimal_places=10, null=True, blank=True)
    values = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    written = models.CharField(max_length=200)
    unit = models.CharField(max_length=40, blank=True)
    measured_on = models.DateField(null=True, blank=True)
    evidence = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["attribute", "id"]
        verbose_name_plural = "capabilities"
        indexes = [models.Index(fields=["facility", "attribute"], name="capability_by_facility")]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "resource", "attribute", "low", "high", "values"],
                nulls_distinct=False,
                name="no_capability_twice",
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lte=F("high")),
                name="capability_low_not_above_high",
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=False) | Q(high__isnull=False) | ~Q(values=[]),
                name="capability_says_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attribute} {self.written}"


class Certificate(models.Model):
    """A certificate of the facility, or of one resource. Valid on both its days."""

    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="certificates")
    resource = models.ForeignKey(
        Resource, null=True, blank=True, on_delete=models.CASCADE, related_name="certificates"
    )
    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=80, blank=True)
    issuer = models.CharField(max_length=120, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["kind", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "resource", "kind", "number"],
                nulls_distinct=False,
                name="no_certificate_twice",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_from__lte=F("valid_to")),
                name="certificate_days_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class Paper(models.Model):
    """A file of a certificate, checked like every upload. `key` is its name in the store."""

    certificate = models.ForeignKey(Certificate, on_delete=models.CASCADE, related_name="papers")
    name = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    key = models.CharField(max_length=200)
    is_public = models.BooleanField(default=False)
    uploaded_by = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["certificate", "name", "sha256"], name="no_paper_twice")
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.certificate_id}"
