"""Running invented devices: each is a task with its own connection, and a fault now and then where one is asked for."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from kotacerdas.foundation.telemetry.rules.engine import local_time
from kotacerdas.foundation.telemetry.simulate.client import Client, Gone
from kotacerdas.foundation.telemetry.simulate.world import Invented, measured

FAULTS = ("silence", "flood", "garbage", "late", "repeat", "clock", "topic", "oversize")
_FLOOD = 2_000


@dataclass
class Running:
    """One run. `speed` shortens the pauses; `faults` maps a fault to how many in a hundred messages have it."""

    host: str
    port: int
    offset: float = 0.0  # how far our clock is ahead of the machine's
    seed: int = 1
    speed: float = 1.0
    faults: Mapping[str, float] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)

    async def run(self, devices: list[tuple[Invented, str]], stop: threading.Event) -> None:
        """Report for every device until the event is set. `devices` are pairs of a device and its secret."""
        tasks = [asyncio.create_task(self._device(one, secret, stop)) for one, secret in devices]
        try:
            while not stop.is_set() and not all(task.done() for task in tasks):
                await asyncio.sleep(0.2)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _device(self, one: Invented, secret: str, stop: threading.Event) -> None:
        if one.silent_from and time.time() + self.offset >= one.silent_from:
            return  # it is away for good, not only quiet
        random = Random(self.seed * 31 + one.seed)
        client, pause = Client(self.host, self.port, one.code, secret), 1.0
        await asyncio.sleep(random.random() * min(3.0, one.every_s / self.speed))
        while not stop.is_set():
            try:
                await client.connect()
                pause = 1.0
                while not stop.is_set():
                    await self._report(one, client, random)
                    await asyncio.sleep(one.every_s / self.speed * random.uniform(0.9, 1.1))
            except (OSError, Gone, TimeoutError):
                self.seen["lost connections"] += 1
                client.close()
                await asyncio.sleep(pause * random.uniform(0.7, 1.3))
                pause = min(pause * 2, 30.0)
        client.close()

    async def _report(self, one: Invented, client: Client, random: Random) -> None:
        at = time.time() + self.offset
        values = measured(one, at, local_time)
        fault = next((name for name, share in self.faults.items() if random.random() * 100 < share), "")
        if values is None or fault == "silence":
            self.seen["silent"] += 1
            await client.ping()
            return
        topic, payload = f"d/{one.code}", json.dumps({"t": round(at, 3), **values}).encode()
        if fault:
            self.seen[fault] += 1
            await self._fault(fault, one, client, topic, at, values)
        else:
            await client.publish(topic, payload)
        self.seen["acknowledged"] += 1

    async def _fault(self, fault, one, client, topic, at, values) -> None:  # type: ignore[no-untyped-def]
        def reading(when: float) -> bytes:
            return json.dumps({"t": round(when, 3), **values}).encode()

        if fault == "flood":
            for number in range(_FLOOD):
                await client.publish(topic, reading(at - number / 1000))
        elif fault == "garbage":
            await client.publish(topic, b'{"t": NaN, "level": \xff')
        elif fault == "late":
            await client.publish(topic, reading(at - 3 * 86_400))
        elif fault == "repeat":
            await client.publish(topic, reading(at))
            await client.publish(topic, reading(at))
        elif fault == "clock":
            await client.publish(topic, reading(at + 3 * 365 * 86_400))
        elif fault == "topic":
            await client.publish("d/somebody-else", reading(at))
        else:
            await client.raw(b"\x30\xff\xff\xff\x7f")
