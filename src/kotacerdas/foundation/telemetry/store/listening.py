"""Whether a door for devices listens, and since when: nobody is called absent while we were deaf."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection

from kotacerdas.kernel import clock

BEAT_SECONDS = 5.0
DEAF_SECONDS = 30.0
_BEAT = """
    INSERT INTO telemetry_door AS d (name, since, beat_at) VALUES (%(name)s, %(now)s, %(now)s)
    ON CONFLICT (name) DO UPDATE SET beat_at = excluded.beat_at,
        since = CASE WHEN d.beat_at < excluded.beat_at - %(deaf)s THEN excluded.since ELSE d.since END
"""


@dataclass(frozen=True, slots=True)
class Listening:
    """Whether a door listens now, and since when without a break, in seconds since 1970."""

    now: bool
    since: float


def beat(name: str) -> None:
    """A door says that it listens."""
    given: dict[str, Any] = {"name": name, "now": clock.now(), "deaf": timedelta(seconds=DEAF_SECONDS)}
    with connection.cursor() as cursor:
        cursor.execute(_BEAT, given)


def listening() -> Listening:
    """Where no door was ever started (all data come by HTTP), that one always listens."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(beat_at), min(since) FROM telemetry_door")
        beat_at, since = cursor.fetchone()
    if beat_at is None:
        return Listening(True, 0.0)
    fresh = (clock.now() - beat_at).total_seconds() < DEAF_SECONDS
    return Listening(fresh, since.timestamp())
