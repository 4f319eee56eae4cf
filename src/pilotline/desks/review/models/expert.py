"""Experts, what ties them to whom, and what organisations have to do with one another."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Expert(models.Model):
    """Somebody who marks and advises. Known by an account once they have joined."""

    class State(models.TextChoices):
        INVITED = "invited"
        APPLIED = "applied"
        ACTIVE = "active"
        REFUSED = "refused"
        LEFT = "left"

    user = models.OneToOneField(
        "people.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(max_length=60)
    title = models.CharField(max_length=60, blank=True)
    region = models.CharField(max_length=6, blank=True)
    fields = ArrayField(models.CharField(max_length=60), default=list)
    keywords = ArrayField(models.CharField(max_length=60), default=list)
    languages = ArrayField(models.CharField(max_length=10), default=list)
    about = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State)
    reason = models.CharField(max_length=300, blank=True)
    invitation = models.CharField(max_length=64, blank=True)
    invited_until = models.DateTimeField(null=True)
    entered_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    declared_at = models.DateTimeField(null=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["invitation"], condition=~Q(invitation=""), name="one_expert_an_invitation"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["invited", "refused", "left"]) | Q(user__isnull=False),
                name="expert_who_works_has_an_account",
            ),
        ]
        indexes = [models.Index(fields=["state", "name"], name="expert_pool")]
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Bond(models.Model):
    """Something that ties an expert to an organisation or to people, for a time.

    `employment`: works at `organisation` from `since` up to, and without, `until`. `work`: a paper
    or patent `title` of day `since`, with the other `names` and the organisations behind them.
    `holding`: `share` per cent of it. `declared`: an interest in the expert's own words, towards
    `organisation` by record or by name.
    """

    class Kind(models.TextChoices):
        EMPLOYMENT = "employment"
        WORK = "work"
        HOLDING = "holding"
        DECLARED = "declared"

    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="bonds")
    kind = models.CharField(max_length=10, choices=Kind)
    organisation = models.ForeignKey(
        "people.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=200, blank=True)
    names = ArrayField(models.CharField(max_length=120), default=list)
    share = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True)
                | Q(since__isnull=True)
                | Q(until__gt=models.F("since")),
                name="bond_ends_after_it_begins",
            )
        ]
        indexes = [models.Index(fields=["expert", "kind"], name="bond_by_expert")]
        ordering = ["kind", "-since", "id"]

    def __str__(self) -> str:
        return f"{self.kind}: {self.name or self.title}"


class Dealing(models.Model):
    """Two organisations did business: one supplied the other. Told by desks above, never typed in.

    One row a pair; `last_on` is the day of the latest, `record` names it as [kind, id].
    """

    supplier = models.ForeignKey("people.Organisation", on_delete=models.CASCADE, related_name="+")
    client = models.ForeignKey("people.Organisation", on_delete=models.CASCADE, related_name="+")
    last_on = models.DateField()
    count = models.PositiveIntegerField(default=1)
    record = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "client"], name="one_dealing_a_supplier_and_client"
            )
        ]

    def __str__(self) -> str:
        return f"{self.supplier_id} → {self.client_id}"
