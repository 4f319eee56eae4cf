"""Who is asked to mark what, what they answered, and who was asked instead."""

from django.db import models
from django.db.models import Q

from pilotline.desks.review.models.expert import Expert
from pilotline.desks.review.models.panel import PanelItem

LIVING = ("proposed", "offered", "accepted", "submitted")


class Assignment(models.Model):
    """One expert, one item. `why` keeps what spoke for it: score, words, fields, or the draw.

    Proposed by the machine or by hand, offered when the authority confirms, then accepted or
    declined; `conflict` when the expert declares one; `replaced` when it was taken away.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed"
        OFFERED = "offered"
        ACCEPTED = "accepted"
        SUBMITTED = "submitted"
        DECLINED = "declined"
        CONFLICT = "conflict"
        REPLACED = "replaced"

    item = models.ForeignKey(PanelItem, on_delete=models.CASCADE, related_name="assignments")
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="assignments")
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    via = models.CharField(max_length=10)
    why = models.JSONField(default=dict)
    proposed_at = models.DateTimeField()
    offered_at = models.DateTimeField(null=True)
    answer_by = models.DateField(null=True)
    declared_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    due = models.DateField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    reminded_at = models.DateTimeField(null=True)
    late_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    instead_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "expert"], name="one_assignment_an_item_and_expert"
            )
        ]
        indexes = [
            models.Index(fields=["expert", "state"], name="assignment_inbox"),
            models.Index(
                fields=["due"],
                condition=Q(state__in=["offered", "accepted"]),
                name="assignment_due",
            ),
        ]
        ordering = ["item_id", "id"]

    def __str__(self) -> str:
        return f"{self.expert_id} ~ {self.item_id}: {self.state}"
