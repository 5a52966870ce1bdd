"""The life of a recommendation: given at the end of a round, reported by its agency, accepted by the team."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.cases.lifecycle import Clock, Lifecycle, State, Step
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.cases.queries import involved
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.insight.evaluation.permissions import FILL, RUN, VIEW

KIND = "evaluation.recommendation"
OPEN, REPORTED, DONE = "open", "reported", "done"


def _codes(case: Case) -> Mapping[str, Any]:
    item = case.recommendation.item
    return {"round": item.round.slug, "measure": item.measure.code, "dimension": item.dimension.code}


def _visible(grants: Grants) -> Q:
    if grants.may(VIEW):
        return Q()
    scope = grants.scope(FILL)
    return involved(scope) if scope else Q(pk__in=())


RECOMMENDATION = Lifecycle(
    kind=KIND,
    label=_("Recommendation"),
    initial=OPEN,
    states=(
        State(name=OPEN, label=_("Open"), tone="laut", icon="circle-dashed"),
        State(name=REPORTED, label=_("Reported"), tone="kunyit", icon="hourglass"),
        State(name=DONE, label=_("Carried out"), tone="padi", icon="circle-check", is_closed=True),
    ),
    steps=(
        Step(
            name="report",
            sources=frozenset({OPEN}),
            target=REPORTED,
            by=FILL,
            needs=("report",),
            label=_("Report as carried out"),
            done=_("Reported; the programme team looks at it."),
            icon="check",
        ),
        Step(
            name="accept",
            sources=frozenset({REPORTED}),
            target=DONE,
            by=RUN,
            label=_("Accept"),
            done=_("Accepted."),
            icon="circle-check",
        ),
        Step(
            name="send_back",
            sources=frozenset({REPORTED}),
            target=OPEN,
            by=RUN,
            label=_("Send back"),
            done=_("Sent back to the agency."),
            icon="undo-2",
        ),
    ),
    clocks=(
        Clock(
            name="recommendation",
            label=_("carry out"),
            policy=lambda case, given: KIND,
            policies=frozenset({KIND}),
            role="lead",
            starts=frozenset({"receive"}),
            keeps=frozenset({"report"}),
            reopens=frozenset({"send_back"}),
        ),
    ),
    codes=_codes,
    title=str,
    visible=_visible,
    url_name="evaluation:recommendation",
)

LIFECYCLES = (RECOMMENDATION,)
POLICIES = ("evaluation.assess", "evaluation.verify", "evaluation.correct")  # deadlines of a round's items
