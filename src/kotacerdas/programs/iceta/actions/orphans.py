"""Reports of an agency that was closed."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.jobs.fence import Fence
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.grants import Grants, Scope
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.programs.iceta.actions.working import report_return
from kotacerdas.programs.iceta.lifecycles import AT_WORK, KIND
from kotacerdas.programs.iceta.permissions import WORK

_HOUSE = Actor(kind="system", grants=Grants(scopes={WORK: Scope(everywhere=True)}))
_SHOWN = 20


def agency_gone(agency: Agency) -> str:
    """Give the reports that a closed agency works on back to the verifier; which, in a sentence, "" where there are none.

    Each alone: one that cannot be given back is set aside for the operator. What it has resolved stays with the
    reporter, whose answer decides.
    """
    fence, given_back = Fence("agency gone"), []
    for case in Case.objects.filter(kind=KIND, state__in=AT_WORK, lead_agency=agency).order_by("number"):
        with fence.around(str(case.id)):
            reason = _("%(agency)s is no longer among the agencies.") % {"agency": agency.name}
            report_return(actor=_HOUSE, case=case, reason=reason)
            given_back.append(case.number)
    if not given_back:
        return ""
    shown = ", ".join(given_back[:_SHOWN]) + (" …" if len(given_back) > _SHOWN else "")
    return _("%(agency)s is closed; its open reports (%(count)d) went back to the verifier: %(numbers)s") % {
        "agency": agency.name,
        "count": len(given_back),
        "numbers": shown,
    }
