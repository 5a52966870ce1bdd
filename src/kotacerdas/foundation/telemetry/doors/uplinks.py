"""What other servers send: ChirpStack v4, The Things Stack v3, Traccar. Pure: from their JSON to a message of ours.

Sources: ChirpStack 4 "Event types: up"; The Things Stack 3 "Data formats: uplink message"; Traccar "forward.type = json".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

CHIRPSTACK, THETHINGS, TRACCAR = "chirpstack", "thethings", "traccar"
_KNOT_KMH = 1.852


class NotUnderstood(ValueError):
    """The JSON is none of this server's."""


@dataclass(frozen=True, slots=True)
class Uplink:
    """One message of a device behind another server.

    key    the other server's own id of it: taken once
    values  as our format has it: `t`, and values by datastream
    """

    device: str
    key: str
    values: dict[str, Any]


def chirpstack(found: Mapping[str, Any]) -> Uplink:
    """An `up` event: the decoded object's numbers, and radio quality."""
    info = _part(found, "deviceInfo")
    device = _word(info, "devEui")
    values = flat(found.get("object") or {})
    radio = found.get("rxInfo") or []
    if isinstance(radio, list) and radio and isinstance(radio[0], Mapping):
        _put(values, "rssi", radio[0].get("rssi"))
        _put(values, "snr", radio[0].get("snr"))
    return Uplink(code_of(device), _word(found, "deduplicationId"), {"t": _time(found.get("time")), **values})


def thethings(found: Mapping[str, Any]) -> Uplink:
    """An uplink message: the decoded payload's numbers, and radio quality."""
    ids = _part(found, "end_device_ids")
    message = _part(found, "uplink_message")
    device = str(ids.get("dev_eui") or ids.get("device_id") or "")
    if not device:
        raise NotUnderstood("end_device_ids")
    values = flat(message.get("decoded_payload") or {})
    radio = message.get("rx_metadata") or []
    if isinstance(radio, list) and radio and isinstance(radio[0], Mapping):
        _put(values, "rssi", radio[0].get("rssi"))
        _put(values, "snr", radio[0].get("snr"))
    key = _key_of_the_things(found, message)
    return Uplink(
        code_of(device), key, {"t": _time(message.get("received_at") or found.get("received_at")), **values}
    )


def _key_of_the_things(found: Mapping[str, Any], message: Mapping[str, Any]) -> str:
    """The uplink's own correlation id; where it is not sent, session and frame counter name it."""
    ids = [str(one) for one in found.get("correlation_ids") or () if str(one).startswith("gs:uplink:")]
    if ids:
        return min(ids)
    session, count = message.get("session_key_id", ""), message.get("f_cnt")
    return f"{session}:{count if count is not None else ''}:{message.get('received_at', '')}"


def traccar(found: Mapping[str, Any]) -> Uplink:
    """A forwarded position: where, how fast (knots become km/h), and the attributes that are numbers."""
    position, device = _part(found, "position"), _part(found, "device")
    lat, lng = position.get("latitude"), position.get("longitude")
    values: dict[str, Any] = {"position": [lat, lng]}
    if _is_number(position.get("speed")):
        values["speed"] = round(position["speed"] * _KNOT_KMH, 2)
    attributes = position.get("attributes") or {}
    if isinstance(attributes, Mapping):
        for name in ("battery", "power", "batteryLevel", "fuel", "odometer"):
            _put(values, {"batteryLevel": "battery_level"}.get(name, name), attributes.get(name))
        if "battery" not in values and "power" in values:
            values["battery"] = values["power"]
    name = str(device.get("uniqueId") or "")
    if not name:
        raise NotUnderstood("uniqueId")
    at = _time(position.get("fixTime") or position.get("deviceTime"))
    key = str(position["id"]) if position.get("id") else f"{at}"
    return Uplink(code_of(name), f"{TRACCAR}:{key}:{at}", {"t": at, **values})


def flat(found: Any, before: str = "", depth: int = 0) -> dict[str, Any]:
    """The numbers of a decoded object; a nested one's names are joined by `_`."""
    values: dict[str, Any] = {}
    if not isinstance(found, Mapping) or depth > 3:
        return values
    for name, value in list(found.items())[:200]:
        code = stream_code(f"{before}{name}")
        if isinstance(value, Mapping):
            values.update(flat(value, f"{code}_", depth + 1))
        elif _is_number(value) or isinstance(value, bool):
            values[code] = value
    return values


def stream_code(name: str) -> str:
    """A name as a datastream's code: small letters, digits, underscores."""
    made = "".join(one if one.isascii() and one.isalnum() else "_" for one in name.lower()).strip("_")
    made = made if made[:1].isalpha() else f"v_{made}"
    return {"t": "v_t", "id": "v_id", "cmd": "v_cmd"}.get(made, made)[:40]


def code_of(name: str) -> str:
    """Another server's name of a device as our code: small letters, digits, hyphens."""
    made = "".join(one if one.isascii() and one.isalnum() else "-" for one in name.strip().lower())
    return made.strip("-")[:40]


def _time(given: Any) -> Any:
    """ISO 8601 in whatever fraction of a second; a number stays one."""
    if isinstance(given, str):
        try:
            return datetime.fromisoformat(_micro(given)).timestamp()
        except (ValueError, OverflowError):
            raise NotUnderstood("time") from None
    if _is_number(given):
        return given
    raise NotUnderstood("time")


def _micro(words: str) -> str:
    """Nanoseconds are cut: Python reads six digits."""
    head, dot, rest = words.partition(".")
    if not dot:
        return words
    digits = rest[: len(rest) - len(rest.lstrip("0123456789"))]
    return f"{head}.{digits[:6]}{rest[len(digits) :]}"


def _put(values: dict[str, Any], name: str, given: Any) -> None:
    if _is_number(given):
        values[name] = given


def _is_number(given: Any) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool)


def _part(found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = found.get(name)
    if not isinstance(part, Mapping):
        raise NotUnderstood(name)
    return part


def _word(found: Mapping[str, Any], name: str) -> str:
    word = found.get(name)
    if not isinstance(word, str) or not word:
        raise NotUnderstood(name)
    return word


READERS = {CHIRPSTACK: chirpstack, THETHINGS: thethings, TRACCAR: traccar}
