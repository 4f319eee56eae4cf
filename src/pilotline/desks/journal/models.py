"""Tables of the journal. Entries and links are append-only: the database refuses anything else."""

from django.db import models


class Release(models.Model):
    """A published rulebook. Never changed, only superseded by a higher number."""

    region = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    content = models.JSONField()
    published_at = models.DateTimeField()
    published_by = models.BigIntegerField(null=True)
    publisher = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "number"], name="one_release_a_number"),
        ]
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.region} {self.number}"


class Entry(models.Model):
    """One change: who, when, what, before and after, under which rulebook release.

    `body` is the canonical JSON text that is hashed; the columns repeat it for searching.
    """

    at = models.DateTimeField(db_index=True)
    actor = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=120)
    action = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=40)
    case = models.BigIntegerField(null=True)
    organisation = models.BigIntegerField(null=True)
    release = models.PositiveIntegerField(null=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    body = models.TextField()

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "id"], name="entry_by_subject"),
            models.Index(fields=["case", "id"], name="entry_by_case"),
            models.Index(fields=["action", "id"], name="entry_by_action"),
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_kind} {self.subject_id}"


class Link(models.Model):
    """The chain: a deferred trigger writes one link per entry, in the order of commits."""

    seq = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="link")
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["seq"]

    def __str__(self) -> str:
        return f"{self.seq} {self.digest[:12]}"


class ChainCheck(models.Model):
    """A walk along the whole chain: what was found, and the head that the next one must find."""

    at = models.DateTimeField()
    length = models.BigIntegerField()
    head = models.CharField(max_length=64, blank=True)
    faults = models.JSONField(default=list)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.length} {self.head[:12]}"


class Happening(models.Model):
    """An event as a row, written in the transaction of the change that it tells of."""

    name = models.CharField(max_length=60, db_index=True)
    payload = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"


class Delivery(models.Model):
    """One event for one handler: done once, retried until then."""

    class Status(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        STUCK = "stuck"

    happening = models.ForeignKey(Happening, on_delete=models.CASCADE, related_name="deliveries")
    handler = models.CharField(max_length=160)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    due = models.DateTimeField()
    error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["happening", "handler"], name="one_delivery_an_event_and_handler"
            )
        ]
        indexes = [
            models.Index(fields=["due"], name="delivery_open", condition=~models.Q(status="done"))
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.handler} {self.status}"


class Counter(models.Model):
    """Numbers without gaps: one row a series and year, locked while a number is drawn."""

    series = models.CharField(max_length=20)
    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "year"], name="one_counter_a_series_and_year")
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.year}: {self.last}"
