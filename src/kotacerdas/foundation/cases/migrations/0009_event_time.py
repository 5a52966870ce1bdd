from django.db import migrations, models
from django.db.models.functions import Now

import kotacerdas.kernel.clock

TURNED = """
UPDATE cases_case c SET turned_at = greatest(
    c.opened_at, c.closed_at,
    (SELECT max(greatest(a.assigned_at, a.accepted_at, a.ended_at)) FROM cases_assignment a WHERE a.case_id = c.id),
    (SELECT max(greatest(k.started_at, k.paused_at, k.ended_at, (k.paused_days -> -1 ->> 1)::timestamptz))
     FROM cases_caseclock k WHERE k.case_id = c.id)
);
"""


class Migration(migrations.Migration):
    """When a case turned last: no step that comes late can have happened before it.

    Of the cases that are there it is the latest time at which they were opened or closed, an assignment was given,
    accepted or ended, or a clock started, stood still, went on or ended. A step that changed the state alone is not
    seen; no phone had an outbox then.
    """

    dependencies = [("cases", "0008_contacts_of_parties")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="turned_at",
            field=models.DateTimeField(db_default=Now(), default=kotacerdas.kernel.clock.now),
        ),
        migrations.RunSQL(TURNED, migrations.RunSQL.noop),
    ]
