"""The demo's tracked cars: the invented vehicles of telemetry carried by two goods for a week, one of them out at night."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.grants import Grants, Scope
from kotacerdas.foundation.telemetry.actions import device_change
from kotacerdas.foundation.telemetry.actions.devices import DeviceDraft
from kotacerdas.foundation.telemetry.models import Device
from kotacerdas.foundation.telemetry.permissions import MANAGE
from kotacerdas.foundation.telemetry.sensorthings.create import Machine
from kotacerdas.foundation.telemetry.simulate.cast import MARK
from kotacerdas.kernel import clock
from kotacerdas.programs.lada.actions import alarms, tracking
from kotacerdas.programs.lada.models import Alarm, Asset
from kotacerdas.programs.lada.tracking import fences
from kotacerdas.programs.lada.tracking.reading import positions
from kotacerdas.programs.lada.tracking.rules import rule_of
from kotacerdas.programs.lada.tracking.trips import told
from kotacerdas.programs.lada.watching import watch_goods

DAYS = timedelta(days=7)  # so far back the invented vehicles report
LOOKED = timedelta(minutes=25)
RADIUS_M, HOURS = 800, "05:30-18:00"
SERVICES = ({"every_km": 60, "dial_km": 84_210}, {"every_km": 5000, "every_months": 6})
SAID = "Sopir (contoh): mengantar warga ke rumah sakit, sudah seizin kepala instansi."
SETTLED = "Pemakaian dengan izin lisan; diminta dilaporkan lebih dahulu."


def build(*, officer: Actor, cars: Sequence[Asset]) -> int:
    """Put invented vehicles on these cars of one agency, a week ago, and live through what came; how many alarms there were.

    Called in the present, after telemetry's part of the demo. The first car gets the vehicle that leaves one night. All
    alarms are explained but the newest, at which somebody looks.
    """
    vehicles = Device.objects.filter(kind="vehicle", code__startswith=MARK, is_active=True)
    for car, device, service in zip(cars, vehicles.order_by("-code"), SERVICES, strict=False):
        with clock.frozen(clock.now() - DAYS):
            _carries(officer, car, device, service)
        _lived_through(officer, car)
    watch_goods()
    found = Alarm.objects.filter(asset__in=cars).select_related("case").order_by("since")
    for alarm in list(found)[:-1]:
        _explained(officer, alarm)
    return found.count()


def _carries(officer: Actor, car: Asset, device: Device, service: dict[str, int]) -> None:
    """The vehicle becomes the agency's own, and its place the middle of the car's fence."""
    draft = DeviceDraft(
        code=device.code,
        name=device.name,
        kind=device.kind,
        agency=car.agency,
        area_code=device.area_code,
        lat=device.lat,
        lng=device.lng,
        settings=device.settings,
        note=device.note,
    )
    keeper = Machine(grants=Grants(scopes={MANAGE: Scope(everywhere=True)}))
    device = device_change(actor=keeper, device=device, draft=draft)
    tracking.asset_bind(actor=officer, asset=car, device=device)
    tracking.fence_save(
        actor=officer, asset=car, lat=device.lat, lng=device.lng, radius_m=RADIUS_M, hours=HOURS
    )
    tracking.service_save(actor=officer, asset=car, **service)


def _lived_through(officer: Actor, car: Asset) -> None:
    """The alarms of the week at their own times; somebody looks at each within its clock."""
    now, rule = clock.now(), rule_of(car.fence)
    found = fences.judged(told(positions(car, now - DAYS, now)), rule)
    for breach in fences.breaches(found, rule.dwell, now):
        at = breach.first.at + rule.dwell
        with clock.frozen(min(now, at)):
            case = alarms.alarm_open(asset=car, breach=breach)
        over = breach.until or now
        if at + LOOKED < min(now, over):
            with clock.frozen(at + LOOKED):
                alarms.alarm_look(actor=officer, case=case)
        if breach.until is not None:
            with clock.frozen(breach.until):
                alarms.alarm_over(alarm=case.asset_alarm, at=breach.until)


def _explained(officer: Actor, alarm: Alarm) -> None:
    """What the driver said, and what came of it, some hours after it was over."""
    at = (alarm.until or alarm.seen_at) + timedelta(hours=3)
    if at + timedelta(hours=1) > clock.now():
        return
    with clock.frozen(at):
        case = alarms.alarm_told(actor=officer, case=alarm.case, body=SAID).case
    with clock.frozen(at + timedelta(hours=1)):
        alarms.alarm_settle(actor=officer, case=case, body=SETTLED)
