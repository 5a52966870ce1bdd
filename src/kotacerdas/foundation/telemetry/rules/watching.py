"""Which devices a version watches, and the numbers that each brings."""

from __future__ import annotations

from django.db.models import QuerySet

from kotacerdas.foundation.telemetry.declarations import device_kinds
from kotacerdas.foundation.telemetry.models import Device, RuleVersion


def watched_devices(version: RuleVersion) -> QuerySet[Device]:
    """Active devices of the rule's agency (all, where it has none) that its parameters name."""
    applies = version.params.get("applies", {})
    found = Device.objects.filter(is_active=True)
    if version.rule.agency_id is not None:
        found = found.filter(agency=version.rule.agency_id)
    if applies.get("device"):
        return found.filter(code=applies["device"])
    return found.filter(kind=applies["kind"]) if applies.get("kind") else found.none()


def own_numbers(device: Device) -> dict[str, float]:
    """The device's settings over the defaults of its kind."""
    kind = device_kinds().get(device.kind)
    usual = {one.name: one.default for one in kind.settings if one.default is not None} if kind else {}
    return {**usual, **device.settings}
