"""What invented devices measure: a river with tides and floods, terminals, vehicles on their round. Pure, by a seed."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any, TypeAlias

Values: TypeAlias = dict[str, Any]
DAY = 86_400.0
_TIDE = 12.42 * 3600
FLOOD_DAYS, FLOOD_HOURS = 23.0, 15.0
DRIVING = 0.15  # share of a leg's time in which a vehicle drives; then it stands at its stop
WORK_FIRST, WORK_LAST = 6, 17  # local hours in which vehicles are under way


@dataclass(frozen=True, kw_only=True)
class Invented:
    """One invented device.

    code, kind   as the device has them; seed  its own randomness
    every_s      how often it reports
    peak         for a gauge: when its last flood stands highest, in seconds since 1970
    base, stops  for a vehicle: where it is parked, and its round
    escape       for a vehicle: the night on which it leaves, as seconds since 1970 (0: never)
    silent_from  for a terminal: from when on nothing comes (0: never)
    """

    code: str
    kind: str
    seed: int
    every_s: int
    peak: float = 0.0
    base: tuple[float, float] = (0.0, 0.0)
    stops: tuple[tuple[float, float], ...] = ()
    escape: float = 0.0
    silent_from: float = 0.0
    more: Mapping[str, Any] = field(default_factory=dict)


def measured(one: Invented, at: float, local: Callable[[float], datetime]) -> Values | None:
    """What it reports at an instant; None while it is silent. The same for the same instant."""
    if one.silent_from and at >= one.silent_from:
        return None
    noise = Random(one.seed * 1_000_003 + int(at // one.every_s))
    if one.kind == "gauge":
        return {"level": round(level(one, at) + noise.gauss(0, 0.015), 3), **battery(at, noise)}
    if one.kind == "terminal":
        return terminal(one, at, noise)
    return vehicle(one, at, noise, local)


def level(one: Invented, at: float) -> float:
    """Water level in metres: tide, a slow season, and a flood every few weeks."""
    tide = 0.32 * math.sin(2 * math.pi * at / _TIDE + one.seed)
    season = 0.25 * math.sin(2 * math.pi * at / (365 * DAY))
    since = (at - one.peak + FLOOD_DAYS * DAY / 2) % (FLOOD_DAYS * DAY) - FLOOD_DAYS * DAY / 2
    flood = (1.9 if one.peak else 0.4) * math.exp(-((since / (FLOOD_HOURS * 3600)) ** 2))
    return 1.45 + tide + season + flood


def battery(at: float, noise: Random) -> Values:
    """Volts of a solar battery: full by day, emptier by night."""
    return {"battery": round(3.9 + 0.15 * math.sin(2 * math.pi * (at / DAY - 0.1)) + noise.gauss(0, 0.01), 2)}


def terminal(one: Invented, at: float, noise: Random) -> Values | None:
    """Latency and downlink; each terminal is away for some minutes now and then."""
    away = Random(one.seed * 7 + int(at // 1200)).random()
    if away < 0.01 or Random(one.seed * 11 + int(at // 9000)).random() < 0.002:
        return None
    busy = max(0.0, math.sin(2 * math.pi * (at / DAY + 0.05)))
    return {
        "latency": round(590 + 60 * busy + abs(noise.gauss(0, 18)), 1),
        "down": round(max(0.5, 24 - 11 * busy + noise.gauss(0, 1.5)), 2),
    }


def vehicle(one: Invented, at: float, noise: Random, local: Callable[[float], datetime]) -> Values:
    """Its round by day, its yard by night; but for the night on which it escapes."""
    hour = local(at).hour + local(at).minute / 60
    escaped = one.escape and 0 <= at - one.escape < 2.5 * 3600
    if escaped or (WORK_FIRST <= hour < WORK_LAST and local(at).weekday() < 6):
        share = (at - one.escape) / 9000 if escaped else (hour - WORK_FIRST) / (WORK_LAST - WORK_FIRST)
        lat, lng, stands = _along((one.base, *one.stops, one.base), share)
        speed = 0.0 if stands else max(0.0, noise.gauss(28, 9))
    else:
        (lat, lng), speed = one.base, 0.0
    wobble = 0.00003
    position = [round(lat + noise.gauss(0, wobble), 6), round(lng + noise.gauss(0, wobble), 6)]
    return {"position": position, "speed": round(speed, 1), "battery": round(12.6 + noise.gauss(0, 0.1), 2)}


def _along(points: tuple[tuple[float, float], ...], share: float) -> tuple[float, float, bool]:
    """Where it is after a share of its round, and whether it stands: it drives for a part of each leg, then stays."""
    legs = len(points) - 1
    where = min(max(share, 0.0), 0.999999) * legs
    a, b = points[int(where)], points[int(where) + 1]
    part = min(1.0, (where - int(where)) / DRIVING)
    return a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part, part >= 1
