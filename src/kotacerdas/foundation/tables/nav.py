"""Where tables are imported."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.navigation import NavEntry
from kotacerdas.kernel.sheets import sheets

NAV = (
    NavEntry(
        label=_("Import tables"),
        icon="table-2",
        url_name="tables:index",
        section=_("System"),
        order=905,
        permissions=tuple(
            sorted({one.permission for one in sheets().values() if one.take and one.permission})
        ),
    ),
)
