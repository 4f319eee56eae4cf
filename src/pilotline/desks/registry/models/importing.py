"""Files handed in for import, with the plan that was shown for them."""

from django.db import models

from pilotline.desks.registry.models.facility import Facility


class ImportFile(models.Model):
    """One uploaded file. `digest` is of the shown plan: only that very plan is carried out.

    The content is kept until it is applied or grows old, to hand it back annotated.
    """

    class Status(models.TextChoices):
        PLANNED = "planned"
        APPLIED = "applied"

    kind = models.CharField(max_length=12)
    facility = models.ForeignKey(
        Facility, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    organisation = models.BigIntegerField(null=True, blank=True)
    name = models.CharField(max_length=200)
    source_url = models.URLField(max_length=500, blank=True)
    content = models.BinaryField()
    plan = models.JSONField()
    digest = models.CharField(max_length=64)
    status = models.CharField(max_length=10, choices=Status, default=Status.PLANNED)
    made_by = models.BigIntegerField(null=True)
    made_at = models.DateTimeField(db_index=True)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.name} {self.status}"
