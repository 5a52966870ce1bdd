"""The connection to the store: whether one that was kept still stands is seen on this side, not asked over there."""

from __future__ import annotations

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, but that a request pays no `SELECT 1` for the health of its connection."""

    def is_usable(self) -> bool:
        """Whether the connection stands.

        A store that went has closed its end, and then there is something to read though nothing was asked. Only
        then, and after an error, is it asked by a statement.
        """
        if self.connection is None or self.connection.closed:
            return False
        if self.errors_occurred or _has_something(self.connection.fileno()):
            return bool(super().is_usable())
        return True


def _has_something(socket: int) -> bool:
    waiting = select.poll()
    waiting.register(socket, select.POLLIN)
    return bool(waiting.poll(0))
