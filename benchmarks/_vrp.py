"""Instances of the literature (VRPLIB) as problems of dispatch, and where their files lie."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NEVER = 1 << 40


def folder() -> Path | None:
    """The folder of MTVRPTWR instances: BENCH_VRP, else beside the checkout; None when there is none."""
    given = os.environ.get("BENCH_VRP")
    found = Path(given) if given else ROOT.parent / "shared" / "data" / "vrp"
    return found / "MTVRPTWR" if (found / "MTVRPTWR").is_dir() else None


def best_known(found: Path) -> dict[str, int]:
    """The cost of the best known plan of each instance."""
    lines = (found.parent / "bks.csv").read_text(encoding="utf-8").splitlines()[1:]
    return {line.split(",")[1]: int(line.split(",")[3]) for line in lines}


def problem_of(data):  # type: ignore[no-untyped-def]
    """PyVRP's data of a multi-trip instance as a problem of dispatch: one depot, which is home and reload site."""
    from kotacerdas.foundation.dispatch.declarations import (
        Matrix,
        Place,
        Problem,
        ReloadSite,
        Task,
        Vehicle,
        Window,
    )

    places = tuple(Place(float(number), 0.0) for number in range(data.num_locations))
    depot, (kind,) = data.depot(0), data.vehicle_types()
    home, hours = places[depot.location], Window(depot.tw_early, depot.tw_late)
    tasks = tuple(
        Task(
            id=str(number),
            place=places[one.location],
            volume=one.delivery[0],
            seconds=one.service_duration,
            windows=(Window(one.tw_early, one.tw_late + one.service_duration),),
            released=one.release_time,
        )
        for number, one in enumerate(data.clients())
    )
    vehicles = tuple(
        Vehicle(
            id=str(number),
            capacity=kind.capacity[0],
            shift=Window(max(kind.tw_early, hours.start), min(kind.tw_late, hours.end)),
            start=home,
            end=home,
            may_end_loaded=True,
        )
        for number in range(kind.num_available)
    )
    rows = tuple(tuple(int(value) for value in row) for row in data.distance_matrix(0))
    times = tuple(tuple(int(value) for value in row) for row in data.duration_matrix(0))
    return Problem(
        day=date(2026, 11, 24),
        tasks=tasks,
        vehicles=vehicles,
        sites=(ReloadSite(id="depot", place=home, hours=(hours,)),),
        travel=Matrix(places=places, seconds=times, metres=rows, source="recorded"),
    )
