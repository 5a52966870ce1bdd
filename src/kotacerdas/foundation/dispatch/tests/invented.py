"""Invented days for the tests of dispatch: a region of 30 km, trucks with a garage, one or two sites."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

from kotacerdas.foundation.dispatch.declarations import (
    Break,
    Costs,
    Place,
    Problem,
    ReloadSite,
    Task,
    Vehicle,
    Window,
)
from kotacerdas.foundation.dispatch.travel import GreatCircle

HOUR = 3600
DAY = date(2026, 11, 24)
HOME = Place(-6.33, 108.33)
PLANT = Place(-6.36, 108.27)
FAR_PLANT = Place(-6.45, 108.20)
LUNCH = Break(int(11.5 * HOUR), 13 * HOUR, 45 * 60)


def place(random: Random) -> Place:
    return Place(round(random.uniform(-6.48, -6.26), 5), round(random.uniform(108.18, 108.45), 5))


def day(
    seed: int,
    tasks: int = 12,
    trucks: int = 3,
    *,
    limit: int | None = None,
    sites: int = 1,
    lunch: bool = True,
    second: int = 0,
) -> Problem:
    """A day in which most can be done: volumes, windows, skills, promises and pins are drawn by the seed."""
    random = Random(seed)
    vehicles = tuple(_truck(random, number, lunch) for number in range(1, trucks + 1))
    plants = (
        ReloadSite(
            id="plant",
            place=PLANT,
            hours=(Window(8 * HOUR, 15 * HOUR + 1800),),
            seconds=1200,
            daily_limit=limit,
        ),
        ReloadSite(
            id="far",
            place=FAR_PLANT,
            hours=(Window(7 * HOUR, 11 * HOUR), Window(13 * HOUR, 17 * HOUR)),
            seconds=900,
        ),
    )[:sites]
    work = tuple(_task(random, number, vehicles) for number in range(1, tasks + 1))
    places = [HOME, *(one.place for one in plants), *(one.place for one in work)]
    return Problem(
        day=DAY,
        tasks=work,
        vehicles=vehicles,
        sites=plants,
        travel=GreatCircle().matrix(places),
        costs=Costs(metre=1, second=second),
    )


def odd_day(seed: int) -> Problem:
    """A day with all that is rare: loads on board, late starts, two breaks, release times, no volumes, sites that are full."""
    random = Random(seed)
    problem = day(
        seed,
        random.randint(0, 26),
        random.randint(1, 4),
        limit=random.choice((None, 0, 5000, 9000, 25000)),
        sites=random.randint(0, 2),
        lunch=random.random() < 0.7,
        second=random.randint(0, 2),
    )
    return replace(
        problem,
        vehicles=tuple(_odd_truck(random, one) for one in problem.vehicles),
        tasks=tuple(
            replace(
                one,
                released=random.choice((0, 0, 0, 9 * HOUR)),
                volume=one.volume if random.random() < 0.9 else 0,
            )
            for one in problem.tasks
        ),
    )


def _odd_truck(random: Random, truck: Vehicle) -> Vehicle:
    breaks = truck.breaks
    if random.random() < 0.2:
        tea = Break(14 * HOUR, 14 * HOUR + random.choice((0, 1800)), random.choice((600, 1800)))
        breaks = (*breaks, tea)
    return replace(
        truck,
        load=random.choice((0, 0, 500, 3000)),
        ready_at=random.choice((0, 0, random.randint(6 * HOUR, 16 * HOUR))),
        may_end_loaded=random.random() < 0.1,
        breaks=breaks,
    )


def _truck(random: Random, number: int, lunch: bool) -> Vehicle:
    return Vehicle(
        id=f"truck-{number}",
        capacity=random.choice((3000, 4000, 5000)),
        shift=Window(7 * HOUR + 1800, 16 * HOUR),
        start=HOME,
        end=HOME,
        skills=frozenset(random.sample(("narrow", "hose"), random.randint(0, 2))),
        breaks=(LUNCH,) if lunch else (),
    )


def _task(random: Random, number: int, vehicles: tuple[Vehicle, ...]) -> Task:
    drawn = random.random()
    windows: tuple[Window, ...] = ()
    promised = None
    if drawn < 0.3:
        windows = (random.choice((Window(8 * HOUR, 12 * HOUR), Window(13 * HOUR, 16 * HOUR))),)
    elif drawn < 0.4:
        windows = (Window(8 * HOUR, 10 * HOUR), Window(14 * HOUR, 16 * HOUR))
    elif drawn < 0.6:
        start = random.randint(8, 13) * HOUR
        promised = Window(start, start + 2 * HOUR)
    return Task(
        id=f"task-{number}",
        place=place(random),
        volume=random.choice((1000, 1500, 2000, 2500, 3000)),
        seconds=random.choice((1200, 1800, 2400)),
        windows=windows,
        promised=promised,
        skills=frozenset({"narrow"} if random.random() < 0.15 else ()),
        pinned_unit=random.choice(vehicles).id if random.random() < 0.1 else None,
        weight=random.choice((1, 1, 1, 3)),
    )
