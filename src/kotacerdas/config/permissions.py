"""Who looks after the system itself."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.roles import Permission, Role

VIEW_FAULTS = "operation.view_faults"

PERMISSIONS = (
    Permission(name=VIEW_FAULTS, label=_("see what the system could not do, and have it tried again")),
)
ROLES = (
    Role(
        name="operator",
        label=_("system operator"),
        permissions=frozenset({VIEW_FAULTS}),
        everywhere=True,
    ),
)
