"""A small fleet in the invented regency: a garage, a plant, two trucks with crews, and jobs around them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import pytest
from trials import saved_rows
from trials.cast import seat

from kotacerdas.foundation.dispatch import actions
from kotacerdas.foundation.dispatch.actions import UnitDraft
from kotacerdas.foundation.dispatch.models import Job, Station, Unit
from kotacerdas.foundation.dispatch.moments import moment_of
from kotacerdas.foundation.parties.actors import staff
from kotacerdas.foundation.parties.models import Agency, Membership, User
from kotacerdas.kernel import clock, ids

DAY = date(2026, 11, 24)
EVENING_BEFORE = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HOME = (-6.33, 108.33)
PLANT = (-6.36, 108.27)


def at(hour: int, minute: int = 0, day: date = DAY) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=clock.local_zone())


def member(name: str, agency: str, role: str):
    """An account with one role within an agency, given directly."""
    user = seat(name, agency, "officer")
    Membership.objects.get_or_create(
        user=user, role=role, agency=Agency.objects.get(code=agency), since=date(2026, 1, 1)
    )
    return user


@dataclass
class Fleet:
    """What a planner has, and shortest ways to more of it."""

    planner: object
    driver: object
    agency: Agency
    home: Station
    plant: Station
    units: list[Unit] = field(default_factory=list)

    def unit(self, name: str, **given: object) -> Unit:
        draft = {
            "agency": self.agency,
            "name": name,
            "asset_number": f"0046-{name}",
            "capacity_l": 4000,
            "home": self.home,
        }
        unit = actions.unit_create(actor=self.planner, draft=UnitDraft(**{**draft, **given}))
        self.units.append(unit)
        return unit

    def shift(self, unit: Unit, day: date = DAY, **given: object):
        return actions.shift_set(
            actor=self.planner,
            unit=unit,
            day=day,
            starts_at=at(7, 30, day),
            ends_at=at(16, 0, day),
            **{
                "break_minutes": 45,
                "break_between": (at(11, 30, day), at(13, 0, day)),
                **given,
            },
        )

    def job(self, number: int = 1, **given: object) -> Job:
        wanted = {
            "agency": self.agency,
            "subject": ("test.order", ids.new_id()),
            "lat": -6.30 - number * 0.01,
            "lng": 108.30 + number * 0.005,
            "service_seconds": 1800,
            "volume_l": 1500,
            "day": DAY,
        }
        return actions.job_open(actor=self.planner, **{**wanted, **given})


def _make() -> None:
    """A garage and a plant, two trucks on the day's shift, the first one's crew is the driver's."""
    agency = Agency.objects.get(code="PU")
    planner = staff(member("planner-pu", "PU", "dispatcher"))
    driver = member("driver-pu", "PU", "crew")
    home, plant = (
        actions.station_save(
            actor=planner,
            agency=agency,
            code=code,
            name=code.title(),
            lat=place[0],
            lng=place[1],
            hours={day: [(time(8), time(15, 30))] for day in range(7)},
            is_home=code == "garage",
            is_reload_site=code == "plant",
            unload_seconds=1200 if code == "plant" else 0,
            daily_limit_l=45_000 if code == "plant" else None,
        )
        for code, place in (("garage", HOME), ("plant", PLANT))
    )
    made = Fleet(planner, driver, agency, home, plant)
    crew = actions.crew_save(actor=planner, agency=agency, name="Regu 1", members=[driver], leader=driver)
    made.shift(made.unit("Truk 01"), crew=crew)
    made.shift(made.unit("Truk 02"))


@pytest.fixture
def fleet(regency):
    """Two trucks on the day's shift, the first one's crew is the driver's; it is the evening before."""
    with clock.frozen(EVENING_BEFORE):
        if User.objects.exists():
            _make()
        else:
            saved_rows.bring("fleet", _make)
        yield Fleet(
            planner=staff(User.objects.get(username="planner-pu")),
            driver=staff(User.objects.get(username="driver-pu")),
            agency=Agency.objects.get(code="PU"),
            home=Station.objects.select_related("agency").get(code="garage"),
            plant=Station.objects.select_related("agency").get(code="plant"),
            units=list(Unit.objects.select_related("agency", "home").order_by("name")),
        )


def day_after(days: int) -> date:
    return DAY + timedelta(days=days)


__all__ = ["DAY", "Fleet", "at", "day_after", "moment_of"]
