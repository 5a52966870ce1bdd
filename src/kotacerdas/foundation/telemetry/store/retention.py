"""How long what is kept: dated policy of the pack, else the house's own."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connection, transaction

from kotacerdas.foundation.telemetry.models import Retention
from kotacerdas.foundation.telemetry.store import partitions
from kotacerdas.kernel import clock

DEFAULT_DAYS = {"raw": 400, "minute": 400, "hour": 5 * 366, "day": 30 * 366}
QUARANTINE_DAYS = 30
TAKEN_DAYS = 30
_TABLES = {"minute": "telemetry_minute", "hour": "telemetry_hour", "day": "telemetry_day"}
_STEP = 20_000
_CLEAR = """
    DELETE FROM {table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM {table} WHERE {column} < %s LIMIT %s))
"""


def days_of(what: str, day: date | None = None) -> int:
    """How many days are kept, by the policy in force on a local day."""
    day = day or clock.today()
    found = Retention.objects.filter(what=what, valid_from__lte=day).order_by("-valid_from").first()
    return found.days if found else DEFAULT_DAYS[what]


def oldest(what: str = "raw") -> date:
    """The first day that is kept. Observations of an earlier one are not taken."""
    return clock.today() - timedelta(days=days_of(what))


@transaction.atomic
def make_room() -> list[str]:
    """Make the months that are needed and drop those that are past. Needs the owner's rights."""
    first = oldest()
    return [*partitions.ensure(first), *partitions.drop_before(first)]


def clear(limit: int = _STEP) -> int:
    """Delete at most `limit` rows of each kind that are past their time; how many were deleted."""
    wanted = [(table, "at", oldest(what)) for what, table in _TABLES.items()]
    wanted.append(("telemetry_quarantined", "came_at", clock.today() - timedelta(days=QUARANTINE_DAYS)))
    wanted.append(("telemetry_taken", "at", clock.today() - timedelta(days=TAKEN_DAYS)))
    total = 0
    for table, column, before in wanted:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_CLEAR.format(table=table, column=column), [before, limit])
            total += cursor.rowcount
    return total
