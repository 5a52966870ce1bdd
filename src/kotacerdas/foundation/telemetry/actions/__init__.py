"""Everything that writes devices, rules and alerts. Observations are written by `ingest` alone."""

from kotacerdas.foundation.telemetry.actions.alerts import (
    alert_acknowledge,
    alert_close,
    alert_raise,
    alert_recover,
)
from kotacerdas.foundation.telemetry.actions.bindings import binding_end, binding_make, device_bind
from kotacerdas.foundation.telemetry.actions.devices import (
    credential_issue,
    credential_revoke,
    device_change,
    device_create,
    device_switch,
    key_issue,
    key_revoke,
    stream_add,
)
from kotacerdas.foundation.telemetry.actions.quarantine import (
    device_take_in,
    quarantine_drop,
    stream_take_in,
)
from kotacerdas.foundation.telemetry.actions.rules import (
    rule_draft,
    rule_go_live,
    rule_switch_off,
    sync_declared,
)

__all__ = [
    "alert_acknowledge",
    "alert_close",
    "alert_raise",
    "alert_recover",
    "binding_end",
    "binding_make",
    "credential_issue",
    "credential_revoke",
    "device_bind",
    "device_change",
    "device_create",
    "device_switch",
    "device_take_in",
    "key_issue",
    "key_revoke",
    "quarantine_drop",
    "rule_draft",
    "rule_go_live",
    "rule_switch_off",
    "stream_add",
    "stream_take_in",
    "sync_declared",
]
