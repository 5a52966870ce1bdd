"""Why a file cannot be read as a whole. The words for people stand in `tables.refusals`."""

from __future__ import annotations


class Unreadable(Exception):
    """`code` names the reason; `given` fills its words."""

    def __init__(self, code: str, **given: str | int) -> None:
        super().__init__(code)
        self.code, self.given = code, given
