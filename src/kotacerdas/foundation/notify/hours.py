"""When people may be written to: `[messages]` of the pack's hours.toml, by the installation's clock and local time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from kotacerdas.kernel import clock
from kotacerdas.kernel.memory import forgets
from kotacerdas.kernel.pack import PackError, Problem
from kotacerdas.kernel.packfiles import read_toml_table

FILE, TABLE = "hours.toml", "messages"
_DAY = date(2000, 1, 1)  # any day
LEAST = timedelta(hours=1)  # what waits is looked for every few seconds, and some of it waits for its turn


@dataclass(frozen=True, kw_only=True)
class MessageHours:
    """`[messages]` of hours.toml: what is not urgent is sent from `from` on, and no more from `until` on."""

    from_: time = time(7)
    until: time = time(20)

    def is_open(self, at: datetime) -> bool:
        """Whether people may be written to at an aware instant."""
        return self.from_ <= at.astimezone(clock.local_zone()).time() < self.until

    def opens(self, at: datetime) -> datetime:
        """When they may be written to: the instant itself, else the next beginning after it."""
        if self.is_open(at):
            return at
        local = at.astimezone(clock.local_zone())
        day = local.date() + timedelta(days=local.time() >= self.until)
        return datetime.combine(day, self.from_, clock.local_zone())

    @property
    def length(self) -> timedelta:
        """How long it lasts on a day; negative where it ends before it begins."""
        return datetime.combine(_DAY, self.until) - datetime.combine(_DAY, self.from_)


def message_hours() -> MessageHours:
    """What this instance's pack says, 07.00 to 20.00 where it says nothing. Raises PackError."""
    return _read(Path(settings.PACK))


@lru_cache(maxsize=4)
def _read(folder: Path) -> MessageHours:
    problems: list[Problem] = []
    placed = read_toml_table(folder / FILE, TABLE, MessageHours, problems)
    if problems:
        raise PackError(problems)
    return placed[0][0] if placed else MessageHours()


@forgets
def forget_hours() -> None:
    """Read the pack at the next call."""
    _read.cache_clear()
