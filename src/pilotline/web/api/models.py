"""The door's own memory: what was created under which Idempotency-Key."""

from django.db import models


class Answered(models.Model):
    """A request that created something, and the answer it got; a repetition gets the same."""

    owner = models.BigIntegerField()
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "key"], name="one_answer_an_owner_and_key")
        ]

    def __str__(self) -> str:
        return f"{self.owner} {self.key}"
