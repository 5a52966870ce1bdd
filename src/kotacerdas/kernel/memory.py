"""What a process keeps in mind of the store, so that it can be dropped at once: at SIGUSR1, by a loader, by tests.

@forgets
def forget_policies() -> None: ...
"""

from __future__ import annotations

from collections.abc import Callable

_forgetters: list[Callable[[], None]] = []


def forgets(forget: Callable[[], None]) -> Callable[[], None]:
    """Register a function that drops one thing kept in mind."""
    _forgetters.append(forget)
    return forget


def forget_all() -> None:
    """Drop all that is kept: the next reader asks the store."""
    for forget in _forgetters:
        forget()
