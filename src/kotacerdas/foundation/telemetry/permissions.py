"""Who sees devices, who manages them, who makes rules, and who answers alerts."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.roles import Permission, Role

VIEW = "telemetry.view_device"
MANAGE = "telemetry.manage_device"
RULES = "telemetry.manage_rule"
WORK = "telemetry.work_alert"
KEYS = "telemetry.manage_key"

PERMISSIONS = (
    Permission(name=VIEW, label=_("see the devices of one's agency and what they measure")),
    Permission(name=MANAGE, label=_("register devices and hand out their credentials")),
    Permission(name=RULES, label=_("make rules over devices and switch them on")),
    Permission(name=WORK, label=_("acknowledge and close alerts of devices")),
    Permission(name=KEYS, label=_("hand out keys for machines")),
)

ROLES = (
    Role(name="officer", label=_("officer"), permissions=frozenset({VIEW, WORK})),
    Role(name="liaison", label=_("complaints liaison"), permissions=frozenset({VIEW, WORK, MANAGE})),
    Role(name="head", label=_("head of agency"), permissions=frozenset({VIEW, WORK, MANAGE, RULES})),
    Role(
        name="coordinator",
        label=_("coordinator (verifier)"),
        permissions=frozenset({VIEW, WORK, MANAGE, RULES, KEYS}),
        everywhere=True,
    ),
    Role(
        name="duty_officer",
        label=_("duty officer"),
        permissions=frozenset({VIEW, WORK}),
        everywhere=True,
    ),
)
