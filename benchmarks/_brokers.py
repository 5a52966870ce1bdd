"""Brokers as others put them together: mosquitto or amqtt, an aiomqtt subscriber, COPY. Both acknowledge before they store."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

SECONDS = float(os.environ.get("BENCH_SECONDS") or 8)
HERE = Path(__file__).parent
CONNECTIONS = 200
PER_COPY = 2_000
_AMQTT = """
import asyncio, sys
from amqtt.broker import Broker
async def serve():
    broker = Broker({
        "listeners": {"default": {"type": "tcp", "bind": "127.0.0.1:" + sys.argv[1]}},
        "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}},
    })
    await broker.start()
    await asyncio.Event().wait()
asyncio.run(serve())
"""


def measured() -> list[str]:
    """A line for each broker. Raises RuntimeError where mosquitto is not installed."""
    mosquitto = shutil.which("mosquitto", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    if mosquitto is None:
        raise RuntimeError("mosquitto is not installed: install the package `mosquitto` and run again")
    return [
        through("mosquitto", lambda port: [mosquitto, "-p", str(port)]),
        through("amqtt", lambda port: [sys.executable, "-c", _AMQTT, str(port)]),
    ]


def through(name: str, command) -> str:  # type: ignore[no-untyped-def]
    """200 connections with one message in flight through a broker to a subscriber that COPYs in batches."""
    from trials.house import free_port

    port = free_port()
    process = subprocess.Popen(command(port), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        found, stored = asyncio.run(_run(port))
    finally:
        process.terminate()
        process.wait(10)
    if not stored:
        raise RuntimeError(f"nothing came through {name} to the store")
    return (
        f"{name} + aiomqtt + COPY, {CONNECTIONS} connections, one in flight: {found['rate']:,.0f} acknowledged "
        f"messages/s, p99 {found['p99']:.0f} ms; {stored / SECONDS:,.0f}/s came to the store meanwhile "
        f"({stored:,} of {found['acknowledged']:,} acknowledged; no processor spent on who may send what)"
    )


def wait_for(port: int) -> None:
    """Return when something listens there. Raises RuntimeError after 30 s."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError("the door does not listen")


async def _run(port: int) -> tuple[dict[str, float], int]:
    """What the senders counted, and how many rows were stored when they ended."""
    import aiomqtt

    stored = 0
    ready = asyncio.Event()

    async def subscribe() -> None:
        nonlocal stored
        rows: list[bytes] = []
        async with aiomqtt.Client("127.0.0.1", port, max_queued_incoming_messages=0) as client:
            await client.subscribe("d/#", qos=1)
            ready.set()
            async for message in client.messages:
                rows.append(message.payload)
                if len(rows) >= PER_COPY:
                    await asyncio.to_thread(_copy_rows, rows)
                    stored, rows = stored + len(rows), []

    task = asyncio.create_task(subscribe())
    await asyncio.wait_for(ready.wait(), 10)
    devices = [(f"x{n}", "x") for n in range(CONNECTIONS)]
    given = {"port": port, "devices": devices, "window": 1, "base": 1, "seconds": SECONDS}
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(HERE / "_devices.py"), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    answer, _ = await process.communicate(json.dumps(given).encode())
    task.cancel()
    return json.loads(answer), stored


def _copy_rows(rows: list[bytes]) -> None:
    from django.db import connection, transaction

    from kotacerdas.foundation.telemetry.ingest.batch import Batch, _copy
    from kotacerdas.foundation.telemetry.ingest.payload import micros
    from kotacerdas.kernel import clock

    now, batch = micros(clock.now()), Batch()
    batch.add((2_000_000, now + n * 7, float(json.loads(one)[0][1]), None) for n, one in enumerate(rows))
    statement = "COPY telemetry_observation (stream, at, came, value, value2) FROM STDIN (FORMAT BINARY)"
    with transaction.atomic(), connection.cursor() as cursor:
        _copy(cursor, statement, sorted(batch.rows.items()), clock.now())
