"""`./run soak`: reports come in and are worked on while roles are killed; then every promise is looked at.

On a database of its own. Web, worker, clocks, sealer, follower and files run as processes; every ten seconds or so
one of them gets SIGKILL and is started again, and other faults come in turn (`faults.py`). Reports are filed by
HTTP, steps are taken by the real actions. In the end each acknowledged report must be stored once, each message sent
once, the journal sealed without gap, the followed figures equal to rebuilt ones, no clock left running on what is over,
and nothing set aside but what was made odd on purpose. Then the whole system, and every sort of process it has is
killed, PostgreSQL's too (`whole.py`).
"""

from __future__ import annotations

import signal
import sys
import tempfile
import threading
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random

from django.db import close_old_connections, connections

from kotacerdas.config.paths import ROOT
from kotacerdas.kernel.commands import Command
from trials.house import House, free_port, fresh_store
from trials.soak import devices
from trials.soak.checks import broken_promises, settle
from trials.soak.faults import broken_by_faults, clear_away, inject, odd_rows
from trials.soak.life import Tally, file_reports, take_steps
from trials.soak.whole import SORTS, kill_each

NAME = "kotacerdas_soak"
ROLES = ("web", "worker", "clocks", "sealer", "follower", "files")
FILERS, TAKERS, DEVICES = 2, 2, 4
KILL_SECONDS = (6.0, 14.0)
Work = Callable[[int, Tally, Random, threading.Event], None]
SETTLE_SECONDS = 120.0  # a dead worker's jobs are taken back after 20 s, and a retry waits a while


def run(given: Namespace) -> int:
    """Run for the given minutes; 1 when a promise broke."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that nothing it started outlives it
    seed = given.seed if given.seed is not None else time.time_ns() % 1_000_000
    print(f"soak: {given.minutes:g} minutes, seed {seed}", flush=True)
    tally, wrong = Tally(), []
    if given.minutes:
        wrong = _stormed(given.minutes, tally, seed)
    if given.kills:
        later = Tally()
        with fresh_store(NAME):  # of which villages and kinds there are to report
            wrong += kill_each(given.kills, later, Random(seed), sorts=given.sort or SORTS)
        tally.seen.update(later.seen)
    wrong += _devices(tally, given.device_kills, seed)
    for what, count in sorted(tally.seen.items()):
        print(f"  {count:>7,} {what}")
    for words in wrong:
        print(f"BROKEN: {words}")
    print("every promise held" if not wrong else f"{len(wrong)} promises broke")
    return 1 if wrong else 0


def _stormed(minutes: float, tally: Tally, seed: int) -> list[str]:
    """The roles one by one, under reports and faults; every promise that broke."""
    with fresh_store(NAME):
        house = House(NAME, free_port(), settings={"KOTACERDAS_RATE_LIMITS": "0"})
        odd_rows(tally)
        try:
            for role in ROLES:
                house.start(role)
            _storm(house, tally, minutes * 60, seed)
            began = time.monotonic()
            left = settle(SETTLE_SECONDS)
            tally.seen["seconds until all was quiet"] = round(time.monotonic() - began)
        finally:
            house.stop()
            clear_away(tally)
        return left + broken_promises(tally) + broken_by_faults(tally)


def _storm(house: House, tally: Tally, seconds: float, seed: int) -> None:
    """File, work and kill until the time is over; everything killed runs again afterwards."""
    stop = threading.Event()
    works: list[Work] = [file_reports] * FILERS + [take_steps] * TAKERS
    threads = [
        threading.Thread(target=_alone, args=(work, house.port, tally, Random(seed + n), stop), daemon=True)
        for n, work in enumerate(works)
    ]
    faults = (house.port, partial(_web, house), tally, Random(seed + 77), stop)
    threads.append(threading.Thread(target=inject, args=faults, daemon=True))
    for thread in threads:
        thread.start()
    try:
        _kill(house, tally, Random(seed + 99), time.monotonic() + seconds)
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)


def _alone(work: Work, port: int, tally: Tally, random: Random, stop: threading.Event) -> None:
    """One thread's work with connections of its own; what it did not expect is a broken promise."""
    close_old_connections()
    try:
        work(port, tally, random, stop)
    except Exception as error:
        tally.surprises.append(f"while reports went on: {error!r}")
    finally:
        connections.close_all()


def _kill(house: House, tally: Tally, random: Random, until: float) -> None:
    while (left := until - time.monotonic()) > 0:
        time.sleep(min(left, random.uniform(*KILL_SECONDS)))
        if time.monotonic() >= until:
            return
        role = random.choice(ROLES)
        tally.kills += 1
        house.kill(role)
        tally.count(f"times {role} was killed")
        house.start(role)
        tally.kills += 1


def _web(house: House) -> int | None:
    """The front door's process; None while it is dead."""
    process = house.processes.get("web")
    return process.pid if process is not None and process.poll() is None else None


def _devices(tally: Tally, kills: int, seed: int) -> list[str]:
    """The door for devices and the store under it, killed as often; not without somebody else's client."""
    client = ROOT / "tests" / "foreign_device.py"
    if not kills:
        return []
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        storm = devices.run(
            Path(folder), [sys.executable, str(client)], kills=kills, devices=DEVICES, seed=seed
        )
    tally.seen.update(storm.seen)
    return storm.wrong


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--minutes", type=float, default=5.0, help="how long roles are killed; 0: not at all (5)"
    )
    parser.add_argument(
        "--kills",
        type=int,
        default=3,
        help="of each sort of process of the whole system, at rest and under load (3)",
    )
    parser.add_argument(
        "--device-kills",
        type=int,
        default=10,
        help="how often the door for devices and the store are killed (10)",
    )
    parser.add_argument(
        "--sort",
        action="append",
        choices=SORTS,
        help="only this sort of process of the whole system; may be repeated",
    )
    parser.add_argument("--seed", type=int, default=None, help="repeat the choices of another run")


COMMANDS = (
    Command(
        name="soak",
        help="kill roles and make faults under load on a database of its own, then look at every promise",
        run=run,
        add_arguments=_arguments,
        any_store=True,
    ),
)
