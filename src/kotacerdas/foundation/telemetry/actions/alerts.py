"""An alert from first sign to recovery: one row, at most one case."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases import actions as cases
from kotacerdas.foundation.cases.actions import add_note, take
from kotacerdas.foundation.cases.kinds import LEAD
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.notify.actions import send
from kotacerdas.foundation.parties.actors import SYSTEM, Actor
from kotacerdas.foundation.parties.grants import require
from kotacerdas.foundation.parties.models import Agency, Position
from kotacerdas.foundation.telemetry.declarations import declared_rules
from kotacerdas.foundation.telemetry.lifecycles import ALERT, URGENT
from kotacerdas.foundation.telemetry.models import Alert, Datastream, Device, RuleVersion
from kotacerdas.foundation.telemetry.permissions import WORK
from kotacerdas.foundation.telemetry.rules.machine import Event
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict

DUTY = "@duty_officer"


@transaction.atomic
def alert_raise(
    *, actor: Actor, version: RuleVersion, device: Device, stream: Datastream | None, event: Event
) -> Alert:
    """A rule is broken: one open alert of rule and device, its case where the rule opens one, who is told.

    A device that is muted gets its alert alone. An alert that is open already is returned as it is.
    """
    known = Alert.objects.filter(rule=version.rule, device=device, recovered_at=None).first()
    if known is not None:
        return known
    alert = Alert(
        rule=version.rule,
        version=version,
        device=device,
        stream=stream,
        first_at=_instant(event.first),
        raised_at=max(_instant(event.at), _instant(event.first)),
        value=event.value,
        extreme=event.extreme,
    )
    then, muted = version.params.get("then", {}), is_muted(device)
    row = _open(alert, then) if then.get("opens_case") and not muted else None
    if row is None:
        alert.save(force_insert=True)
        row = _journal(alert, "raise", actor)
    if not muted:
        for position in positions_to_notify(then, device):
            send(
                row_id=row.id,
                template="telemetry.raised",
                to=("position", position.id),
                args={"alert": alert.id},
            )
    return alert


@transaction.atomic
def alert_recover(*, actor: Actor, alert: Alert, at: datetime, extreme: float | None = None) -> Alert:
    """The breach is over: the alert ends, and its case closes by itself where it is still open."""
    alert = (
        Alert.objects.select_for_update(of=("self",))
        .select_related("case", "rule", "device__agency")
        .get(id=alert.id)
    )
    if alert.recovered_at is not None:
        return alert
    alert.recovered_at = max(at, alert.raised_at)
    if extreme is not None:
        alert.extreme = extreme
    alert.save(update_fields=["recovered_at", "extreme"])
    spec = declared_rules().get(alert.rule.code)
    if alert.case is None:
        _journal(alert, "recover", actor)
    elif spec is not None and spec.recover is not None:
        spec.recover(alert)
    elif alert.case.closed_at is None:
        take(alert.case, "recover", actor=SYSTEM)
    return alert


def recover_all(*, device: Device) -> None:
    """End the open alerts of a device that goes out of service."""
    for alert in Alert.objects.filter(device=device, recovered_at=None):
        alert_recover(actor=SYSTEM, alert=alert, at=clock.now())


@transaction.atomic
def alert_acknowledge(*, actor: Actor, alert: Alert, seen_version: int | None = None) -> Alert:
    """Somebody has seen it and cares. Raises Refused, LostRace, Conflict when it was acknowledged before."""
    if alert.case is not None:
        take(alert.case, "acknowledge", actor=actor, seen_version=seen_version)
    else:
        require(actor.grants, WORK, agencies=[alert.device.agency_id], area=alert.device.area_code)
    done = Alert.objects.filter(id=alert.id, acknowledged_at=None).update(
        acknowledged_at=clock.now(), acknowledged_by=actor.user
    )
    if not done:
        raise Conflict(
            _("Somebody has acknowledged this alert already."), remedy=_("Open it again to see who.")
        )
    alert.refresh_from_db(fields=["acknowledged_at", "acknowledged_by"])
    if alert.case is None:
        _journal(alert, "acknowledge", actor)
    return alert


@transaction.atomic
def alert_close(*, actor: Actor, alert: Alert, words: str, seen_version: int | None = None) -> Case:
    """Close the case of an alert by hand, saying what was found; the alert itself ends when the device recovers."""
    if alert.case is None:
        raise Conflict(
            _("This alert opened no case."), remedy=_("It ends by itself when the device recovers.")
        )
    words = words.strip()
    result = take(alert.case, "close", actor=actor, seen_version=seen_version, words=words)
    add_note(result.case, kind="inside", body=words[:2000], actor=actor, row=result.row)
    return result.case


def is_muted(device: Device) -> bool:
    """Whether its alerts open no case and tell nobody now."""
    return device.muted_until is not None and device.muted_until > clock.now()


def positions_to_notify(then: dict[str, Any], device: Device) -> list[Position]:
    """The posts a rule tells: `@duty_officer` is every post of that role, else `<AGENCY>.<position>`."""
    found: dict[Any, Position] = {}
    for target in then.get("notify", ()):
        if target == DUTY:
            posts = Position.objects.filter(roles__contains=["duty_officer"], closed_on=None)
        else:
            agency, _dot, code = str(target).rpartition(".")
            posts = Position.objects.filter(
                agency__code=agency or device.agency.code, code=code, closed_on=None
            )
        found.update({one.id: one for one in posts})
    return list(found.values())


def _open(alert: Alert, then: dict[str, Any]) -> Row:
    """The case of an alert, of the declaring program's kind or of `telemetry`'s own; its first row."""
    spec = declared_rules().get(alert.rule.code)
    if spec is not None and spec.open_case is not None:
        alert.save(force_insert=True)
        alert.case = spec.open_case(alert)
        alert.save(update_fields=["case"])
        return Row.objects.filter(subject_id=alert.case.id).order_by("recorded_at").first() or _journal(
            alert, "raise", SYSTEM
        )
    device = alert.device
    agency = lead_of(alert, then)

    def own(case: Case) -> Alert:
        alert.case = case
        return alert

    opened = cases.open(
        ALERT,
        actor=SYSTEM,
        title_code=alert.rule.code,
        channel="sensor",
        priority=URGENT if then.get("urgent") else "normal",
        place=cases.Place(area_code=device.area_code, lat=device.lat, lng=device.lng),
        given_to=((LEAD, agency),),
        own=own,
        payload={"alert": alert.id, "device": device.id},
    )
    return opened.row


def lead_of(alert: Alert, then: dict[str, Any]) -> Agency:
    """Who answers: the agency that the rule names, else the rule's own, else the device's."""
    named = Agency.objects.filter(code=then.get("agency", ""), closed_on=None).first()
    return named or alert.rule.agency or alert.device.agency


def _journal(alert: Alert, step: str, actor: Actor) -> Row:
    device = alert.device
    return append(
        verb=f"telemetry.alert.{step}",
        subject=("telemetry.watch", alert.id),
        actor=actor.code,
        codes={
            "agency": device.agency.code,
            "area": device.area_code,
            "rule": alert.rule.code,
            "device": device.code,
            "device_kind": device.kind,
        },
    )


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
