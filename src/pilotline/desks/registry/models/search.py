"""What the search looks through: one row a facility, one row an active resource."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from pilotline.desks.registry.models.facility import Facility
from pilotline.desks.registry.models.resource import Resource


class IndexRow(models.Model):
    """Words of one facility or resource, written by the services in the same transaction.

    `kind` is `facility` or the resource's kind. Facility columns needed for filters are read
    through the join, so that they cannot go stale.
    """

    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="index_rows")
    resource = models.OneToOneField(
        Resource, null=True, on_delete=models.CASCADE, related_name="index_row"
    )
    kind = models.CharField(max_length=10)
    words = SearchVectorField()

    class Meta:
        indexes = [
            GinIndex(fields=["words"], name="index_row_words"),
            models.Index(fields=["kind", "facility"], name="index_row_kind"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["facility"],
                condition=models.Q(kind="facility"),
                name="one_index_row_a_facility",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.resource_id or self.facility_id}"
