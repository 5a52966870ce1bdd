"""Training time: an offset kept in the database, for exercises and tests. Never in production."""

from __future__ import annotations

import re
import time
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import SynchronousOnlyOperation
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from kotacerdas.foundation.workdays.models import TrainingClock
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid, Refused
from kotacerdas.kernel.memory import forgets

_LOOK_AGAIN = 1.0  # seconds
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}
_FARTHEST = timedelta(days=3660)
_table_exists = False
_cached: tuple[float, timedelta] = (0.0, timedelta())


def offset() -> timedelta:
    """How far training time stands from real time; read at most once a second, zero in production."""
    global _cached
    if getattr(settings, "PRODUCTION", False):
        return timedelta()
    if time.monotonic() >= _cached[0]:
        _cached = (time.monotonic() + _LOOK_AGAIN, _read())
    return _cached[1]


def move(by: timedelta) -> timedelta:
    """Turn training time on (or back) and return the whole offset. Refused in production."""
    _refuse_in_production()
    whole = stored() + by
    if abs(whole) > _FARTHEST:
        raise Invalid(_("Training time can stand at most ten years from real time."))
    _store(whole)
    return whole


def reset() -> None:
    """Bring training time back to real time; allowed anywhere."""
    _store(timedelta())


def stored() -> timedelta:
    """The offset as the database has it, whatever the cache says."""
    row = TrainingClock.objects.filter(pk=1).first()
    return timedelta(seconds=row.offset_seconds) if row else timedelta()


@forgets
def forget() -> None:
    """Look anew at the next call: for a process that goes over to another store, where the table may not be yet."""
    global _cached, _table_exists
    _cached, _table_exists = (0.0, timedelta()), False


def parse_step(text: str) -> timedelta:
    """`+3d`, `-2h`, `+1d12h`, `+45m` as a timedelta. Invalid for anything else."""
    found = re.fullmatch(r"([+-])((?:\d+[dhm])+)", text.strip())
    if found is None:
        raise Invalid(_("Write a step like +3d, -2h or +1d12h."))
    parts = re.findall(r"(\d+)([dhm])", found[2])
    step = sum((timedelta(**{_UNITS[unit]: int(count)}) for count, unit in parts), timedelta())
    return step if found[1] == "+" else -step


def as_step(by: timedelta) -> str:
    """An offset as one would type it: "+3d", "-1d2h"; "+0m" for none."""
    minutes = int(abs(by).total_seconds() // 60)
    parts = ((minutes // 1440, "d"), (minutes % 1440 // 60, "h"), (minutes % 60, "m"))
    text = "".join(f"{count}{unit}" for count, unit in parts if count)
    return ("-" if by < timedelta() else "+") + (text or "0m")


def _store(whole: timedelta) -> None:
    global _cached
    moved_at = clock.now()
    TrainingClock.objects.update_or_create(
        pk=1, defaults={"offset_seconds": int(whole.total_seconds()), "moved_at": moved_at}
    )
    _cached = (0.0, whole)


def _refuse_in_production() -> None:
    if getattr(settings, "PRODUCTION", False):
        raise Refused(_("Time is not moved in production."), remedy=_("Use a training installation."))


def _read() -> timedelta:
    """The stored offset; what was known last where the store cannot be asked now.

    "Now" is asked everywhere: before the first migration, in a transaction that has failed, on an event
    loop. None of these may break because of a training aid, and asking for a table that is not there
    would break the transaction around it: so its existence is asked first.
    """
    global _table_exists
    try:
        with connection.cursor() as cursor:
            if not _table_exists:
                cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [TrainingClock._meta.db_table])
                _table_exists = bool(cursor.fetchone()[0])
                if not _table_exists:
                    return timedelta()
            cursor.execute("SELECT offset_seconds FROM workdays_trainingclock WHERE id = 1")
            row = cursor.fetchone()
    except (DatabaseError, SynchronousOnlyOperation, RuntimeError):
        return _cached[1]
    return timedelta(seconds=row[0]) if row else timedelta()
