"""The life of a report, as one table one can read aloud. Rules: rules.md "Clocks", SP4N-LAPOR!."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.cases.lifecycle import REPORTER, SYSTEM, Clock, Lifecycle, State, Step
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.cases.queries import involved
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.programs.iceta.permissions import ASSIGN, OVERSEE, TAKE_CALL, VERIFY, VIEW, WORK

KIND = "iceta.report"


class S:
    """State names, stored as they are."""

    RECEIVED = "received"
    POSTPONED = "postponed"
    RETURNED = "returned"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    RESOLVED = "resolved"
    CLOSED = "closed"
    NOT_OURS = "not_ours"
    ARCHIVED = "archived"
    MERGED = "merged"
    PRANK = "prank"


UNDECIDED = frozenset({S.RECEIVED, S.POSTPONED, S.RETURNED})
AT_WORK = frozenset({S.ASSIGNED, S.IN_PROGRESS, S.WAITING})
GIVEN = frozenset({"verify", "dispatch"})

STATES = (
    State(
        name=S.RECEIVED,
        label=_("Not verified yet"),
        tone="new",
        icon="circle-dashed",
        public_label=_("Received"),
    ),
    State(name=S.POSTPONED, label=_("Postponed"), tone="warn", icon="clock"),
    State(
        name=S.RETURNED,
        label=_("Returned to verifier"),
        tone="warn",
        icon="undo-2",
        public_label=_("Being assigned"),
    ),
    State(name=S.ASSIGNED, label=_("Assigned"), tone="info", icon="inbox"),
    State(name=S.IN_PROGRESS, label=_("In progress"), tone="info", icon="loader"),
    State(
        name=S.WAITING,
        label=_("Awaiting reporter"),
        tone="warn",
        icon="hourglass",
        public_label=_("Awaiting your answer"),
    ),
    State(name=S.RESOLVED, label=_("Resolved"), tone="good", icon="circle-check"),
    State(name=S.CLOSED, label=_("Closed"), tone="quiet", icon="lock", is_closed=True),
    State(
        name=S.NOT_OURS, label=_("Not our authority"), tone="quiet", icon="corner-up-right", is_closed=True
    ),
    State(name=S.ARCHIVED, label=_("Archived"), tone="quiet", icon="archive", is_closed=True),
    State(name=S.MERGED, label=_("Merged"), tone="quiet", icon="git-merge", is_closed=True),
    State(name=S.PRANK, label=_("Prank"), tone="bad", icon="flag", is_closed=True),
)

STEPS = (
    Step(
        name="verify",
        sources=frozenset({S.RECEIVED, S.POSTPONED}),
        target=S.ASSIGNED,
        by=VERIFY,
        roles=("verify",),
        needs=("agency", "report_class"),
        label=_("Verify and assign"),
        done=_("verified and assigned it"),
        key="v",
        icon="shield-check",
    ),
    Step(
        name="dispatch",
        sources=frozenset({S.RECEIVED}),
        target=S.ASSIGNED,
        by=TAKE_CALL,
        roles=("verify", "lead"),
        needs=("agency",),
        label=_("Assign from the desk"),
        done=_("verified and assigned it at the desk"),
        icon="send",
    ),
    Step(
        name="assign",
        sources=frozenset({S.RETURNED}),
        target=S.ASSIGNED,
        by=VERIFY,
        roles=("verify",),
        needs=("agency", "report_class"),
        label=_("Assign again"),
        done=_("assigned it again"),
        key="v",
        icon="send",
    ),
    Step(
        name="merge",
        sources=UNDECIDED,
        target=S.MERGED,
        by=VERIFY,
        roles=("verify",),
        needs=("into",),
        label=_("Merge"),
        done=_("merged it into another report"),
        key="g",
        icon="git-merge",
    ),
    Step(
        name="postpone",
        sources=frozenset({S.RECEIVED}),
        target=S.POSTPONED,
        by=VERIFY,
        roles=("verify",),
        needs=("until", "reason"),
        label=_("Postpone"),
        done=_("postponed it"),
        key="t",
        icon="hourglass",
    ),
    Step(
        name="take_up",
        sources=frozenset({S.POSTPONED}),
        target=S.RECEIVED,
        by=SYSTEM,
        label=_("Take up again"),
        done=_("took it up again"),
        icon="play",
    ),
    Step(
        name="not_ours",
        sources=UNDECIDED,
        target=S.NOT_OURS,
        by=VERIFY,
        roles=("verify",),
        needs=("reason",),
        label=_("Not our authority"),
        done=_("found it not within our authority"),
        key="b",
        icon="corner-up-right",
    ),
    Step(
        name="archive",
        sources=UNDECIDED,
        target=S.ARCHIVED,
        by=VERIFY,
        roles=("verify",),
        needs=("reason",),
        label=_("Archive"),
        done=_("archived it"),
        key="a",
        icon="archive",
    ),
    Step(
        name="prank",
        sources=UNDECIDED | AT_WORK,
        target=S.PRANK,
        by=VERIFY,
        roles=("verify", "lead"),
        label=_("Mark as prank"),
        done=_("marked it as a prank"),
        icon="flag",
        tone="bad",
    ),
    Step(
        name="accept",
        sources=frozenset({S.ASSIGNED}),
        target=S.IN_PROGRESS,
        by=WORK,
        label=_("Accept"),
        done=_("accepted the assignment"),
        key="m",
        icon="check",
    ),
    Step(
        name="on_scene",
        sources=frozenset({S.ASSIGNED, S.IN_PROGRESS}),
        target=S.IN_PROGRESS,
        by=WORK,
        label=_("On scene"),
        done=_("arrived on scene"),
        key="l",
        icon="map-pin-check",
    ),
    Step(
        name="hand",
        sources=AT_WORK,
        target=None,
        by=ASSIGN,
        needs=("position",),
        label=_("Hand to a post"),
        done=_("handed it to a post"),
        key="p",
        icon="user-round-check",
    ),
    Step(
        name="support",
        sources=AT_WORK,
        target=None,
        by=WORK,
        needs=("agency",),
        label=_("Ask another agency for support"),
        done=_("asked for support"),
        key="d",
        icon="users",
    ),
    Step(
        name="support_at_verification",
        sources=frozenset({S.ASSIGNED}),
        target=None,
        by=VERIFY,
        roles=("verify", "lead"),
        needs=("agency",),
        label=_("Add a supporting agency"),
        done=_("asked for support"),
        icon="users",
    ),
    Step(
        name="support_at_desk",
        sources=frozenset({S.ASSIGNED}),
        target=None,
        by=TAKE_CALL,
        roles=("verify", "lead"),
        needs=("agency",),
        label=_("Add a supporting agency"),
        done=_("asked for support"),
        icon="users",
    ),
    Step(
        name="support_note",
        sources=AT_WORK,
        target=None,
        by=WORK,
        roles=("support",),
        needs=("body",),
        label=_("Answer as supporting agency"),
        done=_("answered as supporting agency"),
        icon="message-square",
    ),
    Step(
        name="note",
        sources=UNDECIDED | AT_WORK | {S.RESOLVED},
        target=None,
        by=VIEW,
        roles=("lead", "support", "verify", "escalation"),
        needs=("body",),
        label=_("Inside note"),
        done=_("wrote an inside note"),
        icon="lock",
    ),
    Step(
        name="reply",
        sources=frozenset({S.ASSIGNED, S.IN_PROGRESS}),
        target=S.IN_PROGRESS,
        by=WORK,
        needs=("body",),
        label=_("Reply to reporter"),
        done=_("replied to the reporter"),
        icon="send",
    ),
    Step(
        name="ask",
        sources=frozenset({S.ASSIGNED, S.IN_PROGRESS}),
        target=S.WAITING,
        by=WORK,
        needs=("body",),
        label=_("Ask the reporter"),
        done=_("asked the reporter"),
        key="t",
        icon="message-circle-question-mark",
    ),
    Step(
        name="answer",
        sources=frozenset({S.WAITING}),
        target=S.IN_PROGRESS,
        by=REPORTER,
        needs=("body",),
        label=_("Answer"),
        done=_("answered"),
        icon="message-circle",
    ),
    Step(
        name="carry_on",
        sources=frozenset({S.WAITING}),
        target=S.IN_PROGRESS,
        by=WORK,
        label=_("Carry on"),
        done=_("carried on without an answer"),
        key="l",
        icon="play",
    ),
    Step(
        name="return",
        sources=AT_WORK,
        target=S.RETURNED,
        by=WORK,
        needs=("reason",),
        label=_("Return to verifier"),
        done=_("returned it to the verifier"),
        key="b",
        icon="undo-2",
    ),
    Step(
        name="resolve",
        sources=AT_WORK,
        target=S.RESOLVED,
        by=WORK,
        needs=("body",),
        label=_("Resolve"),
        done=_("resolved it"),
        key="s",
        icon="circle-check",
    ),
    Step(
        name="rate",
        sources=frozenset({S.RESOLVED}),
        target=S.CLOSED,
        by=REPORTER,
        needs=("rating",),
        label=_("Rate and close"),
        done=_("is satisfied"),
        icon="smile",
    ),
    Step(
        name="rate_low",
        sources=frozenset({S.RESOLVED}),
        target=None,
        by=REPORTER,
        needs=("rating",),
        label=_("Rate"),
        done=_("is not satisfied"),
        icon="frown",
    ),
    Step(
        name="reopen",
        sources=frozenset({S.RESOLVED, S.CLOSED}),
        target=S.IN_PROGRESS,
        by=REPORTER,
        needs=("body",),
        label=_("Reopen"),
        done=_("reopened it"),
        icon="rotate-ccw",
    ),
    Step(
        name="expire",
        sources=frozenset({S.WAITING, S.RESOLVED}),
        target=S.CLOSED,
        by=SYSTEM,
        label=_("Close by itself"),
        done=_("closed by itself"),
        icon="lock",
    ),
    Step(
        name="join",
        sources=UNDECIDED | AT_WORK,
        target=None,
        by=REPORTER,
        label=_("Join this report"),
        done=_("joined this report"),
        icon="users",
    ),
)


def _emergency(case: Case) -> bool:
    return case.priority == "emergency"


def _verify(case: Case, given: Mapping[str, Any]) -> str | None:
    return None if _emergency(case) or given.get("at_desk") else "sp4n.verify"


def _respond(case: Case, given: Mapping[str, Any]) -> str | None:
    if _emergency(case):
        return None
    return "urgent.respond" if case.priority == "urgent" else "sp4n.respond"


def _resolve(case: Case, given: Mapping[str, Any]) -> str | None:
    report = case.report
    if _emergency(case) or report.report_class == "aspiration":
        return None
    if case.priority == "urgent":
        return "urgent.resolve"
    kind = "oversight" if report.is_oversight else report.report_class
    return f"sp4n.resolve.{kind}"


def _support(case: Case, given: Mapping[str, Any]) -> str | None:
    return None if _emergency(case) else "support.respond"


def _reassign(case: Case, given: Mapping[str, Any]) -> str | None:
    return None if _emergency(case) else "reassign"


def _handover(case: Case, given: Mapping[str, Any]) -> str | None:
    return "emergency.handover" if _emergency(case) else None


def _arrive(case: Case, given: Mapping[str, Any]) -> str | None:
    if not _emergency(case):
        return None
    return "emergency.arrive.fire" if case.report.category.group == "fire" else "emergency.arrive"


def _reply(case: Case, given: Mapping[str, Any]) -> str | None:
    return "sp4n.reply"


ENDS_ALL = frozenset({"merge", "prank", "not_ours", "return"})

CLOCKS = (
    Clock(
        name="verify",
        label=_("Verification"),
        policy=_verify,
        role="verify",
        starts=frozenset({"receive"}),
        keeps=GIVEN | {"archive", "not_ours"},
        voids=frozenset({"merge", "prank"}),
        pauses_in=frozenset({S.POSTPONED}),
    ),
    Clock(
        name="respond",
        label=_("First answer"),
        policy=_respond,
        role="lead",
        starts=GIVEN | {"assign", "reopen"},
        keeps=frozenset({"reply", "ask", "resolve"}),
        voids=ENDS_ALL,
    ),
    Clock(
        name="resolve",
        label=_("Resolution"),
        policy=_resolve,
        role="lead",
        starts=GIVEN | {"assign"},
        keeps=frozenset({"resolve"}),
        voids=ENDS_ALL | {"expire"},
        reopens=frozenset({"reopen"}),
        pauses_in=frozenset({S.WAITING}),
    ),
    Clock(
        name="support",
        label=_("Supporting agency's answer"),
        policy=_support,
        role="support",
        starts=frozenset({"support", "support_at_verification", "support_at_desk"}),
        keeps=frozenset({"support_note"}),
        voids=ENDS_ALL | {"resolve", "expire"},
        on_assignment=True,
    ),
    Clock(
        name="reassign",
        label=_("Assignment after return"),
        policy=_reassign,
        role="verify",
        starts=frozenset({"return"}),
        keeps=frozenset({"assign", "archive", "not_ours"}),
        voids=frozenset({"merge", "prank"}),
    ),
    Clock(
        name="handover",
        label=_("Handover to the agency"),
        policy=_handover,
        role="verify+lead",
        starts=frozenset({"receive"}),
        keeps=frozenset({"accept", "on_scene", "reply", "ask", "resolve"}),
        voids=ENDS_ALL | {"archive"},
    ),
    Clock(
        name="arrive",
        label=_("Arrival on scene"),
        policy=_arrive,
        role="verify+lead",
        starts=frozenset({"receive"}),
        keeps=frozenset({"on_scene", "resolve"}),
        voids=ENDS_ALL | {"archive"},
    ),
    Clock(
        name="reply",
        label=_("Reporter's answer"),
        policy=_reply,
        role="",
        starts=frozenset({"ask", "resolve"}),
        keeps=frozenset({"answer", "rate", "reopen"}),
        voids=ENDS_ALL | {"resolve", "carry_on", "expire"},
        ours=False,
        expires="expire",
    ),
)


def _codes(case: Case) -> Mapping[str, Any]:
    report = case.report
    return {
        "category": report.category.code,
        "group": report.category.group,
        "class": "oversight" if report.is_oversight else report.report_class,
    }


def _visible(grants: Grants) -> Q:
    if grants.may(VERIFY) or grants.may(OVERSEE):
        return Q()
    scope = grants.scope(VIEW) | grants.scope(WORK)
    if not scope:
        return Q(pk__in=())
    return involved(scope) | Q(report__desk_agency__in=scope.agencies)


def title(code: str) -> str:
    """The category's name in the active language; the code itself when the pack no longer has it."""
    from kotacerdas.programs.iceta.queries import categories

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
)

LIFECYCLES = (REPORT,)
