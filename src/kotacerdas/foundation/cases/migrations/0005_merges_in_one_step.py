from django.db import migrations

# Merges of before: a merged party whose person it is stands for that person's first report. Where a reporter was
# matched by number alone there is no stand-in: each goes on with their own link.
STAND_INS = """
    UPDATE cases_caseparty AS t SET stands_for_id = o.id
    FROM cases_caseparty AS o JOIN cases_case AS c ON c.id = o.case_id
    WHERE t.case_id = c.merged_into_id AND t.role = 'merged' AND o.role <> 'joined' AND t.person_id = o.person_id
"""
# A merged report leads in one step to the one that goes on.
ONE_STEP = """
    WITH RECURSIVE ends AS (
        SELECT id, merged_into_id AS last FROM cases_case WHERE merged_into_id IS NOT NULL
        UNION ALL
        SELECT ends.id, c.merged_into_id FROM ends JOIN cases_case AS c ON c.id = ends.last
        WHERE c.merged_into_id IS NOT NULL
    )
    UPDATE cases_case SET merged_into_id = ends.last FROM ends
    WHERE cases_case.id = ends.id AND cases_case.merged_into_id <> ends.last
        AND NOT EXISTS (SELECT FROM cases_case AS c WHERE c.id = ends.last AND c.merged_into_id IS NOT NULL)
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_stands_for")]

    operations = [
        migrations.RunSQL(STAND_INS, reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL(ONE_STEP, reverse_sql=migrations.RunSQL.noop),
    ]
