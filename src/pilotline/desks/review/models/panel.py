"""A panel: what is marked together, and the meetings in which it is talked about."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Panel(models.Model):
    """Items that experts mark by one rubric, under the review rule and rulebook of its opening.

    `about_kind` and `about` name what it serves (a call, a proceeding's step), for the desk above.
    """

    class State(models.TextChoices):
        OPEN = "open"
        MARKING = "marking"
        CLOSED = "closed"

    class Method(models.TextChoices):
        OPTIMAL = "optimal"
        DRAW = "draw"

    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    region = models.CharField(max_length=6)
    rubric = models.CharField(max_length=60)
    rule = models.CharField(max_length=60)
    release = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    method = models.CharField(max_length=10, choices=Method, blank=True)
    about_kind = models.CharField(max_length=40, blank=True)
    about = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()
    opened_by = models.BigIntegerField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    proposal = models.JSONField(default=dict)
    standings = models.JSONField(default=dict)
    is_demo = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["region", "state", "-id"], name="panel_by_region"),
            models.Index(fields=["about_kind", "about"], name="panel_by_subject"),
        ]
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title


class PanelItem(models.Model):
    """One thing to be marked. `subject_kind` and `subject` name a row of the desk that put it here.

    `parties` are the organisations that have a stake; `people` the names of those behind it,
    `unnamed` further names that are looked for in an expert's ties and shown to none of them;
    `material` what an expert reads: a list of {"title": {zh, en} or text, "text": …}.
    """

    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="items")
    subject_kind = models.CharField(max_length=40)
    subject = models.BigIntegerField()
    number = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=400)
    title_en = models.CharField(max_length=400, blank=True)
    summary = models.TextField(blank=True)
    fields = ArrayField(models.CharField(max_length=60), default=list)
    organisation = models.ForeignKey(
        "people.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    parties = ArrayField(models.BigIntegerField(), default=list)
    people = ArrayField(models.CharField(max_length=60), default=list)
    unnamed = ArrayField(models.CharField(max_length=60), default=list)
    material = models.JSONField(default=list)
    wanted = models.PositiveSmallIntegerField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["panel", "subject_kind", "subject"], name="one_item_a_panel_and_subject"
            )
        ]
        ordering = ["panel_id", "id"]

    def __str__(self) -> str:
        return self.title


class Draw(models.Model):
    """A draw by lot. `ballot`, `digest` and `commitment` are public from the start; `seed` is kept
    back until it is revealed. `codes` tells which expert stands behind a code, `items` which item
    behind a key."""

    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="draws")
    ballot = models.JSONField()
    digest = models.CharField(max_length=64)
    commitment = models.CharField(max_length=64)
    seed = models.CharField(max_length=64)
    figure = models.CharField(max_length=200, blank=True)
    codes = models.JSONField()
    items = models.JSONField()
    result = models.JSONField(default=dict)
    committed_at = models.DateTimeField()
    revealed_at = models.DateTimeField(null=True)
    void_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["panel"],
                condition=models.Q(void_at__isnull=True),
                name="one_living_draw_a_panel",
            )
        ]
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"draw {self.pk}"
