"""Live rules over what came: one transaction a round holds new alerts, cases, states and the cursor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import connection, transaction

from kotacerdas.foundation.jobs.fence import Fence
from kotacerdas.foundation.parties.actors import SYSTEM
from kotacerdas.foundation.telemetry.actions.alerts import alert_raise, alert_recover
from kotacerdas.foundation.telemetry.ingest.batch import MINUTE_MICROS
from kotacerdas.foundation.telemetry.ingest.payload import instant
from kotacerdas.foundation.telemetry.ingest.registry import current_version
from kotacerdas.foundation.telemetry.models import Alert, Datastream, Device, RuleState, RuleVersion
from kotacerdas.foundation.telemetry.rules.machine import Event, State, look, look_at, observe, put_back
from kotacerdas.foundation.telemetry.rules.params import Absence, BadParams, When, resolve
from kotacerdas.foundation.telemetry.rules.watching import own_numbers, watched_devices
from kotacerdas.foundation.telemetry.store import rollups
from kotacerdas.foundation.telemetry.store.listening import Listening, listening
from kotacerdas.kernel import clock

_READ = """
    SELECT o.stream, extract(epoch FROM o.at)::float8, o.value, o.value2
    FROM unnest(%s::int[], %s::timestamptz[]) AS p(stream, at)
    CROSS JOIN LATERAL (
        SELECT stream, at, value, value2 FROM telemetry_observation
        WHERE stream = p.stream AND at >= p.at AND at < p.at + interval '1 minute'
    ) o ORDER BY o.at
"""
_SAVE = """
    INSERT INTO telemetry_rulestate (version_id, device_id, state, look_at)
    SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::jsonb[], %s::timestamptz[])
    ON CONFLICT (version_id, device_id) DO UPDATE SET state = excluded.state, look_at = excluded.look_at
"""
log = structlog.get_logger(__name__)


@dataclass(slots=True, eq=False)
class Watch:
    """One live version on one device."""

    version: RuleVersion
    device_id: UUID
    when: When
    state: State
    look_at: float | None = None
    moved: bool = False
    reported: float | None = None  # the worst value as the alert has it

    @property
    def item(self) -> str:
        return f"{self.version.id}:{self.device_id}"


class Engine:
    """Keeps the states of all watches in memory; they are read again whenever a round was undone."""

    def __init__(self) -> None:
        self.registry = 0
        self.watches: list[Watch] = []
        self.by_stream: dict[int, list[Watch]] = {}
        self.fence = Fence("telemetry.rules", longest_seconds=60)
        self._waiting: frozenset[str] = frozenset()

    def round(self, most: int = rollups.MOST_MINUTES) -> int:
        """Treat what came and what time alone brought; how many readings were looked at, plus alerts."""
        try:
            with transaction.atomic():
                return self._round(most) if rollups.alone(rollups.RULES) else 0
        except BaseException:
            self.registry = 0
            raise

    def _round(self, most: int) -> int:
        self._waiting = frozenset(self.fence.waiting())
        version = current_version()
        if version != self.registry:
            self._load()
            self.registry = version
        found = rollups.touched(rollups.RULES, most)
        readings = self._readings(found.pairs) if found else []
        happened = self._observe(readings)
        happened += self._look(clock.now().timestamp(), listening())
        for watch, event in happened:
            self._let_happen(watch, event)
        self._save()
        if found:
            rollups.move(rollups.RULES, found.upto)
        return len(readings) + len(happened)

    def _readings(self, pairs: list[tuple[int, int]]) -> list[tuple[int, float, float, float | None]]:
        relevant = [pair for pair in pairs if pair[0] in self.by_stream]
        if not relevant:
            return []
        with connection.cursor() as cursor:
            cursor.execute(
                _READ,
                [
                    [stream for stream, _at in relevant],
                    [instant(minute * MINUTE_MICROS) for _s, minute in relevant],
                ],
            )
            return list(cursor.fetchall())

    def _observe(
        self, readings: Iterable[tuple[int, float, float, float | None]]
    ) -> list[tuple[Watch, Event]]:
        happened = []
        for stream, at, value, value2 in readings:
            for watch in self.by_stream[stream]:
                if at > watch.state.last or (at == watch.state.last and not isinstance(watch.when, Absence)):
                    for event in observe(watch.when, watch.state, at, value, value2, local_time):
                        happened.append((watch, event))
                    watch.moved = True
        return happened

    def _look(self, now: float, doors: Listening) -> list[tuple[Watch, Event]]:
        """Nobody is absent while no door listens, nor before it has listened for as long as is tolerated."""
        happened = []
        for watch in self.watches:
            when = watch.when
            if isinstance(when, Absence) and (
                not doors.now or now - max(doors.since, watch.state.last) < when.after_s
            ):
                continue
            due = watch.look_at if not watch.moved else look_at(when, watch.state)
            if due is not None and due <= now and watch.item not in self._waiting:
                for event in look(when, watch.state, now):
                    happened.append((watch, event))
                watch.moved = True
        return happened

    def _let_happen(self, watch: Watch, event: Event) -> None:
        done = False
        if watch.item not in self._waiting:
            with self.fence.around(watch.item):
                self._act(watch, event)
                done = True
        if not done:
            put_back(watch.when, watch.state, event)

    def _act(self, watch: Watch, event: Event) -> None:
        if event.what == "raised":
            device = Device.objects.select_related("agency").get(id=watch.device_id)
            stream = Datastream.objects.filter(
                device=device, code=getattr(watch.when, "stream", "") or "-"
            ).first()
            alert_raise(actor=SYSTEM, version=watch.version, device=device, stream=stream, event=event)
            return
        at = clock.now() if isinstance(watch.when, Absence) else datetime.fromtimestamp(event.at, UTC)
        for alert in Alert.objects.filter(
            rule=watch.version.rule_id, device=watch.device_id, recovered_at=None
        ):
            alert_recover(actor=SYSTEM, alert=alert, at=at, extreme=event.extreme)

    def _save(self) -> None:
        moved = [watch for watch in self.watches if watch.moved]
        if not moved:
            return
        from psycopg.types.json import Jsonb

        for watch in moved:
            watch.look_at, watch.moved = look_at(watch.when, watch.state), False
        self._report_extremes(moved)
        moved.sort(key=lambda one: (one.version.id, one.device_id))
        with connection.cursor() as cursor:
            cursor.execute(
                _SAVE,
                [
                    [one.version.id for one in moved],
                    [one.device_id for one in moved],
                    [Jsonb(one.state.as_json()) for one in moved],
                    [datetime.fromtimestamp(one.look_at, UTC) if one.look_at else None for one in moved],
                ],
            )

    def _report_extremes(self, moved: list[Watch]) -> None:
        """An open alert shows the worst value so far."""
        for watch in moved:
            worst = watch.state.extreme
            if watch.state.phase in ("raised", "leaving") and worst is not None and worst != watch.reported:
                open_now = Alert.objects.filter(
                    rule=watch.version.rule_id, device=watch.device_id, recovered_at=None
                )
                open_now.update(extreme=worst)
                watch.reported = worst

    def _load(self) -> None:
        """All live versions on all devices that they watch, with the states as they were left."""
        self.watches, self.by_stream = [], {}
        streams: dict[UUID, dict[str, int]] = {}
        for device_id, code, key in Datastream.objects.values_list("device_id", "code", "id"):
            streams.setdefault(device_id, {})[code] = key
        states = {(one.version_id, one.device_id): one for one in RuleState.objects.all()}
        open_now = Alert.objects.filter(recovered_at=None)
        breached = {(one.rule_id, one.device_id): one.extreme for one in open_now}
        live = RuleVersion.objects.filter(live_from__isnull=False, live_until=None).select_related("rule")
        for version in live:
            with self.fence.around(str(version.id)):
                self._load_version(version, streams, states, breached)

    def _load_version(
        self, version: RuleVersion, streams: dict[UUID, dict[str, int]], states: Any, breached: Any
    ) -> None:
        assert version.live_from is not None
        for device in watched_devices(version):
            try:
                when = resolve(version.kind, version.params["when"], own_numbers(device))
            except BadParams:
                log.warning("rule_does_not_fit", rule=version.rule.code, device=device.code)
                continue
            own = streams.get(device.id, {})
            keys = (
                list(own.values()) if isinstance(when, Absence) else [own.get(getattr(when, "stream", ""), 0)]
            )
            if when is None or not any(keys):
                continue
            stored = states.get((version.id, device.id))
            state = State(**stored.state) if stored else State(last=_begun(version, device, when))
            if (version.rule_id, device.id) in breached and state.phase in ("clear", "pending"):
                state.phase, state.extreme = "raised", breached[version.rule_id, device.id]
            watch = Watch(version, device.id, when, state, look_at(when, state), moved=stored is None)
            self.watches.append(watch)
            for key in keys:
                self.by_stream.setdefault(key, []).append(watch)


def _begun(version: RuleVersion, device: Device, when: When) -> float:
    """Readings count from when the rule went live; the absence of a device that was never heard from its making, if later."""
    begun = version.live_from or device.made_at
    return (max(begun, device.made_at) if isinstance(when, Absence) else begun).timestamp()


def local_time(seconds: float) -> datetime:
    """The local time of an instant in seconds since 1970."""
    return datetime.fromtimestamp(seconds, clock.local_zone())
