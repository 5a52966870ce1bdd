import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gopal", "0007_counted_once"),
        ("telemetry", "0002_observations"),
    ]
    operations = [
        migrations.CreateModel(
            name="LevelLook",
            fields=[
                (
                    "stream",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="level_look",
                        serialize=False,
                        to="telemetry.datastream",
                    ),
                ),
                ("came_at", models.DateTimeField()),
            ],
        ),
    ]
