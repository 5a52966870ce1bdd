"""Units with their states and positions, stations with their hours, crews, shifts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import isfinite
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kotacerdas.foundation.dispatch.models import (
    Crew,
    CrewMember,
    PlannedRoute,
    Shift,
    Station,
    StationHours,
    Unit,
    UnitPosition,
    UnitState,
)
from kotacerdas.foundation.dispatch.permissions import MANAGE, REPORT
from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.grants import require
from kotacerdas.foundation.parties.models import Agency, User
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid
from kotacerdas.kernel.texts import clean_line

_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,38}[a-z0-9]")
AHEAD = timedelta(minutes=2)  # a device's clock may be ahead by so much
MOST_SHIFT = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class UnitDraft:
    """What is typed of a unit. The asset number never changes afterwards."""

    agency: Agency
    name: str
    asset_number: str
    capacity_l: int
    home: Station
    skills: tuple[str, ...] = ()
    may_end_loaded: bool = False
    is_active: bool = True


@transaction.atomic
def unit_create(*, actor: Actor, draft: UnitDraft) -> Unit:
    """A new unit. Raises Refused, Invalid with the fields, Conflict when the name or the asset number is taken."""
    require_manage(actor, draft.agency)
    _check_unit(draft)
    if Unit.objects.filter(asset_number=draft.asset_number.strip()).exists():
        raise Conflict(
            _("There is a unit with this asset number already."), remedy=_("Look it up in the list of units.")
        )
    _name_is_free(draft, None)
    unit = Unit.objects.create(asset_number=draft.asset_number.strip(), **_unit_fields(draft))
    note("unit.add", unit, actor, unit.agency, {"asset": unit.asset_number})
    return unit


@transaction.atomic
def unit_change(*, actor: Actor, unit: Unit, draft: UnitDraft) -> Unit:
    """Other words, capacity or home; the asset number stays. Raises Refused, Invalid, Conflict."""
    require_manage(actor, unit.agency)
    require_manage(actor, draft.agency)
    _check_unit(draft)
    if draft.asset_number.strip() != unit.asset_number:
        raise Invalid(
            _("The asset number of a unit never changes."),
            fields={"asset_number": _("Register another unit instead.")},
        )
    _name_is_free(draft, unit)
    for name, value in _unit_fields(draft).items():
        setattr(unit, name, value)
    unit.save()
    note("unit.change", unit, actor, unit.agency, {"asset": unit.asset_number})
    return unit


@transaction.atomic
def unit_state_set(*, actor: Actor, unit: Unit, state: str, why: str = "") -> UnitState:
    """Say that a unit broke down, is out of service, or can go out again; from the moment at which it happened.

    Raises Refused, Invalid for a state that is none, or for a breakdown without a word of why.
    """
    require_report(actor, unit)
    if state not in UnitState.State.values:
        raise Invalid(_("There is no such state of a unit."), fields={"state": _("Choose one of the list.")})
    why = clean_line(why)[:200]
    if state != UnitState.State.AVAILABLE and not why:
        raise Invalid(_("Say what happened."), fields={"why": _("This is needed.")})
    row = UnitState.objects.create(
        unit=unit, state=state, why=why, since=actor.happened_at or clock.now(), set_by=actor.user
    )
    note("unit.state", unit, actor, unit.agency, {"asset": unit.asset_number, "state": state})
    return row


@transaction.atomic
def position_report(
    *,
    actor: Actor,
    unit: Unit,
    lat: float,
    lng: float,
    source: str,
    measured_at: datetime,
    accuracy_m: int | None = None,
) -> bool:
    """Keep where a source saw a unit; no when it knew a newer one already. No journal row: there are thousands.

    Raises Refused, Invalid for numbers that are no position, and for a moment more than two minutes ahead.
    """
    require_report(actor, unit)
    if source not in UnitPosition.Source.values:
        raise Invalid(
            _("There is no such source of positions."), fields={"source": _("Choose one of the list.")}
        )
    if flaws := position_flaws(lat, lng):
        raise Invalid(_("This is no position."), fields=flaws)
    now = clock.now()
    if measured_at > now + AHEAD:
        raise Invalid(
            _("The position is from the future."),
            fields={"measured_at": _("Check the clock of the device.")},
        )
    given: dict[str, Any] = {
        "lat": lat,
        "lng": lng,
        "accuracy_m": accuracy_m,
        "measured_at": min(measured_at, now),
        "received_at": now,
    }
    known = UnitPosition.objects.select_for_update().filter(unit=unit, source=source).first()
    if known is None:
        _row, is_new = UnitPosition.objects.get_or_create(unit=unit, source=source, defaults=given)
        if is_new:
            return True
    newer = UnitPosition.objects.filter(unit=unit, source=source, measured_at__lt=given["measured_at"])
    return bool(newer.update(**given))


@transaction.atomic
def station_save(
    *,
    actor: Actor,
    agency: Agency,
    code: str,
    name: str,
    lat: float,
    lng: float,
    hours: Mapping[int, Iterable[tuple[time, time]]] | None = None,
    is_home: bool = False,
    is_reload_site: bool = False,
    unload_seconds: int = 0,
    daily_limit_l: int | None = None,
    is_active: bool = True,
) -> Station:
    """Make a station, or give the one of this code other words and hours (by weekday, Monday is 0).

    Raises Refused, Invalid with the fields, Conflict when the code is another agency's.
    """
    require_manage(actor, agency)
    opening = {day: sorted(spans) for day, spans in (hours or {}).items()}
    fields = position_flaws(lat, lng) | _station_flaws(code, name, opening, is_home or is_reload_site)
    if unload_seconds < 0 or (daily_limit_l is not None and daily_limit_l < 0):
        fields["daily_limit_l" if unload_seconds >= 0 else "unload_seconds"] = _("At least 0.")
    if fields:
        raise Invalid(_("The station cannot be stored like this."), fields=fields)
    known = Station.objects.select_for_update().filter(code=code).first()
    if known is not None and known.agency_id != agency.id:
        raise Conflict(_("Another agency has a station of this code."), remedy=_("Choose another code."))
    station, _made = Station.objects.update_or_create(
        code=code,
        defaults={
            "agency": agency,
            "name": clean_line(name)[:120],
            "lat": lat,
            "lng": lng,
            "is_home": is_home,
            "is_reload_site": is_reload_site,
            "unload_seconds": unload_seconds,
            "daily_limit_l": daily_limit_l,
            "is_active": is_active,
        },
    )
    if hours is not None:
        station.hours.all().delete()
        StationHours.objects.bulk_create(
            StationHours(station=station, weekday=day, opens=opens, closes=closes)
            for day, spans in opening.items()
            for opens, closes in spans
        )
    note("station.save", station, actor, agency, {"station": code})
    return station


@transaction.atomic
def crew_save(
    *, actor: Actor, agency: Agency, name: str, members: Iterable[User], leader: User | None = None
) -> Crew:
    """Make a crew, or say who is in the one of this name from today on. Raises Refused, Invalid."""
    require_manage(actor, agency)
    wanted = list(dict.fromkeys(members))
    if not clean_line(name):
        raise Invalid(_("The crew needs a name."), fields={"name": _("This is needed.")})
    if leader is not None and leader not in wanted:
        raise Invalid(_("Who leads a crew is in it."), fields={"leader": _("Choose one of its members.")})
    crew, _made = Crew.objects.get_or_create(agency=agency, name=clean_line(name)[:60])
    Crew.objects.select_for_update().get(id=crew.id)
    today = clock.today()
    present = {one.user_id: one for one in crew.members.filter(until=None)}
    for user_id, row in present.items():
        if user_id not in {user.id for user in wanted}:
            if row.since >= today:
                row.delete()
                continue
            row.until = today - timedelta(days=1)
            row.save(update_fields=["until"])
    for user in wanted:
        leads = leader is not None and user.id == leader.id
        found = present.get(user.id)
        if found is None:
            CrewMember.objects.create(crew=crew, user=user, leads=leads, since=today)
        elif found.leads != leads:
            found.leads = leads
            found.save(update_fields=["leads"])
    note("crew.save", crew, actor, agency, {"members": len(wanted)})
    return crew


@transaction.atomic
def shift_set(
    *,
    actor: Actor,
    unit: Unit,
    day: date,
    starts_at: datetime,
    ends_at: datetime,
    crew: Crew | None = None,
    break_minutes: int = 0,
    break_between: tuple[datetime, datetime] | None = None,
) -> Shift:
    """Give a unit its shift of a day, or another one in its place.

    Raises Refused, Invalid with the fields, Conflict when the crew has another unit that day.
    """
    require_manage(actor, unit.agency)
    fields: dict[str, str] = {}
    if not starts_at < ends_at <= starts_at + MOST_SHIFT:
        fields["ends_at"] = _("A shift ends after it begins, within 24 hours.")
    if clock.local_day(starts_at) != day:
        fields["starts_at"] = _("A shift begins on its day.")
    if break_minutes < 0 or (break_minutes and break_between is None):
        fields["break_minutes"] = _("Say between which hours the break begins.")
    elif break_between is not None and not starts_at <= break_between[0] <= break_between[1] <= ends_at:
        fields["break_between"] = _("The break begins within the shift.")
    if fields:
        raise Invalid(_("The shift cannot be stored like this."), fields=fields)
    if crew is not None and Shift.objects.filter(crew=crew, day=day).exclude(unit=unit).exists():
        raise Conflict(
            _("%(crew)s has another unit on this day.") % {"crew": crew.name},
            remedy=_("Choose another crew."),
        )
    shift, _made = Shift.objects.update_or_create(
        unit=unit,
        day=day,
        defaults={
            "crew": crew,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "break_minutes": break_minutes,
            "break_earliest": break_between[0] if break_between else None,
            "break_latest": break_between[1] if break_between else None,
        },
    )
    note("shift.set", shift, actor, unit.agency, {"asset": unit.asset_number, "day": day.isoformat()})
    return shift


@transaction.atomic
def shift_remove(*, actor: Actor, shift: Shift) -> None:
    """Take a shift away. Raises Refused, Conflict once a plan stands on it."""
    require_manage(actor, shift.unit.agency)
    if PlannedRoute.objects.filter(shift=shift).exists():
        raise Conflict(
            _("A plan stands on this shift."),
            remedy=_("Say that the unit is out of service, and plan again."),
        )
    note(
        "shift.remove",
        shift,
        actor,
        shift.unit.agency,
        {"asset": shift.unit.asset_number, "day": shift.day.isoformat()},
    )
    shift.delete()


def require_manage(actor: Actor, agency: Agency) -> None:
    """Raise Refused unless the actor keeps the units of an agency."""
    if actor.kind != "system":
        require(actor.grants, MANAGE, agencies=[agency.id])


def require_report(actor: Actor, unit: Unit) -> None:
    """Raise Refused unless the actor reports for the units of an agency."""
    if actor.kind != "system":
        require(actor.grants, REPORT, agencies=[unit.agency_id])


def position_flaws(lat: float, lng: float) -> dict[str, str]:
    """What is wrong with a position, by field."""
    found: dict[str, str] = {}
    if not (isfinite(lat) and -90 <= lat <= 90):
        found["lat"] = _("A latitude lies between -90 and 90 degrees.")
    if not (isfinite(lng) and -180 <= lng <= 180):
        found["lng"] = _("A longitude lies between -180 and 180 degrees.")
    return found


def note(step: str, thing: Any, actor: Actor, agency: Agency, codes: Mapping[str, Any]) -> None:
    """A journal row of something of dispatch: `dispatch.<thing>.<step>`."""
    append(
        verb=f"dispatch.{step}",
        subject=(f"dispatch.{step.split('.')[0]}", thing.id),
        actor=actor.code,
        codes={"agency": agency.code, **codes},
        occurred_at=actor.happened_at,
    )


def skill_flaws(skills: Iterable[str]) -> dict[str, str]:
    """Skills are codes."""
    if all(_CODE.fullmatch(skill) for skill in skills):
        return {}
    return {"skills": _("Small letters, digits, hyphens and underscores.")}


def _check_unit(draft: UnitDraft) -> None:
    fields: dict[str, str] = skill_flaws(draft.skills)
    if not clean_line(draft.name):
        fields["name"] = _("This is needed.")
    if not draft.asset_number.strip():
        fields["asset_number"] = _("This is needed.")
    if draft.capacity_l < 0:
        fields["capacity_l"] = _("At least 0.")
    if draft.home.agency_id != draft.agency.id or not draft.home.is_home:
        fields["home"] = _("Choose a home station of the same agency.")
    if fields:
        raise Invalid(_("The unit cannot be stored like this."), fields=fields)


def _name_is_free(draft: UnitDraft, unit: Unit | None) -> None:
    same = Unit.objects.filter(agency=draft.agency, name=clean_line(draft.name)[:60])
    if (same.exclude(id=unit.id) if unit else same).exists():
        raise Conflict(_("Another unit has this name."), remedy=_("Choose another name."))


def _unit_fields(draft: UnitDraft) -> dict[str, Any]:
    return {
        "agency": draft.agency,
        "name": clean_line(draft.name)[:60],
        "capacity_l": draft.capacity_l,
        "home": draft.home,
        "skills": sorted(set(draft.skills)),
        "may_end_loaded": draft.may_end_loaded,
        "is_active": draft.is_active,
    }


def _station_flaws(
    code: str, name: str, opening: Mapping[int, list[tuple[time, time]]], is_something: bool
) -> dict[str, str]:
    found: dict[str, str] = {}
    if not _CODE.fullmatch(code):
        found["code"] = _("Small letters, digits, hyphens and underscores.")
    if not clean_line(name):
        found["name"] = _("This is needed.")
    if not is_something:
        found["is_home"] = _("Say whether units start there, or are emptied there.")
    for day, spans in opening.items():
        ends = [*(end for _start, end in spans)]
        is_ordered = all(start < end for start, end in spans)
        overlaps = any(spans[n + 1][0] < ends[n] for n in range(len(spans) - 1))
        if day not in range(7) or not is_ordered or overlaps:
            found["hours"] = _("Hours end after they begin, and do not overlap.")
    return found
