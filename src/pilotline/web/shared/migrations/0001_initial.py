from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("token", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("owner", models.BigIntegerField(null=True)),
                ("location", models.TextField(blank=True)),
                ("at", models.DateTimeField(db_index=True)),
            ],
        ),
    ]
