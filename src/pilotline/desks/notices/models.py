"""Tables of notices."""

from django.conf import settings
from django.db import models


class Notice(models.Model):
    """One thing one person should know. What it says is made from kind and facts when shown, in
    the reader's language."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    mail_attempts = models.PositiveIntegerField(default=0)
    mail_error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="one_notice_a_user_and_key")
        ]
        indexes = [
            models.Index(fields=["user", "-at", "-id"], name="notice_by_time"),
            models.Index(
                fields=["id"],
                name="notice_to_mail",
                condition=models.Q(mailed_at=None, mail_error=""),
            ),
        ]
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.kind} for {self.user_id}"
