"""The places of goods at the desk."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.casework.navigation import queue_entry
from kotacerdas.foundation.parties.navigation import NavEntry
from kotacerdas.programs.lada.desks import CHANGE_DESK, FINDING_DESK
from kotacerdas.programs.lada.permissions import TRACK, VIEW
from kotacerdas.programs.lada.queries import sessions_for
from kotacerdas.programs.lada.tracking.desk import ALARM_DESK

SECTION = _("Goods")
NAV = (
    NavEntry(
        label=_("Register of goods"),
        icon="database",
        url_name="lada:register",
        section=SECTION,
        order=310,
        permissions=(VIEW,),
        primary=True,
    ),
    NavEntry(
        label=_("Labels"),
        icon="qr-code",
        url_name="lada:labels",
        section=SECTION,
        order=315,
        permissions=(VIEW,),
    ),
    NavEntry(
        label=_("Due"),
        icon="calendar-clock",
        url_name="lada:due",
        section=SECTION,
        order=316,
        permissions=(VIEW,),
    ),
    NavEntry(
        label=_("Notices"),
        icon="message-square",
        url_name="lada:notices",
        section=SECTION,
        order=317,
        permissions=(VIEW,),
    ),
    NavEntry(
        label=_("Books of goods"),
        icon="file-text",
        url_name="lada:books",
        section=SECTION,
        order=313,
        permissions=(VIEW,),
    ),
    NavEntry(
        label=_("Stocktakes"),
        icon="list-checks",
        url_name="lada:stocktakes",
        section=SECTION,
        order=314,
        permissions=(VIEW,),
        count=lambda grants: sessions_for(grants).filter(state="open").count() or None,
    ),
    NavEntry(
        label=_("Goods with a device"),
        icon="map-pin",
        url_name="lada:live",
        section=SECTION,
        order=318,
        permissions=(TRACK,),
    ),
    queue_entry(CHANGE_DESK, icon="pencil", section=SECTION, order=311),
    queue_entry(FINDING_DESK, icon="flag", section=SECTION, order=312),
    queue_entry(ALARM_DESK, icon="circle-alert", section=SECTION, order=314),
)
