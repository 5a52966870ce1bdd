"""`./run simulate`: invented devices over real MQTT."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from argparse import ArgumentParser, Namespace

from django.conf import settings
from django.db import connection

from kotacerdas.foundation.telemetry.simulate.demo import prepared
from kotacerdas.foundation.telemetry.simulate.running import FAULTS, Running
from kotacerdas.kernel import clock
from kotacerdas.kernel.commands import Command


def run(given: Namespace) -> int:
    """Report for the demo's devices until Ctrl-C, or for the given minutes."""
    if settings.PRODUCTION:
        print("Invented devices are not for production.", file=sys.stderr)
        return 1
    faults = dict(_fault(words) for words in given.fault)
    devices = prepared(given.seed)
    if not devices:
        print("There is no device to simulate: load the demo first (./run demo load).", file=sys.stderr)
        return 1
    offset = clock.now().timestamp() - time.time()
    connection.close()
    running = Running(
        host=str(settings.MQTT["host"]),
        port=int(str(settings.MQTT["port"])),
        offset=offset,
        seed=given.seed,
        speed=given.speed,
        faults=faults,
    )
    stop = threading.Event()
    if given.minutes:
        threading.Timer(given.minutes * 60, stop.set).start()
    print(f"{len(devices)} devices report to {settings.MQTT['host']}:{settings.MQTT['port']}", flush=True)
    began = time.monotonic()
    try:
        asyncio.run(running.run(devices, stop))
    except KeyboardInterrupt:
        stop.set()
    for what, count in sorted(running.seen.items()):
        print(f"  {count:>7,} {what}")
    print(f"{time.monotonic() - began:.0f} s")
    return 0


def _fault(words: str) -> tuple[str, float]:
    name, _equals, share = words.partition("=")
    if name not in FAULTS:
        raise SystemExit(f"There is no fault {name}: {', '.join(FAULTS)}.")
    try:
        return name, float(share or 10)
    except ValueError:
        raise SystemExit(f"{words}: the share is a number of a hundred messages.") from None


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--seed", type=int, default=1, help="repeat the choices of another run (1)")
    parser.add_argument("--minutes", type=float, default=0.0, help="how long; until Ctrl-C unless said")
    parser.add_argument("--speed", type=float, default=1.0, help="how many times faster than life (1)")
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="NAME[=SHARE]",
        help=f"a fault and how many of a hundred messages have it (10): {', '.join(FAULTS)}",
    )


COMMANDS = (
    Command(
        name="simulate", help="let the demo's devices report over MQTT", run=run, add_arguments=_arguments
    ),
)
