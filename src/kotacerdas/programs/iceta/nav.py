"""The officer's places at the desk."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.casework.navigation import queue_entry
from kotacerdas.foundation.parties.navigation import NavEntry
from kotacerdas.programs.iceta.desks import REPORT_DESK
from kotacerdas.programs.iceta.permissions import VERIFY, VIEW, WORK
from kotacerdas.programs.iceta.verify.queries import undecided_count

NAV = (
    NavEntry(
        label=_("Verification"),
        icon="shield-check",
        url_name="iceta:verify",
        section="ICeta",
        order=6,
        permissions=(VERIFY,),
        count=undecided_count,
        primary=True,
    ),
    queue_entry(REPORT_DESK, icon="inbox", section="ICeta", order=10),
    NavEntry(
        label=_("Agency reports"),
        icon="building-2",
        url_name="iceta:agency",
        section="ICeta",
        order=30,
        permissions=(VIEW, WORK),
        primary=True,
    ),
)
