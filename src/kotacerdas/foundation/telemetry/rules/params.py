"""The numbers of a rule, checked and with a device's own values put in.

    {"applies": {"kind": "gauge"} or {"device": "<code>"},
     "when": {…by kind…}, "then": {"opens_case", "urgent", "agency", "banner", "notify"}}

threshold  stream, side (above|below), limit, recover (hysteresis; the limit itself where absent), for_s, recover_for_s
absence    after_s
geofence   stream, lat, lng, radius_m, side (outside|inside), dwell_s, recover_for_s,
           hours [{"days": [0 Monday … 6], "from": "HH:MM", "to": "HH:MM"}] in local time; none: always

A number may be "@name": the device's own setting of that name, else the default of its kind. A device that has
neither is not watched.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, TypeAlias

THRESHOLD, ABSENCE, GEOFENCE = "threshold", "absence", "geofence"
LONGEST_SECONDS = 366 * 86_400
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True, slots=True)
class Hours:
    """From one minute of the local day to another on some weekdays; past midnight where `last` is before `first`."""

    days: frozenset[int]
    first: int
    last: int

    def hold(self, weekday: int, minute: int) -> bool:
        """Whether a minute of a weekday lies within; a night belongs to the day on which it begins."""
        if self.first <= self.last:
            return weekday in self.days and self.first <= minute < self.last
        if minute >= self.first:
            return weekday in self.days
        return minute < self.last and (weekday - 1) % 7 in self.days


@dataclass(frozen=True, slots=True)
class Threshold:
    stream: str
    above: bool
    limit: float
    recover: float
    for_s: float
    recover_for_s: float


@dataclass(frozen=True, slots=True)
class Absence:
    after_s: float


@dataclass(frozen=True, slots=True)
class Geofence:
    stream: str
    lat: float
    lng: float
    radius_m: float
    outside: bool
    for_s: float
    recover_for_s: float
    hours: tuple[Hours, ...]


When: TypeAlias = Threshold | Absence | Geofence


class BadParams(ValueError):
    """The parameters do not hold together; the text is for the one who made them."""


def resolve(kind: str, when: Mapping[str, Any], own: Mapping[str, Any]) -> When | None:
    """The numbers for one device; None when it lacks a setting that the rule asks for. Raises BadParams."""
    given = dict(when)
    for name, value in when.items():
        if isinstance(value, str) and value.startswith("@"):
            found = own.get(value[1:])
            if found is None:
                if name == "recover":
                    given.pop(name)
                    continue
                return None
            given[name] = found
    numbers: When = _BUILDERS[kind](given)
    return numbers


def check(kind: str, params: Mapping[str, Any]) -> None:
    """Raises BadParams for parameters that no device could use."""
    if kind not in _BUILDERS:
        raise BadParams(f"kind {kind}")
    when = params.get("when")
    if not isinstance(when, Mapping):
        raise BadParams("when")
    sample = {"lat": 0.0, "lng": 0.0, "radius_m": 100.0, "limit": 1.0, "after_s": 60.0}
    names = {
        value[1:]: sample.get(name, 1.0)
        for name, value in when.items()
        if isinstance(value, str) and value.startswith("@")
    }
    if when.get("recover", "").__class__ is str:
        names.pop(str(when.get("recover", ""))[1:], None)
    resolve(kind, when, names)


def _threshold(given: Mapping[str, Any]) -> Threshold:
    above = given.get("side") == "above"
    if given.get("side") not in ("above", "below"):
        raise BadParams("side")
    limit = number(given, "limit")
    recover = number(given, "recover", limit)
    if (above and recover > limit) or (not above and recover < limit):
        raise BadParams("recover")
    return Threshold(
        str(given["stream"]), above, limit, recover, seconds(given, "for_s"), seconds(given, "recover_for_s")
    )


def _absence(given: Mapping[str, Any]) -> Absence:
    after = seconds(given, "after_s")
    if after < 10:
        raise BadParams("after_s")
    return Absence(after)


def _geofence(given: Mapping[str, Any]) -> Geofence:
    if given.get("side") not in ("outside", "inside"):
        raise BadParams("side")
    lat, lng, radius = (number(given, name) for name in ("lat", "lng", "radius_m"))
    if not (-90 <= lat <= 90 and -180 <= lng <= 180):
        raise BadParams("lat")
    if not 10 <= radius <= 1_000_000:
        raise BadParams("radius_m")
    return Geofence(
        str(given.get("stream", "position")),
        lat,
        lng,
        radius,
        given["side"] == "outside",
        seconds(given, "dwell_s"),
        seconds(given, "recover_for_s"),
        tuple(_hours(one) for one in given.get("hours", ())),
    )


def _hours(given: Mapping[str, Any]) -> Hours:
    days = frozenset(given.get("days", range(7)))
    if not days or not days <= set(range(7)):
        raise BadParams("days")
    return Hours(days, _minute(given["from"]), _minute(given["to"]))


def _minute(words: Any) -> int:
    if not isinstance(words, str) or not _CLOCK.fullmatch(words):
        raise BadParams("hours")
    return int(words[:2]) * 60 + int(words[3:])


def number(given: Mapping[str, Any], name: str, default: float | None = None) -> float:
    value = given.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise BadParams(name)
    return float(value)


def seconds(given: Mapping[str, Any], name: str) -> float:
    value = number(given, name, 0.0)
    if not 0 <= value <= LONGEST_SECONDS:
        raise BadParams(name)
    return value


_BUILDERS: dict[str, Any] = {THRESHOLD: _threshold, ABSENCE: _absence, GEOFENCE: _geofence}
