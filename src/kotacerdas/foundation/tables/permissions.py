"""Who imports what by tables. Rooms below `parties` declare their sheets, and this room their permissions."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.granting import IMPORT_STAFF
from kotacerdas.foundation.parties.roles import Permission, Role
from kotacerdas.foundation.territory.actions import PLACE_AREAS

PERMISSIONS = (
    Permission(name=IMPORT_STAFF, label=_("import accounts of staff and their posts from a table")),
    Permission(name=PLACE_AREAS, label=_("import the coordinates of areas from a table")),
)
ROLES = (
    Role(
        name="operator",
        label=_("system operator"),
        permissions=frozenset({IMPORT_STAFF, PLACE_AREAS}),
        everywhere=True,
    ),
)
