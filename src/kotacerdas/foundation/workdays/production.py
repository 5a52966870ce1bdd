"""What a real installation must not have: a moved clock."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.checks import CheckMessage, Error

from kotacerdas.foundation.workdays.training import stored


def problems() -> Iterator[CheckMessage]:
    """workdays.E001: training time is set."""
    if offset := stored():
        yield Error(f"the clock is moved by {offset}", hint="./run clock reset", id="workdays.E001")
