"""Who may look at the wall."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.roles import Permission, Role

VIEW_WALL = "commandcenter.view_wall"

PERMISSIONS = (Permission(name=VIEW_WALL, label=_("see the wall of the command center")),)

ROLES = (
    Role(name="duty_officer", label=_("duty officer"), permissions=frozenset({VIEW_WALL}), everywhere=True),
    Role(
        name="coordinator",
        label=_("coordinator (verifier)"),
        permissions=frozenset({VIEW_WALL}),
        everywhere=True,
    ),
)
