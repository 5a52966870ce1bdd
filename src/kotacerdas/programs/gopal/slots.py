"""The times that are still free: the pack's slots of a day, by trucks on shift, workdays and the plant's hours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from kotacerdas.foundation.dispatch.models import Shift, Station, StationHours, UnitState
from kotacerdas.foundation.dispatch.queries import states_of
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.ui.tags.words import clock_time
from kotacerdas.foundation.ui.tags.words import day as day_words
from kotacerdas.foundation.workdays.queries import current_calendar
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid
from kotacerdas.programs.gopal.models import Order
from kotacerdas.programs.gopal.pack_tables import desludging

FREE_STATES = ("cancelled", "failed")  # of orders that hold no place in a slot any more
LOOK_AHEAD, FREE_NAMED = 21, 3  # days looked through for the next free times, and how many of them are named


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A promised time of a day. `why` says why it cannot be booked, "" where it can."""

    start: datetime
    end: datetime
    capacity: int
    taken: int
    why: str = ""

    @property
    def left(self) -> int:
        """Orders that it still takes."""
        return 0 if self.why else max(0, self.capacity - self.taken)

    @property
    def is_free(self) -> bool:
        return self.left > 0

    @property
    def value(self) -> str:
        """How forms name it: the local time at which it begins."""
        return self.start.astimezone(clock.local_zone()).strftime("%Y-%m-%dT%H:%M")

    @property
    def words(self) -> str:
        """`08.00–10.00`, in the reader's language."""
        return f"{clock_time(self.start)}–{clock_time(self.end)}"


@dataclass(frozen=True, kw_only=True)
class SlotDay:
    """A day and its slots; `why` says why it has none that can be booked, "" where it may have some."""

    day: date
    slots: tuple[Slot, ...]
    why: str = ""

    @property
    def left(self) -> int:
        return sum(one.left for one in self.slots)


def days(agency: Agency, plant: Station, first: date, count: int) -> list[SlotDay]:
    """So many days from the first one on, each with its slots and what is left of them, in five queries."""
    last = first + timedelta(days=count - 1)
    shifts = list(
        Shift.objects.filter(unit__agency=agency, unit__is_active=True, day__gte=first, day__lte=last)
    )
    hours = list(StationHours.objects.filter(station=plant))
    start, end = _at(first, time()), _at(last + timedelta(days=1), time())
    booked = list(
        Order.objects.filter(tank__agency=agency, slot_from__lt=end, slot_until__gt=start)
        .exclude(case__state__in=FREE_STATES)
        .values_list("slot_from", "slot_until")
    )
    out = _out_of_service({one.unit_id for one in shifts if one.day == clock.today()})
    return [_day(first + timedelta(days=ahead), plant, shifts, hours, booked, out) for ahead in range(count)]


def next_free(agency: Agency, plant: Station, first: date, count: int = FREE_NAMED) -> list[Slot]:
    """The next slots that can be booked from a day on."""
    found = (slot for one in days(agency, plant, first, LOOK_AHEAD) for slot in one.slots if slot.is_free)
    return [slot for slot, _n in zip(found, range(count), strict=False)]


def slot_checked(agency: Agency, plant: Station, start: datetime) -> Slot:
    """The slot that begins then, where it can be booked; call it under `locked`.

    Raises Invalid with the next free ones for a slot that is full, past, no slot at all, or on a day without work.
    """
    day = clock.local_day(start)
    [found] = days(agency, plant, day, 1)
    slot = next((one for one in found.slots if one.start == start), None)
    if slot is not None and slot.is_free:
        return slot
    why = slot.why or _("This time is full now.") if slot else found.why or _("The trucks do not come then.")
    free = next_free(agency, plant, max(day, clock.today()))
    remedy = _("Next free: %(times)s.") % {"times": "; ".join(map(full_words, free))} if free else ""
    remedy = remedy or _("No time is free in the next days. Call the office.")
    raise Invalid(why, fields={"slot": f"{why} {remedy}"}, remedy=remedy, code="slot")


def locked(agency: Agency, day: date) -> None:
    """Let nobody else book that agency's day until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 21))", [f"{agency.id}:{day}"])


def parsed(value: str) -> datetime | None:
    """The moment that a form names as a local time; None where it names none."""
    with suppress(ValueError, OverflowError):
        return datetime.strptime(value, "%Y-%m-%dT%H:%M").replace(tzinfo=clock.local_zone())
    return None


def full_words(slot: Slot) -> str:
    """A slot with its day, in words."""
    return f"{day_words(slot.start)} {slot.words}"


def ends_of(start: datetime) -> datetime | None:
    """When the pack's slot ends that begins then; None where none does."""
    day = clock.local_day(start)
    return next((end for begin, end in _times(day) if begin == start), None)


def _day(
    day: date,
    plant: Station,
    shifts: Sequence[Shift],
    hours: Iterable[StationHours],
    booked: Sequence[tuple[datetime, datetime]],
    out: frozenset[UUID],
) -> SlotDay:
    on_shift = [one for one in shifts if one.day == day and not (day == clock.today() and one.unit_id in out)]
    closing = max((one.closes for one in hours if one.weekday == day.weekday()), default=None)
    why = _why_not(day, plant, on_shift, closing)
    made = tuple(_slot(start, end, on_shift, booked, closing, why) for start, end in _times(day))
    return SlotDay(day=day, slots=made, why=why)


def _why_not(day: date, plant: Station, on_shift: Sequence[Shift], closing: time | None) -> str:
    if day < clock.today():
        return _("This day is past.")
    calendar = current_calendar()
    if not calendar.is_workday(day):
        name = calendar.name_of(day)
        return _("A holiday.") if name else _("The weekend: the trucks rest.")
    if closing is None or not plant.is_active:
        return _("The treatment plant is closed.")
    return "" if on_shift else _("No truck is on duty.")


def _slot(
    start: datetime,
    end: datetime,
    on_shift: Sequence[Shift],
    booked: Sequence[tuple[datetime, datetime]],
    closing: time | None,
    why: str,
) -> Slot:
    able = sum(one.starts_at <= start and end <= one.ends_at for one in on_shift)
    if not why and start <= clock.now():
        why = _("This time is past.")
    if not why and closing is not None and end.astimezone(clock.local_zone()).time() > closing:
        why = _("The treatment plant is closed by then.")
    if not why and not able:
        why = _("No truck is on duty.")
    taken = sum(begin < end and until > start for begin, until in booked)
    return Slot(start=start, end=end, capacity=able * desludging().orders_a_slot, taken=taken, why=why)


def _times(day: date) -> list[tuple[datetime, datetime]]:
    """The pack's slots of a day, as moments."""
    found = []
    for text in desludging().slots:
        start, end = (time.fromisoformat(part.strip()) for part in text.split("-"))
        found.append((_at(day, start), _at(day, end)))
    return found


def _at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, tzinfo=clock.local_zone())


def _out_of_service(units: Iterable[UUID]) -> frozenset[UUID]:
    """Those of the units that cannot go out now: broken down, or out of service."""
    states = states_of(units)
    return frozenset(unit for unit, state in states.items() if state != UnitState.State.AVAILABLE)
