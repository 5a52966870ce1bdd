"""Calls stand in the room of calls now, with their ids and what is sealed."""

from django.db import migrations

_MOVE = """
    INSERT INTO calls_call (id, agency_id, phone_index, phone_sealed, is_anonymous, outcome, story_sealed, case_id,
                            began_at, seconds)
    SELECT c.id, c.agency_id, c.phone_index, c.phone_sealed, COALESCE(r.is_anonymous, false),
        CASE c.outcome WHEN 'report' THEN 'case' ELSE c.outcome END, c.story_sealed, c.case_id, c.began_at, c.seconds
    FROM iceta_call c LEFT JOIN iceta_report r ON r.case_id = c.case_id
    ON CONFLICT DO NOTHING;
    SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("iceta", "0005_reports_are_commands"), ("calls", "0001_initial")]
    operations = [
        migrations.RunSQL(_MOVE, migrations.RunSQL.noop),
        migrations.DeleteModel(name="Call"),
    ]
