"""What an application is called in English, where its applicant says so."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("calls", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="application",
            name="title_en",
            field=models.CharField(blank=True, default="", max_length=200),
            preserve_default=False,
        ),
    ]
