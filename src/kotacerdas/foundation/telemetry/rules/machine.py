"""A rule over the readings of one device: pure, one small state, the same live and on history.

    clear → pending (in breach, not for long enough) → raised → leaving (calm, not for long enough) → clear

Times are seconds since 1970. A reading older than the last one changes nothing: what it would have meant is over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from kotacerdas.foundation.telemetry.rules.params import Absence, Geofence, Threshold, When
from kotacerdas.foundation.territory.geometry import distance_m

Phase = Literal["clear", "pending", "raised", "leaving"]
LocalTime = Callable[[float], datetime]


@dataclass(slots=True)
class State:
    """Where a rule stands on one device.

    since    when the present phase began
    first    the first sign of the breach
    last     time of the newest reading
    value    what broke the rule; extreme the worst of it since
    """

    phase: Phase = "clear"
    since: float = 0.0
    first: float = 0.0
    last: float = 0.0
    value: float | None = None
    extreme: float | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Event:
    """An alert begins (`raised`) or ends (`recovered`) at an instant."""

    what: Literal["raised", "recovered"]
    at: float
    first: float
    value: float | None
    extreme: float | None


def observe(
    when: When, state: State, at: float, value: float, value2: float | None, local: LocalTime
) -> list[Event]:
    """Take one reading in; what begins or ends by it. `local` gives the local time of an instant, for calendars."""
    if at < state.last:
        return []
    late = look(when, state, at) if state.phase in ("pending", "leaving") or isinstance(when, Absence) else []
    state.last = at
    if isinstance(when, Absence):
        return [*late, *_advance(state, at, False, True, None, 0.0, 0.0)]
    if isinstance(when, Threshold):
        breach = value > when.limit if when.above else value < when.limit
        calm = value <= when.recover if when.above else value >= when.recover
        shown, sign = value, 1 if when.above else -1
    else:
        breach, calm, shown = _fence(when, at, value, value2, local)
        sign = 1 if when.outside else -1
    if state.phase in ("raised", "leaving") and (
        state.extreme is None or sign * shown > sign * state.extreme
    ):
        state.extreme = shown
    return [*late, *_advance(state, at, breach, calm, shown, when.for_s, when.recover_for_s)]


def look(when: When, state: State, now: float) -> list[Event]:
    """What begins or ends by the passing of time alone."""
    if isinstance(when, Absence):
        if state.phase == "clear" and now - state.last >= when.after_s:
            state.phase, state.since, state.first = "raised", now, state.last
            return [Event("raised", state.last + when.after_s, state.last, None, None)]
        return []
    if state.phase == "pending" and now - state.since >= when.for_s:
        return _raise(state, state.since + when.for_s)
    if state.phase == "leaving" and now - state.since >= when.recover_for_s:
        return _recover(state, state.since + when.recover_for_s)
    return []


def look_at(when: When, state: State) -> float | None:
    """When time alone may change something next; None: never."""
    if isinstance(when, Absence):
        return state.last + when.after_s if state.phase == "clear" else None
    if state.phase == "pending":
        return state.since + when.for_s
    if state.phase == "leaving":
        return state.since + when.recover_for_s
    return None


def put_back(when: When, state: State, event: Event) -> None:
    """What followed from an event could not be written: let it happen again at the next look."""
    if event.what == "recovered":
        state.phase, state.since = "leaving", event.at
    elif isinstance(when, Absence):
        state.phase = "clear"
    else:
        state.phase, state.since = "pending", event.first


def _fence(
    when: Geofence, at: float, lat: float, lng: float | None, local: LocalTime
) -> tuple[bool, bool, float]:
    """Breach, calm, and the distance in metres; a breach only within the hours."""
    metres = distance_m(lat, lng if lng is not None else 0.0, when.lat, when.lng)
    away = metres > when.radius_m if when.outside else metres <= when.radius_m
    if not away or not when.hours:
        return away, not away, metres
    day = local(at)
    minute = day.hour * 60 + day.minute
    return any(one.hold(day.weekday(), minute) for one in when.hours), False, metres


def _advance(
    state: State,
    at: float,
    breach: bool,
    calm: bool,
    value: float | None,
    for_s: float,
    recover_for_s: float,
) -> list[Event]:
    if state.phase == "clear" and breach:
        state.phase, state.since, state.first, state.value, state.extreme = "pending", at, at, value, value
    elif state.phase == "pending" and not breach:
        state.phase, state.since = "clear", at
    elif state.phase == "raised" and calm:
        state.phase, state.since = "leaving", at
    elif state.phase == "leaving" and not calm:
        state.phase, state.since = "raised", at
    if state.phase == "pending" and at - state.since >= for_s:
        return _raise(state, at)
    if state.phase == "leaving" and at - state.since >= recover_for_s:
        return _recover(state, at)
    return []


def _raise(state: State, at: float) -> list[Event]:
    state.phase, state.since = "raised", at
    return [Event("raised", at, state.first, state.value, state.extreme)]


def _recover(state: State, at: float) -> list[Event]:
    state.phase, state.since = "clear", at
    return [Event("recovered", at, state.first, state.value, state.extreme)]
