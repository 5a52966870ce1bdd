"""Answers that take the same time whatever they found."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def equal_time(seconds: float) -> Iterator[None]:
    """Last at least so long, also where it fails: a clock in hand tells nothing of what was found.

    seconds  more than what is done within usually takes on a busy machine; a thread waits meanwhile, so the door
             needs a limit of its own
    """
    until = time.monotonic() + seconds
    try:
        yield
    finally:
        time.sleep(max(0.0, until - time.monotonic()))
