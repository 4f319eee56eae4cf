"""The sheets experts fill in."""

from django.db import models
from django.db.models import Q

from pilotline.desks.review.models.assignment import Assignment


class Sheet(models.Model):
    """Marks and comments by criterion. A draft until it is submitted, never changed after that:
    `digest` is the SHA-256 of what was submitted, and the journal holds it too."""

    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="sheet")
    marks = models.JSONField(default=dict)
    comments = models.JSONField(default=dict)
    overall = models.TextField(blank=True)
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True, digest="")
                | Q(submitted_at__isnull=False) & ~Q(digest=""),
                name="submitted_sheet_has_a_digest",
            )
        ]

    def __str__(self) -> str:
        return f"sheet of {self.assignment_id}"
