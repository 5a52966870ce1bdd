"""The life-cycle of a report: states, steps and clocks as tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.cases.lifecycle import Lifecycle
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.cases.queries import involved
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.programs.iceta.categories import categories
from kotacerdas.programs.iceta.lifecycles.clocks import CLOCKS
from kotacerdas.programs.iceta.lifecycles.kinds import MOMENTS, NOTES, PARTIES, ROLES, VERIFIER
from kotacerdas.programs.iceta.lifecycles.states import AT_WORK, GIVEN, KIND, STATES, UNDECIDED, S
from kotacerdas.programs.iceta.lifecycles.steps import STEPS
from kotacerdas.programs.iceta.permissions import OVERSEE, VERIFY, VIEW, WORK

__all__ = [
    "AT_WORK",
    "GIVEN",
    "KIND",
    "LIFECYCLES",
    "PASSES_ON",
    "REPORT",
    "STATES",
    "STEPS",
    "UNDECIDED",
    "S",
    "readable",
    "title",
]


PASSES_ON = (VERIFIER.name,)  # the part of the agency where reports come in: it reads none of them for that


def _codes(case: Case) -> Mapping[str, Any]:
    report = case.report
    return {
        "category": report.category.code,
        "group": report.category.group,
        "class": "oversight" if report.is_oversight else report.report_class,
    }


def readable(grants: Grants) -> Q:
    """The reports whose words somebody reads: all for a verifier, else those of one's agencies' work and desks."""
    if grants.scope(VERIFY).everywhere:
        return Q()
    scope = grants.scope(VERIFY) | grants.scope(VIEW) | grants.scope(WORK)
    if not scope:
        return Q(pk__in=())
    own = involved(scope, except_roles=PASSES_ON) | Q(report__desk_agency__in=scope.agencies)
    # a report that was merged is read by whoever reads the one it went into: its words and photos belong to the work
    return own | Q(merged_into__in=Case.objects.filter(own).order_by().values("id"))


def _visible(grants: Grants) -> Q:
    """The reports one may read; the command center sees the codes of all."""
    return Q() if grants.scope(OVERSEE).everywhere else readable(grants)


def title(code: str) -> str:
    """The category's name in the active language; the code itself when the pack no longer has it."""
    category = categories().get(code)
    if category is None:
        return code
    return category.name_en if (get_language() or "id").startswith("en") else category.name_id


REPORT = Lifecycle(
    kind=KIND,
    label=_("Report"),
    initial=S.RECEIVED,
    states=STATES,
    steps=STEPS,
    clocks=CLOCKS,
    codes=_codes,
    title=title,
    visible=_visible,
    url_name="iceta:case",
    roles=ROLES,
    parties=PARTIES,
    notes=NOTES,
    moments=MOMENTS,
)

LIFECYCLES = (REPORT,)
