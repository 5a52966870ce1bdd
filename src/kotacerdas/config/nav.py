"""The operator's place in the navigation."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.config.faults import count
from kotacerdas.config.permissions import VIEW_FAULTS
from kotacerdas.foundation.parties.navigation import NavEntry

NAV = (
    NavEntry(
        label=_("Faults"),
        icon="wrench",
        url_name="faults",
        section=_("System"),
        order=900,
        permissions=(VIEW_FAULTS,),
        count=lambda grants: count() or None,
    ),
)
