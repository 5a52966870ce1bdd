"""Trips and stops: silences, jitter, places that cannot be, clocks that run back; whatever a device says is taken."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotacerdas.foundation.telemetry.tracks import Spot
from kotacerdas.programs.lada.tracking.trips import Leg, Travel, told

START = datetime(2026, 11, 24, 0, tzinfo=UTC)
HOME, MARKET, SEA, FAR = (-1.1850, 122.5100), (-1.1710, 122.4910), (-1.1900, 122.6400), (-5.1400, 119.4200)
KM = 2.624  # from HOME to MARKET


def at(minute: float, place=HOME, *, off: float = 0.0) -> Spot:
    return Spot(START + timedelta(minutes=minute), place[0] + off, place[1] - off)


def stay(since: int, minutes: int, place=HOME, *, jitter: float = 0.0002, seed: int = 1) -> list[Spot]:
    """One spot a minute round a place, each off by up to some 30 metres."""
    random = Random(seed)
    return [at(since + n, place, off=random.uniform(-jitter, jitter)) for n in range(minutes)]


def go(since: int, minutes: int, a=HOME, b=MARKET) -> list[Spot]:
    """Evenly from one place to another, both ends counted."""
    return [
        at(since + n, (a[0] + (b[0] - a[0]) * n / minutes, a[1] + (b[1] - a[1]) * n / minutes))
        for n in range(minutes + 1)
    ]


def kinds(travel: Travel) -> str:
    return " ".join(one.kind for one in travel.legs)


def round_trip() -> list[Spot]:
    return [
        *stay(0, 60),
        *go(60, 8),
        *stay(69, 30, MARKET),
        *go(99, 8, MARKET, HOME),
        *stay(108, 60),
    ]


def test_a_morning_at_the_market():
    found = told(round_trip())
    assert kinds(found) == "stop trip stop trip stop"
    assert found.left_out == 0
    assert found.metres / 1000 == pytest.approx(2 * KM, rel=0.05)
    market = found.stops[1]
    assert 29 <= market.lasted.total_seconds() / 60 <= 33
    assert market.place == pytest.approx(MARKET, abs=0.0003)


@pytest.mark.parametrize(
    ("spots", "wanted"),
    [
        ([], ""),
        ([at(0)], ""),
        ([at(0), at(2)], ""),  # too short to say that it stood
        ([at(0), at(6)], "stop"),
        (stay(0, 600, jitter=0.0003), "stop"),  # ten hours of jitter go nowhere
        ([*stay(0, 30), *stay(400, 30)], "stop"),  # silent while it was parked
        ([*stay(0, 30), *stay(60, 30, MARKET)], "stop gap stop"),  # nobody knows how it came there
        ([*go(0, 8), *go(40, 8, MARKET, HOME)], "trip stop trip"),  # silent where it arrived: it stood there
        ([at(0), at(8, MARKET)], "trip"),
        ([*stay(0, 20), at(20, off=0.0012), *stay(21, 20)], "stop"),  # off once by 190 metres
        ([*stay(0, 20), at(20, off=0.012), *stay(21, 20)], "stop"),  # by two kilometres
        ([*stay(0, 20), at(20, off=0.0008), at(21, off=0.001), *stay(22, 20)], "stop"),  # across the yard
    ],
)
def test_silence_and_jitter(spots, wanted):
    assert kinds(told(spots)) == wanted


def spoilt(*wrong: Spot) -> list[Spot]:
    return [*round_trip(), *wrong]


@pytest.mark.parametrize(
    ("wrong", "left_out"),
    [
        ([at(30.5, SEA)], 1),
        ([at(30.5, FAR)], 1),
        ([at(30.5, FAR), at(31.5, SEA), at(32.5, (0.0, 0.0)), at(33.5, (89.0, -170.0))], 4),
        ([at(30.5, (float("nan"), 1)), at(31, (1, float("inf"))), at(31.5, (999, 1)), at(32, (1, -999))], 4),
        ([at(30.2 + n / 2, FAR) for n in range(12)], 12),  # six minutes at one far place
        ([at(-1, FAR)], 1),  # the very first
        ([at(30, FAR)] * 5, 5),  # the moment of another: the first counts
    ],
)
def test_what_cannot_be_is_left_out_and_counted(wrong, left_out):
    plain, found = told(round_trip()), told(spoilt(*wrong))
    assert found.left_out == left_out
    assert kinds(found) == kinds(plain)
    assert found.metres == pytest.approx(plain.metres, abs=150)


@pytest.mark.parametrize("minutes", [60, 180, 600])
def test_what_creeps_is_on_its_way_and_its_jitter_is_not_counted(minutes):
    """A road roller, or a jam: 2.6 km at 44, 15 and 4 metres a minute, each spot off by up to 15 metres."""
    way = [
        at((one.at - START).total_seconds() / 60, (one.lat, one.lng), off=Random(n).uniform(-1e-4, 1e-4))
        for n, one in enumerate(go(60, minutes))
    ]
    found = told([*stay(0, 60), *way, *stay(61 + minutes, 60, MARKET)])
    assert len(found.legs) <= 5
    assert found.metres / 1000 == pytest.approx(KM, rel=0.1)


def test_a_far_place_is_believed_after_ten_minutes_and_is_no_way():
    found = told([*stay(0, 30), *stay(30, 30, FAR)])
    assert kinds(found) == "stop gap stop"
    assert (found.metres, found.left_out) == (0.0, 0)


def test_a_clock_that_runs_back_tells_the_same():
    spots = round_trip()
    mixed = spots[80:] + spots[:80][::-1]
    assert told(mixed) == told(spots)


def test_a_silence_on_the_way_counts_its_straight_line():
    way = go(60, 40)
    found = told([*stay(0, 60), *way[:10], *way[30:], *stay(101, 30, MARKET)])
    assert kinds(found) == "stop trip gap trip stop"
    assert found.metres / 1000 == pytest.approx(KM, rel=0.05)


spot = st.builds(
    Spot,
    st.integers(0, 3000).map(lambda n: START + timedelta(seconds=20 * n)),
    st.floats() | st.floats(-1.3, -1.1),
    st.floats() | st.floats(122.4, 122.6),
)


@given(st.lists(spot, max_size=60))
def test_any_track_is_told_in_order_without_overlap(spots):
    found = told(spots)
    legs: list[Leg] = list(found.legs)
    assert len(found.spots) + found.left_out == len(spots)
    assert all(one.since <= one.until and one.metres >= 0 for one in legs)
    assert all(a.until <= b.since for a, b in pairwise(legs))
    assert found.metres < 1e9
