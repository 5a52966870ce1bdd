"""Observations by month, what they rolled up to, and the marks by which followers find what came."""

from datetime import UTC, datetime, timedelta

from django.db import migrations

TABLES = """
CREATE TABLE telemetry_observation (
    at timestamptz NOT NULL,
    came timestamptz NOT NULL,
    value double precision NOT NULL,
    value2 double precision,
    stream integer NOT NULL,
    PRIMARY KEY (stream, at)
) PARTITION BY RANGE (at);
CREATE INDEX telemetry_observation_at ON telemetry_observation USING brin (at) WITH (pages_per_range = 64);

CREATE TABLE telemetry_batch (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    at timestamptz NOT NULL,
    streams integer[] NOT NULL,
    minutes integer[] NOT NULL
);
CREATE INDEX telemetry_batch_xid ON telemetry_batch (xid);
CREATE TABLE telemetry_cursor (
    name text PRIMARY KEY,
    xid xid8 NOT NULL DEFAULT '0',
    moved_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
INSERT INTO telemetry_cursor (name) VALUES ('rollups'), ('rules');

CREATE TABLE telemetry_taken (
    device_id uuid NOT NULL,
    key text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (device_id, key)
);
CREATE INDEX telemetry_taken_at ON telemetry_taken (at);

CREATE TABLE telemetry_registry (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    version bigint NOT NULL DEFAULT 1
);
INSERT INTO telemetry_registry DEFAULT VALUES;

CREATE TABLE telemetry_door (
    name text PRIMARY KEY,
    since timestamptz NOT NULL,
    beat_at timestamptz NOT NULL
);
"""
ROLLUP = """
CREATE TABLE telemetry_{name} (
    at timestamptz NOT NULL,
    n integer NOT NULL,
    total double precision NOT NULL,
    low double precision NOT NULL,
    high double precision NOT NULL,
    last_at timestamptz NOT NULL,
    last double precision NOT NULL,
    last2 double precision,
    stream integer NOT NULL,
    PRIMARY KEY (stream, at)
) WITH (fillfactor = 80);
CREATE INDEX telemetry_{name}_at ON telemetry_{name} USING brin (at);
"""
ROLLUPS = ("minute", "hour", "day")
GONE = "DROP TABLE " + ", ".join(
    f"telemetry_{name}" for name in ("observation", "batch", "cursor", "taken", "registry", "door", *ROLLUPS)
)


def make_months(apps, schema_editor):
    from kotacerdas.foundation.telemetry.store import partitions
    from kotacerdas.foundation.telemetry.store.retention import DEFAULT_DAYS

    now = datetime.now(UTC)  # training time is not asked: its table may not be there yet
    partitions.ensure(now.date() - timedelta(days=DEFAULT_DAYS["raw"]), now)


class Migration(migrations.Migration):
    dependencies = [("telemetry", "0001_initial")]

    operations = [
        migrations.RunSQL([TABLES, *(ROLLUP.format(name=name) for name in ROLLUPS)], GONE),
        migrations.RunPython(make_months, migrations.RunPython.noop),
    ]
