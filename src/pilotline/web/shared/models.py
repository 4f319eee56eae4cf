"""The shell's own memory: forms that were sent, so that a second sending does nothing new."""

from django.db import models


class Submission(models.Model):
    """A form that was sent once. `location` is where the first sending led."""

    token = models.CharField(max_length=40, primary_key=True)
    owner = models.BigIntegerField(null=True)
    location = models.TextField(blank=True)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.token
