from django.db import migrations

FORWARD = """
CREATE UNLOGGED TABLE parties_bucket (
    key varchar(120) PRIMARY KEY, tokens double precision NOT NULL, at timestamptz NOT NULL
);
CREATE UNLOGGED TABLE parties_cache (
    cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
);
CREATE INDEX parties_cache_expires ON parties_cache (expires);
"""


class Migration(migrations.Migration):
    """Rate-limit buckets and the shared cache: unlogged, since losing them in a crash harms nobody."""

    dependencies = [("parties", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, "DROP TABLE parties_cache; DROP TABLE parties_bucket")]
