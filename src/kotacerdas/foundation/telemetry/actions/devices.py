"""Devices, their streams, credentials and bindings; keys of machines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import isfinite
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.grants import require
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.telemetry import credentials
from kotacerdas.foundation.telemetry.declarations import StreamSpec, device_kinds
from kotacerdas.foundation.telemetry.ingest.registry import changed
from kotacerdas.foundation.telemetry.models import (
    ApiKey,
    Credential,
    Datastream,
    Device,
    ObservedProperty,
    Sensor,
)
from kotacerdas.foundation.telemetry.permissions import KEYS, MANAGE
from kotacerdas.foundation.territory.queries import area_by_code
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid
from kotacerdas.kernel.texts import is_blank

CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,38}[a-z0-9]")
STREAM_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_RESERVED_CODES = frozenset({"t", "id", "cmd"})
GRACE_HOURS = 72  # a rotated credential works for so long beside the new one
SCOPES = ("sensorthings.read", "sensorthings.write", "telemetry.write", "chirpstack", "thethings", "traccar")


@dataclass(frozen=True, kw_only=True)
class DeviceDraft:
    """What is typed of a device; `settings` are its own numbers for rules."""

    code: str
    name: str
    kind: str
    agency: Agency
    area_code: str = ""
    lat: float | None = None
    lng: float | None = None
    settings: Mapping[str, float] | None = None
    note: str = ""
    streams: tuple[StreamSpec, ...] | None = None


def draft_flaws(draft: DeviceDraft) -> dict[str, str]:
    """What is wrong with a draft by field, in the reader's language; nothing when it holds."""
    found: dict[str, str] = {}
    if not CODE.fullmatch(draft.code):
        found["code"] = _("3 to 40 small letters, digits and hyphens, as in gauge-losarang-1.")
    if is_blank(draft.name):
        found["name"] = _("This is needed.")
    if draft.kind not in device_kinds():
        found["kind"] = _("There is no such kind of device.")
    if draft.area_code and area_by_code(draft.area_code) is None:
        found["area_code"] = _("There is no area of this code.")
    if (draft.lat is None) != (draft.lng is None):
        found["lng" if draft.lng is None else "lat"] = _("A position needs both numbers.")
    elif draft.lat is not None and draft.lng is not None:
        if not (isfinite(draft.lat) and -90 <= draft.lat <= 90):
            found["lat"] = _("A latitude lies between -90 and 90 degrees.")
        if not (isfinite(draft.lng) and -180 <= draft.lng <= 180):
            found["lng"] = _("A longitude lies between -180 and 180 degrees.")
    for name, value in (draft.settings or {}).items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
            found[f"setting_{name}"] = _("This must be a number.")
    return found


@transaction.atomic
def device_create(*, actor: Actor, draft: DeviceDraft) -> tuple[Device, str]:
    """A new device with the streams of its kind, and its first credential, which is shown once.

    Raises Refused, Invalid with the fields, Conflict when the code is taken.
    """
    require(actor.grants, MANAGE, agencies=[draft.agency.id], area=draft.area_code)
    _check(draft)
    if Device.objects.filter(code=draft.code).exists():
        raise Conflict(
            _("There is a device %(code)s already.") % {"code": draft.code}, remedy=_("Choose another code.")
        )
    device = Device.objects.create(**_fields(draft))
    specs = device_kinds()[draft.kind].streams if draft.streams is None else draft.streams
    for spec in specs:
        _make_stream(device, spec)
    secret = _new_credential(device)
    device_journal(device, "add", actor)
    changed()
    return device, secret


@transaction.atomic
def device_change(*, actor: Actor, device: Device, draft: DeviceDraft) -> Device:
    """Other words, place or numbers; the code stays, since the device has it."""
    require(actor.grants, MANAGE, agencies=[device.agency_id], area=device.area_code)
    require(actor.grants, MANAGE, agencies=[draft.agency.id], area=draft.area_code)
    _check(draft)
    for name, value in _fields(draft).items():
        if name != "code":
            setattr(device, name, value)
    device.save()
    device_journal(device, "change", actor)
    changed()
    return device


@transaction.atomic
def device_switch(*, actor: Actor, device: Device, on: bool, muted_days: int = 0) -> Device:
    """Take a device out of service or back; or mute its alerts for some days. Its history stays."""
    from kotacerdas.foundation.telemetry.actions.alerts import recover_all

    require(actor.grants, MANAGE, agencies=[device.agency_id], area=device.area_code)
    if not 0 <= muted_days <= 90:
        raise Invalid(_("Alerts can be muted for at most 90 days."), remedy=_("Choose a shorter time."))
    device.is_active = on
    device.muted_until = clock.now() + timedelta(days=muted_days) if muted_days else None
    device.save(update_fields=["is_active", "muted_until"])
    if not on:
        recover_all(device=device)
    device_journal(device, "mute" if muted_days else "switch_on" if on else "switch_off", actor)
    changed()
    return device


@transaction.atomic
def stream_add(*, actor: Actor, device: Device, spec: StreamSpec) -> Datastream:
    """One more datastream. Raises Invalid for a code that is none, Conflict for one that is taken."""
    require(actor.grants, MANAGE, agencies=[device.agency_id], area=device.area_code)
    if not STREAM_CODE.fullmatch(spec.code) or spec.code in _RESERVED_CODES:
        raise Invalid(
            _("The code of the datastream cannot be used."),
            fields={"code": _("Small letters, digits and underscores, beginning with a letter.")},
        )
    if device.streams.filter(code=spec.code).exists():
        raise Conflict(_("The device has a datastream of this code already."), remedy=_("Open it instead."))
    stream = _make_stream(device, spec)
    device_journal(device, "add_stream", actor, stream=spec.code)
    changed()
    return stream


@transaction.atomic
def credential_issue(*, actor: Actor, device: Device) -> str:
    """A new credential, shown once; the ones before work for three days more."""
    require(actor.grants, MANAGE, agencies=[device.agency_id], area=device.area_code)
    ends = clock.now() + timedelta(hours=GRACE_HOURS)
    device.credentials.filter(ends_at=None).update(ends_at=ends)
    secret = _new_credential(device)
    device_journal(device, "rotate_credential", actor)
    changed()
    return secret


@transaction.atomic
def credential_revoke(*, actor: Actor, device: Device) -> None:
    """No credential of the device works any more; who is connected by one is let go within a second or two."""
    require(actor.grants, MANAGE, agencies=[device.agency_id], area=device.area_code)
    device.credentials.all().delete()
    device_journal(device, "revoke_credentials", actor)
    changed()


@transaction.atomic
def key_issue(*, actor: Actor, name: str, scopes: Iterable[str], agency: Agency) -> tuple[ApiKey, str]:
    """A key for a machine, shown once. Raises Invalid without a name or with a scope that is none."""
    require(actor.grants, KEYS, agencies=[agency.id])
    wanted = sorted(set(scopes))
    fields = {}
    if is_blank(name):
        fields["name"] = _("This is needed.")
    if not wanted or not set(wanted) <= set(SCOPES):
        fields["scopes"] = _("Choose what the key may do.")
    if fields:
        raise Invalid(_("The key cannot be made like this."), fields=fields)
    secret = credentials.new_secret()
    key = ApiKey.objects.create(
        name=name.strip()[:120],
        scopes=wanted,
        agency=agency,
        fingerprint=credentials.key_fingerprint(secret),
    )
    append(
        verb="telemetry.key.issue",
        subject=("telemetry.key", key.id),
        actor=actor.code,
        codes={"agency": agency.code, "scopes": ",".join(wanted)},
    )
    return key, secret


@transaction.atomic
def key_revoke(*, actor: Actor, key: ApiKey) -> None:
    """The key opens nothing from now on."""
    require(actor.grants, KEYS, agencies=[key.agency_id])
    ApiKey.objects.filter(id=key.id, revoked_at=None).update(revoked_at=clock.now())
    append(
        verb="telemetry.key.revoke",
        subject=("telemetry.key", key.id),
        actor=actor.code,
        codes={"agency": key.agency.code},
    )


def _check(draft: DeviceDraft) -> None:
    fields = draft_flaws(draft)
    if fields:
        raise Invalid(_("The device cannot be stored like this."), fields=fields)


def _fields(draft: DeviceDraft) -> dict[str, Any]:
    return {
        "code": draft.code,
        "name": draft.name.strip()[:120],
        "kind": draft.kind,
        "agency": draft.agency,
        "area_code": draft.area_code,
        "lat": draft.lat,
        "lng": draft.lng,
        "settings": dict(draft.settings or {}),
        "note": draft.note.strip()[:300],
    }


def _make_stream(device: Device, spec: StreamSpec) -> Datastream:
    with override("id"):  # words of a row are the instance's, not the clerk's
        name = str(spec.name)[:120]
    sensor = Sensor.objects.filter(name=device.kind).order_by("id").first() or Sensor.objects.create(
        name=device.kind
    )
    observed = ObservedProperty.objects.filter(name=name).order_by("id").first()
    return Datastream.objects.create(
        device=device,
        code=spec.code,
        name=name,
        unit=spec.unit,
        shape=spec.shape,
        low=spec.low,
        high=spec.high,
        every_s=spec.every_s,
        sensor=sensor,
        observed_property=observed or ObservedProperty.objects.create(name=name),
    )


def _new_credential(device: Device) -> str:
    secret = credentials.new_secret()
    Credential.objects.create(device=device, fingerprint=credentials.device_fingerprint(secret))
    return secret


def device_journal(device: Device, step: str, actor: Actor, **more: str) -> None:
    """Write down what was done to a device."""
    append(
        verb=f"telemetry.device.{step}",
        subject=("telemetry.device", device.id),
        actor=actor.code,
        codes={
            "agency": device.agency.code,
            "area": device.area_code,
            "device": device.code,
            "device_kind": device.kind,
            **more,
        },
    )
