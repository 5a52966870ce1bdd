"""Devices: acknowledged messages a second, beside raw COPY and a broker; rollups and rules."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import _brokers
from _store import NAME, fresh

SECONDS = _brokers.SECONDS
HERE = Path(__file__).parent
Devices = list[tuple[str, str]]


def main() -> list[str]:
    """Lines for RESULTS.md."""
    lines: list[str] = []
    with fresh():
        devices = make_devices(2_000)
        lines += raw_copy()
        lines += ingest(devices)
        lines += by_mosquitto_pub(devices)
        lines += _brokers.measured()
        lines += followers()
    return lines


def make_devices(count: int) -> Devices:
    """Devices with a stream of levels, and their secrets."""
    from kotacerdas.foundation.parties.models import Agency
    from kotacerdas.foundation.telemetry import credentials
    from kotacerdas.foundation.telemetry.ingest.registry import changed
    from kotacerdas.foundation.telemetry.models import Credential, Datastream, Device

    agency = Agency.objects.order_by("code")[0]
    made = [
        Device(code=f"bench-{n:05d}", name=f"bench {n}", kind="gauge", agency=agency) for n in range(count)
    ]
    Device.objects.bulk_create(made)
    Datastream.objects.bulk_create(
        Datastream(device=one, code="level", name="level", unit="m") for one in made
    )
    secrets = [credentials.new_secret() for _ in made]
    Credential.objects.bulk_create(
        Credential(device=one, fingerprint=credentials.device_fingerprint(secret))
        for one, secret in zip(made, secrets, strict=True)
    )
    changed()
    return [(one.code, secret) for one, secret in zip(made, secrets, strict=True)]


def stored() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM telemetry_observation")
        return int(cursor.fetchone()[0])


def raw_copy() -> list[str]:
    """The same rows by COPY alone, 20,000 a transaction, with and without the key's index."""
    from django.db import connection, transaction

    from kotacerdas.foundation.telemetry.ingest.batch import Batch, _copy
    from kotacerdas.foundation.telemetry.ingest.payload import micros
    from kotacerdas.kernel import clock

    now, rates = micros(clock.now()), []
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_heap (LIKE telemetry_observation)")
    for table in ("bench_heap", "telemetry_observation"):
        statement = f"COPY {table} (stream, at, came, value, value2) FROM STDIN (FORMAT BINARY)"
        began, count = time.perf_counter(), 0
        for turn in range(10):
            batch = Batch()
            batch.add(
                (n % 2000 + 1_000_000, now + (turn * 20_000 + n) * 1000, 1.5, None) for n in range(20_000)
            )
            with transaction.atomic(), connection.cursor() as cursor:
                _copy(cursor, statement, sorted(batch.rows.items()), clock.now())
            count += len(batch.rows)
        rates.append(count / (time.perf_counter() - began))
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_heap")
        cursor.execute("TRUNCATE telemetry_observation")
    return [
        f"raw COPY of the same rows: {rates[0]:,.0f} rows/s into a heap, {rates[1]:,.0f} into the partitions with their key"
    ]


@contextmanager
def door(port: int):
    """The role `ingest` as a process of its own over this database."""
    from trials.house import House

    house = House(NAME, 1, settings={"KOTACERDAS_MQTT_PORT": str(port), "KOTACERDAS_LOG_LEVEL": "WARNING"})
    house.start("ingest")
    try:
        _brokers.wait_for(port)
        yield house.processes["ingest"]
    finally:
        house.stop()


def ingest(devices: Devices) -> list[str]:
    """Acknowledged messages a second; every acknowledged one must be in the store, and none twice."""
    from trials.house import free_port

    lines, port = [], free_port()
    base = int(time.time() * 1000) - 80_000_000
    with door(port) as process:
        for connections, window, words in (
            (200, 1, "one in flight"),
            (2_000, 1, "one in flight"),
            (200, 100, "pipelined (100 in flight)"),
            (2_000, 20, "pipelined (20 in flight)"),
        ):
            before, busy = stored(), processor_seconds(process.pid)
            base += 20_000_000
            given = {
                "port": port,
                "devices": devices[:connections],
                "window": window,
                "base": base,
                "seconds": SECONDS,
            }
            done = subprocess.run(
                [sys.executable, str(HERE / "_devices.py")],
                input=json.dumps(given),
                capture_output=True,
                text=True,
                check=True,
            )
            found = json.loads(done.stdout)
            there, busy = stored() - before, processor_seconds(process.pid) - busy
            if not found["acknowledged"] <= there <= found["sent"]:
                raise RuntimeError(
                    f"{found['acknowledged']} acknowledged, {there} stored, {found['sent']} sent"
                )
            lines.append(
                f"{connections:,} connections, {words}: {found['rate']:,.0f} acknowledged messages/s, "
                f"p50 {found['p50']:.0f} ms, p99 {found['p99']:.0f} ms; {busy / there * 1e6:.0f} µs of the door's processor "
                f"each; all {found['acknowledged']:,} acknowledged were found, none twice"
            )
    return lines


def processor_seconds(pid: int) -> float:
    parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def by_mosquitto_pub(devices: Devices) -> list[str]:
    """Somebody else's command line, one message a line, QoS 1."""
    from trials.house import free_port

    if shutil.which("mosquitto_pub") is None:
        raise RuntimeError(
            "mosquitto_pub is not installed: install the package `mosquitto-clients` and run again"
        )
    port, count, before = free_port(), 20_000, stored()
    code, secret = devices[0]
    base = int(time.time() * 1000) - 500_000_000
    text = "\n".join(f"[[{base + n},1.5]]" for n in range(count))
    with door(port):
        command = ["mosquitto_pub", "-h", "127.0.0.1", "-p", str(port), "-u", code, "-P", secret, "-i", code]
        began = time.perf_counter()
        subprocess.run(
            [*command, "-q", "1", "-l", "-t", f"d/{code}/level"], input=text, text=True, check=True
        )
        spent = time.perf_counter() - began
    if stored() - before != count:
        raise RuntimeError(f"{stored() - before} of {count} stored")
    return [f"mosquitto_pub -l, one connection: {count / spent:,.0f} messages/s, all {count:,} found"]


def followers() -> list[str]:
    """How fast what came is counted, and judged by a rule that watches every stream."""
    from kotacerdas.foundation.telemetry.actions import sync_declared
    from kotacerdas.foundation.telemetry.models import Device, RuleVersion
    from kotacerdas.foundation.telemetry.rules.engine import Engine
    from kotacerdas.foundation.telemetry.store import rollups

    sync_declared()
    RuleVersion.objects.update(live_from="2020-01-01T00:00:00Z")
    Device.objects.update(settings={"alarm_level": 1e6, "calm_level": 1e5})
    engine, seen, began = Engine(), 0, time.perf_counter()
    while count := engine.round():
        seen += count
    judged = seen / (time.perf_counter() - began)
    minutes, began = 0, time.perf_counter()
    while count := rollups.follow_batch():
        minutes += count
    spent = time.perf_counter() - began
    return [
        f"rules over every stream: {judged:,.0f} readings/s judged ({seen:,} readings)",
        f"rollups: {stored() / spent:,.0f} observations/s counted to minutes, hours and days ({minutes:,} minutes of streams in {spent:.0f} s)",
    ]
