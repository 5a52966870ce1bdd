"""Nearest-neighbour indexes on points (lng, lat): PostgreSQL's own `point`, no earthdistance."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("territory", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX area_point ON territory_area USING gist (point(lng, lat))",
            "DROP INDEX area_point",
        ),
        migrations.RunSQL(
            "CREATE INDEX place_point ON territory_place USING gist (point(lng, lat)) WHERE lat IS NOT NULL",
            "DROP INDEX place_point",
        ),
    ]
