"""The places of desludging at the desk."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.casework.navigation import queue_entry
from kotacerdas.foundation.parties.navigation import NavEntry
from kotacerdas.programs.gopal.desks import DIFFERENCE_DESK, ORDER_DESK
from kotacerdas.programs.gopal.permissions import ACCOUNT, ORDER, RECEIVE, VIEW

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
    NavEntry(
        label=_("Septic tanks"),
        icon="database",
        url_name="gopal:tanks",
        section=SECTION,
        order=212,
        permissions=(VIEW,),
    ),
    NavEntry(
        label=_("Three-year round"),
        icon="rotate-ccw",
        url_name="gopal:rounds",
        section=SECTION,
        order=213,
        permissions=(ORDER,),
    ),
    NavEntry(
        label=_("Treatment plant"),
        icon="factory",
        url_name="gopal:plant",
        section=SECTION,
        order=208,
        permissions=(RECEIVE,),
        primary=True,
    ),
    NavEntry(
        label=_("Manifests"),
        icon="file-text",
        url_name="gopal:manifests",
        section=SECTION,
        order=215,
        permissions=(VIEW, RECEIVE),
    ),
    queue_entry(DIFFERENCE_DESK, icon="message-circle-question-mark", section=SECTION, order=216),
    NavEntry(
        label=_("Trips and money"),
        icon="scale",
        url_name="gopal:treasury",
        section=SECTION,
        order=209,
        permissions=(ACCOUNT,),
        primary=True,
    ),
)
