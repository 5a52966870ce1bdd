"""What tests of desludging begin with: a plant, a garage, trucks on shift, a tank, an order. Plain functions."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from trials.cast import seat

from kotacerdas.foundation.cases.actions import Opened, step_take
from kotacerdas.foundation.dispatch.actions import crew_save, plan_publish, solve_ask
from kotacerdas.foundation.dispatch.models import Plan, Shift, Station, StationHours, Unit
from kotacerdas.foundation.dispatch.running import solve_run
from kotacerdas.foundation.dispatch.tests.planning import Quick
from kotacerdas.foundation.parties.actors import Actor, reporter, staff
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.parties.people import contact_made
from kotacerdas.kernel import clock
from kotacerdas.programs.gopal.actions.orders import Wish, order_take
from kotacerdas.programs.gopal.actions.tanks import tank_register
from kotacerdas.programs.gopal.models import Manifest, ManifestLoad, Order, Tank

VILLAGE = "99.01.01.2001"
HOUSE = (-1.1710, 122.4910)  # in that village
PLANT, GARAGE = (-1.2000, 122.5050), (-1.1850, 122.5100)
NUMBER = "0812-3456-7890"
TUESDAY = date(2026, 11, 24)  # the day after the tests' Monday


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A local time of a day."""
    return datetime.combine(day, time(hour, minute), tzinfo=clock.local_zone())


def agency() -> Agency:
    """Whose trucks go out."""
    return Agency.objects.get(code="PU")


def planner() -> Actor:
    """Who takes orders and makes plans."""
    return staff(seat("dina", "PU", "desludging_planner"))


def operator(username: str = "opik") -> Actor:
    """Who drives a truck and empties tanks."""
    return staff(seat(username, "PU", "desludging_operator"))


def plant_officer() -> Actor:
    """Who receives sludge at the plant."""
    return staff(seat("petra", "PU", "plant_officer"))


def emptied(code: str = "TS-1", litres: int = 1800, *, day: date = TUESDAY, **given: Any) -> Order:
    """An order that is under way and emptied, as the operator's form leaves it; without manifest."""
    with clock.frozen(at(day - timedelta(days=1), 8)):
        made = order(tank=tank(code).code, actor=planner(), channel="desk", **given).own
    case = made.case
    with clock.frozen(at(day, 9)):
        for step, more in (("set_out", {}), ("empty", {"litres": litres})):
            step_take(actor=operator(), case=case, step=step, **more)
            case.refresh_from_db()
    made.pumped_l, made.emptied_at = litres, at(day, 9)
    made.save(update_fields=["pumped_l", "emptied_at"])
    return made


def loaded(*litres: int, unit: Unit | None = None, day: date = TUESDAY, number: int = 1) -> Manifest:
    """A manifest of a day that is still open, with one load for each of the litres."""
    made = Manifest.objects.create(
        number=f"MLT-{day.year}-{number:06d}",
        token=f"token-{number}",
        agency=agency(),
        unit=unit or truck(),
        operator=operator().user,
        day=day,
        opened_at=at(day, 8),
    )
    for index, each in enumerate(litres):
        slot = at(day, (8, 10, 13)[index // 2])
        taken = emptied(f"TS-{number}-{index}", each, day=day, slot=slot)
        ManifestLoad.objects.create(manifest=made, order=taken, litres=each, pumped_at=at(day, 9, index))
    return made


def plant(**given: Any) -> Station:
    """The treatment plant, open on weekdays from 8 to 16."""
    made, is_new = Station.objects.get_or_create(
        code="IPLT-1",
        defaults={
            "agency": agency(),
            "name": "IPLT Melati",
            "lat": PLANT[0],
            "lng": PLANT[1],
            "is_reload_site": True,
            "unload_seconds": 900,
            "daily_limit_l": 60_000,
            **given,
        },
    )
    if is_new:
        StationHours.objects.bulk_create(
            StationHours(station=made, weekday=weekday, opens=time(8), closes=time(16))
            for weekday in range(5)
        )
    return made


def garage() -> Station:
    """Where trucks start from and end."""
    facts = {"agency": agency(), "name": "Garasi", "lat": GARAGE[0], "lng": GARAGE[1], "is_home": True}
    return Station.objects.get_or_create(code="GARASI", defaults=facts)[0]


def truck(name: str = "Truk 01", capacity_l: int = 4000) -> Unit:
    """A truck of the agency."""
    number = f"1.3.2.{name.rpartition(' ')[2]}"
    facts = {"name": name, "capacity_l": capacity_l, "home": garage(), "agency": agency()}
    return Unit.objects.get_or_create(asset_number=number, defaults=facts)[0]


def shift(unit: Unit | None = None, day: date = TUESDAY) -> Shift:
    """A truck's shift of a day, from 7.30 to 16.00."""
    times = {"starts_at": at(day, 7, 30), "ends_at": at(day, 16)}
    return Shift.objects.get_or_create(unit=unit or truck(), day=day, defaults=times)[0]


def shifts(days: int = 5, first: date = TUESDAY, *, unit: Unit | None = None) -> None:
    """Shifts of a truck on so many days."""
    for ahead in range(days):
        shift(unit, first + timedelta(days=ahead))


def crew(unit: Unit | None = None, *names: str, day: date = TUESDAY) -> Shift:
    """A truck's shift with a crew of these operators (opik, where none is named)."""
    unit = unit or truck()
    users = [operator(name).user for name in names or ("opik",)]
    made = crew_save(
        actor=planner(), agency=agency(), name=f"Regu {unit.name}", members=users, leader=users[0]
    )
    on = shift(unit, day)
    on.crew = made
    on.save(update_fields=["crew"])
    return on


def in_force(day: date = TUESDAY, **given: Any) -> Plan:
    """The plan of a day by the real solver with few steps, published."""
    run = solve_ask(actor=planner(), agency=agency(), day=day, **given)
    solve_run(str(run.id), Quick())
    run.refresh_from_db()
    assert (run.state, run.error) == ("done", "")
    return plan_publish(actor=planner(), plan=run.plan)


def tank(code: str = "TS-1", **facts: Any) -> Tank:
    """A house's tank of 2.4 m³."""
    given = {
        "area_code": VILLAGE,
        "lat": HOUSE[0],
        "lng": HOUSE[1],
        "address": "Jalan Dermaga 4",
        "tank_class": "house_1",
        "volume_l": 2400,
        "hose_m": 20,
        **facts,
    }
    return tank_register(actor=planner(), agency=agency(), code=code, **given)


def wish(**given: Any) -> Wish:
    """Wati's wish: 1,800 litres, tomorrow from 8 to 10, in cash."""
    base = {
        "tank_class": "house_1",
        "litres": 1800,
        "slot": at(TUESDAY, 8),
        "area_code": VILLAGE,
        "lat": HOUSE[0],
        "lng": HOUSE[1],
        "address": "Jalan Dermaga 4",
        "name": "Wati",
        "phone": NUMBER,
    }
    return Wish(**{**base, **given})


def ready(trucks: int = 1) -> None:
    """A plant, a garage, and so many trucks on shift for five days from Tuesday."""
    plant()
    for number in range(1, trucks + 1):
        shifts(unit=truck(f"Truk {number:02d}"))


def order(*, actor: Actor | None = None, **given: Any) -> Opened[Order]:
    """An order by Wati, by web unless said otherwise; her number is proved hers."""
    if actor is None:
        actor = reporter(contact=contact_made(phone=NUMBER))
    return order_take(actor=actor, wish=wish(**given))
