"""Who sees plans, who makes and publishes them, who keeps units, crews and stations, and who reports from the road."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.roles import Permission, Role

VIEW = "dispatch.view_plan"
PLAN = "dispatch.make_plan"
MANAGE = "dispatch.manage_unit"
REPORT = "dispatch.report_stop"

PERMISSIONS = (
    Permission(name=VIEW, label=_("see units, shifts and plans of one's agency")),
    Permission(name=PLAN, label=_("make, change and publish plans")),
    Permission(name=MANAGE, label=_("keep units, crews, shifts and stations")),
    Permission(name=REPORT, label=_("report positions, breakdowns and stops that were done")),
)

ROLES = (
    Role(
        name="dispatcher",
        label=_("dispatcher"),
        permissions=frozenset({VIEW, PLAN, MANAGE, REPORT}),
    ),
    Role(name="crew", label=_("crew of a unit"), permissions=frozenset({VIEW, REPORT})),
)
