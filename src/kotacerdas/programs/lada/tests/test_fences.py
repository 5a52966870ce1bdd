"""A fence over a track: hours of working days, dwell, the edge, what begins and ends, and when time alone decides."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from kotacerdas.foundation.telemetry.tracks import Spot
from kotacerdas.programs.lada.tracking import fences
from kotacerdas.programs.lada.tracking.fences import Rule
from kotacerdas.programs.lada.tracking.trips import told

ZONE = timezone(timedelta(hours=8))
OFFICE, HOUSE = (-1.1850, 122.5100), (-1.1710, 122.4910)
TOWN = ((-1.25, 122.45), (-1.15, 122.45), (-1.15, 122.55), (-1.25, 122.55))
MONDAY = datetime(2026, 11, 23, tzinfo=ZONE)
DAY = [(6 * 60, 20 * 60)]


def rule(*, circle=True, areas=(), hours=DAY, dwell=3) -> Rule:
    round_office = (*OFFICE, 200.0) if circle else None
    workdays = {MONDAY.date() + timedelta(days=n) for n in (0, 1, 2, 4)}  # Thursday is a holiday
    return Rule(
        round_office, tuple(areas), tuple(hours), timedelta(minutes=dwell), ZONE, workdays.__contains__
    )


def spots(*said: tuple[str, tuple[float, float]], day: int = 0) -> list[Spot]:
    """Positions at local times of a day of the week, "25:10" is the night after."""
    found = []
    for text, (lat, lng) in said:
        hour, minute = map(int, text.split(":"))
        found.append(Spot(MONDAY + timedelta(days=day, hours=hour, minutes=minute), lat, lng))
    return found


def way(hour: int, minute: int, *places: tuple[float, float]) -> list[tuple[str, tuple[float, float]]]:
    """A place a minute."""
    return [(f"{hour:02d}:{minute + n:02d}", place) for n, place in enumerate(places)]


def found(said: list[Spot], by: Rule, *, now: datetime | None = None):
    judged = fences.judged(told(said), by)
    return fences.breaches(judged, by.dwell, now or said[-1].at)


def between(share: float) -> tuple[float, float]:
    return OFFICE[0] + (HOUSE[0] - OFFICE[0]) * share, OFFICE[1] + (HOUSE[1] - OFFICE[1]) * share


OUT = [between(n / 4) for n in range(5)]


@pytest.mark.parametrize(
    ("text", "day", "is_free"),
    [
        ("05:59", 0, False),
        ("06:00", 0, True),
        ("19:59", 0, True),
        ("20:00", 0, False),
        ("12:00", 3, False),  # a holiday
        ("12:00", 5, False),  # Saturday
        ("25:10", 4, False),
    ],
)
def test_hours_hold_on_working_days(text, day, is_free):
    [one] = spots((text, OFFICE), day=day)
    assert rule().is_free(one.at) is is_free


def test_a_night_belongs_to_the_working_day_on_which_it_begins():
    night = rule(hours=[(22 * 60, 5 * 60)])
    for text, day, is_free in (
        ("23:00", 2, True),
        ("28:00", 2, True),
        ("29:00", 2, False),
        ("23:00", 3, False),
    ):
        [one] = spots((text, OFFICE), day=day)
        assert night.is_free(one.at) is is_free


def test_by_day_it_may_go_and_at_night_it_may_not():
    assert found(spots(*way(10, 0, *OUT)), rule()) == []
    [one] = found(spots(("00:50", OFFICE), *way(1, 10, *OUT)), rule())
    assert (one.cause, f"{one.first.at:%H:%M}", one.until) == ("outside", "01:10", None)
    assert found(spots(*way(10, 0, *OUT), day=3), rule()) != []


def test_it_must_last_for_the_dwell_and_time_alone_makes_it_so():
    said = spots(("00:50", OFFICE), ("01:10", OUT[2]))
    judged = fences.judged(told(said), rule())
    assert found(said, rule(), now=said[-1].at + timedelta(minutes=2, seconds=59)) == []
    assert len(found(said, rule(), now=said[-1].at + timedelta(minutes=3))) == 1
    assert fences.due(judged, timedelta(minutes=3)) == said[-1].at + timedelta(minutes=3)
    back = spots(("00:50", OFFICE), ("01:10", OUT[2]), ("01:12", OFFICE))
    assert found(back, rule(), now=back[-1].at + timedelta(days=1)) == []
    assert fences.due(fences.judged(told(back), rule()), timedelta(minutes=3)) is None


def test_a_short_return_does_not_make_two_of_one():
    said = spots(
        *way(1, 10, *OUT), ("01:30", HOUSE), *way(1, 40, *OUT[::-1]), ("02:00", OFFICE), *way(2, 20, *OUT)
    )
    assert len(found(said, rule())) == 1
    later = spots(*way(1, 10, *OUT), ("01:30", HOUSE), *way(1, 40, *OUT[::-1]), *way(3, 20, *OUT))
    first, second = found(later, rule())
    assert (f"{first.until:%H:%M}", second.until) == ("01:44", None)


def test_within_a_wide_fence_moving_at_night_counts_and_standing_does_not():
    wide = rule(circle=False, areas=[TOWN])
    parked = spots(*(("00:00", HOUSE), ("00:30", HOUSE), ("01:00", HOUSE)))
    assert found(parked, wide) == []
    [one] = found([*parked, *spots(*way(1, 10, *OUT[::-1]))], wide)
    assert one.cause == "moving"
    anywhere = rule(circle=False)
    assert [one.cause for one in found(spots(*way(1, 10, *OUT)), anywhere)] == ["moving"]


def test_without_hours_it_may_move_within_and_never_be_outside():
    never = rule(hours=[])
    assert found(spots(*way(10, 0, OFFICE, (-1.1851, 122.5112), OFFICE, OFFICE, OFFICE)), never) == []
    assert len(found(spots(*way(10, 0, *OUT)), never)) == 1
    assert found(spots(*way(10, 0, *OUT)), rule(circle=False, hours=[])) == []  # nothing is asked of it


def test_a_device_that_fell_silent_before_its_hours_ended_says_nothing_of_the_night():
    said = spots(("17:00", HOUSE))
    assert found(said, rule(), now=said[-1].at + timedelta(days=2)) == []


@pytest.mark.parametrize(("metres", "is_out"), [(0, False), (240, False), (260, True), (100_000, True)])
def test_the_edge_of_a_circle_has_room_for_jitter(metres, is_out):
    lat = OFFICE[0] + metres / 111_195
    assert rule().holds(lat, OFFICE[1]) is not is_out


@pytest.mark.parametrize(
    ("place", "is_in"),
    [
        ((-1.2, 122.5), True),
        ((-1.2, 122.44), False),
        ((-1.26, 122.5), False),
        ((-1.14, 122.5), False),
        ((-1.2, 122.56), False),
    ],
)
def test_a_polygon(place, is_in):
    assert fences.within(TOWN, *place) is is_in
