"""The places of desludging at the desk."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.casework.navigation import queue_entry
from kotacerdas.foundation.parties.navigation import NavEntry
from kotacerdas.programs.gopal.desks import ORDER_DESK
from kotacerdas.programs.gopal.permissions import ORDER

SECTION = _("Desludging")
NAV = (
    queue_entry(ORDER_DESK, icon="truck", section=SECTION, order=210),
    NavEntry(
        label=_("Order at the counter"),
        icon="plus",
        url_name="gopal:counter",
        section=SECTION,
        order=211,
        permissions=(ORDER,),
    ),
)
