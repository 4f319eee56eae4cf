from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("approvals", "0001_projects")]

    operations = [
        migrations.AddField(
            model_name="condition",
            name="moves",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="permit",
            name="moves",
            field=models.PositiveIntegerField(default=0),
        ),
    ]
