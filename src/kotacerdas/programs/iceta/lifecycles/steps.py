"""Steps of a report: from where to where, by whom, and what each needs."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.cases.lifecycle import PARTY, SYSTEM, Step
from kotacerdas.programs.iceta.lifecycles import parts
from kotacerdas.programs.iceta.lifecycles.states import AT_WORK, UNDECIDED, S
from kotacerdas.programs.iceta.permissions import ASSIGN, TAKE_CALL, VERIFY, VIEW, WORK

# What a step is called, what the timeline says of it, its icon, and its key at the desk.
_WORDS: dict[str, tuple[Any, ...]] = {
    "verify": (_("Verify and assign"), _("verified and assigned it"), "shield-check", "v"),
    "dispatch": (_("Assign from the desk"), _("verified and assigned it at the desk"), "send"),
    "assign": (_("Assign again"), _("assigned it again"), "send", "v"),
    "merge": (_("Merge"), _("merged it into another report"), "git-merge", "g"),
    "postpone": (_("Postpone"), _("postponed it"), "hourglass", "t"),
    "take_up": (_("Take up again"), _("took it up again"), "play"),
    "not_ours": (_("Not our authority"), _("found it not within our authority"), "corner-up-right", "b"),
    "archive": (_("Archive"), _("archived it"), "archive", "a"),
    "prank": (_("Mark as prank"), _("marked it as a prank"), "flag"),
    "accept": (_("Accept"), _("accepted the assignment"), "check", "m"),
    "on_scene": (_("On scene"), _("arrived on scene"), "map-pin-check", "l"),
    "hand": (_("Hand to a post"), _("handed it to a post"), "user-round-check", "p"),
    "support": (_("Ask another agency for support"), _("asked for support"), "users", "d"),
    "support_at_verification": (_("Add a supporting agency"), _("asked for support"), "users"),
    "support_at_desk": (_("Add a supporting agency"), _("asked for support"), "users"),
    "support_note": (
        _("Answer as supporting agency"),
        _("answered as supporting agency"),
        "message-square",
        "n",
    ),
    "note": (_("Inside note"), _("wrote an inside note"), "lock"),
    "reply": (_("Reply to reporter"), _("replied to the reporter"), "send"),
    "ask": (_("Ask the reporter"), _("asked the reporter"), "message-circle-question-mark", "t"),
    "answer": (_("Answer"), _("answered"), "message-circle"),
    "carry_on": (_("Carry on"), _("carried on without an answer"), "play", "l"),
    "return": (_("Return to verifier"), _("returned it to the verifier"), "undo-2", "b"),
    "resolve": (_("Resolve"), _("resolved it"), "circle-check", "s"),
    "rate": (_("Rate and close"), _("is satisfied"), "smile"),
    "rate_low": (_("Rate"), _("is not satisfied"), "frown"),
    "rate_along": (_("Rate"), _("rated it as another reporter"), "smile"),
    "reopen": (_("Reopen"), _("reopened it"), "rotate-ccw"),
    "expire": (_("Close by itself"), _("closed by itself"), "lock"),
    "join": (_("Join this report"), _("joined this report"), "users"),
}


def _step(name: str, sources: Set[str], target: str | None, by: str, **more: Any) -> Step:
    label, done, icon, *key = _WORDS[name]
    return Step(name, sources, target, by, label=label, done=done, icon=icon, key="".join(key), **more)


# From where, to where (None: it stays), by whom.
STEPS = (
    _step(
        "verify",
        {S.RECEIVED, S.POSTPONED},
        S.ASSIGNED,
        VERIFY,
        roles=("verify",),
        needs=("agency", "report_class"),
        gives=parts.to_lead,
        ends=parts.verifying,
        dot="padi",
    ),
    _step(
        "dispatch",
        {S.RECEIVED},
        S.ASSIGNED,
        TAKE_CALL,
        roles=("verify", "lead"),
        needs=("agency",),
        gives=parts.to_lead,
        ends=parts.desk_done,
        dot="padi",
    ),
    _step(
        "assign",
        {S.RETURNED},
        S.ASSIGNED,
        VERIFY,
        roles=("verify",),
        needs=("agency", "report_class"),
        gives=parts.to_lead,
        ends=parts.verifying,
        dot="padi",
    ),
    _step("merge", UNDECIDED, S.MERGED, VERIFY, roles=("verify",), needs=("into",), ends=parts.everybody),
    _step("postpone", {S.RECEIVED}, S.POSTPONED, VERIFY, roles=("verify",), needs=("until", "reason")),
    _step("take_up", {S.POSTPONED}, S.RECEIVED, SYSTEM),
    _step(
        "not_ours", UNDECIDED, S.NOT_OURS, VERIFY, roles=("verify",), needs=("reason",), ends=parts.everybody
    ),
    _step(
        "archive", UNDECIDED, S.ARCHIVED, VERIFY, roles=("verify",), needs=("reason",), ends=parts.everybody
    ),
    _step(
        "prank",
        UNDECIDED | AT_WORK,
        S.PRANK,
        VERIFY,
        roles=("verify", "lead"),
        ends=parts.everybody,
        tone="bad",
    ),
    _step("accept", {S.ASSIGNED}, S.IN_PROGRESS, WORK),
    _step("on_scene", {S.ASSIGNED, S.IN_PROGRESS}, S.IN_PROGRESS, WORK),
    _step("hand", AT_WORK, None, ASSIGN, needs=("position",)),
    _step("support", AT_WORK, None, WORK, needs=("agency",), gives=parts.to_support),
    _step(
        "support_at_verification",
        {S.ASSIGNED},
        None,
        VERIFY,
        roles=("verify", "lead"),
        needs=("agency",),
        gives=parts.to_support,
    ),
    _step(
        "support_at_desk",
        {S.ASSIGNED},
        None,
        TAKE_CALL,
        roles=("verify", "lead"),
        needs=("agency",),
        gives=parts.to_support,
        ends=parts.desk_done,
    ),
    _step("support_note", AT_WORK, None, WORK, roles=("support",), needs=("body",)),
    _step(
        "note",
        UNDECIDED | AT_WORK | {S.RESOLVED},
        None,
        VIEW,
        roles=("lead", "support", "verify", "escalation"),
        needs=("body",),
    ),
    _step("reply", {S.ASSIGNED, S.IN_PROGRESS}, S.IN_PROGRESS, WORK, needs=("body",)),
    _step("ask", {S.ASSIGNED, S.IN_PROGRESS}, S.WAITING, WORK, needs=("body",)),
    _step("answer", {S.WAITING}, S.IN_PROGRESS, PARTY, needs=("body",)),
    _step("carry_on", {S.WAITING}, S.IN_PROGRESS, WORK),
    _step(
        "return", AT_WORK, S.RETURNED, WORK, needs=("reason",), gives=parts.to_verifier, ends=parts.working
    ),
    _step("resolve", AT_WORK, S.RESOLVED, WORK, needs=("body",), ends=parts.helping, dot="padi"),
    _step("rate", {S.RESOLVED}, S.CLOSED, PARTY, needs=("rating",), ends=parts.everybody),
    _step("rate_low", {S.RESOLVED}, None, PARTY, needs=("rating",)),
    _step("rate_along", {S.RESOLVED, S.CLOSED}, None, PARTY, needs=("rating",)),
    _step("reopen", {S.RESOLVED, S.CLOSED}, S.IN_PROGRESS, PARTY, needs=("body",)),
    _step("expire", {S.WAITING, S.RESOLVED}, S.CLOSED, SYSTEM, ends=parts.everybody),
    _step("join", UNDECIDED | AT_WORK, None, PARTY),
)
