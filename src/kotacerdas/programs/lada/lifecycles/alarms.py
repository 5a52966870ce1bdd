"""The life of an alarm: a good has left its fence; somebody looks, and says what it was."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.cases.kinds import ESCALATION, INSIDE, LEAD, OTHER, NoteKind
from kotacerdas.foundation.cases.lifecycle import SYSTEM, Clock, End, Lifecycle, State, Step
from kotacerdas.foundation.cases.queries import involved
from kotacerdas.programs.lada.permissions import TRACK, VIEW

TITLES = {"outside": _("Goods outside their fence"), "moving": _("Goods that move outside their hours")}
KIND = "lada.alarm"
LOOK = "lada.look"
ANSWER = NoteKind(name="answer", label=_("Explanation"), icon="message-square", speaker="inside")


def _ends(*_given: Any) -> End:
    return End()


def _look(*_given: Any) -> str:
    return LOOK


ALARM = Lifecycle(
    kind=KIND,
    label=_("Goods outside their fence"),
    initial="open",
    states=(
        State("open", _("To be looked at"), "warn", "circle-alert"),
        State("seen", _("Being looked at"), "info", "eye"),
        State("settled", _("Explained"), "good", "circle-check", is_closed=True),
    ),
    steps=(
        Step("look", {"open"}, "seen", TRACK, label=_("I look at it"), done=_("looks at it"), key="l"),
        Step(
            "settle",
            {"open", "seen"},
            "settled",
            TRACK,
            label=_("Explain"),
            done=_("explained it"),
            needs=("body",),
            ends=_ends,
            key="t",
            icon="check",
        ),
        Step(
            "told",
            {"open", "seen"},
            "seen",
            TRACK,
            label=_("Ask who has it"),
            done=_("wrote down what was said"),
            needs=("body",),
            icon="phone",
        ),
        Step(
            "back",
            {"open", "seen"},
            None,
            SYSTEM,
            label=_("Seen well again"),
            done=_("it was seen where it may be, and at rest"),
            icon="undo-2",
        ),
        Step("note", {"open", "seen"}, None, VIEW, label=_("Inside note"), done=_("wrote a note")),
    ),
    clocks=(
        Clock(
            "look",
            _("To be looked at"),
            _look,
            {LOOK},
            LEAD.name,
            starts={"receive"},
            keeps={"look", "told", "settle"},
        ),
    ),
    codes=lambda case: {"cause": case.asset_alarm.cause} if hasattr(case, "asset_alarm") else {},
    title=lambda code: str(TITLES.get(code, TITLES["outside"])),
    visible=lambda grants: involved(grants.scope(VIEW)),
    url_name="lada:alarms:case",
    roles=(LEAD, ESCALATION),
    notes=(INSIDE, ANSWER),
    moments=(OTHER,),
)
