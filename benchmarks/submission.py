"""A report's final POST through HTTP with all roles running: rate, statements and processor time a report.

Beside bare views with one query and with eight inserts in the same run. Peers, measured elsewhere on the same sort of
machine: Signalen 39 statements and 80 ms and 118 ms in the background, django-helpdesk 12 and 13 to 25 ms.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from _inserts import TABLE
from _store import fresh
from django.db import connection
from door import CLIENTS, load, serving
from trials.house import House, free_port

SECONDS = 8.0
HERE = Path(__file__).resolve().parent


def main() -> list[str]:
    """Lines for RESULTS.md."""
    with fresh() as name:
        os.environ["KOTACERDAS_DATABASE_NAME"] = name
        with serving("door") as port:
            bare, _p50, _p99 = load(port)
            with connection.cursor() as cursor:
                cursor.execute(TABLE)
            plain, _p50, _p99 = load(port, "/inserts")
        from kotacerdas.foundation.cases.models import Case
        from kotacerdas.foundation.territory.queries import villages
        from kotacerdas.programs.iceta.models import Category

        house = House(name, free_port(), workers=2, settings={"KOTACERDAS_RATE_LIMITS": "0"})
        house.start("web")
        house.start("quiet")
        try:
            category = Category.objects.filter(urgency="normal").order_by("order")[0].code
            area = villages()[0].code
            asked = statements(area, category)
            before = processor_seconds(house)
            said = submit(house.port, area, category)
            spent = {
                part: max(0.0, used - before.get(part, 0.0))
                for part, used in processor_seconds(house).items()
            }
        finally:
            house.stop()
            del os.environ["KOTACERDAS_DATABASE_NAME"]
        rate, p50, p99, count = (float(word) for word in said.split())
        stored = Case.objects.count() - 2  # filed to count their statements
    if stored < count:
        raise RuntimeError(f"{count:.0f} were acknowledged, {stored} are stored")
    return [
        f"a report stored through HTTP (the final POST), {CLIENTS} clients: {rate:.0f} requests/s, "
        f"p50 {p50:.0f} ms, p99 {p99:.0f} ms; {rate / bare:.0%} of a bare one-query view in the same run "
        f"({bare:.0f} requests/s), {rate / plain:.0%} of a bare view with eight plain inserts in one transaction "
        f"({plain:.0f} requests/s); every acknowledged one was found in the store",
        f"one report: {asked} statements in the request; processor time a report {sum(spent.values()) / stored * 1000:.1f} ms "
        f"({', '.join(f'{part} {used / stored * 1000:.1f}' for part, used in sorted(spent.items()))} ms), the background of "
        "all roles within it",
    ]


def statements(area: str, category: str) -> int:
    """SQL statements of one final POST, transaction marks left out; printed, each with its milliseconds.

    The draft was kept by the page before, as a browser's always is, and the rate limits count.
    """
    from urllib.parse import parse_qsl

    from _submitters import request
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.cookies["draft"] = "b" * 32
    for number in (1, 2):  # the first one reads what is kept in mind
        body = dict(parse_qsl(request(area, category, number).split(b"\r\n\r\n", 1)[1].decode()))
        client.post("/lapor/periksa/", {**body, "go": "next", "from": "words"})
        with CaptureQueriesContext(connection) as found:
            answer = client.post("/lapor/periksa/", body)
        if answer.status_code != 302 or "/terkirim/" not in answer.url:
            raise RuntimeError(f"the report was not taken: {answer.status_code}")
    marks = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    asked = [one for one in found.captured_queries if not one["sql"].startswith(marks)]
    for one in asked:
        print(f"  {float(one['time']) * 1000:5.1f} ms  {' '.join(one['sql'].split())[:100]}", file=sys.stderr)
    return len(asked)


def processor_seconds(house: House) -> dict[str, float]:
    """User and system time so far of the house's roles with their children, and of the store's processes."""
    from kotacerdas.config import postmaster

    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        data = Path(cursor.fetchone()[0])
    found = {role: sum(map(_used, _with_children(one.pid))) for role, one in house.processes.items()}
    return {**found, "store": sum(map(_used, postmaster.family(data)))}


def _with_children(pid: int) -> list[int]:
    below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(one for child in below for one in _with_children(int(child)))]


def _used(pid: int) -> float:
    try:
        parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def submit(port: int, area: str, category: str) -> str:
    """What the clients print."""
    arguments = [str(port), str(CLIENTS), str(SECONDS), area, category]
    command = [sys.executable, str(HERE / "_submitters.py"), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
