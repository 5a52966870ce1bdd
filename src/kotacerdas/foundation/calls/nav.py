"""The telephone desk among the places of staff."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.calls.permissions import TAKE_CALL
from kotacerdas.foundation.parties.navigation import NavEntry

NAV = (
    NavEntry(
        label=_("Phone desk"),
        icon="phone",
        url_name="calls:phone",
        section=_("Calls"),
        order=8,
        permissions=(TAKE_CALL,),
        primary=True,
    ),
)
