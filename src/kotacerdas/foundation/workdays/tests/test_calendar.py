"""The working calendar: a table of cases, and properties that hold for all days."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kotacerdas.foundation.workdays import library
from kotacerdas.foundation.workdays.calendar import Calendar, Hours, Left, Name, Span, Stretch, version_of

WIB = ZoneInfo("Asia/Jakarta")
ALL_YEAR = (
    *(Hours(day, Span(time(7, 30), time(16, 0))) for day in range(4)),
    Hours(4, Span(time(7, 30), time(16, 30))),
)
RAMADAN = (
    *(Hours(day, Span(time(8), time(15)), "ramadan") for day in range(4)),
    Hours(4, Span(time(8), time(15, 30)), "ramadan"),
)
CALENDAR = Calendar(
    version="test",
    holidays=library.days_off(),
    hours=ALL_YEAR + RAMADAN,
    stretches=(Stretch("ramadan", date(2026, 2, 19), date(2026, 3, 20)),),
    decreed_through=library.decreed_through(),
    zone=WIB,
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WIB)


# Lebaran 2026 with its collective leave: Wednesday 18 March to Tuesday 24 March are off.
@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        pytest.param("2026-11-24 14:05", 5, "2026-12-01", id="a plain week with a weekend"),
        pytest.param("2026-11-24 23:59", 1, "2026-11-25", id="late in the evening counts as that day"),
        pytest.param("2026-11-24 00:00", 1, "2026-11-25", id="at midnight counts as the new day"),
        pytest.param("2026-03-16 09:00", 3, "2026-03-26", id="over Lebaran and its collective leave"),
        pytest.param("2026-03-17 16:30", 1, "2026-03-25", id="the eve of Nyepi and Lebaran"),
        pytest.param("2026-03-21 10:00", 3, "2026-03-27", id="received on Lebaran itself"),
        pytest.param("2026-03-22 10:00", 1, "2026-03-25", id="received on Lebaran's second day, a Sunday"),
        pytest.param("2026-11-28 10:00", 1, "2026-11-30", id="received on a Saturday"),
        pytest.param("2026-11-28 10:00", 5, "2026-12-04", id="received on a Saturday, five days"),
        pytest.param("2026-08-17 10:00", 3, "2026-08-20", id="received on Independence Day"),
        pytest.param("2026-05-13 10:00", 3, "2026-05-20", id="over Ascension, its leave and a weekend"),
        pytest.param("2026-12-23 10:00", 1, "2026-12-28", id="over Christmas and its leave"),
        pytest.param("2026-12-30 10:00", 3, "2027-01-06", id="over the year's end and Isra Mikraj 2027"),
        pytest.param("2026-03-02 10:00", 14, "2026-03-27", id="fourteen days over Lebaran"),
    ],
)
def test_a_budget_is_due_at_the_end_of_its_last_working_day(received, days, due):
    assert CALENDAR.due_at(at(received), days) == at(f"{due} 23:59:59")


# paused, due day before, resumed, due day after
@pytest.mark.parametrize(
    ("paused", "due", "resumed", "again"),
    [
        pytest.param("2026-11-24 10:00", "2026-12-01", "2026-11-24 15:00", "2026-12-01", id="within one day"),
        pytest.param("2026-11-24 10:00", "2026-12-01", "2026-11-26 09:00", "2026-12-03", id="two days"),
        pytest.param(
            "2026-11-24 10:00", "2026-11-24", "2026-11-24 15:00", "2026-11-24", id="zero left, same day"
        ),
        pytest.param(
            "2026-11-24 10:00", "2026-11-24", "2026-11-26 08:00", "2026-11-26", id="zero left, later"
        ),
        pytest.param(
            "2026-11-27 10:00", "2026-11-27", "2026-11-28 08:00", "2026-11-30", id="zero left, Saturday"
        ),
        pytest.param("2026-11-28 10:00", "2026-12-01", "2026-11-29 10:00", "2026-12-01", id="over a weekend"),
        pytest.param(
            "2026-11-28 10:00", "2026-12-01", "2026-11-30 10:00", "2026-12-02", id="Saturday to Monday"
        ),
        pytest.param("2026-03-17 10:00", "2026-03-26", "2026-03-24 10:00", "2026-03-26", id="over Lebaran"),
        pytest.param("2026-03-16 10:00", "2026-03-26", "2026-03-25 10:00", "2026-03-30", id="past Lebaran"),
        pytest.param(
            "2026-12-29 10:00", "2027-01-06", "2027-01-04 10:00", "2027-01-11", id="over the year's end"
        ),
    ],
)
def test_a_pause_keeps_the_working_days_that_were_left(paused, due, resumed, again):
    left = CALENDAR.remaining_workdays(at(paused).date(), date.fromisoformat(due))
    assert CALENDAR.resume_due(at(resumed), left) == at(f"{again} 23:59:59")


def test_collective_leave_and_holidays_are_no_working_days():
    off = [date(2026, 3, day) for day in (18, 19, 20, 23, 24)]
    assert not any(CALENDAR.is_workday(day) for day in off)
    assert CALENDAR.is_workday(date(2026, 3, 17))
    assert CALENDAR.is_workday(date(2026, 3, 25))
    assert CALENDAR.name_of(date(2026, 3, 20)) == Name(
        "Cuti Bersama Hari Raya Idul Fitri", "Eid al-Fitr Joint Holiday"
    )


def test_the_packs_own_days_win():
    saturday, wednesday = date(2026, 11, 28), date(2026, 11, 25)
    own = Calendar("x", {wednesday: Name("Hari Jadi", "Day")}, frozenset({saturday}), ALL_YEAR, zone=WIB)
    assert own.is_workday(saturday)
    assert not own.is_workday(wednesday)
    assert own.due_at(at("2026-11-24 10:00"), 3) == at("2026-11-28 23:59:59")
    assert own.office_hours(saturday) == Span(time(7, 30), time(16, 30))


@pytest.mark.parametrize(
    ("now", "due", "left"),
    [
        ("2026-11-24 10:00", "2026-12-01", Left(5, 360)),
        ("2026-11-24 06:00", "2026-11-24", Left(0, 510)),
        ("2026-11-24 15:15", "2026-11-24", Left(0, 45)),
        ("2026-11-24 20:00", "2026-11-24", Left(0, 0)),
        ("2026-11-28 10:00", "2026-12-01", Left(2, 0)),
        ("2026-11-27 16:00", "2026-11-30", Left(1, 30)),
        ("2026-03-02 14:00", "2026-03-02", Left(0, 60)),
        ("2026-03-13 14:00", "2026-03-13", Left(0, 90)),
        ("2026-12-02 10:00", "2026-12-01", Left(0, 0)),
    ],
)
def test_the_badge_speaks_working_time(now, due, left):
    assert CALENDAR.working_time_left(at(now), at(f"{due} 23:59:59")) == left


@pytest.mark.parametrize(
    ("now", "due", "over"),
    [
        ("2026-11-25 07:00", "2026-11-24", Left(0, 0)),
        ("2026-11-25 09:30", "2026-11-24", Left(0, 120)),
        ("2026-11-30 09:30", "2026-11-24", Left(3, 120)),
        ("2026-11-29 09:30", "2026-11-24", Left(3, 0)),
        ("2026-11-24 09:30", "2026-11-24", Left(0, 0)),
    ],
)
def test_what_is_late_is_late_in_working_time(now, due, over):
    assert CALENDAR.working_time_over(at(now), at(f"{due} 23:59:59")) == over


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-11-24 14:00", "2026-11-25 08:30", 3.0),
        ("2026-11-24 06:00", "2026-11-24 07:00", 0.0),
        ("2026-11-27 16:00", "2026-11-30 08:00", 1.0),
        ("2026-03-17 14:00", "2026-03-25 08:30", 2.0),
        ("2026-11-25 09:00", "2026-11-24 09:00", 0.0),
    ],
)
def test_office_time_between_two_instants(start, end, hours):
    assert CALENDAR.workhours_between(at(start), at(end)) == timedelta(hours=hours)


def test_ramadan_has_its_own_hours():
    assert CALENDAR.office_hours(date(2026, 2, 18)) == Span(time(7, 30), time(16))
    assert CALENDAR.office_hours(date(2026, 2, 19)) == Span(time(8), time(15))
    assert CALENDAR.office_hours(date(2026, 2, 20)) == Span(time(8), time(15, 30))
    assert CALENDAR.office_hours(date(2026, 3, 21)) is None


def test_hours_change_from_the_day_they_are_valid():
    later = Hours(0, Span(time(9), time(15)), "", date(2026, 12, 1))
    own = Calendar("x", {}, hours=(later, *ALL_YEAR), zone=WIB)
    assert own.office_hours(date(2026, 11, 30)) == Span(time(7, 30), time(16))
    assert own.office_hours(date(2026, 12, 7)) == Span(time(9), time(15))


def test_staff_are_told_when_a_day_lies_past_the_decreed_years():
    assert library.decreed_through() >= 2026
    assert not CALENDAR.beyond_decreed(date(library.decreed_through(), 12, 31))
    assert CALENDAR.beyond_decreed(date(library.decreed_through() + 1, 1, 1))


def test_the_library_computes_every_ramadan_once():
    months = {one.first.isoformat()[:7] for one in library.ramadans()}
    assert len(months) == len(library.ramadans()) >= 20
    assert all(28 <= (one.last - one.first).days + 1 <= 31 for one in library.ramadans())


def test_the_day_is_the_local_one():
    received = datetime(2026, 11, 24, 17, 30, tzinfo=UTC)  # 00.30 WIB of the 25th
    assert CALENDAR.due_at(received, 1) == at("2026-11-26 23:59:59")


def test_a_budget_of_no_days_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        CALENDAR.due_at(at("2026-11-24 10:00"), 0)


def test_a_calendar_without_any_working_day_says_so():
    never = {date(2026, 1, 1) + timedelta(days=n): Name("x", "x") for n in range(4000)}
    with pytest.raises(ValueError, match="no working day"):
        Calendar("x", never, zone=WIB).next_workday(date(2026, 1, 1))


def test_the_version_names_the_content():
    base = version_of(CALENDAR.holidays, (), ALL_YEAR, (), 2027)
    assert base == version_of(dict(CALENDAR.holidays), [], list(ALL_YEAR), (), 2027)
    assert base != version_of(CALENDAR.holidays, [date(2026, 11, 28)], ALL_YEAR, (), 2027)
    assert base != version_of(CALENDAR.holidays, (), ALL_YEAR + RAMADAN, (), 2027)


instants = st.datetimes(datetime(2024, 1, 1), datetime(2027, 6, 1), timezones=st.just(WIB))
budgets = st.integers(1, 60)


@settings(deadline=None)
@given(instants, budgets)
def test_due_is_a_working_day_with_the_budget_between(received, days):
    due = CALENDAR.due_at(received, days)
    assert CALENDAR.is_workday(due.date())
    assert due.time() == time(23, 59, 59)
    assert CALENDAR.remaining_workdays(received.date(), due.date()) == days


@settings(deadline=None)
@given(instants, budgets, st.integers(0, 40), st.integers(0, 40))
def test_a_pause_never_takes_working_days_away(received, days, wait, stay):
    due = CALENDAR.due_at(received, days)
    paused = min(received + timedelta(days=wait), due)
    resumed = paused + timedelta(days=stay)
    left = CALENDAR.remaining_workdays(paused.date(), due.date())
    again = CALENDAR.resume_due(resumed, left)
    assert again >= due
    assert CALENDAR.is_workday(again.date())
    if stay == 0:
        assert again == due


@settings(deadline=None)
@given(instants, instants, instants)
def test_office_time_adds_up(a, b, c):
    a, b, c = sorted((a, b, c))
    whole = CALENDAR.workhours_between(a, c)
    assert whole == CALENDAR.workhours_between(a, b) + CALENDAR.workhours_between(b, c)
    assert timedelta() <= whole <= c - a


@settings(deadline=None)
@given(instants, budgets)
def test_what_is_left_shrinks_with_time(received, days):
    due = CALENDAR.due_at(received, days)
    before = CALENDAR.working_time_left(received, due)
    later = CALENDAR.working_time_left(received + timedelta(hours=5), due)
    assert later <= before


@settings(deadline=None)
@given(st.dates(date(2025, 12, 1), date(2027, 1, 31)), st.integers(-10, 400))
def test_working_days_are_counted_one_by_one(first, days):
    last = first + timedelta(days=days)
    one_by_one = sum(CALENDAR.is_workday(first + timedelta(days=ahead)) for ahead in range(1, days + 1))
    assert CALENDAR.remaining_workdays(first, last) == one_by_one
