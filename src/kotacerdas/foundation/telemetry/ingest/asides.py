"""What the quarantine keeps of one device: so many messages a minute; of more it is only told that there were."""

from __future__ import annotations

from threading import Lock
from uuid import UUID

from kotacerdas.foundation.telemetry.ingest.batch import Aside

ASIDE_A_MINUTE = 60


class Asides:
    """Counts of this minute, within one process."""

    def __init__(self) -> None:
        self._counts: dict[tuple[UUID | None, str], int] = {}
        self._minute = 0
        self._lock = Lock()

    def admit(self, one: Aside, now: float) -> Aside | None:
        """What is kept of a message: itself, once a minute a line that there were more, or nothing."""
        whose, minute = (one.agency_id, one.device_code), int(now) // 60
        with self._lock:
            if minute != self._minute:
                self._minute = minute
                self._counts.clear()
            count = self._counts.get(whose, 0)
            self._counts[whose] = count + 1
        if count < ASIDE_A_MINUTE:
            return one
        return (
            Aside(one.door, one.device_code, "flood", agency_id=one.agency_id)
            if count == ASIDE_A_MINUTE
            else None
        )

    def clear(self) -> None:
        """Forget the counts."""
        with self._lock:
            self._counts.clear()
