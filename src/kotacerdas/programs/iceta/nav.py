"""The officer's places at the desk."""

from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.casework.navigation import queue_entry
from kotacerdas.foundation.parties.navigation import NavEntry
from kotacerdas.kernel.programmes import programme
from kotacerdas.programs.iceta.desks import REPORT_DESK
from kotacerdas.programs.iceta.permissions import VERIFY, VIEW, WORK
from kotacerdas.programs.iceta.verify.queries import undecided_count


def _section() -> str:
    """What the regency calls the programme; where it has none, what it is about."""
    return programme("iceta").name or gettext("Reports")


SECTION = lazy(_section, str)()
NAV = (
    NavEntry(
        label=_("Verification"),
        icon="shield-check",
        url_name="iceta:verify",
        section=SECTION,
        order=6,
        permissions=(VERIFY,),
        count=undecided_count,
        primary=True,
    ),
    queue_entry(REPORT_DESK, icon="inbox", section=SECTION, order=10),
    NavEntry(
        label=_("Agency reports"),
        icon="building-2",
        url_name="iceta:agency",
        section=SECTION,
        order=30,
        permissions=(VIEW, WORK),
        primary=True,
    ),
)
