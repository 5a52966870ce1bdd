"""The life of a difference: the operator is asked, answers, and somebody decides."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.cases.kinds import ESCALATION, INSIDE, LEAD, OTHER, NoteKind
from kotacerdas.foundation.cases.lifecycle import SYSTEM, Clock, End, Lifecycle, State, Step
from kotacerdas.foundation.cases.queries import involved
from kotacerdas.programs.gopal.permissions import JUDGE, VIEW, WORK

KIND = "gopal.difference"
EXPLAIN = "gopal.explain"
EXPLANATION = NoteKind(name="explanation", label=_("Explanation"), icon="message-square", speaker="inside")
DECISIONS = {
    "accepted": _("Accepted: the sensor or meter was wrong"),
    "coached": _("The operator is coached"),
    "forwarded": _("Passed on to the environment agency"),
}


def _ends(*_given: Any) -> End:
    return End()


def _explain(*_given: Any) -> str:
    return EXPLAIN


DIFFERENCE = Lifecycle(
    kind=KIND,
    label=_("Difference of sludge"),
    initial="asked",
    states=(
        State("asked", _("Operator is asked"), "warn", "message-circle-question-mark"),
        State("unheard", _("Not explained in time"), "warn", "clock"),
        State("answered", _("Explained"), "info", "message-square"),
        State("settled", _("Settled"), "good", "circle-check", is_closed=True),
    ),
    steps=(
        Step(
            "answer",
            {"asked", "unheard"},
            "answered",
            WORK,
            label=_("Explain"),
            done=_("explained"),
            needs=("body",),
        ),
        Step(
            "told",
            {"asked", "unheard"},
            "answered",
            JUDGE,
            label=_("Ask the operator"),
            done=_("wrote down what the operator said"),
            needs=("body",),
            key="t",
            icon="phone",
        ),
        Step(
            "pass",
            {"asked"},
            "unheard",
            SYSTEM,
            label=_("The time to explain is over"),
            done=_("the time to explain is over"),
            icon="clock",
        ),
        Step(
            "settle",
            {"unheard", "answered"},
            "settled",
            JUDGE,
            label=_("Decide"),
            done=_("decided"),
            needs=("decision",),
            ends=_ends,
            key="p",
        ),
        Step(
            "even",
            {"asked", "unheard", "answered"},
            "settled",
            SYSTEM,
            label=_("The sums agree"),
            done=_("the sums agree after all: a load came late"),
            ends=_ends,
            icon="check",
        ),
        Step(
            "figures",
            {"asked", "unheard", "answered"},
            None,
            SYSTEM,
            label=_("Figures added"),
            done=_("figures of meter or sensor were added"),
            icon="scale",
        ),
        Step(
            "note",
            {"asked", "unheard", "answered"},
            None,
            VIEW,
            label=_("Inside note"),
            done=_("wrote a note"),
        ),
    ),
    clocks=(
        Clock(
            "explain",
            _("To be explained"),
            _explain,
            {EXPLAIN},
            LEAD.name,
            starts={"receive"},
            keeps={"answer", "told"},
            lapses={"pass"},
            expires="pass",
            voids={"even"},
        ),
    ),
    codes=lambda case: {"cause": case.sludge_difference.cause} if hasattr(case, "sludge_difference") else {},
    title=lambda _code: str(_("Difference of sludge")),
    visible=lambda grants: involved(grants.scope(VIEW)) | involved(grants.scope(WORK)),
    url_name="gopal:differences:case",
    roles=(LEAD, ESCALATION),
    notes=(INSIDE, EXPLANATION),
    moments=(OTHER,),
)
