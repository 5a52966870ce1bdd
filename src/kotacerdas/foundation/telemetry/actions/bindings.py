"""What a device belongs to, from day to day."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.grants import require
from kotacerdas.foundation.telemetry.actions.devices import device_journal
from kotacerdas.foundation.telemetry.models import Binding, Device
from kotacerdas.foundation.telemetry.permissions import MANAGE
from kotacerdas.foundation.territory.queries import area_by_code
from kotacerdas.kernel.errors import Conflict, Invalid


def device_bind(
    *, actor: Actor, device: Device, kind: str, subject: str, since: date, until: date | None = None
) -> Binding:
    """Bind a device to something from a day on; what it was bound to of that kind ends the day before."""
    require(actor.grants, MANAGE, agencies=[device.agency_id], area=device.area_code)
    return binding_make(actor=actor, device=device, kind=kind, subject=subject, since=since, until=until)


@transaction.atomic
def binding_make(
    *, actor: Actor, device: Device, kind: str, subject: str, since: date, until: date | None = None
) -> Binding:
    """As `device_bind`, for the action of a program that has checked its own permission over what the device belongs to."""
    subject = subject.strip()[:60]
    if kind not in Binding.Kind.values or not subject:
        raise Invalid(_("Say what the device belongs to."), fields={"subject": _("This is needed.")})
    if kind == Binding.Kind.VILLAGE and area_by_code(subject) is None:
        raise Invalid(_("There is no such village."), fields={"subject": _("There is no area of this code.")})
    if until is not None and until < since:
        raise Invalid(_("It ends before it begins."), fields={"until": _("Choose a later day.")})
    Device.objects.select_for_update().get(id=device.id)
    before = device.bindings.filter(kind=kind, since__lt=since).exclude(until__lt=since)
    before.update(until=since - timedelta(days=1))
    later = device.bindings.filter(kind=kind, since__gte=since)
    if until is None or later.filter(since__lte=until).exists():
        first = later.order_by("since").first()
        if first is not None and first.since == since:
            raise Conflict(_("It is bound from that day already."), remedy=_("Choose another day."))
        until = first.since - timedelta(days=1) if first is not None else until
    made = Binding.objects.create(device=device, kind=kind, subject=subject, since=since, until=until)
    device_journal(device, "bind", actor, to=kind)
    return made


@transaction.atomic
def binding_end(*, actor: Actor, binding: Binding, day: date) -> None:
    """A device belongs to something until the end of a day; a binding of that day alone was a mistake, and goes.

    The caller has checked the permission.
    """
    held = Binding.objects.select_for_update(of=("self",)).select_related("device__agency").get(id=binding.id)
    if held.until is not None and held.until <= day:
        return
    if held.since >= day:
        held.delete()
    else:
        held.until = day
        held.save(update_fields=["until"])
    device_journal(held.device, "unbind", actor, to=held.kind)
