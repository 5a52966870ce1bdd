"""Shifts of several days at once: the same one on each of them, or a week as the one before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from kotacerdas.foundation.dispatch.actions.fleet import require_manage, shift_set
from kotacerdas.foundation.dispatch.models import Crew, Shift, Unit
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid

MOST_DAYS = 31
WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Hours:
    """A shift in local times, with a break of so many minutes that begins between two of them. An end before the start is
    on the next day.
    """

    starts: time
    ends: time
    break_minutes: int = 0
    break_from: time | None = None
    break_until: time | None = None


@dataclass(frozen=True, kw_only=True)
class Copied:
    """What came of copying a week: how many shifts were made, kept as they were, and whose crew has another unit."""

    made: int
    kept: int
    refused: tuple[str, ...]


@transaction.atomic
def shifts_set(
    *, actor: Actor, unit: Unit, first: date, last: date, hours: Hours, crew: Crew | None = None
) -> list[Shift]:
    """Give a unit the same shift on each day from the first to the last. All or none.

    Raises Refused, Invalid for days that are past or too many, and what `shift_set` raises.
    """
    require_manage(actor, unit.agency)
    days = (last - first).days + 1
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(
            _("The shift cannot be stored like this."),
            fields={"last": _("From 1 to %(most)s days.") % {"most": MOST_DAYS}},
        )
    if first < clock.today():
        raise Invalid(
            _("The shift cannot be stored like this."), fields={"first": _("Choose today or a later day.")}
        )
    every = (first + timedelta(days=number) for number in range(days))
    return [_set(actor, unit, day, hours, crew) for day in every]


@transaction.atomic
def week_copy(*, actor: Actor, agency: Agency, week: date) -> Copied:
    """Give a week, by its Monday, the shifts of the one before; those that it has stay as they are. Raises Refused."""
    require_manage(actor, agency)
    today, made, kept, refused = clock.today(), 0, 0, []
    before = Shift.objects.filter(
        unit__agency=agency, unit__is_active=True, day__gte=week - WEEK, day__lt=week
    )
    known = set(
        Shift.objects.filter(unit__agency=agency, day__gte=week, day__lt=week + WEEK).values_list(
            "unit", "day"
        )
    )
    for shift in before.select_related("unit__agency", "crew"):
        day = shift.day + WEEK
        if day < today:
            continue
        if (shift.unit_id, day) in known:
            kept += 1
            continue
        try:
            with transaction.atomic():
                _set(actor, shift.unit, day, _hours(shift), shift.crew)
            made += 1
        except Conflict:
            refused.append(shift.unit.name)
    return Copied(made=made, kept=kept, refused=tuple(dict.fromkeys(refused)))


def _set(actor: Actor, unit: Unit, day: date, hours: Hours, crew: Crew | None) -> Shift:
    starts = _at(day, hours.starts)
    between = None
    if hours.break_from is not None and hours.break_until is not None:
        between = (_after(starts, hours.break_from), _after(starts, hours.break_until))
    return shift_set(
        actor=actor,
        unit=unit,
        day=day,
        starts_at=starts,
        ends_at=_after(starts, hours.ends),
        crew=crew,
        break_minutes=hours.break_minutes,
        break_between=between,
    )


def _hours(shift: Shift) -> Hours:
    def local(at: datetime | None) -> time | None:
        return at.astimezone(clock.local_zone()).time() if at is not None else None

    return Hours(
        starts=local(shift.starts_at) or time(),
        ends=local(shift.ends_at) or time(),
        break_minutes=shift.break_minutes,
        break_from=local(shift.break_earliest),
        break_until=local(shift.break_latest),
    )


def _at(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=clock.local_zone())


def _after(start: datetime, at: time) -> datetime:
    """The next such local time after the start."""
    found = _at(clock.local_day(start), at)
    return found if found > start else _at(clock.local_day(start) + timedelta(days=1), at)
