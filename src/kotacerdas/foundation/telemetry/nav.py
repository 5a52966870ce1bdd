"""Telemetry's places in the desk's navigation."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.navigation import NavEntry
from kotacerdas.foundation.telemetry.permissions import KEYS, MANAGE, RULES, VIEW, WORK
from kotacerdas.foundation.telemetry.queries import open_alerts

_SECTION = _("Devices")
NAV = (
    NavEntry(
        label=_("Device alerts"),
        icon="bell-ring",
        url_name="telemetry:alerts",
        section=_SECTION,
        order=90,
        permissions=(VIEW, WORK),
        count=open_alerts,
    ),
    NavEntry(
        label=_("Device list"),
        icon="radio-tower",
        url_name="telemetry:devices",
        section=_SECTION,
        order=91,
        permissions=(VIEW,),
    ),
    NavEntry(
        label=_("Device map"),
        icon="map",
        url_name="telemetry:map",
        section=_SECTION,
        order=92,
        permissions=(VIEW,),
    ),
    NavEntry(
        label=_("Rules"),
        icon="sliders-horizontal",
        url_name="telemetry:rules",
        section=_SECTION,
        order=93,
        permissions=(VIEW, RULES),
    ),
    NavEntry(
        label=_("Quarantine"),
        icon="shield-question-mark",
        url_name="telemetry:quarantine",
        section=_SECTION,
        order=94,
        permissions=(MANAGE,),
    ),
    NavEntry(
        label=_("Keys for machines"),
        icon="key-round",
        url_name="telemetry:keys",
        section=_SECTION,
        order=95,
        permissions=(KEYS,),
    ),
)
