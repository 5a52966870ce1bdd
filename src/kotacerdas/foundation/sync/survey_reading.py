"""Records of a survey that do not open stop only themselves at the desk: a broken seal, an answer that nobody could give."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.db import DatabaseError

from kotacerdas.foundation.sync.changes import Failures
from kotacerdas.foundation.sync.models import SurveyRecord

T = TypeVar("T")


class Reading:
    """One reading of records. unread: those that did not open; the operator's page lists them as `sync.surveys`."""

    def __init__(self) -> None:
        self.unread: set[UUID] = set()
        self._fence = Failures("sync.surveys")

    def of(self, one: SurveyRecord, make: Callable[[], T], *, is_whole: bool = True) -> T | None:
        """What is made of a record; None where it does not open. is_whole: every answer was read, not only unsealed."""
        name = f"{one.survey} {one.pk}"
        try:
            found = make()
        except DatabaseError:
            raise
        except Exception as error:
            self.unread.add(one.pk)
            self._fence.set_aside(name, error)
            return None
        if is_whole:
            self._fence.forget(name)
        return found

    def write_down(self) -> None:
        """Store what did not open, and what opens again."""
        self._fence.write_down()
