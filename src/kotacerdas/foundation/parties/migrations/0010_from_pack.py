from django.db import migrations, models


class Migration(migrations.Migration):
    """Which agencies and posts the pack brought: all that are there, and of later ones those that it says."""

    dependencies = [("parties", "0009_people_without_numbers")]

    operations = [
        operation
        for name in ("agency", "position")
        for operation in (
            migrations.AddField(name, "from_pack", models.BooleanField(default=True)),
            migrations.AlterField(name, "from_pack", models.BooleanField(default=False, db_default=False)),
        )
    ]
