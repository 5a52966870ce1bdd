"""The places of phones and surveys in the desk's navigation."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.navigation import NavEntry
from kotacerdas.foundation.sync.declarations import forms, records, surveys
from kotacerdas.foundation.sync.permissions import MANAGE

IN_FIELD = {one.permission for one in records().values()} | {
    one.command.permission for one in forms().values() if one.command.permission and not one.on
}
_SURVEYS = tuple(sorted({one.permission for one in surveys().values()}))
NAV = (
    *(
        (
            NavEntry(
                label=_("Surveys"),
                icon="map-pin",
                url_name="sync:surveys",
                section=_("Field work"),
                order=84,
                permissions=_SURVEYS,
            ),
        )
        if _SURVEYS  # an entry without permissions is everybody's
        else ()
    ),
    NavEntry(
        label=_("Phones"),
        icon="smartphone",
        url_name="sync:phones",
        section=_("Field work"),
        order=880,  # behind every program's work: who signs in begins with that
        permissions=(MANAGE, *sorted(IN_FIELD)),
    ),
)
