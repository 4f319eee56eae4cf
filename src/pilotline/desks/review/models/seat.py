"""Who does the steps of a body: with the first seat the body is closed to everybody else."""

from django.db import models
from django.db.models import Q


class Seat(models.Model):
    """An official's seat in a body of the rulebook, in one region, until `ended_at`."""

    user = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="+")
    body = models.CharField(max_length=60)
    region = models.CharField(max_length=6)
    given_by_name = models.CharField(max_length=120)
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["body", "region", "user"],
                condition=Q(ended_at__isnull=True),
                name="one_seat_a_body_region_and_user",
            )
        ]
        ordering = ["body", "region", "id"]

    def __str__(self) -> str:
        return f"{self.body} {self.region}: {self.user_id}"
