"""The treasurer's place in the navigation."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.navigation import NavEntry
from kotacerdas.foundation.payments.permissions import VIEW_LEDGER

NAV = (
    NavEntry(
        label=_("Cash desk"),
        icon="wallet",
        url_name="payments:day",
        section=_("Payments"),
        order=50,
        permissions=(VIEW_LEDGER,),
        primary=True,
    ),
)
