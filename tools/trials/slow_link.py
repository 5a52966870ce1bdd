"""A slow and breaking link on one port: delay, rate, and connections that are cut, for tests and benchmarks.

Chromium's own emulation does not reach requests of a service worker, and this kernel has no `netem`: so a relay stands
between the browser and the front door, in a thread of its own.
"""

from __future__ import annotations

import asyncio
import random
import threading
from contextlib import suppress
from dataclasses import dataclass, field

_PIECE = 2048


@dataclass
class SlowLink:
    """A relay to a port of this machine.

    rtt_ms       added to each connection's first bytes and to each turn of its direction
    bits_a_second  of each direction, all connections together; 0 for no limit
    cut_after    bytes of one connection (both ways) after which it is reset; 0 for never. One value of `cuts` at a time
    lost         share of connections that are reset before a byte passes
    is_open      False for no network at all: what is under way is reset too
    lose_replies what a request holds whose reply is lost, once for each entry: the server has done it, nobody hears of it
    """

    to_port: int
    rtt_ms: float = 0
    bits_a_second: int = 0
    lost: float = 0
    cuts: list[int] = field(default_factory=list)
    is_open: bool = True
    lose_replies: list[bytes] = field(default_factory=list)
    seed: int = 1
    bytes_up: int = 0
    bytes_down: int = 0
    connections: int = 0
    port: int = 0

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._free = {"up": 0.0, "down": 0.0}

    def __enter__(self) -> SlowLink:
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_error: object) -> None:
        self._loop.call_soon_threadsafe(self._end)
        self._thread.join(5)

    def _end(self) -> None:
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        ended = asyncio.gather(*tasks, return_exceptions=True)
        ended.add_done_callback(lambda _ended: self._loop.stop())

    @property
    def url(self) -> str:
        """The address of the slow side."""
        return f"http://127.0.0.1:{self.port}"

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", self.port))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        if not self.is_open or self._random.random() < self.lost:
            writer.transport.abort()
            return
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self.to_port)
        except OSError:
            writer.transport.abort()
            return
        left = [
            self.cuts.pop(0) if self.cuts else 0,
            0,
        ]  # bytes until the cut; whether the reply is to be lost
        both = [self._relay(reader, back, "up", left, writer), self._relay(there, writer, "down", left, back)]
        with suppress(ConnectionError, asyncio.CancelledError):
            await asyncio.gather(*both)
        for end in (writer, back):
            end.close()

    async def _relay(
        self,
        source: asyncio.StreamReader,
        target: asyncio.StreamWriter,
        way: str,
        left: list[int],
        other: asyncio.StreamWriter,
    ) -> None:
        while data := await source.read(_PIECE):
            await asyncio.sleep(self._wait_for(len(data), way))
            if self._is_cut(data, way, left):
                target.transport.abort()
                other.transport.abort()
                return
            if way == "up":
                self.bytes_up += len(data)
            else:
                self.bytes_down += len(data)
            target.write(data)
            await target.drain()
        with suppress(OSError):
            target.write_eof()

    def _is_cut(self, data: bytes, way: str, left: list[int]) -> bool:
        if not self.is_open or (way == "down" and left[1]):
            return True
        for one in self.lose_replies if way == "up" else ():
            if one in data:
                self.lose_replies.remove(one)
                left[1] = 1
                break
        if left[0]:
            left[0] -= len(data)
            return left[0] <= 0
        return False

    def _wait_for(self, size: int, way: str) -> float:
        """Seconds until these bytes have passed: half the round trip, and their turn on the line."""
        now = self._loop.time()
        if self.bits_a_second:
            self._free[way] = max(now, self._free[way]) + size * 8 / self.bits_a_second
            return self._free[way] - now + self.rtt_ms / 2000
        return self.rtt_ms / 2000
