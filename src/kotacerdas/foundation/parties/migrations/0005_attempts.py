from django.db import migrations

FORWARD = """
CREATE TABLE parties_attempt (
    key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
);
CREATE INDEX parties_attempt_expires ON parties_attempt (expires);
CREATE INDEX parties_bucket_at ON parties_bucket (at);
"""
BACK = "DROP TABLE parties_attempt; DROP INDEX parties_bucket_at"


class Migration(migrations.Migration):
    """Limits of sign-in in a table of their own, logged: a crash forgets no wrong password.

    `parties_cache` is used no more; it goes with the next release, when no older process can ask for it.
    """

    dependencies = [("parties", "0004_forms_taken_once")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
