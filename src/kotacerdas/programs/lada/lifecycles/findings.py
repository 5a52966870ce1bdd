"""The life of a stocktake's finding: somebody is asked, and somebody says what comes of it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.cases.kinds import ESCALATION, INSIDE, LEAD, OTHER, NoteKind
from kotacerdas.foundation.cases.lifecycle import Clock, End, Lifecycle, State, Step
from kotacerdas.foundation.cases.queries import involved
from kotacerdas.programs.lada.permissions import LEAD as LEAD_STOCKTAKE
from kotacerdas.programs.lada.permissions import VIEW
from kotacerdas.programs.lada.stocktake.classes import CLASSES

KIND = "lada.finding"
FOLLOW = "lada.follow"
ANSWER = NoteKind(name="answer", label=_("Explanation"), icon="message-square", speaker="inside")
OUTCOMES = {
    "found": _("Found after all"),
    "returned": _("Called back from whoever used it"),
    "moved": _("Recorded in its new room"),
    "changed": _("Corrected in the books"),
    "recorded": _("Recorded as new goods"),
    "disposal": _("Proposed for disposal"),
    "claim": _("Handed on as a claim for damages (TGR)"),
    "nothing": _("Nothing to be done"),
}


def _ends(*_given: Any) -> End:
    return End()


def _follow(*_given: Any) -> str:
    return FOLLOW


def _codes(case: Any) -> dict[str, str]:
    """Of which stocktake, and its gravest class."""
    if not hasattr(case, "asset_finding"):
        return {}
    return {"session": case.asset_finding.session.number, "class": case.asset_finding.classes[0]}


FINDING = Lifecycle(
    kind=KIND,
    label=_("Finding of a stocktake"),
    initial="open",
    states=(
        State("open", _("To be followed up"), "warn", "flag"),
        State("answered", _("Explained"), "info", "message-square"),
        State("settled", _("Settled"), "good", "circle-check", is_closed=True),
    ),
    steps=(
        Step(
            "answer",
            {"open", "answered"},
            "answered",
            VIEW,
            label=_("Explain"),
            done=_("explained"),
            needs=("body",),
            icon="message-square",
        ),
        Step(
            "settle",
            {"open", "answered"},
            "settled",
            LEAD_STOCKTAKE,
            label=_("Settle it"),
            done=_("settled it"),
            needs=("outcome",),
            ends=_ends,
            key="t",
            icon="check",
        ),
        Step("note", {"open", "answered"}, None, VIEW, label=_("Inside note"), done=_("wrote a note")),
    ),
    clocks=(
        Clock(
            "follow",
            _("To be followed up"),
            _follow,
            {FOLLOW},
            LEAD.name,
            starts={"receive"},
            keeps={"settle"},
        ),
    ),
    codes=_codes,
    title=lambda code: str(CLASSES[code].label if code in CLASSES else _("Finding of a stocktake")),
    visible=lambda grants: involved(grants.scope(VIEW)),
    url_name="lada:findings:case",
    roles=(LEAD, ESCALATION),
    notes=(INSIDE, ANSWER),
    moments=(OTHER,),
)
