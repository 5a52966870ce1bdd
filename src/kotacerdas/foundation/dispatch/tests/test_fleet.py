"""Units, stations, crews, shifts, states and positions: who may, what is refused, what is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from math import nan

import pytest
from django.db import IntegrityError, transaction

from kotacerdas.foundation.dispatch import actions
from kotacerdas.foundation.dispatch.actions import UnitDraft
from kotacerdas.foundation.dispatch.models import Shift, StationHours, Unit
from kotacerdas.foundation.dispatch.queries import (
    last_seen,
    seen_by_source,
    states_of,
    stations_for,
    units_for,
)
from kotacerdas.foundation.dispatch.tests.conftest import DAY, at, day_after, member
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.actors import staff
from kotacerdas.foundation.parties.grants import NOBODY
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid, Refused

pytestmark = pytest.mark.django_db


def draft_of(unit: Unit) -> UnitDraft:
    return UnitDraft(
        agency=unit.agency,
        name=unit.name,
        asset_number=unit.asset_number,
        capacity_l=unit.capacity_l,
        home=unit.home,
        skills=tuple(unit.skills),
    )


def test_an_asset_number_is_one_units_for_ever(fleet):
    with pytest.raises(Conflict):
        fleet.unit("Truk 09", asset_number="0046-Truk 01")
    with pytest.raises(Invalid):
        actions.unit_change(
            actor=fleet.planner,
            unit=fleet.units[0],
            draft=replace(draft_of(fleet.units[0]), asset_number="0046-other"),
        )


def test_a_unit_is_changed_and_the_journal_says_so(fleet):
    unit = actions.unit_change(
        actor=fleet.planner,
        unit=fleet.units[0],
        draft=replace(draft_of(fleet.units[0]), capacity_l=5000, skills=("long_hose",)),
    )
    assert (unit.capacity_l, unit.skills) == (5000, ["long_hose"])
    assert Row.objects.filter(verb="dispatch.unit.change", subject_id=unit.id).count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"asset_number": ""}, "asset_number"),
        ({"capacity_l": -1}, "capacity_l"),
        ({"skills": ("Long hose",)}, "skills"),
    ],
)
def test_a_unit_that_cannot_be_is_refused_by_field(fleet, wrong, field):
    with pytest.raises(Invalid) as caught:
        actions.unit_create(actor=fleet.planner, draft=replace(draft_of(fleet.units[0]), **wrong))
    assert field in caught.value.fields


def test_a_unit_starts_from_a_home_of_its_agency(fleet):
    with pytest.raises(Invalid) as caught:
        fleet.unit("Truk 08", home=fleet.plant)
    assert "home" in caught.value.fields


def test_only_the_agencys_dispatcher_keeps_its_units(fleet):
    for actor in (fleet.driver, staff(member("elsewhere", "KOMINFO", "dispatcher"))):
        with pytest.raises(Refused):
            actions.unit_create(
                actor=actor, draft=replace(draft_of(fleet.units[0]), name="X", asset_number="X")
            )
    assert Unit.objects.count() == 2


def test_units_and_stations_are_seen_within_ones_agency(fleet):
    elsewhere = staff(member("elsewhere", "KOMINFO", "dispatcher"))
    assert set(units_for(fleet.driver.grants)) == set(fleet.units)
    assert not units_for(elsewhere.grants).exists()
    assert not units_for(NOBODY).exists()
    assert set(stations_for(fleet.planner.grants)) == {fleet.home, fleet.plant}


# --- states and positions --------------------------------------------------------------------


def test_the_newest_state_counts_and_none_means_available(fleet):
    one, other = fleet.units
    actions.unit_state_set(actor=fleet.driver, unit=one, state="broken", why="Ban pecah")
    assert states_of([one.id, other.id]) == {one.id: "broken", other.id: "available"}
    with clock.frozen(clock.now() + timedelta(hours=1)):
        actions.unit_state_set(actor=fleet.driver, unit=one, state="available")
    assert states_of([one.id])[one.id] == "available"


def test_a_breakdown_needs_a_word_of_why(fleet):
    with pytest.raises(Invalid):
        actions.unit_state_set(actor=fleet.driver, unit=fleet.units[0], state="broken")
    with pytest.raises(Invalid):
        actions.unit_state_set(actor=fleet.driver, unit=fleet.units[0], state="sunk", why="x")


def seen(fleet, minutes: int, source: str = "device", lat: float = -6.4) -> bool:
    return actions.position_report(
        actor=fleet.driver,
        unit=fleet.units[0],
        lat=lat,
        lng=108.3,
        source=source,
        measured_at=clock.now() - timedelta(minutes=minutes),
    )


def test_a_position_has_its_age_from_when_it_was_measured(fleet):
    assert seen(fleet, 7)
    found = last_seen([fleet.units[0].id])[fleet.units[0].id]
    assert (found.source, found.age) == ("device", timedelta(minutes=7))


def test_an_older_position_does_not_replace_a_newer_one(fleet):
    assert seen(fleet, 5, lat=-6.41)
    assert not seen(fleet, 9, lat=-6.42)
    assert last_seen([fleet.units[0].id])[fleet.units[0].id].lat == -6.41


def test_the_newest_of_several_sources_is_shown_and_each_is_kept(fleet):
    seen(fleet, 30, "device")
    seen(fleet, 2, "phone")
    seen(fleet, 10, "desk")
    assert last_seen([fleet.units[0].id])[fleet.units[0].id].source == "phone"
    assert [one.source for one in seen_by_source(fleet.units[0])] == ["phone", "desk", "device"]


def test_a_position_that_is_none_or_from_the_future_is_refused(fleet):
    for lat in (nan, 91.0):
        with pytest.raises(Invalid):
            seen(fleet, 1, lat=lat)
    with pytest.raises(Invalid):
        seen(fleet, -5)
    assert seen(fleet, -1)
    assert last_seen([fleet.units[0].id])[fleet.units[0].id].age == timedelta()


# --- stations, crews, shifts -----------------------------------------------------------------


def test_a_station_takes_its_hours_by_weekday(fleet):
    given = {
        "agency": fleet.agency,
        "code": "plant",
        "name": "Plant",
        "lat": -6.36,
        "lng": 108.27,
        "is_reload_site": True,
    }
    split = {1: [(time(13), time(16)), (time(8), time(12))]}
    actions.station_save(actor=fleet.planner, hours=split, **given)
    assert [one.opens.hour for one in StationHours.objects.filter(station=fleet.plant)] == [8, 13]
    overlapping = {1: [(time(8), time(12)), (time(11), time(13))]}
    for hours in (overlapping, {1: [(time(9), time(8))]}, {7: [(time(8), time(9))]}):
        with pytest.raises(Invalid):
            actions.station_save(actor=fleet.planner, hours=hours, **given)


def test_who_left_a_crew_was_in_it_until_yesterday(fleet):
    sari = member("sari-pu", "PU", "crew")
    with clock.frozen(at(8, day=day_after(3))):
        crew = actions.crew_save(actor=fleet.planner, agency=fleet.agency, name="Regu 1", members=[sari])
    rows = {one.user_id: one.until for one in crew.members.all()}
    assert rows == {fleet.driver.user.id: day_after(2), sari.id: None}


def test_a_shift_is_one_a_day_and_lies_within_it(fleet):
    unit = fleet.units[0]
    fleet.shift(unit, break_minutes=0, break_between=None)
    assert Shift.objects.filter(unit=unit, day=DAY).count() == 1
    for wrong in (
        {"starts_at": at(8), "ends_at": at(8)},
        {"starts_at": at(8, day=day_after(1)), "ends_at": at(16, day=day_after(1))},
        {"starts_at": at(8), "ends_at": at(16), "break_minutes": 30},
        {"starts_at": at(8), "ends_at": at(16), "break_minutes": 30, "break_between": (at(17), at(18))},
    ):
        with pytest.raises(Invalid):
            actions.shift_set(actor=fleet.planner, unit=unit, day=DAY, **wrong)


def test_a_crew_has_one_unit_a_day(fleet):
    crew = Shift.objects.get(unit=fleet.units[0]).crew
    with pytest.raises(Conflict):
        fleet.shift(fleet.units[1], crew=crew)
    with pytest.raises(IntegrityError), transaction.atomic():
        Shift.objects.filter(unit=fleet.units[1]).update(crew=crew)


def test_another_agency_keeps_its_station_codes(fleet):
    other = staff(member("elsewhere", "KOMINFO", "dispatcher"))
    with pytest.raises(Conflict):
        actions.station_save(
            actor=other,
            agency=Agency.objects.get(code="KOMINFO"),
            code="plant",
            name="Ours",
            lat=-6.0,
            lng=108.0,
            is_home=True,
        )
