"""The demo's stations, trucks with crews and shifts, and tanks; and who works there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from random import Random

import structlog

from kotacerdas.foundation.dispatch.actions import UnitDraft, crew_save, shift_set, station_save, unit_create
from kotacerdas.foundation.dispatch.models import Crew, Station, Unit
from kotacerdas.foundation.parties.actors import Actor, staff
from kotacerdas.foundation.parties.demo import worker_named, worker_of
from kotacerdas.foundation.parties.models import Agency, User
from kotacerdas.foundation.territory.geometry import distance_m
from kotacerdas.foundation.territory.queries import villages
from kotacerdas.foundation.workdays.queries import current_calendar
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid, KotaError
from kotacerdas.kernel.timeline import Act, Timeline
from kotacerdas.programs.gopal.actions.rounds import rounds_plan
from kotacerdas.programs.gopal.actions.tanks import tank_register
from kotacerdas.programs.gopal.demo.declarations import StationRow, TruckRow
from kotacerdas.programs.gopal.models import Tank
from kotacerdas.programs.gopal.queries import serving_agency

log = structlog.get_logger(__name__)
SEED = 21
PAST, AHEAD = 14, 7  # days
TANKS, NEAR_M = 150, 16_000
CLASSES = (("house_1", 40), ("house_2", 30), ("shop", 12), ("office", 8), ("worship", 8), ("industry", 2))


@dataclass
class Stage:
    """Where the demo plays. It has a random of its own, so that other programs' days stay as they are.

    unpaid   orders in cash that nobody paid yet; short  days of which a manifest was short
    """

    timeline: Timeline
    stations: Sequence[StationRow]
    trucks: Sequence[TruckRow]
    random: Random = field(default_factory=lambda: Random(SEED))
    units: dict[str, Unit] = field(default_factory=dict)
    tanks: list[Tank] = field(default_factory=list)
    actors: dict[tuple[str, date], Actor] = field(default_factory=dict)
    unpaid: int = 0
    short: list[date] = field(default_factory=list)

    def later(self, when: datetime, act: Act) -> None:
        """Put an act on the timeline; it is left out where the world has gone on: called off, done meanwhile, full."""

        def tried(moment: datetime) -> None:
            try:
                act(moment)
            except KotaError as error:
                log.info("demo_act_left_out", code=error.code)

        self.timeline.at(when, tried)

    @cached_property
    def agency(self) -> Agency:
        return serving_agency()

    @property
    def today(self) -> date:
        return clock.local_day(self.timeline.until)

    def worker(self, post: str) -> Actor:
        """Whoever holds a post of the agency, in that post."""
        return self._known((post, clock.today()), lambda: self._in_post(post))

    def operator(self, unit: Unit) -> Actor:
        """Who drives a truck."""
        row = next(one for one in self.trucks if one.asset_number == unit.asset_number)
        return self._known(
            (row.operator, clock.today()), lambda: staff(User.objects.get(username=row.operator))
        )

    def _known(self, key: tuple[str, date], made: Callable[[], Actor]) -> Actor:
        """An actor with today's grants, looked up once a day."""
        if key not in self.actors:
            self.actors[key] = made()
        return self.actors[key]

    def _in_post(self, post: str) -> Actor:
        user = worker_of(self.agency, post)
        position = user.holdings.select_related("position").get(position__code=post).position
        return staff(user, position=position)

    def days(self) -> Iterator[date]:
        """The workdays of the fortnight, today's and those ahead."""
        calendar = current_calendar()
        for ahead in range(-PAST, AHEAD + 1):
            day = self.today + timedelta(days=ahead)
            if calendar.is_workday(day):
                yield day

    def set_up(self) -> None:
        """Make stations, trucks, crews, shifts and the register, and plan the round."""
        planner = self.worker("desludging_planner")
        homes = {row.code: self._station(planner, row) for row in self.stations}
        for row in self.trucks:
            worker_named(self.agency, "desludging_operator", row.operator, f"Operator {row.name}")
            unit = unit_create(actor=planner, draft=self._unit(row, homes[row.home]))
            self.units[row.asset_number] = unit
            self._shifts(planner, unit, self._crew(planner, row))
        self._register(planner, next(one for one in homes.values() if one.is_reload_site))
        rounds_plan(actor=planner, agency=self.agency)

    def _station(self, planner: Actor, row: StationRow) -> Station:
        hours = [(time.fromisoformat(row.opens), time.fromisoformat(row.closes))]
        return station_save(
            actor=planner,
            agency=self.agency,
            code=row.code,
            name=row.name,
            lat=row.lat,
            lng=row.lng,
            hours=dict.fromkeys(range(5), hours),
            is_home=row.kind == "home",
            is_reload_site=row.kind == "plant",
            unload_seconds=row.minutes * 60,
            daily_limit_l=row.litres or None,
        )

    def _unit(self, row: TruckRow, home: Station) -> UnitDraft:
        return UnitDraft(
            agency=self.agency,
            name=row.name,
            asset_number=row.asset_number,
            capacity_l=row.litres,
            home=home,
            skills=(row.skill,) if row.skill else (),
        )

    def _crew(self, planner: Actor, row: TruckRow) -> Crew:
        user = User.objects.get(username=row.operator)
        return crew_save(
            actor=planner, agency=self.agency, name=f"Regu {row.name}", members=[user], leader=user
        )

    def _shifts(self, planner: Actor, unit: Unit, crew: Crew) -> None:
        for day in self.days():
            shift_set(
                actor=planner,
                unit=unit,
                day=day,
                starts_at=at(day, 7, 30),
                ends_at=at(day, 16),
                crew=crew,
                break_minutes=45,
                break_between=(at(day, 11, 30), at(day, 13)),
            )

    def _register(self, planner: Actor, plant: Station) -> None:
        """Tanks in the villages around the plant."""
        near = [
            (one.code, *one.point)
            for one in villages()
            if one.point is not None and distance_m(plant.lat, plant.lng, *one.point) <= NEAR_M
        ]
        while len(self.tanks) < TANKS:
            code, *point = self.random.choice(near)
            lat, lng = (value + self.random.uniform(-0.004, 0.004) for value in point)
            try:
                self.tanks.append(self._tank(planner, code, lat, lng))
            except Invalid:  # a place in the sea
                continue

    def _tank(self, planner: Actor, area: str, lat: float, lng: float) -> Tank:
        random = self.random
        years = random.choice((None, None, 0.7, 1.5, 2.2, 2.7, 2.9, 3.1, 3.4))
        emptied = None if years is None else clock.today() - timedelta(days=int(years * 365))
        [tank_class] = random.choices([name for name, _n in CLASSES], [n for _name, n in CLASSES])
        return tank_register(
            actor=planner,
            agency=self.agency,
            area_code=area,
            lat=lat,
            lng=lng,
            address=f"RT {random.randint(1, 12):02d}/RW {random.randint(1, 6):02d}",
            tank_class=tank_class,
            volume_l=random.randrange(1200, 2900, 100),
            hose_m=random.randrange(5, 60, 5),
            skills=["narrow_road"] if random.random() < 0.1 else [],
            users=random.randint(3, 9),
            last_emptied_on=emptied,
        )


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A local time of a day."""
    return datetime.combine(day, time(hour, minute), tzinfo=clock.local_zone())
