"""Devices: a year's chart over ten million observations, and a map of twenty thousand devices."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from typing import Any

from _store import fresh
from telemetry import make_devices, stored

CHART_ROWS = int(os.environ.get("BENCH_CHART_ROWS") or 10_000_000)
MAP_DEVICES = 20_000


def main() -> list[str]:
    """Lines for RESULTS.md."""
    with fresh():
        return [*chart(), *device_map()]


def best(action: Callable[[], Any], times: int = 7) -> tuple[float, float]:
    """(median, worst) in milliseconds."""
    found = []
    for _turn in range(times):
        began = time.perf_counter()
        action()
        found.append((time.perf_counter() - began) * 1000)
    return statistics.median(found), max(found)


def chart() -> list[str]:
    """A year of one datastream over ten million observations, from the store to the SVG's coordinates."""
    from django.db import connection

    from kotacerdas.foundation.telemetry.models import Datastream
    from kotacerdas.foundation.telemetry.pages.charts import draw
    from kotacerdas.foundation.telemetry.store.series import series

    make_devices(1)
    stream = Datastream.objects.get()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO telemetry_observation (stream, at, came, value)"
            " SELECT %s, at, at, 1.5 + sin(n / 20000.0) FROM (SELECT n, now() - n * (interval '365 days' / %s) AS at"
            " FROM generate_series(1, %s) n) made",
            [stream.id, CHART_ROWS, CHART_ROWS],
        )
        for table, step in (("minute", "minute"), ("hour", "hour"), ("day", "day")):
            text = (
                f"INSERT INTO telemetry_{table} (stream, at, n, total, low, high, last_at, last)"  # noqa: S608
                f" SELECT stream, date_trunc('{step}', at), count(*), sum(value), min(value), max(value), max(at),"
                " max(value) FROM telemetry_observation GROUP BY 1, 2"
            )
            cursor.execute(text)
        cursor.execute("ANALYZE telemetry_observation, telemetry_minute, telemetry_hour, telemetry_day")
    rows = stored()
    if rows != CHART_ROWS:
        raise RuntimeError(f"{rows} rows")
    year = series(stream, "tahun")
    if year.count < CHART_ROWS * 0.98:
        raise RuntimeError(f"the chart stands on {year.count} of {rows}")
    middle, worst = best(lambda: draw("level", series(stream, "tahun"), "tahun"))
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT date_trunc('day', at), avg(value) FROM telemetry_observation GROUP BY 1")
        cursor.fetchall()
    raw = (time.perf_counter() - began) * 1000
    return [
        f"a year's chart over {rows:,} observations: median {middle:.0f} ms, worst {worst:.0f} ms of 50 "
        f"(the same days from the observations themselves: {raw:,.0f} ms)"
    ]


def device_map() -> list[str]:
    """Twenty thousand devices on the map, clustered."""
    import random

    from kotacerdas.foundation.telemetry.models import Device
    from kotacerdas.foundation.telemetry.queries import counts, spots
    from kotacerdas.foundation.territory.queries import villages

    dice, places = random.Random(1), list(villages())
    Device.objects.all().delete()
    make_devices(MAP_DEVICES)
    rows = list(Device.objects.all())
    for one in rows:
        place = dice.choice(places)
        one.lat, one.lng = place.lat + dice.gauss(0, 0.01), place.lng + dice.gauss(0, 0.01)
    Device.objects.bulk_update(rows, ["lat", "lng"], batch_size=2_000)
    found, outside = spots(Device.objects.all(), 1080, 760)
    total = sum(one.count for one in found) + outside
    if total != MAP_DEVICES:
        raise RuntimeError(f"{total} devices on the map")
    middle, worst = best(lambda: spots(Device.objects.all(), 1080, 760), 5)
    counted, _worst = best(lambda: counts(Device.objects.all()), 5)
    return [
        f"map of {MAP_DEVICES:,} devices: {len(found)} discs, median {middle:.0f} ms, worst {worst:.0f} ms; "
        f"the list's counts by health {counted:.0f} ms"
    ]
