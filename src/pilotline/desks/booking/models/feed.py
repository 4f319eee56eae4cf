"""Links by which calendar programs read bookings."""

from django.db import models
from django.db.models import Q


class Feed(models.Model):
    """An unguessable link to one calendar. Only the link's hash is kept; it can be ended.

    Exactly one of `resource` and `facility` is set, or none: then it is the owner's own calendar.
    """

    digest = models.CharField(max_length=64, unique=True)
    owner = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="+")
    resource = models.ForeignKey(
        "registry.Resource", on_delete=models.CASCADE, null=True, related_name="+"
    )
    facility = models.ForeignKey(
        "registry.Facility", on_delete=models.CASCADE, null=True, related_name="+"
    )
    language = models.CharField(max_length=8)
    made_at = models.DateTimeField()
    last_read_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(resource__isnull=True) | Q(facility__isnull=True),
                name="a_feed_is_of_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"feed {self.pk} of {self.owner_id}"
