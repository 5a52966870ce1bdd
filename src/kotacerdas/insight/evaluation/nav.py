"""The evaluation's place in the desk's navigation."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.navigation import NavEntry
from kotacerdas.insight.evaluation.permissions import VIEW

NAV = (
    NavEntry(
        label=_("Scores"),
        icon="gauge",
        url_name="evaluation:home",
        section=_("Evaluation"),
        order=60,
        permissions=(VIEW,),
        primary=True,
    ),
)
