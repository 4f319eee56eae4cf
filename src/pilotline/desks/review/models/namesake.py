"""A name in the records that is somebody else's: stated by one official, confirmed by another."""

from django.db import models
from django.db.models import F, Q

from pilotline.desks.review.models.expert import Expert
from pilotline.desks.review.models.panel import PanelItem


class Namesake(models.Model):
    """The conflicts between an expert and an item that rest on a name alone, told to be another
    person's. They count until a second official confirms it, and again once it has ended.

    `reasons` are those conflicts as they were found then: what is found later is not set aside.
    """

    item = models.ForeignKey(PanelItem, on_delete=models.CASCADE, related_name="namesakes")
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="+")
    reasons = models.JSONField()
    words = models.CharField(max_length=500)
    stated_by = models.BigIntegerField()
    stated_by_name = models.CharField(max_length=120)
    stated_at = models.DateTimeField()
    confirmed_by = models.BigIntegerField(null=True)
    confirmed_by_name = models.CharField(max_length=120, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    ended_by_name = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True)
    end_words = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "expert"],
                condition=Q(ended_at__isnull=True),
                name="one_living_namesake_an_item_and_expert",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("stated_by")),
                name="namesake_is_confirmed_by_another",
            ),
        ]
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.expert_id} for {self.item_id}"

    @property
    def state(self) -> str:
        """`stated`, `confirmed`, or `refused` and `revoked` once it has ended."""
        if self.ended_at is not None:
            return "revoked" if self.confirmed_at else "refused"
        return "confirmed" if self.confirmed_at else "stated"
