"""SensorThings by somebody else's client, and by a hand that means harm."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import frost_sta_client as fsc
import pytest
from django.test import Client

from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.telemetry.actions import key_issue
from kotacerdas.foundation.telemetry.models import Device
from kotacerdas.foundation.telemetry.sensorthings.language import BadQuery, read_filter

ROOT = "/sensorthings/v1.1/"


@pytest.fixture
def key(sari):
    """A key of the coordinating agency that reads and creates."""
    agency = Agency.objects.get(code="KOMINFO")
    return key_issue(
        actor=sari, name="riset", scopes=["sensorthings.read", "sensorthings.write"], agency=agency
    )[1]


@pytest.fixture
def ask(key, plain_tables):
    """GET with the key: (status, JSON)."""

    def get(rest: str, **given):
        answer = Client().get(ROOT + rest, given, headers={"authorization": f"Bearer {key}"})
        return answer.status_code, answer.json()

    return get


def test_a_foreign_client_creates_and_reads(house, plain_tables, key):
    service = fsc.SensorThingsService(
        f"{house.url}{ROOT}", auth_handler=fsc.AuthHandler(username="key", password=key)
    )
    point = {"type": "Point", "coordinates": [123.1, -5.2]}
    thing = fsc.Thing(
        name="Duga Teluk",
        description="di dermaga",
        properties={"kind": "gauge"},
        locations=[
            fsc.Location(
                name="dermaga", description="-", location=point, encoding_type="application/geo+json"
            )
        ],
    )
    service.create(thing)
    stream = fsc.Datastream(
        name="Muka air",
        description="muka air",
        observation_type="http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",
        unit_of_measurement=fsc.UnitOfMeasurement(name="metre", symbol="m", definition="ucum:m"),
        thing=thing,
        sensor=fsc.Sensor(name="radar", description="-", encoding_type="text/plain", metadata="-"),
        observed_property=fsc.ObservedProperty(name="level", definition="ucum", description="-"),
    )
    service.create(stream)
    now = time.time()
    for minute in range(5):
        at = datetime.fromtimestamp(now - 600 + 60 * minute, UTC)
        service.create(fsc.Observation(phenomenon_time=at, result=1.0 + minute, datastream=stream))
    device = Device.objects.get(code="duga-teluk")
    assert (device.kind, device.lat, device.lng) == ("gauge", -5.2, 123.1)
    read = service.things().find("duga-teluk")
    assert read.name == "Duga Teluk"
    high = service.observations().query().filter("result gt 2.5 and not (result eq 4)").count().list()
    assert sorted(one.result for one in high) == [3.0, 5.0]
    assert high.count == 2
    paged = (
        service.datastreams()
        .find(stream.id)
        .get_observations()
        .query()
        .top(2)
        .orderby("phenomenonTime", "ASC")
    )
    assert [one.result for one in paged.list()] == [1.0, 2.0, 3.0, 4.0, 5.0]
    expanded = service.things().query().filter("name eq 'Duga Teluk'").expand("Datastreams,Locations").list()
    assert [one.name for one in expanded.get(0).datastreams.entities] == ["Muka air"]


def test_a_key_without_the_scope_creates_nothing(sari, plain_tables):
    agency = Agency.objects.get(code="KOMINFO")
    _key, secret = key_issue(actor=sari, name="baca", scopes=["sensorthings.read"], agency=agency)
    answer = Client().post(
        f"{ROOT}Things",
        {"name": "x"},
        content_type="application/json",
        headers={"authorization": f"Bearer {secret}"},
    )
    assert (answer.status_code, answer.json()["type"]) == (403, "error")
    assert Client().get(f"{ROOT}Things").status_code == 403


def test_a_key_sees_the_devices_of_its_agency_alone(ask, make_device):
    make_device("gauge-1")
    make_device("gauge-pu", agency="PU")
    assert [one["@iot.id"] for one in ask("Things")[1]["value"]] == ["gauge-1"]
    assert ask("Things('gauge-pu')")[0] == 404
    assert len(ask("Datastreams")[1]["value"]) == 2


def test_selecting_and_expanding_give_what_was_asked(ask, make_device):
    make_device("gauge-1")
    _status, found = ask(
        "Things", **{"$select": "name", "$expand": "Datastreams($select=name;$top=1;$count=true)"}
    )
    one = found["value"][0]
    assert one["name"] == "gauge-1"
    assert "properties" not in one
    assert one["Datastreams@iot.count"] == 2
    assert [set(stream) & {"name", "unitOfMeasurement"} for stream in one["Datastreams"]] == [{"name"}]
    assert "Datastreams@iot.nextLink" in one
    assert ask("Things('gauge-1')/name/$value".replace("/$value", ""))[1] == {"name": "gauge-1"}


@pytest.mark.parametrize(
    "words",
    [
        "(" * 200 + "result eq 1" + ")" * 200,
        " and ".join(["result eq 1"] * 500),
        "not " * 300 + "result eq 1",
        "result eq result",
        "result eq",
        "result eq 1)",
        "1 eq 1",
        "drop table eq 1",
        "result eq '",
        "result has 1",
        "",
    ],
)
def test_a_filter_bomb_is_refused_with_a_reason(words):
    with pytest.raises(BadQuery):
        read_filter(words)


@pytest.mark.parametrize(
    ("rest", "given"),
    [
        ("Observations", {"$filter": "value; drop table x eq 1"}),
        ("Observations", {"$filter": "phenomenonTime gt 'yesterday'"}),
        ("Observations", {"$orderby": "value desc; select 1"}),
        ("Things", {"$expand": "Datastreams/Thing/Datastreams/Thing/Datastreams"}),
        ("Things", {"$expand": "Nonsense"}),
        ("Things", {"$top": "-1"}),
        ("Things", {"$skip": "99999999999"}),
        ("Things", {"$unknown": "1"}),
        ("Things", {"$select": "password"}),
        ("Datastreams", {"$filter": "name eq '\x00'"}),
    ],
)
def test_what_cannot_be_asked_is_answered_in_words(ask, make_device, rest, given):
    make_device("gauge-1")
    status, found = ask(rest, **given)
    assert status == 400
    assert found.get("message") or found["error"]["message"]


@pytest.mark.parametrize(
    "rest",
    [
        "Nothing",
        "Things('none')",
        "Datastreams(999999999999)",
        "Observations('1-99999999999999999')",
        "Things('x')/a/b",
    ],
)
def test_what_is_not_there_is_missing(ask, rest):
    assert ask(rest)[0] == 404
