"""What a message says: readings, and what is wrong with the rest of it. Pure; the format stands in docs/telemetry.md.

A reading is (stream, microseconds since 2000-01-01 UTC, value, second value or None), ready for COPY.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import isfinite
from typing import Any, NamedTuple, TypeAlias

Reading: TypeAlias = tuple[int, int, float, float | None]

EPOCH_SECONDS = 946_684_800  # 2000-01-01 UTC, from where PostgreSQL counts
FUTURE_SECONDS = 86_400.0  # a clock may be a day ahead
MOST_READINGS = 2_000  # of one message
_MILLISECONDS = 1e11  # a number of seconds beyond this (the year 5138) is one of milliseconds
_RESERVED = frozenset({"t", "id"})


class Stream(NamedTuple):
    """What the doors must know of a datastream."""

    id: int
    is_position: bool
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Window:
    """The instants that are taken, in seconds since 1970.

    offset  how far our clock is ahead of the machine's (training time); kept, since asking for it may ask the store
    """

    offset: float
    oldest: float

    @property
    def now(self) -> float:
        """This very moment: what a message without a time is stamped with."""
        return time.time() + self.offset

    @property
    def newest(self) -> float:
        return self.now + FUTURE_SECONDS


@dataclass(slots=True)
class Message:
    """Readings of a message; `problems` are pairs of reason and detail; `key` is the sender's own id of it.

    parts  of an array whose objects have ids: each object's id (or none) with its own readings
    """

    readings: list[Reading] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    key: str = ""
    parts: list[tuple[str, list[Reading]]] = field(default_factory=list)


class NotFinite(ValueError):
    """JSON that says NaN or Infinity, which is no JSON."""


def _refuse(word: str) -> float:
    raise NotFinite(word)


_decode = json.JSONDecoder(parse_constant=_refuse).decode


def read(streams: Mapping[str, Stream], code: str, payload: bytes, window: Window) -> Message:
    """The readings of one message.

    streams  the device's datastreams by code
    code     the datastream that the topic names; "" where the payload names them
    """
    message = Message()
    try:
        found = _decode(payload.decode())
    except NotFinite as error:
        message.problems.append(("not_finite", str(error)))
        return message
    except (ValueError, RecursionError):
        message.problems.append(("garbage", "no JSON in UTF-8"))
        return message
    if code:
        _of_stream(streams, code, found, window, message)
    else:
        _of_device(streams, found, window, message)
    return message


def _of_device(streams: Mapping[str, Stream], found: Any, window: Window, message: Message) -> None:
    parts = found if isinstance(found, list) else [found]
    if len(parts) > MOST_READINGS:
        message.problems.append(("too_large", f"more than {MOST_READINGS} readings"))
        return
    for part in parts:
        if not isinstance(part, dict):
            message.problems.append(("garbage", "no object"))
            continue
        at = _time(part.get("t"), window, message)
        if at is None:
            continue
        begin = len(message.readings)
        for code, value in part.items():
            if code not in _RESERVED:
                _add(streams, code, at, value, message)
        if part is found:
            message.key = _key(part)
        else:
            message.parts.append((_key(part), message.readings[begin:]))
    if not any(key for key, _readings in message.parts):
        message.parts.clear()


def _key(part: Mapping[str, Any]) -> str:
    return str(part["id"])[:80] if "id" in part else ""


def _of_stream(
    streams: Mapping[str, Stream], code: str, found: Any, window: Window, message: Message
) -> None:
    if isinstance(found, dict):
        message.key = _key(found)
        pairs = [(found.get("t"), found.get("v"))]
    elif isinstance(found, list) and all(isinstance(one, list) and len(one) == 2 for one in found):
        pairs = [(one[0], one[1]) for one in found]
    else:
        pairs = [(None, found)]
    if len(pairs) > MOST_READINGS:
        message.problems.append(("too_large", f"more than {MOST_READINGS} readings"))
        return
    for when, value in pairs:
        at = _time(when, window, message)
        if at is not None:
            _add(streams, code, at, value, message)


def _add(streams: Mapping[str, Stream], code: str, at: int, value: Any, message: Message) -> None:
    stream = streams.get(code)
    if stream is None:
        message.problems.append(("unknown_stream", code[:60]))
        return
    if stream.is_position:
        _add_position(stream, at, value, message)
        return
    kind = type(value)
    if kind is not float:
        if kind is not int and kind is not bool:
            message.problems.append(("garbage", f"{code[:60]}: no number"))
            return
        try:
            value = float(value)
        except OverflowError:
            value = float("inf")
    if not isfinite(value):
        message.problems.append(("not_finite", code[:60]))
    elif stream.low <= value <= stream.high:
        message.readings.append((stream.id, at, value, None))
    else:
        message.problems.append(("out_of_range", f"{code[:60]} {value:g}"))


def _add_position(stream: Stream, at: int, value: Any, message: Message) -> None:
    """A position is [latitude, longitude] in degrees of WGS 84."""
    numbers = isinstance(value, list) and len(value) == 2 and all(type(one) in (int, float) for one in value)
    if not numbers:
        message.problems.append(("garbage", "no position"))
        return
    try:
        lat, lng = float(value[0]), float(value[1])
    except OverflowError:
        lat = lng = float("inf")
    if not (isfinite(lat) and isfinite(lng)):
        message.problems.append(("not_finite", "position"))
    elif -90 <= lat <= 90 and -180 <= lng <= 180 and (lat or lng):  # 0,0 is a receiver without a fix
        message.readings.append((stream.id, at, lat, lng))
    else:
        message.problems.append(("out_of_range", f"position {lat:g}, {lng:g}"))


def _time(given: Any, window: Window, message: Message) -> int | None:
    """Microseconds since 2000, or None with a problem noted. Seconds or milliseconds since 1970, or ISO 8601 with offset."""
    if given is None:
        seconds = window.now
    elif type(given) in (int, float):
        try:
            seconds = float(given)
        except OverflowError:
            seconds = float("inf")
        if seconds > _MILLISECONDS:
            seconds /= 1000.0
    else:
        seconds = _iso(given)
    if seconds != seconds:  # NaN: no time at all
        message.problems.append(("garbage", "no time"))
    elif seconds > window.newest:
        message.problems.append(("future", shown(given)))
    elif seconds < window.oldest:
        message.problems.append(("too_old", shown(given)))
    else:
        return round((seconds - EPOCH_SECONDS) * 1_000_000)
    return None


def _iso(given: Any) -> float:
    try:
        at = datetime.fromisoformat(given)
        return at.timestamp() if at.tzinfo is not None else float("nan")
    except (TypeError, ValueError, OverflowError):
        return float("nan")


def shown(given: Any) -> str:
    """A given time as the quarantine shows it."""
    return str(given)[:60]


def instant(micros: int) -> datetime:
    """The aware instant of a reading's time."""
    return datetime.fromtimestamp(EPOCH_SECONDS + micros / 1_000_000, UTC)


def micros(at: datetime) -> int:
    """The reverse of `instant`."""
    return round((at.timestamp() - EPOCH_SECONDS) * 1_000_000)
