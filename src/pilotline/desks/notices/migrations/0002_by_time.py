"""Notices are listed by the time of what they tell of, and so is their index."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="notice",
            options={"ordering": ["-at", "-id"]},
        ),
        migrations.RemoveIndex(
            model_name="notice",
            name="notice_by_user",
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["user", "-at", "-id"], name="notice_by_time"),
        ),
    ]
