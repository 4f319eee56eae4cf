"""The lane beside each step, and the indexes from which inboxes are read in their order."""

from django.contrib.postgres.indexes import OpClass
from django.db import migrations, models

LIVING = models.Q(state__in=["open", "waiting", "held"])
OPEN_OFFICES = models.Q(state="open", role__in=["authority", "expert"])
FILL = """
UPDATE review_steprun SET green = true FROM review_proceeding
WHERE review_proceeding.id = review_steprun.proceeding_id AND review_proceeding.green
"""


class Migration(migrations.Migration):
    dependencies = [("review", "0004_namesakes")]

    operations = [
        migrations.AddField("steprun", "green", models.BooleanField(default=False)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RemoveIndex("steprun", "step_inbox"),
        migrations.AddIndex(
            "steprun",
            models.Index(
                models.F("green").desc(),
                models.F("due").asc(nulls_last=True),
                "id",
                name="step_inbox",
                condition=OPEN_OFFICES,
            ),
        ),
        migrations.AddIndex(
            "steprun",
            models.Index(
                OpClass("region", "varchar_pattern_ops"),
                "state",
                name="step_by_region",
                condition=LIVING,
            ),
        ),
        migrations.AddIndex(
            "steprun",
            models.Index(fields=["due"], name="step_by_due", condition=OPEN_OFFICES),
        ),
        migrations.AddIndex(
            "steprun", models.Index(fields=["holder"], name="step_by_holder", condition=LIVING)
        ),
    ]
