"""A camera's date outside of what can be is forgotten, since a page that shows it breaks; no other comes in."""

from datetime import UTC, datetime

from django.db import migrations, models

FORGET = """
    UPDATE files_storedfile SET taken_at = NULL
    WHERE taken_at < '1990-01-01' OR taken_at > created_at + interval '1 day'
"""


class Migration(migrations.Migration):
    dependencies = [("files", "0001_initial")]

    operations = [
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="storedfile",
            constraint=models.CheckConstraint(
                condition=models.Q(taken_at=None)
                | models.Q(
                    taken_at__gte=datetime(1989, 12, 31, tzinfo=UTC),
                    taken_at__lt=datetime(2200, 1, 1, tzinfo=UTC),
                ),
                name="files_taken_at_can_be",
            ),
        ),
    ]
