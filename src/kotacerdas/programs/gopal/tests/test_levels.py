"""Levels and balances: falls found once, noise left alone, which side is off."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kotacerdas.programs.gopal.balance import balance
from kotacerdas.programs.gopal.levels import Reading, falls, peak
from kotacerdas.programs.gopal.simulate import dumping, reported
from kotacerdas.programs.gopal.tests import world

START = world.at(world.TUESDAY, 8)
QUARTER = timedelta(minutes=15)


def readings(*litres: int) -> list[Reading]:
    """One reading a minute."""
    return [Reading(START + timedelta(minutes=n), one) for n, one in enumerate(litres)]


def story() -> list[Reading]:
    parts = dumping(world.GARAGE, (world.HOUSE,) * 3, (-1.1800, 122.4700), world.PLANT)
    return [
        Reading(START + timedelta(seconds=one.seconds), one.level) for one in reported(world.GARAGE, parts)
    ]


def test_the_story_has_two_falls_at_the_river_and_at_the_plant():
    found = falls(story(), litres=200, within=QUARTER)
    assert len(found) == 2
    river, plant = found
    assert 630 <= river.litres <= 700
    assert 7 <= river.minutes <= 10
    assert plant.litres > 2900
    assert peak(story()) == 3785


@pytest.mark.parametrize(
    "level",
    [
        [],
        [1000],
        [1000, 990, 1010, 985, 1005, 1000] * 5,
        list(range(0, 3000, 100)),
        [3000] * 9 + [0] + [3000] * 9 + [0, 0] + [3000] * 9 + [12],  # a sensor that stumbles
        [3000 - 10 * n for n in range(100)],  # 150 litres in a quarter of an hour
    ],
)
def test_noise_filling_and_a_slow_fall_are_no_emptying(level):
    assert falls(readings(*level), litres=200, within=QUARTER) == []


def test_a_fall_that_is_still_going_on_is_seen_as_far_as_it_went():
    level = (*[3000] * 5, 2900, 2800, 2700, 2600, 2500, 2400, 2300)
    [found] = falls(readings(*level), litres=200, within=QUARTER)
    assert (found.before, found.after) == (3000, 2500)


def test_two_falls_far_apart_are_two():
    level = [3000] * 5 + [2500] * 40 + [2000] * 5
    assert len(falls(readings(*level), litres=200, within=QUARTER)) == 2


@pytest.mark.parametrize(
    ("pumped", "carried", "received", "worst", "lost"),
    [
        (3800, 3785, 3790, None, 0),
        (3800, 3785, 3105, "received", 680),
        (3800, 3100, 3105, "carried", 0),
        (3800, None, 3610, None, 0),  # at the tolerance itself
        (3800, None, 3609, "received", 0),
        (3800, None, 4200, "received", 0),
        (3800, None, None, None, 0),
        (0, None, 0, None, 0),
    ],
)
def test_which_side_is_off(pumped, carried, received, worst, lost):
    found = balance(pumped=pumped, carried=carried, received=received, tolerance_percent=5)
    assert (found.worst.name if found.worst else None, found.lost_on_the_way) == (worst, lost)
    assert found.is_even == (worst is None)


def test_a_reading_that_stumbles_upwards_is_no_peak():
    assert peak(readings(*[1800] * 5, 29_000, *[1800] * 5)) == 1800
    assert peak(readings(900, 1200)) == 1200
    assert peak([]) is None
