"""The evaluation's places in the desk's navigation."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.navigation import NavEntry
from kotacerdas.insight.evaluation.permissions import FILL, SCORE, SURVEY, VIEW
from kotacerdas.insight.evaluation.rounds.queries import waiting_for

_SECTION = _("Evaluation")

NAV = (
    NavEntry(
        label=_("Scores"),
        icon="gauge",
        url_name="evaluation:home",
        section=_SECTION,
        order=60,
        permissions=(VIEW,),
        primary=True,
    ),
    NavEntry(
        label=_("Rounds"),
        icon="list-checks",
        url_name="evaluation:rounds",
        section=_SECTION,
        order=61,
        permissions=(VIEW, FILL, SCORE),
        count=waiting_for,
    ),
    NavEntry(
        label=_("Follow-up"),
        icon="flag",
        url_name="evaluation:recommendations",
        section=_SECTION,
        order=62,
        permissions=(VIEW, FILL),
    ),
    NavEntry(
        label=_("Master plan"),
        icon="target",
        url_name="evaluation:plan",
        section=_SECTION,
        order=63,
        permissions=(VIEW,),
    ),
    NavEntry(
        label=_("Budgets"),
        icon="wallet",
        url_name="evaluation:budgets",
        section=_SECTION,
        order=64,
        permissions=(VIEW,),
    ),
    NavEntry(
        label=_("Citizens' survey"),
        icon="message-square-text",
        url_name="evaluation:surveys",
        section=_SECTION,
        order=65,
        permissions=(VIEW, SURVEY),
    ),
)
