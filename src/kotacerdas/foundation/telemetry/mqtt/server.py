"""The MQTT door: one event loop over all devices, one writer behind it. PUBACK goes out after COMMIT alone."""

from __future__ import annotations

import asyncio
import errno
import ssl
import threading
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from kotacerdas.foundation.telemetry.ingest.asides import Asides
from kotacerdas.foundation.telemetry.ingest.batch import Aside
from kotacerdas.foundation.telemetry.ingest.gather import Gatherer
from kotacerdas.foundation.telemetry.ingest.payload import Window
from kotacerdas.foundation.telemetry.ingest.registry import Registry
from kotacerdas.foundation.telemetry.mqtt.connection import (
    CONNECT_SECONDS,
    KEEP_ALIVE_OVER,
    NOT_YOURS,
    STOPPING,
    TAKEN_OVER,
    TOO_MANY,
    Connection,
)

MOST_OF_ONE_DEVICE = 4
KNOCKS_KEPT = 500
STRANGERS_OF_ONE_ADDRESS = 200  # who have not signed in; a mobile carrier's devices share one
_OWN_ADDRESSES = frozenset({"127.0.0.1", "::"})  # a proxy on this machine: all devices come from it
STRANGERS_PART = 4  # of the places, one in so many is for who has not signed in
_LOOK_SECONDS = 1.0
_PORT_SECONDS = 30.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Doors:
    """Where to listen; port 0 is nowhere. `certificate` and `key` are files in PEM."""

    host: str = "127.0.0.1"
    port: int = 1883
    tls_port: int = 8883
    certificate: str = ""
    key: str = ""
    most_bytes: int = 65_536
    most_connections: int = 12_000


class Server:
    """All connections, and what they share."""

    def __init__(self, doors: Doors) -> None:
        self.doors = doors
        self.most_bytes = doors.most_bytes
        self.registry = Registry()
        self.gatherer = Gatherer("mqtt", self.registry, self.registry_read)
        self.connections: set[Connection] = set()
        self.strangers: dict[Connection, None] = {}  # the oldest first
        self._strangers_of: Counter[str] = Counter()
        self.by_device: dict[str, dict[str, Connection]] = {}
        self.window = Window(0.0, 0.0)
        self._asides = Asides()
        self._knocked: set[str] = set()
        self._undecided: list[Connection] = []

    async def run(self, stop: threading.Event) -> None:
        """Serve until the event is set."""
        tasks = [asyncio.create_task(self.gatherer.run()), asyncio.create_task(self._look())]
        listening: list[asyncio.Server] = []
        try:
            self._clock()
            while not stop.is_set() and not self.registry.version:
                await asyncio.sleep(0.05)
            listening = await self._listen(stop)
            while not stop.is_set():
                await asyncio.sleep(0.1)
        finally:
            for server in listening:
                server.close()
            for connection in list(self.connections):
                connection.dismiss(STOPPING)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self.gatherer.stop()

    async def _listen(self, stop: threading.Event) -> list[asyncio.Server]:
        loop, doors = asyncio.get_running_loop(), self.doors
        wanted: list[tuple[int, ssl.SSLContext | None]] = [(doors.port, None)] if doors.port else []
        if doors.certificate and doors.tls_port:
            wanted.append((doors.tls_port, tls_context(doors)))
        found = []
        for port, context in wanted:
            while not stop.is_set():
                try:
                    found.append(
                        await loop.create_server(
                            lambda: Connection(self),
                            doors.host,
                            port,
                            ssl=context,
                            ssl_handshake_timeout=CONNECT_SECONDS if context else None,
                            backlog=1024,
                        )
                    )
                    log.info("mqtt_listens", host=doors.host, port=port, tls=context is not None)
                    break
                except OSError as error:
                    if error.errno != errno.EADDRINUSE:
                        raise
                    log.warning("mqtt_port_taken", port=port, again_in=_PORT_SECONDS)
                    await asyncio.to_thread(stop.wait, _PORT_SECONDS)
        return found

    async def _look(self) -> None:
        """Once a second: the clock, who fell silent, whose credential ended, who may be read again."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            self._clock()
            now, instant = time.monotonic(), self.now()
            for connection in list(self.connections):
                if connection.is_silent(now):
                    connection.dismiss(KEEP_ALIVE_OVER)
                elif connection.is_over(instant):
                    connection.dismiss(NOT_YOURS)
                elif connection.is_paused and not connection.in_flight:
                    connection.go_on()

    def _clock(self) -> None:
        self.window = self.registry.window()

    def now(self) -> datetime:
        """The present instant; the event loop never asks the store."""
        return datetime.fromtimestamp(self.window.now, UTC)

    def enter(self, connection: Connection) -> bool:
        """Let a new connection in, unless there are too many.

        Strangers, who have yet to sign in, hold a part of the places only: the oldest goes for the newest, so that a
        device finds a place however many only knock.
        """
        there = self._strangers_of[connection.address]
        if there >= STRANGERS_OF_ONE_ADDRESS and connection.address not in _OWN_ADDRESSES:
            return False
        most = self.doors.most_connections
        if len(self.strangers) >= max(1, most // STRANGERS_PART) or len(self.connections) >= most:
            oldest = next(iter(self.strangers), None)
            if oldest is None:
                return False
            self.connections.discard(oldest)
            self._no_stranger(oldest)
            oldest.abort()
        self.connections.add(connection)
        self.strangers[connection] = None
        self._strangers_of[connection.address] += 1
        return True

    def _no_stranger(self, connection: Connection) -> None:
        """It signed in, or is gone."""
        if self.strangers.pop(connection, connection) is None:
            self._strangers_of[connection.address] -= 1
            if not self._strangers_of[connection.address]:
                del self._strangers_of[connection.address]

    def signed_in(self, connection: Connection) -> None:
        """A device is known: who had its client's name goes; of too many the oldest goes."""
        assert connection.known is not None
        self._no_stranger(connection)
        own = self.by_device.setdefault(connection.known.code, {})
        before = own.pop(connection.client_id, None)
        if before is not None:
            before.has_left = True
            before.dismiss(TAKEN_OVER)
        for name in list(own)[: max(0, len(own) + 1 - MOST_OF_ONE_DEVICE)]:
            own.pop(name).dismiss(TOO_MANY)
        own[connection.client_id] = connection
        self.gatherer.batch.seen[connection.known.id] = True
        self.gatherer.note()

    def leave(self, connection: Connection) -> None:
        """A connection is over."""
        self.connections.discard(connection)
        self._no_stranger(connection)
        if connection.known is None:
            return
        own = self.by_device.get(connection.known.code, {})
        if own.get(connection.client_id) is connection:
            del own[connection.client_id]
            connection.last_words()
            if not own:
                self.by_device.pop(connection.known.code, None)
                self.gatherer.batch.seen[connection.known.id] = False
            self.gatherer.note()

    def decide_later(self, connection: Connection) -> None:
        """A device that is not known, or not by this secret, may have been made a moment ago: look once more."""
        self._undecided.append(connection)
        self.gatherer.look_now()

    def registry_read(self, changed: bool) -> None:
        """The registry was looked at: decide who waits for it, and where it changed, let go who may no more."""
        if changed:
            self._registry_changed()
        waiting, self._undecided = self._undecided, []
        for connection in waiting:
            connection.decide()

    def _registry_changed(self) -> None:
        self._clock()
        now = self.now()
        self._knocked.difference_update(self.registry.known)
        for connection in list(self.connections):
            if connection.known is None:
                continue
            known = self.registry.known.get(connection.known.code)
            if known is None or not known.accepts(connection.secret, now):
                connection.dismiss(NOT_YOURS)
            else:
                connection.now_known(known)

    def set_aside(self, one: Aside) -> None:
        """Into the quarantine; a device that fills it is only counted."""
        aside = self._asides.admit(one, self.window.now)
        if aside is not None:
            self.gatherer.batch.aside.append(aside)
        self.gatherer.note()

    def knocked(self, code: str) -> None:
        """An unknown device wants in: noted once until it is known, a few hundred of them."""
        if code and code not in self._knocked and len(self._knocked) < KNOCKS_KEPT:
            self._knocked.add(code)
            self.set_aside(Aside("mqtt", code, "unknown_device"))


def tls_context(doors: Doors) -> ssl.SSLContext:
    """TLS 1.2 or newer with the certificate of the settings."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(doors.certificate, doors.key or None)
    return context


def serve(doors: Doors, stop: threading.Event) -> None:
    """Run the door in this thread until the event is set."""
    asyncio.run(Server(doors).run(stop))
