"""Where templates are looked at."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.documents.permissions import EDIT_TEMPLATE
from kotacerdas.foundation.parties.navigation import NavEntry

NAV = (
    NavEntry(
        label=_("Templates"),
        icon="file-text",
        url_name="documents:templates",
        section=_("System"),
        order=910,
        permissions=(EDIT_TEMPLATE,),
    ),
)
