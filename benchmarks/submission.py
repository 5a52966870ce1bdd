"""A report's final POST through HTTP, beside bare views with one query and with eight inserts in the same run."""

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
        house.start("sealer")
        try:
            category = Category.objects.filter(urgency="normal").order_by("order")[0].code
            said = submit(house.port, villages()[0].code, category)
        finally:
            house.stop()
            del os.environ["KOTACERDAS_DATABASE_NAME"]
        rate, p50, p99, count = (float(word) for word in said.split())
        stored = Case.objects.count()
    if stored < count:
        raise RuntimeError(f"{count:.0f} were acknowledged, {stored} are stored")
    return [
        f"a report stored through HTTP (the final POST), {CLIENTS} clients: {rate:.0f} requests/s, "
        f"p50 {p50:.0f} ms, p99 {p99:.0f} ms; {rate / bare:.0%} of a bare one-query view in the same run "
        f"({bare:.0f} requests/s), {rate / plain:.0%} of a bare view with eight plain inserts in one transaction "
        f"({plain:.0f} requests/s); every acknowledged one was found in the store"
    ]


def submit(port: int, area: str, category: str) -> str:
    """What the clients print."""
    arguments = [str(port), str(CLIENTS), str(SECONDS), area, category]
    command = [sys.executable, str(HERE / "_submitters.py"), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
