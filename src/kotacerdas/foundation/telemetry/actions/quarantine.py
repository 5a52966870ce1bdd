"""Taking in what was quarantined: one act makes the device or the datastream, and reads again what it had sent."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.grants import require
from kotacerdas.foundation.telemetry.actions.devices import DeviceDraft, device_create, stream_add
from kotacerdas.foundation.telemetry.declarations import StreamSpec
from kotacerdas.foundation.telemetry.doors.intake import read_again
from kotacerdas.foundation.telemetry.models import Device, Quarantined
from kotacerdas.foundation.telemetry.permissions import MANAGE
from kotacerdas.foundation.telemetry.queries import visible_quarantine
from kotacerdas.kernel.errors import Invalid

AGAIN = ("unknown_device", "unknown_stream")
MOST = 1_000


@transaction.atomic
def device_take_in(*, actor: Actor, code: str, draft: DeviceDraft) -> tuple[Device, str, int]:
    """An unknown sender becomes a device; its secret, and how many of its messages were read after all."""
    device, secret = device_create(actor=actor, draft=draft)
    return device, secret, _again(visible_quarantine(actor.grants).filter(device_code=code, reason__in=AGAIN))


@transaction.atomic
def stream_take_in(*, actor: Actor, device: Device, codes: Iterable[str]) -> int:
    """Unknown datastreams of a known device become its own; how many messages were read after all."""
    require(actor.grants, MANAGE, agencies=[device.agency_id], area=device.area_code)
    wanted = sorted(set(codes))
    if not wanted:
        raise Invalid(_("Nothing was chosen."), remedy=_("Choose what to take in."))
    for code in wanted:
        if not device.streams.filter(code=code).exists():
            stream_add(actor=actor, device=device, spec=StreamSpec(code=code, name=code))
    sent = Quarantined.objects.filter(agency=device.agency_id, device_code=device.code)
    return _again(sent.filter(reason="unknown_stream"))


@transaction.atomic
def quarantine_drop(*, actor: Actor, code: str) -> int:
    """Forget what a sender had sent; how many messages."""
    return visible_quarantine(actor.grants).filter(device_code=code).delete()[0]


def _again(rows) -> int:  # type: ignore[no-untyped-def]
    """Read messages again, each in the way of its door; what is understood now leaves the quarantine."""
    chosen = list(rows.select_for_update().order_by("came_at")[:MOST])
    with connection.cursor() as cursor:
        done = [one.id for one in chosen if one.payload and read_again(cursor, one)]
    Quarantined.objects.filter(id__in=done).delete()
    Quarantined.objects.filter(id__in=[one.id for one in chosen if not one.payload]).delete()
    return len(done)
