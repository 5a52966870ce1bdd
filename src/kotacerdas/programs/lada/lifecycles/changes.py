"""The life of a change to the ledger: proposed by one, approved by another, received by whom a good is transferred to."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.cases.kinds import ESCALATION, INSIDE, LEAD, OTHER, NoteKind, Role
from kotacerdas.foundation.cases.lifecycle import Clock, End, Give, Lifecycle, State, Step
from kotacerdas.foundation.cases.queries import involved
from kotacerdas.programs.lada.permissions import ACCEPT, APPROVE, VIEW
from kotacerdas.programs.lada.permissions import CHANGE as PROPOSE

KIND = "lada.change"
APPROVAL, RECEIPT = "lada.approve", "lada.receive"
RECEIVER = Role(name="receiver", label=_("Receiver"), tone="laut")
WHY = NoteKind(name="why", label=_("Reason"), icon="circle-alert", speaker="inside")
TITLES = {
    "acquire": _("New goods"),
    "opening": _("Goods with opening balances"),
    "transfer": _("Transfer"),
    "move": _("Another room"),
    "hand_over": _("Handed over into custody"),
    "hand_back": _("Handed back"),
    "exploit": _("Exploited"),
    "exploit_end": _("End of exploitation"),
    "condition": _("Condition"),
    "maintain": _("Maintenance"),
    "capitalise": _("Capitalised"),
    "reclassify": _("Another goods code"),
    "correct": _("Corrected"),
    "certify": _("Certified"),
    "split": _("Split"),
    "dispose": _("Disposed of"),
    "reverse": _("Taken back"),
}
ACTS = {  # what a page asks for; TITLES say what is done then
    "acquire": _("Record a good"),
    "transfer": _("Transfer to another agency"),
    "move": _("Move to another room"),
    "hand_over": _("Hand over into custody"),
    "hand_back": _("Take back from custody"),
    "exploit": _("Give out for exploitation"),
    "exploit_end": _("End the exploitation"),
    "condition": _("Change the condition"),
    "maintain": _("Write down a maintenance"),
    "capitalise": _("Add a cost to its value"),
    "reclassify": _("Give it another goods code"),
    "correct": _("Correct what is written"),
    "certify": _("Write down its certificate"),
    "split": _("Split off a part"),
    "dispose": _("Dispose of it"),
    "reverse": _("Take back the latest event"),
}


def _ends(*_given: Any) -> End:
    return End()


def _to(_case: Any, given: Any) -> list[Give]:
    return [Give(role=RECEIVER.name, agency=given["to_agency"])]


def _approval(*_given: Any) -> str:
    return APPROVAL


def _receipt(*_given: Any) -> str:
    return RECEIPT


def _codes(case: Any) -> dict[str, str]:
    return {"change": case.asset_change.kind} if hasattr(case, "asset_change") else {}


CHANGE = Lifecycle(
    kind=KIND,
    label=_("Change to the books of goods"),
    initial="proposed",
    states=(
        State("proposed", _("Proposed"), "new", "pencil"),
        State("offered", _("Proposed to another agency"), "new", "pencil"),
        State("approved", _("Waits for the receiver"), "info", "clock"),
        State("done", _("In the ledger"), "good", "circle-check", is_closed=True),
        State("refused", _("Refused"), "warn", "ban", is_closed=True),
        State("declined", _("Not accepted"), "warn", "ban", is_closed=True),
        State("withdrawn", _("Withdrawn"), "quiet", "undo-2", is_closed=True),
    ),
    steps=(
        Step(
            "offer",
            {"proposed"},
            "offered",
            PROPOSE,
            label=_("To another agency"),
            done=_("proposed it to another agency"),
        ),
        Step(
            "approve",
            {"proposed"},
            "done",
            APPROVE,
            label=_("Approve"),
            done=_("approved it"),
            ends=_ends,
            icon="check",
            key="p",
        ),
        Step(
            "send",
            {"offered"},
            "approved",
            APPROVE,
            label=_("Approve, and ask the receiver"),
            done=_("approved it and asked the receiver"),
            needs=("to_agency",),
            gives=_to,
            icon="check",
        ),
        Step(
            "accept",
            {"approved"},
            "done",
            ACCEPT,
            label=_("Accept"),
            done=_("accepted it"),
            roles=(RECEIVER.name,),
            ends=_ends,
            icon="check",
        ),
        Step(
            "decline",
            {"approved"},
            "declined",
            ACCEPT,
            label=_("Do not accept"),
            done=_("did not accept it"),
            roles=(RECEIVER.name,),
            needs=("body",),
            ends=_ends,
            icon="ban",
        ),
        Step(
            "refuse",
            {"proposed", "offered"},
            "refused",
            APPROVE,
            label=_("Refuse"),
            done=_("refused it"),
            needs=("body",),
            ends=_ends,
            icon="ban",
        ),
        Step(
            "withdraw",
            {"proposed", "offered"},
            "withdrawn",
            PROPOSE,
            label=_("Withdraw"),
            done=_("withdrew it"),
            ends=_ends,
            icon="undo-2",
        ),
        Step(
            "note",
            {"proposed", "offered", "approved"},
            None,
            VIEW,
            label=_("Inside note"),
            done=_("wrote a note"),
        ),
    ),
    clocks=(
        Clock(
            "approve",
            _("To be approved"),
            _approval,
            {APPROVAL},
            LEAD.name,
            starts={"receive"},
            keeps={"approve", "send", "refuse"},
            voids={"withdraw"},
        ),
        Clock(
            "receive",
            _("To be received"),
            _receipt,
            {RECEIPT},
            RECEIVER.name,
            starts={"send"},
            keeps={"accept", "decline"},
        ),
    ),
    codes=_codes,
    title=lambda code: str(TITLES.get(code, _("Change to the books of goods"))),
    visible=lambda grants: involved(grants.scope(VIEW)),
    url_name="lada:changes:case",
    roles=(LEAD, RECEIVER, ESCALATION),
    notes=(INSIDE, WHY),
    moments=(OTHER,),
)
