"""The planner's places in the navigation."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.dispatch.permissions import VIEW
from kotacerdas.foundation.parties.navigation import NavEntry

SECTION = _("Routes")
NAV = (
    NavEntry(
        label=_("Routes today"),
        icon="route",
        url_name="dispatch:today",
        section=SECTION,
        order=230,
        permissions=(VIEW,),
        primary=True,
    ),
    NavEntry(
        label=_("Fleet"),
        icon="truck",
        url_name="dispatch:fleet",
        section=SECTION,
        order=231,
        permissions=(VIEW,),
    ),
)
