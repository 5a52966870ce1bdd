"""The officer's places at the desk."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.casework.queries import work_count
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
    NavEntry(
        label=_("My work"),
        icon="inbox",
        url_name="iceta:queue",
        section="ICeta",
        order=10,
        permissions=(WORK,),
        count=partial(work_count, REPORT_DESK),
        primary=True,
    ),
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
