"""Bodies on their way in: spooled in memory and then on disk, under ceilings of size, of time, of each address and of all.

An address that takes no form gets none: its body is never read. What is held is counted from the first byte
until the answer is there, so that many slow clients together fill neither memory nor disk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from functools import lru_cache
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.conf import settings
from django.urls import Resolver404, resolve

from kotacerdas.config.middleware import true_address
from kotacerdas.foundation.parties.access import answers
from kotacerdas.foundation.parties.limits import network_of

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

IN_MEMORY = 256 * 1024
_LEAST_COUNTED = 64 * 1024  # an open body costs more than its bytes
_ADDRESS_SHARE = 4  # one address, a village's at most, may hold this part of all


class Gone(Exception):
    """The client left before its request was whole."""


class TooLarge(Exception):
    """The body is longer than the door lets in."""


class Full(Exception):
    """The door holds as many bodies as it can, for this address (`is_theirs`) or in all."""

    def __init__(self, *, is_theirs: bool) -> None:
        super().__init__("theirs" if is_theirs else "all")
        self.is_theirs = is_theirs


@dataclass
class Ledger:
    """What this process holds of bodies, in all and for each address. Used by the event loop alone."""

    most: int
    total: int = 0
    by_address: Counter[str] = field(default_factory=Counter)

    def take(self, who: str, size: int) -> None:
        """Note that an address holds more. Raises Full."""
        if self.by_address[who] + size > self.most // _ADDRESS_SHARE:
            raise Full(is_theirs=True)
        if self.total + size > self.most:
            raise Full(is_theirs=False)
        self.total += size
        self.by_address[who] += size

    def give_back(self, who: str, size: int) -> None:
        """It holds less again."""
        self.total -= size
        self.by_address[who] -= size
        if not self.by_address[who]:
            del self.by_address[who]


class Held:
    """One body and what it is counted for."""

    def __init__(self, ledger: Ledger, who: str) -> None:
        self.ledger, self.who, self.size, self.counted = ledger, who, 0, 0
        self.file: IO[bytes] = SpooledTemporaryFile(IN_MEMORY, dir=settings.SPOOL_FOLDER)  # noqa: SIM115

    def open(self) -> None:
        """Count it. Raises Full."""
        self.ledger.take(self.who, _LEAST_COUNTED)
        self.counted = _LEAST_COUNTED

    def write(self, part: bytes, most: int) -> None:
        """Add a part. Raises TooLarge, Full, and OSError where the disk has no room."""
        self.size += len(part)
        if self.size > most:
            raise TooLarge
        if self.size > self.counted:
            self.ledger.take(self.who, self.size - self.counted)
            self.counted = self.size
        self.file.write(part)

    def close(self) -> None:
        self.ledger.give_back(self.who, self.counted)
        self.counted = 0
        self.file.close()


async def spool(scope: Scope, receive: Receive, ledger: Ledger, max_bytes: int) -> Held:
    """Read the whole body. Raises TooLarge (at once when the length is announced), Full, Gone, and OSError."""
    announced = _announced(scope)
    if announced is not None and announced > max_bytes:
        raise TooLarge
    held = Held(ledger, network_of(true_address(*_seen(scope))))
    try:
        held.open()
        await _fill(held, receive, max_bytes)
        held.file.seek(0)
    except BaseException:
        held.close()
        raise
    return held


def has_none(scope: Scope) -> bool:
    """Whether nothing is to be read: nothing comes, or the address takes no form."""
    method = scope["method"]
    names = {name for name, _ in scope["headers"]}
    comes = method not in ("GET", "HEAD") or bool(names & {b"content-length", b"transfer-encoding"})
    return not comes or method in ("GET", "HEAD", "OPTIONS", "TRACE") or not _takes(scope["path"], method)


def is_form_of_files(scope: Scope) -> bool:
    """Whether photos may come with it."""
    kind: bytes = dict(scope["headers"]).get(b"content-type", b"")
    return kind.lower().startswith(b"multipart/")


_answers: Callable[[Any, str], bool] = lru_cache(maxsize=1024)(answers)


def _takes(path: str, method: str) -> bool:
    try:
        return _answers(resolve(path).func, method)
    except Resolver404:
        return False


def _announced(scope: Scope) -> int | None:
    text = dict(scope["headers"]).get(b"content-length", b"")
    if not text.isdigit():
        return None
    return int(text) if len(text) < 16 else 10**16


def _seen(scope: Scope) -> tuple[str, str]:
    """The address that connected, and what it says whom it speaks for."""
    forwarded = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for")
    return str((scope.get("client") or ("",))[0]), forwarded.decode("latin-1")


async def _fill(held: Held, receive: Receive, max_bytes: int) -> None:
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        held.write(message.get("body", b""), max_bytes)
        more = message.get("more_body", False)
