"""The entities of SensorThings over our rows: their JSON, what may be asked for, and where each leads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.telemetry.ingest.payload import instant, micros
from kotacerdas.foundation.telemetry.models import Datastream, Device, ObservedProperty, Sensor
from kotacerdas.foundation.telemetry.sensorthings.rows import ModelRows, ObservationRows, Observed, Rows

MEASUREMENT = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"
GEOMETRY = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_GeometryObservation"
GEOJSON = "application/geo+json"
_DEVICE = {
    "name": "name",
    "description": "note",
    "@iot.id": "code",
    "id": "code",
    "properties/code": "code",
    "properties/kind": "kind",
    "properties/area": "area_code",
}
_STREAM = {
    "name": "name",
    "@iot.id": "id",
    "id": "id",
    "properties/code": "code",
    "unitOfMeasurement/symbol": "unit",
    "Thing/name": "device__name",
    "Thing/@iot.id": "device__code",
    "Thing/id": "device__code",
    "ObservedProperty/name": "observed_property__name",
    "Sensor/name": "sensor__name",
}
_PLAIN = {"name": "name", "description": "description", "@iot.id": "id", "id": "id"}


@dataclass(frozen=True)
class Reach:
    """What a key sees: the devices of its agency."""

    agency: Agency

    def devices(self) -> ModelRows:
        return ModelRows(
            Device.objects.filter(agency=self.agency).select_related("agency").order_by("code"), _DEVICE
        )

    def streams(self, **given: Any) -> ModelRows:
        found = Datastream.objects.filter(device__agency=self.agency, **given)
        return ModelRows(
            found.select_related("device", "sensor", "observed_property").order_by("id"), _STREAM
        )

    def observations(self, **given: Any) -> ObservationRows:
        if "stream" in given:
            return ObservationRows(("o.stream = %s",), (given["stream"],))
        own = (
            "o.stream IN (SELECT s.id FROM telemetry_datastream s JOIN telemetry_device d ON d.id = s.device_id"
            " WHERE d.agency_id = %s)"
        )
        return ObservationRows((own,), (self.agency.id,))


@dataclass(frozen=True, kw_only=True)
class Entity:
    """One kind of entity.

    one       its name in the singular
    rows      all that a key sees
    key       a row → its id; find  an id as written → the row, or None
    body      a row → its JSON without id and links
    leads     navigation → (kind, whether many, a row → the rows there)
    """

    name: str
    one: str
    rows: Callable[[Reach], Rows]
    key: Callable[[Any], int | str]
    find: Callable[[Reach, str], Any]
    body: Callable[[Any], dict[str, Any]]
    leads: Mapping[str, tuple[str, bool, Callable[[Reach, Any], Any]]] = field(default_factory=dict)


def thing(device: Device) -> dict[str, Any]:
    return {
        "name": device.name,
        "description": device.note or device.name,
        "properties": {
            "code": device.code,
            "kind": device.kind,
            "agency": device.agency.code,
            "area": device.area_code,
            "active": device.is_active,
        },
    }


def point(device: Device) -> dict[str, Any] | None:
    if device.lat is None or device.lng is None:
        return None
    return {"type": "Point", "coordinates": [device.lng, device.lat]}


def location(device: Device) -> dict[str, Any]:
    return {
        "name": device.name,
        "description": device.area_code,
        "encodingType": GEOJSON,
        "location": point(device),
    }


def feature(device: Device) -> dict[str, Any]:
    return {
        "name": device.name,
        "description": device.area_code,
        "encodingType": GEOJSON,
        "feature": point(device),
    }


def datastream(stream: Datastream) -> dict[str, Any]:
    is_position = stream.shape == Datastream.Shape.POSITION
    return {
        "name": stream.name,
        "description": f"{stream.name} · {stream.device.name}",
        "observationType": GEOMETRY if is_position else MEASUREMENT,
        "unitOfMeasurement": {
            "name": stream.unit or None,
            "symbol": stream.unit or None,
            "definition": f"http://unitsofmeasure.org/ucum.html#{stream.unit}" if stream.unit else None,
        },
        "properties": {"code": stream.code, "every_s": stream.every_s},
    }


def observation(one: Observed) -> dict[str, Any]:
    result: Any = one.value
    if one.value2 is not None:
        result = {"type": "Point", "coordinates": [one.value2, one.value]}
    return {"phenomenonTime": iso(one.at), "resultTime": iso(one.came), "result": result}


def sensor(one: Sensor) -> dict[str, Any]:
    return {
        "name": one.name,
        "description": one.description or one.name,
        "encodingType": one.encoding,
        "metadata": one.metadata or one.name,
    }


def observed_property(one: ObservedProperty) -> dict[str, Any]:
    return {
        "name": one.name,
        "definition": one.definition or one.name,
        "description": one.description or one.name,
    }


def iso(at: datetime) -> str:
    """UTC to the microsecond, without an offset's digits."""
    from datetime import UTC

    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _placed(reach: Reach) -> ModelRows:
    rows = reach.devices()
    return ModelRows(rows.found.filter(lat__isnull=False), _DEVICE)


def _by_code(rows: Callable[[Reach], ModelRows]) -> Callable[[Reach, str], Any]:
    return lambda reach, key: rows(reach).found.filter(code=key[:40]).first()


def _by_number(rows: Callable[[Reach], ModelRows]) -> Callable[[Reach, str], Any]:
    def find(reach: Reach, key: str) -> Any:
        whole = key.isascii() and key.isdigit() and len(key) < 10
        return rows(reach).found.filter(pk=int(key)).first() if whole else None

    return find


def _observation(reach: Reach, key: str) -> Observed | None:
    stream, _dash, at = key.partition("-")
    if not all(part.isascii() and part.isdigit() and len(part) < 19 for part in (stream, at)):
        return None
    if len(stream) > 9 or reach.streams(id=int(stream)).found.first() is None:
        return None
    try:
        when = instant(int(at))
    except (ValueError, OverflowError):
        return None
    rows = ObservationRows(("o.stream = %s", "o.at = %s"), (int(stream), when)).page(0, 1)
    return rows[0] if rows else None


def _sensors(_reach: Reach) -> ModelRows:
    return ModelRows(Sensor.objects.order_by("id"), _PLAIN)


def _properties(_reach: Reach) -> ModelRows:
    return ModelRows(ObservedProperty.objects.order_by("id"), _PLAIN)


def _streams(reach: Reach) -> ModelRows:
    return reach.streams()


def _devices(reach: Reach) -> ModelRows:
    return reach.devices()


def _stream_of(reach: Reach, one: Observed) -> Any:
    return reach.streams(id=one.stream).found.first()


ENTITIES: dict[str, Entity] = {
    one.name: one
    for one in (
        Entity(
            name="Things",
            one="Thing",
            rows=_devices,
            key=lambda device: device.code,
            find=_by_code(_devices),
            body=thing,
            leads={
                "Datastreams": ("Datastreams", True, lambda reach, device: reach.streams(device=device)),
                "Locations": (
                    "Locations",
                    True,
                    lambda reach, device: ModelRows(_placed(reach).found.filter(pk=device.pk), _DEVICE),
                ),
            },
        ),
        Entity(
            name="Locations",
            one="Location",
            rows=_placed,
            key=lambda device: device.code,
            find=_by_code(_placed),
            body=location,
            leads={
                "Things": (
                    "Things",
                    True,
                    lambda reach, device: ModelRows(reach.devices().found.filter(pk=device.pk), _DEVICE),
                )
            },
        ),
        Entity(
            name="Datastreams",
            one="Datastream",
            rows=_streams,
            key=lambda stream: stream.id,
            find=_by_number(_streams),
            body=datastream,
            leads={
                "Thing": (
                    "Things",
                    False,
                    lambda reach, stream: reach.devices().found.get(pk=stream.device_id),
                ),
                "Sensor": ("Sensors", False, lambda _reach, stream: stream.sensor),
                "ObservedProperty": (
                    "ObservedProperties",
                    False,
                    lambda _r, stream: stream.observed_property,
                ),
                "Observations": (
                    "Observations",
                    True,
                    lambda reach, stream: reach.observations(stream=stream.id),
                ),
            },
        ),
        Entity(
            name="Sensors",
            one="Sensor",
            rows=_sensors,
            key=lambda one: one.id,
            find=_by_number(_sensors),
            body=sensor,
            leads={"Datastreams": ("Datastreams", True, lambda reach, one: reach.streams(sensor=one))},
        ),
        Entity(
            name="ObservedProperties",
            one="ObservedProperty",
            rows=_properties,
            key=lambda one: one.id,
            find=_by_number(_properties),
            body=observed_property,
            leads={
                "Datastreams": ("Datastreams", True, lambda reach, one: reach.streams(observed_property=one))
            },
        ),
        Entity(
            name="Observations",
            one="Observation",
            rows=lambda reach: reach.observations(),
            key=lambda one: f"{one.stream}-{micros(one.at)}",
            find=_observation,
            body=observation,
            leads={
                "Datastream": ("Datastreams", False, _stream_of),
                "FeatureOfInterest": (
                    "FeaturesOfInterest",
                    False,
                    lambda reach, one: getattr(_stream_of(reach, one), "device", None),
                ),
            },
        ),
        Entity(
            name="FeaturesOfInterest",
            one="FeatureOfInterest",
            rows=_placed,
            key=lambda device: device.code,
            find=_by_code(_placed),
            body=feature,
        ),
    )
}
