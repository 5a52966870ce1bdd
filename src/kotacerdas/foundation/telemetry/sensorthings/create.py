"""Creating by SensorThings: things, datastreams, sensors, observed properties, locations, observations; nested too."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction

from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.grants import Grants, Scope
from kotacerdas.foundation.telemetry.actions.devices import (
    DeviceDraft,
    device_change,
    device_create,
    stream_add,
)
from kotacerdas.foundation.telemetry.declarations import StreamSpec, device_kinds
from kotacerdas.foundation.telemetry.doors.intake import take
from kotacerdas.foundation.telemetry.doors.uplinks import stream_code
from kotacerdas.foundation.telemetry.ingest.payload import micros
from kotacerdas.foundation.telemetry.ingest.registry import load
from kotacerdas.foundation.telemetry.models import ApiKey, Datastream, Device, ObservedProperty, Sensor
from kotacerdas.foundation.telemetry.permissions import MANAGE
from kotacerdas.foundation.telemetry.sensorthings.entities import ENTITIES, GEOMETRY, Reach
from kotacerdas.foundation.telemetry.sensorthings.language import BadQuery
from kotacerdas.foundation.telemetry.sensorthings.rows import Observed, instant_of
from kotacerdas.kernel import clock

_NO_CODE = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, kw_only=True)
class Machine(Actor):
    """A key at work: it manages the devices of its agency, and the journal names it."""

    key_id: UUID | None = None
    kind: str = "system"
    grants: Grants = field(default_factory=Grants)

    @property
    def code(self) -> str:
        return f"key:{self.key_id}"


def machine(key: ApiKey) -> Machine:
    """The actor of a key."""
    scope = Scope(agencies=frozenset({key.agency_id}))
    return Machine(key_id=key.id, grants=Grants(scopes={MANAGE: scope}))


@transaction.atomic
def create(key: ApiKey, kind: str, body: Any, under: tuple[str, Any] | None = None) -> Any:
    """The new row of a kind. `under` is the entity through whose collection it was posted. Raises BadQuery, Invalid."""
    if not isinstance(body, dict):
        raise BadQuery("no object")
    maker = _MAKERS.get(kind)
    if maker is None:
        raise BadQuery(f"{kind} cannot be created")
    if under is not None:
        body = {**body, under[0]: under[1]}
    return maker(key, Reach(key.agency), body)


def _thing(key: ApiKey, reach: Reach, body: dict[str, Any]) -> Device:
    more = body.get("properties") or {}
    if not isinstance(more, dict):
        raise BadQuery("properties must be an object")
    place: Any = next(iter(body.get("Locations") or ()), {})
    lat, lng = _position(place) if place else (None, None)
    kind = str(more.get("kind", "other"))
    draft = DeviceDraft(
        code=str(more["code"]) if more.get("code") else _free_code(_words(body, "name")),
        name=_words(body, "name"),
        kind=kind if kind in device_kinds() else "other",
        agency=key.agency,
        area_code=str(more.get("area", ""))[:16],
        lat=lat,
        lng=lng,
        note=str(body.get("description") or ""),
        streams=(),
    )
    device, _secret = device_create(actor=machine(key), draft=draft)
    for one in body.get("Datastreams") or ():
        _datastream(key, reach, {**one, "Thing": device})
    return device


def _free_code(name: str) -> str:
    base = _NO_CODE.sub("-", name.lower()).strip("-")[:34] or "thing"
    base = base if len(base) >= 3 else f"{base}-thing"
    code, count = base, 1
    while Device.objects.filter(code=code).exists():
        count += 1
        code = f"{base}-{count}"
    return code


def _location(key: ApiKey, reach: Reach, body: dict[str, Any]) -> Device:
    """A place is the place of a thing: it must name one."""
    things = body.get("Things")
    named = things if isinstance(things, Device) else next(iter(things or ()), None)
    device = named if isinstance(named, Device) else _linked(reach, "Things", named)
    lat, lng = _position(body)
    draft = DeviceDraft(
        code=device.code,
        name=device.name,
        kind=device.kind,
        agency=device.agency,
        area_code=device.area_code,
        lat=lat,
        lng=lng,
        note=device.note,
        settings=device.settings,
    )
    return device_change(actor=machine(key), device=device, draft=draft)


def _datastream(key: ApiKey, reach: Reach, body: dict[str, Any]) -> Datastream:
    device = body.get("Thing")
    if not isinstance(device, Device):
        device = _linked_or_made(key, reach, "Things", device)
    unit = body.get("unitOfMeasurement") or {}
    shape = "position" if body.get("observationType") == GEOMETRY else "number"
    name = _words(body, "name")
    spec = StreamSpec(
        code=stream_code(name),
        name=name,
        unit=str((unit.get("symbol") if isinstance(unit, dict) else "") or "")[:24],
        shape=shape,
    )
    sensor = _linked_or_made(key, reach, "Sensors", body.get("Sensor"))
    observed = _linked_or_made(key, reach, "ObservedProperties", body.get("ObservedProperty"))
    stream = stream_add(actor=machine(key), device=device, spec=spec)
    stream.sensor, stream.observed_property = sensor, observed
    stream.save(update_fields=["sensor", "observed_property"])
    return stream


def _sensor(_key: ApiKey, _reach: Reach, body: dict[str, Any]) -> Sensor:
    return Sensor.objects.create(
        name=_words(body, "name")[:120],
        description=str(body.get("description") or "")[:500],
        encoding=str(body.get("encodingType") or "text/plain")[:120],
        metadata=str(body.get("metadata") or "")[:500],
    )


def _property(_key: ApiKey, _reach: Reach, body: dict[str, Any]) -> ObservedProperty:
    return ObservedProperty.objects.create(
        name=_words(body, "name")[:120],
        definition=str(body.get("definition") or "")[:500],
        description=str(body.get("description") or "")[:500],
    )


def _observation(_key: ApiKey, reach: Reach, body: dict[str, Any]) -> Observed:
    """Stored by the writer of all doors; the time of the phenomenon is now where it is not given."""
    stream = body.get("Datastream")
    if not isinstance(stream, Datastream):
        stream = _linked(reach, "Datastreams", stream)
    at = instant_of(body["phenomenonTime"]) if body.get("phenomenonTime") else clock.now()
    result = body.get("result")
    if isinstance(result, dict):
        result = _point(result)
    known = load(stream.device.code).get(stream.device.code)
    if known is None:
        raise BadQuery("the thing is out of service")
    payload = json.dumps({"t": micros(at) / 1e6 + 946_684_800, "v": result}).encode()
    intake = take(known, stream.code, payload, "sensorthings")
    if not intake.readings:
        reason, detail = intake.problems[0]
        raise BadQuery(f"{reason}: {detail}")
    rows = reach.observations(stream=stream.id)
    found = ENTITIES["Observations"].find(reach, f"{stream.id}-{micros(at)}")
    return found if found is not None else rows.narrowed(None, [("phenomenonTime", True)]).page(0, 1)[0]


def _linked(reach: Reach, kind: str, given: Any) -> Any:
    """The row that `{"@iot.id": …}` names. Raises BadQuery."""
    key = given.get("@iot.id") if isinstance(given, dict) else None
    found = ENTITIES[kind].find(reach, str(key)) if key is not None else None
    if found is None:
        raise BadQuery(f"there is no {ENTITIES[kind].one} {str(key)[:60]}")
    return found


def _linked_or_made(key: ApiKey, reach: Reach, kind: str, given: Any) -> Any:
    if not isinstance(given, dict):
        raise BadQuery(f"{ENTITIES[kind].one} is needed")
    return _linked(reach, kind, given) if "@iot.id" in given else _MAKERS[kind](key, reach, given)


def _position(body: Any) -> tuple[float, float]:
    if not isinstance(body, dict):
        raise BadQuery("location")
    lat, lng = _point(body.get("location"))
    return lat, lng


def _point(given: Any) -> list[float]:
    """[latitude, longitude] of a GeoJSON point."""
    found = given.get("coordinates") if isinstance(given, dict) and given.get("type") == "Point" else None
    if (
        not isinstance(found, list)
        or len(found) < 2
        or any(type(one) not in (int, float) for one in found[:2])
    ):
        raise BadQuery("a location is a GeoJSON point")
    return [float(found[1]), float(found[0])]


def _words(body: dict[str, Any], name: str) -> str:
    words = body.get(name)
    if not isinstance(words, str) or not words.strip() or "\x00" in words:
        raise BadQuery(f"{name} is needed")
    return words.strip()


_MAKERS: dict[str, Any] = {
    "Things": _thing,
    "Locations": _location,
    "Datastreams": _datastream,
    "Sensors": _sensor,
    "ObservedProperties": _property,
    "Observations": _observation,
}
