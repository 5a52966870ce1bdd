"""Submission keys and the keys of calls stand in the table of commands now."""

from django.db import migrations

# A report's key counted for whoever sent it; what a desk's form made is known by the form's key.
_BRING = """
    INSERT INTO commands_takencommand (id, actor, command_id, name, digest, happened_at, came_at, refs)
    SELECT gen_random_uuid(), 'reporter', r.submission_key, 'iceta.report.file', r.fingerprint, c.opened_at, c.opened_at,
        jsonb_build_object('case', c.id, 'party', (
            SELECT p.id FROM cases_caseparty p WHERE p.case_id = c.id AND p.role = 'reporter' ORDER BY p.since, p.id LIMIT 1
        ))
    FROM iceta_report r JOIN cases_case c ON c.id = r.case_id WHERE c.channel <> 'phone'
    ON CONFLICT DO NOTHING;
    UPDATE commands_takencommand t SET refs = jsonb_build_object('case', r.case_id)
    FROM iceta_report r WHERE t.name = 'iceta.call' AND t.command_id = r.submission_key;
    UPDATE commands_takencommand t SET refs = jsonb_build_object('call', l.id)
    FROM iceta_call l WHERE t.name = 'iceta.call' AND t.command_id = l.id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("iceta", "0004_story_of_a_broken_call"),
        ("commands", "0001_initial"),
        ("cases", "0006_proved_numbers"),
    ]
    operations = [
        migrations.RunSQL(_BRING, migrations.RunSQL.noop),
        migrations.RemoveField(model_name="report", name="submission_key"),
        migrations.RemoveField(model_name="report", name="fingerprint"),
    ]
