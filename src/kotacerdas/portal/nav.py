"""The outbox page in the desk's navigation, where there is one: its own room stands too low to put it there."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.navigation import NavEntry

NAV = (
    ()
    if settings.PRODUCTION
    else (
        NavEntry(
            label=_("Outbox"),
            icon="send",
            url_name="notify_outbox",
            section=_("System"),
            order=920,
            demo_only=True,
        ),
    )
)
