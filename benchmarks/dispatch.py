"""Plans: instances of the literature beside plain PyVRP in the same run, a re-plan in mid-day, tomorrow's whole day.

BENCH_QUICK=1 takes one instance, one seed and short times, to see that it runs. BENCH_VRP names the folder of the instances;
BENCH_VRP_SECONDS the times of each run ("10,30"), BENCH_VRP_SEEDS how many seeds each.
"""

from __future__ import annotations

import os
import statistics
import time
from dataclasses import replace

import _vrp

QUICK = bool(os.environ.get("BENCH_QUICK"))
INSTANCES = ("C204R0.25", "R204R0.25", "RC204R0.25", "C2_2_05R0.25", "R2_2_05R0.25", "RC2_2_05R0.25")
SECONDS = [float(one) for one in os.environ.get("BENCH_VRP_SECONDS", "2" if QUICK else "10,30").split(",")]
SEEDS = range(1, 1 + int(os.environ.get("BENCH_VRP_SEEDS", "1" if QUICK else "5")))
MOST_BEHIND = 0.003  # of plain PyVRP's mean
MOST_REPLAN_SECONDS = 3.0
TOMORROW_SECONDS = 3.0 if QUICK else 30.0


def main() -> list[str]:
    """Lines for RESULTS.md."""
    return [*beside_plain(), replanned(), tomorrow()]


def beside_plain() -> list[str]:
    """Each instance through the port and through PyVRP alone, by turns; every plan proved by the checker."""
    found = _vrp.folder()
    if found is None:
        return ["no instances of the literature here: BENCH_VRP names their folder"]
    best = _vrp.best_known(found)
    lines = []
    for seconds in SECONDS:
        plain, ours = [], []
        told = []
        for name in INSTANCES[:1] if QUICK else INSTANCES:
            pairs = [_pair(found / f"{name}.vrp", seconds, seed) for seed in SEEDS]
            plain.append(statistics.mean(one / best[name] for one, _other in pairs))
            ours.append(statistics.mean(other / best[name] for _one, other in pairs))
            told.append(f"{name} {ours[-1] - 1:+.2%} ({plain[-1] - 1:+.2%})")
        behind = statistics.mean(ours) / statistics.mean(plain) - 1
        if behind > MOST_BEHIND and not QUICK:
            raise RuntimeError(f"{behind:.2%} behind plain PyVRP at {seconds:g} s: {'; '.join(told)}")
        lines.append(
            f"MTVRPTWR, {seconds:g} s, mean of {len(SEEDS)} seeds over the best known cost, through the port (plain PyVRP): "
            f"{', '.join(told)}; all together {behind:+.2%} of plain; every plan proved by the checker"
        )
    return lines


def _pair(file, seconds: float, seed: int) -> tuple[int, int]:  # type: ignore[no-untyped-def]
    """The costs of plain PyVRP and of the port for one instance, time and seed."""
    import pyvrp
    from pyvrp.stop import MaxRuntime

    from kotacerdas.foundation.dispatch.checker import check
    from kotacerdas.foundation.dispatch.pyvrp_solver import PyVRP

    data = pyvrp.read(file, round_func="dimacs")
    alone = pyvrp.solve(data, MaxRuntime(seconds), seed=seed, collect_stats=False)
    problem = _vrp.problem_of(data)
    began = time.perf_counter()
    solution = PyVRP().solve(problem, seconds=seconds, seed=seed)
    spent = time.perf_counter() - began
    if (broken := check(problem, solution)) or solution.unplanned:
        raise RuntimeError(
            f"{file.stem}: {[one.code for one in broken]}, {len(solution.unplanned)} unplanned"
        )
    if spent > seconds * 1.1 + 1:
        raise RuntimeError(f"{file.stem}: {spent:.1f} s instead of {seconds:g}")
    return int(alone.cost()), solution.cost


def replanned() -> str:
    """40 jobs and 5 trucks: at ten one breaks down, and the rest of the day is planned anew."""
    from kotacerdas.foundation.dispatch.apart import Apart
    from kotacerdas.foundation.dispatch.checker import check, check_frozen
    from kotacerdas.foundation.dispatch.replan import (
        Standing,
        broken_promises,
        rest_of,
        rest_of_routes,
        whole_day,
    )
    from kotacerdas.foundation.dispatch.tests.invented import HOUR, day

    problem, now, times, left = day(40, 40, 5), 10 * HOUR, [], []
    morning = Apart().solve(problem, seconds=5.0)
    standings = [
        Standing(
            vehicle=route.vehicle,
            frozen=tuple(stop for stop in route.stops if stop.begin < now and stop.kind != "end"),
            is_out=number > 0,
        )
        for number, route in enumerate(morning.routes)
    ]
    for seed in SEEDS:
        began = time.perf_counter()
        rest = rest_of(problem, standings, now)
        after = Apart().solve(rest, seconds=1.5, seed=seed, since=rest_of_routes(morning.routes, standings))
        named = broken_promises(rest, after)
        broken = check(rest, after)
        broken += check_frozen(
            [replace(route, stops=one.frozen) for route, one in zip(morning.routes, standings, strict=True)],
            whole_day(rest, standings, after),
            {one.vehicle: len(one.frozen) for one in standings},
        )
        times.append(time.perf_counter() - began)
        left.append(len(after.unplanned))
        if broken:
            raise RuntimeError(f"a re-plan breaks rules: {[one.code for one in broken]}")
    if max(times) > MOST_REPLAN_SECONDS and not QUICK:
        raise RuntimeError(f"a re-plan took {max(times):.2f} s")
    return (
        f"40 jobs and 5 trucks, one of which breaks down at ten: the rest ({len(rest.tasks)} jobs) planned anew in a process of "
        f"its own, proved, and broken promises named ({len(named)}) in {statistics.median(times):.2f} s, worst {max(times):.2f} s "
        f"of {len(times)}; {min(left)} to {max(left)} jobs left out, each with its reason (before: {len(morning.unplanned)})"
    )


def tomorrow() -> str:
    """120 jobs and 12 trucks with lunch, windows, promises, skills, pins and a plant's daily limit."""
    from kotacerdas.foundation.dispatch.apart import Apart
    from kotacerdas.foundation.dispatch.checker import check
    from kotacerdas.foundation.dispatch.tests.invented import day

    problem = day(12, 120, 12, limit=200_000)
    began = time.perf_counter()
    solution = Apart().solve(problem, seconds=TOMORROW_SECONDS)
    spent = time.perf_counter() - began
    if broken := check(problem, solution):
        raise RuntimeError(f"tomorrow breaks rules: {[one.code for one in broken]}")
    volumes = {one.id: one.volume for one in problem.tasks}
    litres = sum(
        volumes[stop.ref] for route in solution.routes for stop in route.stops if stop.kind == "task"
    )
    planned = len(problem.tasks) - len(solution.unplanned)
    visits = sum(stop.kind == "reload" for route in solution.routes for stop in route.stops)
    return (
        f"tomorrow with 120 jobs and 12 trucks: {planned} planned, {len(solution.unplanned)} left out with their reasons, "
        f"{litres / 1000:.1f} m³ in {visits} visits of the plant, {solution.cost / 1000:,.0f} km, proved, in {spent:.1f} s "
        f"of {TOMORROW_SECONDS:g} given"
    )
