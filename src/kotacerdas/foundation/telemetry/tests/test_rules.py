"""Rules: the machine by itself, the engine over the store, and what a person may do with them."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.jobs.models import SetAside
from kotacerdas.foundation.notify.models import Message
from kotacerdas.foundation.parties.actors import staff
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.telemetry import actions
from kotacerdas.foundation.telemetry.ingest.batch import Batch, write
from kotacerdas.foundation.telemetry.ingest.payload import micros
from kotacerdas.foundation.telemetry.models import Alert, Device, RuleVersion
from kotacerdas.foundation.telemetry.rules import engine as engines
from kotacerdas.foundation.telemetry.rules.engine import Engine
from kotacerdas.foundation.telemetry.rules.history import rule_test
from kotacerdas.foundation.telemetry.rules.machine import State, look, look_at, observe
from kotacerdas.foundation.telemetry.rules.params import (
    Absence,
    BadParams,
    Geofence,
    Hours,
    Threshold,
    check,
    resolve,
)
from kotacerdas.foundation.telemetry.store import rollups
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid, Refused

pytestmark = pytest.mark.alone  # followers wait for transactions of the whole server

HIGH = Threshold("level", True, 3.0, 2.5, 600.0, 1800.0)
MIDNIGHT = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)


def local(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def run(when, readings, state=None):
    """Event names with their times in minutes."""
    state = state or State()
    found = []
    for minute, value in readings:
        found += observe(when, state, minute * 60.0, value, None, local)
    return [(event.what, event.at / 60) for event in found]


def test_a_limit_must_be_passed_for_as_long_as_was_said():
    assert run(HIGH, [(1, 3.1), (5, 2.9), (6, 3.2), (12, 3.2)]) == []
    assert run(HIGH, [(1, 3.1), (6, 3.1), (11, 3.1)]) == [("raised", 11)]


def test_hysteresis_keeps_an_alert_until_it_is_calm_for_long_enough():
    readings = [(1, 3.5), (11, 3.5), (20, 2.8), (30, 2.4), (40, 2.7), (50, 2.4), (70, 2.4), (81, 2.4)]
    assert run(HIGH, readings) == [("raised", 11), ("recovered", 80)]


def test_an_older_reading_changes_nothing():
    state = State()
    assert run(HIGH, [(1, 3.5), (11, 3.5), (5, 0.0)], state) == [("raised", 11)]
    assert state.phase == "raised"


@given(st.lists(st.tuples(st.integers(0, 500), st.floats(0, 6)), max_size=60))
def test_alerts_begin_and_end_in_turn_whatever_comes(readings):
    found = [what for what, _at in run(HIGH, readings)]
    assert found == [("raised", "recovered")[n % 2] for n in range(len(found))]


@given(st.lists(st.tuples(st.integers(0, 300), st.floats(0, 6)), max_size=40))
def test_a_state_that_was_stored_goes_on_as_if_it_had_not_been(readings):
    whole, parts, found = State(), State(), []
    for minute, value in readings:
        found += observe(HIGH, parts, minute * 60.0, value, None, local)
        parts = State(**parts.as_json())
    assert [(e.what, e.at / 60) for e in found] == run(HIGH, readings, whole)


def test_silence_raises_by_time_alone_and_recovers_with_the_next_reading():
    when, state = Absence(3600.0), State(last=1000.0)
    assert look_at(when, state) == 4600.0
    assert look(when, state, 4599.0) == []
    assert [event.what for event in look(when, state, 4600.0)] == ["raised"]
    assert look(when, state, 9000.0) == []
    assert [event.what for event in observe(when, state, 9001.0, 1.0, None, local)] == ["recovered"]


def test_a_night_goes_past_midnight_and_belongs_to_the_day_it_began():
    night = Hours(frozenset({0}), 20 * 60, 5 * 60)  # Monday night
    assert night.hold(0, 21 * 60)
    assert night.hold(1, 4 * 60)
    assert not night.hold(0, 4 * 60)
    assert not night.hold(1, 21 * 60)


def test_a_fence_is_broken_only_within_its_hours():
    when = Geofence("position", 0.0, 0.0, 500.0, True, 120.0, 0.0, (Hours(frozenset(range(7)), 1200, 300),))
    state, found = State(), []
    night, noon = MIDNIGHT.timestamp() + 22 * 3600, MIDNIGHT.timestamp() + 12 * 3600
    for base in (noon, night):
        for minute in range(4):
            found += observe(when, state, base + 60 * minute, 0.01, 0.0, local)
    found += observe(when, state, night + 600, 0.0, 0.0, local)
    assert [event.what for event in found] == ["raised", "recovered"]
    assert found[0].at == night + 120
    assert 1100 < (found[0].extreme or 0) < 1120


@pytest.mark.parametrize(
    ("kind", "when"),
    [
        ("threshold", {"stream": "level", "side": "above", "limit": 3, "recover": 4}),
        ("threshold", {"stream": "level", "side": "aside", "limit": 3}),
        ("threshold", {"stream": "level", "side": "above", "limit": float("nan")}),
        ("threshold", {"stream": "level", "side": "above", "limit": True}),
        ("threshold", {"side": "above", "limit": 3}),
        ("absence", {"after_s": 1}),
        ("absence", {}),
        ("geofence", {"side": "outside", "lat": 91, "lng": 0, "radius_m": 100}),
        ("geofence", {"side": "outside", "lat": 0, "lng": 0, "radius_m": 1}),
        (
            "geofence",
            {"side": "outside", "lat": 0, "lng": 0, "radius_m": 100, "hours": [{"from": "25:00", "to": "1"}]},
        ),
        ("weather", {}),
    ],
)
def test_numbers_that_do_not_fit_are_refused(kind, when):
    with pytest.raises((BadParams, KeyError)):
        check(kind, {"when": when})


def test_a_device_without_its_own_number_is_not_watched():
    when = {"stream": "level", "side": "above", "limit": "@alarm_level"}
    assert resolve("threshold", when, {}) is None
    found = resolve("threshold", when, {"alarm_level": 2.0})
    assert isinstance(found, Threshold)
    assert found.limit == 2.0


def put(device, code: str, *pairs: tuple[float, float, float | None]) -> None:
    """Store readings as the doors do."""
    stream = device.streams.get(code=code).id
    rows = {(stream, micros(datetime.fromtimestamp(at, UTC))): (value, value2) for at, value, value2 in pairs}
    with transaction.atomic(), connection.cursor() as cursor:
        write(cursor, Batch(rows=rows), clock.now())


def live_since_yesterday() -> None:
    """Since before the night of the day before, whatever hour it is now."""
    actions.sync_declared()
    RuleVersion.objects.update(live_from=clock.now() - timedelta(hours=30))
    Device.objects.update(made_at=clock.now() - timedelta(hours=30))


@pytest.mark.django_db(transaction=True)
class TestTheEngine:
    """Live rules over a real store."""

    def test_a_vehicle_that_leaves_at_night_opens_one_case(self, plain_tables, make_device):
        device, _secret = make_device(
            "truk-1", "vehicle", settings={"fence_lat": -5.2, "fence_lng": 123.1, "fence_m": 500.0}
        )
        live_since_yesterday()
        zone = clock.local_zone()
        night = clock.now().astimezone(zone).replace(hour=1, minute=0) - timedelta(
            days=0 if clock.now().astimezone(zone).hour > 2 else 1
        )
        at = night.timestamp()
        put(device, "position", *((at + 60 * n, -5.25, 123.1) for n in range(10)))
        engine = Engine()
        engine.round()
        engine.round()
        case = Case.objects.get(kind="telemetry.alert")
        assert (case.title_code, case.state) == ("telemetry.vehicle_out", "open")
        put(device, "position", (at + 900, -5.2, 123.1))
        engine.round()
        case.refresh_from_db()
        assert case.state == "recovered"

    def test_a_silent_terminal_is_a_case_after_its_tolerance_and_the_duty_officer_of_a_flood_is_told(
        self, plain_tables, make_device
    ):
        from trials.cast import seat

        seat("piket", "KOMINFO", "duty_officer")
        terminal, _secret = make_device("desa-1", "terminal", settings={"tolerance_s": 7200})
        gauge, _secret = make_device("gauge-1", settings={"alarm_level": 3.0})
        live_since_yesterday()
        now = time.time()
        Device.objects.filter(id=terminal.id).update(made_at=datetime.fromtimestamp(now - 7100, UTC))
        put(terminal, "latency", (now - 7000, 600.0, None))
        put(gauge, "level", (now - 900, 3.5, None), (now - 200, 3.5, None))
        engine = Engine()
        engine.round()
        assert [one.title_code for one in Case.objects.all()] == ["telemetry.gauge_high"]
        assert Message.objects.filter(effect="telemetry.raised").count() == 1
        with clock.frozen(clock.now() + timedelta(seconds=300)):
            engine.round()
        assert set(Case.objects.values_list("title_code", flat=True)) == {
            "telemetry.gauge_high",
            "telemetry.terminal_out",
        }

    def test_nobody_is_silent_while_the_door_is_deaf(self, plain_tables, make_device):
        make_device("desa-1", "terminal")
        live_since_yesterday()
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO telemetry_door VALUES ('mqtt', now() - interval '9 h', now() - interval '2 h')"
            )
        with clock.frozen(clock.now() + timedelta(hours=5)):
            Engine().round()
        assert not Alert.objects.exists()

    def test_one_alert_that_cannot_be_written_stops_nobody_and_comes_later(
        self, plain_tables, make_device, monkeypatch
    ):
        for code in ("gauge-1", "gauge-2"):
            device, _secret = make_device(code, settings={"alarm_level": 3.0})
            live_since_yesterday() if code == "gauge-1" else None
            now = time.time()
            put(device, "level", (now - 1500, 3.5, None), (now - 200, 3.5, None))
        real = engines.alert_raise

        def broken(**given):
            if given["device"].code == "gauge-1":
                raise ValueError("broken on purpose")
            return real(**given)

        engine = Engine()
        monkeypatch.setattr(engines, "alert_raise", broken)
        engine.round()
        assert list(Alert.objects.values_list("device__code", flat=True)) == ["gauge-2"]
        assert SetAside.objects.filter(loop="telemetry.rules").count() == 1
        monkeypatch.setattr(engines, "alert_raise", real)
        SetAside.objects.update(next_at=clock.now() - timedelta(seconds=1))
        engine.round()
        assert Alert.objects.count() == 2
        assert not SetAside.objects.exists()

    def test_a_muted_device_opens_no_case(self, plain_tables, make_device, sari):
        device, _secret = make_device(settings={"alarm_level": 3.0})
        actions.device_switch(actor=sari, device=device, on=True, muted_days=7)
        live_since_yesterday()
        now = time.time()
        put(device, "level", (now - 900, 3.5, None), (now - 100, 3.5, None))
        Engine().round()
        assert Alert.objects.get().case is None

    def test_a_killed_engine_goes_on_where_it_was(self, plain_tables, make_device):
        device, _secret = make_device(settings={"alarm_level": 3.0, "calm_level": 2.0})
        live_since_yesterday()
        now = time.time()
        put(device, "level", (now - 4000, 3.5, None), (now - 3000, 3.6, None))
        Engine().round()
        put(device, "level", (now - 2500, 1.0, None), (now - 100, 1.0, None))
        Engine().round()
        assert Alert.objects.get().recovered_at is not None
        assert Alert.objects.get().case.state == "recovered"


@pytest.mark.django_db(transaction=True)
def test_a_rule_is_tested_on_history_before_it_goes_live(plain_tables, make_device, sari):
    device, _secret = make_device()
    now = time.time()
    put(device, "level", *((now - 86_400 + 300 * n, 3.5 if 50 < n < 80 else 1.0, None) for n in range(280)))
    while rollups.follow_batch():
        pass
    params = {
        "applies": {"kind": "gauge"},
        "when": {"stream": "level", "side": "above", "limit": 3.0, "for_s": 600},
        "then": {"opens_case": True},
    }
    version = actions.rule_draft(
        actor=sari, name="Tinggi", kind="threshold", params=params, agency=Agency.objects.get(code="KOMINFO")
    )
    with pytest.raises(Conflict):
        actions.rule_go_live(actor=sari, version=version)
    found = rule_test(actor=sari, version=version)
    assert [one.device.code for one in found.alerts] == ["gauge-1"]
    assert found.alerts[0].recovered_at is not None
    actions.rule_go_live(actor=sari, version=version)
    assert not Alert.objects.exists()


@pytest.mark.django_db
def test_a_rule_with_wrong_numbers_says_which_and_a_stranger_makes_none(regency, sari):
    from trials.cast import account

    given = {"name": "x", "kind": "threshold", "agency": None}
    with pytest.raises(Invalid) as error:
        actions.rule_draft(actor=sari, params={"when": {"stream": "level", "side": "above"}}, **given)
    assert set(error.value.fields) == {"limit"}
    with pytest.raises(Refused):
        actions.rule_draft(actor=staff(account("asep", name="Asep")), params={"when": {}}, **given)
