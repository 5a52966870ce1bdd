"""The calendar in force, and training time."""

from datetime import date, time, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from kotacerdas.foundation.workdays import almanac, training
from kotacerdas.foundation.workdays.models import AlmanacPage, CalendarDay, OfficeHours, Season
from kotacerdas.foundation.workdays.queries import current_calendar, forget_calendar
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh():
    forget_calendar()
    training._cached = (0.0, timedelta())
    yield
    forget_calendar()
    training._cached = (0.0, timedelta())


def test_a_day_of_the_pack_wins_over_the_library():
    CalendarDay.objects.update_or_create(
        date=date(2026, 12, 24), defaults={"working": True, "name_id": "a", "name_en": "a", "basis": "x"}
    )
    assert current_calendar().is_workday(date(2026, 12, 24))


def test_the_written_almanac_says_what_the_library_says():
    almanac.keep()
    assert almanac.known() == almanac.reckoned()
    with CaptureQueriesContext(connection) as asked:
        almanac.keep()
    assert len(asked) == 1


def test_an_almanac_of_another_version_is_not_believed():
    AlmanacPage.objects.update_or_create(
        id=1, defaults={"version": "0 holidays 0.1", "facts": {"days_off": []}}
    )
    assert almanac.known() == almanac.reckoned()
    almanac.keep()
    assert AlmanacPage.objects.get().version == almanac._version()


def test_the_version_stays_while_the_content_does():
    before = current_calendar()
    forget_calendar()
    assert current_calendar().version == before.version
    CalendarDay.objects.update_or_create(
        date=date(2026, 11, 25), defaults={"working": False, "name_id": "a", "name_en": "a", "basis": "x"}
    )
    forget_calendar()
    assert current_calendar().version != before.version


def test_collective_leave_of_the_pack_makes_its_year_decreed():
    CalendarDay.objects.create(
        date=date(2030, 2, 4), working=False, leave=True, name_id="a", name_en="a", basis="decree"
    )
    assert current_calendar().decreed_through == 2030


def test_a_stated_ramadan_replaces_the_computed_one():
    Season.objects.all().delete()
    OfficeHours.objects.all().delete()
    for season, opens in (("", 7), ("ramadan", 9)):
        OfficeHours.objects.create(
            weekday=2,
            season=season,
            opens=time(opens),
            closes=time(15),
            valid_from=date(2020, 1, 1),
            basis="x",
        )
    Season.objects.create(name="ramadan", first=date(2026, 2, 19), last=date(2026, 3, 20), basis="x")
    calendar = current_calendar()
    assert calendar.office_hours(date(2026, 2, 18)).opens == time(7)
    assert calendar.office_hours(date(2026, 2, 25)).opens == time(9)
    assert calendar.office_hours(date(2027, 2, 10)).opens == time(9)


def test_training_time_moves_now_and_comes_back():
    before = clock.now()
    training.move(training.parse_step("+3d"))
    training._cached = (0.0, timedelta())
    assert clock.now() - before >= timedelta(days=3)
    training.reset()
    assert clock.now() - before < timedelta(minutes=1)


def test_time_is_not_moved_in_production(settings):
    training.move(timedelta(days=1))
    settings.PRODUCTION = True
    assert training.offset() == timedelta()
    with pytest.raises(Refused):
        training.move(timedelta(days=1))


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("+3d", timedelta(days=3)),
        ("-2h", timedelta(hours=-2)),
        ("+1d12h", timedelta(days=1, hours=12)),
        ("+45m", timedelta(minutes=45)),
    ],
)
def test_a_step_is_read(text, step):
    assert training.parse_step(text) == step
    assert training.as_step(step) == text


@pytest.mark.parametrize("text", ["3d", "+3", "+3w", "", "+d", "tomorrow"])
def test_what_is_no_step_is_refused(text):
    with pytest.raises(Invalid):
        training.parse_step(text)


def test_time_can_move_ten_years_at_most():
    with pytest.raises(Invalid):
        training.move(timedelta(days=4000))


def test_now_works_in_a_transaction_that_has_failed():
    with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012
        try:
            connection.cursor().execute("SELECT 1/0")
        except Exception:
            training._cached = (0.0, timedelta(hours=1))
            assert training.offset() == timedelta(hours=1)
        raise ZeroDivisionError
