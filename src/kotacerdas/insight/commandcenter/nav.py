"""The wall's place in the desk's navigation."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.navigation import NavEntry
from kotacerdas.insight.commandcenter.permissions import VIEW_WALL

NAV = (
    NavEntry(
        label=_("Wall"),
        icon="monitor",
        url_name="commandcenter:wall",
        section=_("Command center"),
        order=80,
        permissions=(VIEW_WALL,),
    ),
)
