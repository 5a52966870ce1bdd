"""The phones' place in the desk's navigation."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.navigation import NavEntry
from kotacerdas.foundation.sync.permissions import MANAGE

NAV = (
    NavEntry(
        label=_("Phones"),
        icon="smartphone",
        url_name="sync:phones",
        section=_("Field work"),
        order=85,
        permissions=(MANAGE,),
    ),
)
