"""Where the demo of goods plays: whose goods, which semesters, who acts; and goods as rows with an opening balance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from random import Random
from typing import Any

from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.parties.actors import Actor, staff
from kotacerdas.foundation.parties.demo import worker_of
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.territory.queries import inside_regency, villages
from kotacerdas.kernel import clock
from kotacerdas.kernel.timeline import Timeline
from kotacerdas.programs.lada import codes
from kotacerdas.programs.lada.books.rules import rules_now
from kotacerdas.programs.lada.demo.declarations import KindRow, RoomRow
from kotacerdas.programs.lada.depreciation import MONTHS, Rules, Semester, at, semester
from kotacerdas.programs.lada.models import Room

SEED = 22
NOTE = "Data peraga: barang ini tidak ada di dunia nyata."
CERTIFIED, DAMAGED, BROKEN, WITHOUT_PLACE = 0.46, 0.16, 0.05, 0.12  # shares
WIDEST = 0.006  # degrees that a good lies from its village's point


@dataclass
class Stage:
    """The demo's goods. It has a random of its own, so that other programs' days stay as they are."""

    timeline: Timeline
    rooms: Sequence[RoomRow]
    kinds: Sequence[KindRow]
    random: Random = field(default_factory=lambda: Random(SEED))
    plates: int = 1000
    pictures: dict[str, StoredFile] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return clock.local_day(self.timeline.until)

    @property
    def locked(self) -> Semester:
        """The semester that is locked in the demo: the newest that is over."""
        return at(semester(self.today).place - 1)

    @property
    def opened_on(self) -> date:
        """The day of the opening balances: the last before that semester."""
        return at(self.locked.place - 1).last

    @property
    def locks_on(self) -> date:
        return max(self.locked.last, self.today - timedelta(days=21)) + timedelta(days=1)

    @cached_property
    def agencies(self) -> list[Agency]:
        """The agencies with goods, in the order of the pack."""
        known = {one.code: one for one in Agency.objects.all()}
        return [known[code] for code in dict.fromkeys(one.agency for one in self.kinds)]

    @cached_property
    def rules(self) -> Rules:
        return rules_now()

    def officer(self, agency: Agency) -> Actor:
        """Who keeps an agency's goods."""
        return in_post(agency, "asset_officer")

    def office(self) -> Actor:
        """Who approves changes."""
        return in_post(Agency.objects.get(positions__code="asset_office"), "asset_office")

    def set_up(self) -> None:
        """Make the rooms."""
        known = {one.code: one for one in self.agencies}
        Room.objects.bulk_create(
            Room(agency=known[row.agency], code=row.code, name=row.name)
            for row in self.rooms
            if row.agency in known
        )

    def rows(self, agency: Agency) -> Iterator[dict[str, Any]]:
        """The goods of an agency as rows of the table of opening balances."""
        places = [one for one in self.rooms if one.agency == agency.code]
        for kind in self.kinds:
            if kind.agency == agency.code:
                rooms = [one.code for one in places if one.is_garage == bool(kind.prefix)]
                for number in range(kind.count):
                    yield self._row(kind, number, rooms)

    def a_room(self, agency: Agency) -> str:
        """The id of one of an agency's rooms."""
        inside = [one.code for one in self.rooms if one.agency == agency.code and not one.is_garage]
        found = (
            Room.objects.filter(agency=agency, code__in=inside).order_by("code").values_list("id", flat=True)
        )
        return str(self.random.choice(list(found)))

    def _row(self, kind: KindRow, number: int, rooms: Sequence[str]) -> dict[str, Any]:
        random, card = self.random, codes.card_of(kind.goods_code)
        acquired = self._day(kind)
        price = round(random.uniform(kind.least, kind.most), -5 if kind.most > 5_000_000 else -4)
        found: dict[str, Any] = {
            "goods_code": kind.goods_code,
            "register_no": 0,
            "name": kind.name,
            "price": int(price),
            "accumulated": self._accumulated(kind.goods_code, int(price), acquired),
            "acquired_on": acquired,
            "opened_on": self.opened_on,
            "origin": "grant" if random.random() < 0.08 else "purchase",
            "condition": "good" if card == "A" else self._condition(),
            "note": NOTE,
        }
        if (kind.stands == "room" or kind.prefix) and rooms and random.random() > WITHOUT_PLACE:
            found["room"] = rooms[number % len(rooms)]
        if kind.stands == "village":
            found |= self._place()
            found["name"] = f"{kind.name} {found.pop('village')}"
        return found | FACTS[card](self, kind, acquired)

    def _day(self, kind: KindRow) -> date:
        years = max(0, self.opened_on.year - 1 - kind.since)
        year = self.opened_on.year - 1 - int(years * self.random.random() ** 1.6)
        return date(year, self.random.randint(1, 12), self.random.randint(1, 28))

    def _condition(self) -> str:
        share = self.random.random()
        return "heavy" if share < BROKEN else "light" if share < BROKEN + DAMAGED else "good"

    def _accumulated(self, code: str, price: int, acquired: date) -> int:
        """What an auditor would have found at the opening: straight line, the semester of acquisition whole."""
        life = self.rules.life(code, self.opened_on)
        if life is None or not life.months or not self.rules.is_intra(code, price, acquired):
            return 0
        whole = life.months // MONTHS
        used = semester(self.opened_on).place - semester(acquired).place + 1
        return price * min(used, whole) // whole

    def _place(self) -> dict[str, Any]:
        """A village, and a place near its point; every twentieth place is not known."""
        village = self.random.choice(villages())
        found = {"village": village.name, "area_code": village.code, "address": f"{village.name} (contoh)"}
        if village.point is None:
            return found
        lat, lng = (value + self.random.uniform(-WIDEST, WIDEST) for value in village.point)
        is_known = self.random.random() > 0.05 and inside_regency(lat, lng)
        return found | ({"lat": round(lat, 6), "lng": round(lng, 6)} if is_known else {})


def _land(stage: Stage, kind: KindRow, acquired: date) -> dict[str, Any]:
    random = stage.random
    found = {"area_m2": random.randrange(400, 9000, 10), "right": "use", "land_use": kind.name}
    if random.random() < CERTIFIED:
        year = random.randint(max(acquired.year + 1, stage.opened_on.year - 4), stage.opened_on.year)
        day = min(date(year, random.randint(1, 12), random.randint(1, 28)), stage.opened_on)
        found |= {"certificate": f"contoh {random.randrange(10_000_000):07d}", "certified_on": day}
    return found


def _equipment(stage: Stage, kind: KindRow, acquired: date) -> dict[str, Any]:
    random, found = stage.random, {"brand": kind.brand, "made_year": acquired.year}
    if kind.prefix:
        stage.plates += 1
        days = random.choice((-40, 12, 25, 80, 200, 400, 700, 1100, 1500))
        until = stage.today + timedelta(days=days + random.randint(-9, 9))
        found |= {
            "plate_no": f"{kind.prefix} {stage.plates} ZZ",
            "plate_until": until,
            "tax_until": until - timedelta(days=365 * max(0, days // 365)),
            "chassis_no": f"contoh-R-{random.randrange(100_000):05d}",
            "engine_no": f"contoh-M-{random.randrange(100_000):05d}",
            "bpkb_no": f"contoh-{random.randrange(1_000_000):06d}",
        }
    return {name: value for name, value in found.items() if value}


def _building(stage: Stage, _kind: KindRow, acquired: date) -> dict[str, Any]:
    floor = stage.random.randrange(90, 1600, 10)
    found = {"storeyed": "yes" if floor > 800 else "no", "concrete": "yes", "floor_m2": floor}
    number = f"contoh {stage.random.randrange(1000):03d}/{acquired.year}"
    return found | {"document_on": acquired, "document_no": number, "land_status": "own"}


def _network(stage: Stage, _kind: KindRow, _acquired: date) -> dict[str, Any]:
    km, width = stage.random.randint(3, 60) / 10, stage.random.choice((3, 3.5, 4, 5))
    return {"length_km": km, "width_m": width, "area_m2": km * 1000 * width, "construction": "contoh"}


def _other(stage: Stage, kind: KindRow, _acquired: date) -> dict[str, Any]:
    return {"title": kind.brand or kind.name, "quantity": stage.random.randint(1, 40)}


def _in_progress(stage: Stage, kind: KindRow, acquired: date) -> dict[str, Any]:
    return {
        "building": "permanent",
        "started_on": acquired,
        "contract_value": kind.most,
        "land_status": "own",
    }


FACTS: dict[str, Callable[[Stage, KindRow, date], dict[str, Any]]] = {
    "A": _land,
    "B": _equipment,
    "C": _building,
    "D": _network,
    "E": _other,
    "F": _in_progress,
}


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """A local time of a day."""
    return datetime.combine(day, time(hour, minute), tzinfo=clock.local_zone())


def in_post(agency: Agency, post: str) -> Actor:
    """Whoever holds a post of an agency, in that post."""
    user = worker_of(agency, post)
    position = user.holdings.select_related("position").get(position__code=post).position
    return staff(user, position=position)
