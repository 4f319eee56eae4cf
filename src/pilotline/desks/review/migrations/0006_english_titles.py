"""What a panel and what is before it are called in English."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("review", "0005_inbox")]

    operations = [
        migrations.AddField(
            model_name="panel",
            name="title_en",
            field=models.CharField(blank=True, default="", max_length=200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="panelitem",
            name="title_en",
            field=models.CharField(blank=True, default="", max_length=400),
            preserve_default=False,
        ),
    ]
