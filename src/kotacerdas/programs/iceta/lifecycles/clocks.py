"""Promises of a report: which policy applies, and at which steps each clock turns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.cases.lifecycle import Clock
from kotacerdas.foundation.cases.models import Case
from kotacerdas.programs.iceta.lifecycles.states import GIVEN, S


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


UNCOUNTED = frozenset({"merge", "prank", "not_ours"})
RETURNED = frozenset({"return"})  # does not wash what is overdue (ADR 8)

CLOCKS = (
    Clock(
        name="verify",
        label=_("Verification"),
        policy=_verify,
        policies=frozenset({"sp4n.verify"}),
        role="verify",
        starts=frozenset({"receive"}),
        keeps=GIVEN | {"archive", "not_ours"},
        voids=frozenset({"prank"}),
        lapses=frozenset({"merge"}),
        pauses_in=frozenset({S.POSTPONED}),
    ),
    Clock(
        name="respond",
        label=_("First answer"),
        policy=_respond,
        policies=frozenset({"sp4n.respond", "urgent.respond"}),
        role="lead",
        starts=GIVEN | {"assign", "reopen"},
        keeps=frozenset({"reply", "ask", "resolve"}),
        voids=UNCOUNTED,
        lapses=RETURNED,
    ),
    Clock(
        name="resolve",
        label=_("Resolution"),
        policy=_resolve,
        policies=frozenset(
            {"sp4n.resolve.information", "sp4n.resolve.complaint", "sp4n.resolve.oversight", "urgent.resolve"}
        ),
        role="lead",
        starts=GIVEN | {"assign"},
        keeps=frozenset({"resolve"}),
        voids=UNCOUNTED,
        lapses=RETURNED | {"expire"},
        reopens=frozenset({"reopen"}),
        pauses_in=frozenset({S.WAITING}),
    ),
    Clock(
        name="support",
        label=_("Supporting agency's answer"),
        policy=_support,
        policies=frozenset({"support.respond"}),
        role="support",
        starts=frozenset({"support", "support_at_verification", "support_at_desk"}),
        keeps=frozenset({"support_note"}),
        voids=UNCOUNTED,
        lapses=RETURNED | {"resolve", "expire"},
        on_assignment=True,
    ),
    Clock(
        name="reassign",
        label=_("Assignment after return"),
        policy=_reassign,
        policies=frozenset({"reassign"}),
        role="verify",
        starts=frozenset({"return"}),
        keeps=frozenset({"assign"}),
        voids=frozenset({"prank"}),
        lapses=frozenset({"merge", "archive", "not_ours"}),
    ),
    Clock(
        name="handover",
        label=_("Handover to the agency"),
        policy=_handover,
        policies=frozenset({"emergency.handover"}),
        role="verify+lead",
        starts=GIVEN
        | {"receive", "assign", "reopen"},  # also where a desk raises it later; a live one goes on
        keeps=frozenset({"accept", "on_scene", "reply", "ask", "resolve"}),
        voids=UNCOUNTED,
        lapses=RETURNED | {"archive"},
    ),
    Clock(
        name="arrive",
        label=_("Arrival on scene"),
        policy=_arrive,
        policies=frozenset({"emergency.arrive", "emergency.arrive.fire"}),
        role="verify+lead",
        starts=GIVEN | {"receive", "assign"},
        keeps=frozenset({"on_scene", "resolve"}),
        voids=UNCOUNTED,
        lapses=RETURNED | {"archive"},
    ),
    Clock(
        name="reply",
        label=_("Reporter's answer"),
        policy=_reply,
        policies=frozenset({"sp4n.reply"}),
        role="",
        starts=frozenset({"ask", "resolve"}),
        keeps=frozenset({"answer", "rate", "reopen"}),
        voids=UNCOUNTED | RETURNED | {"resolve", "carry_on", "expire"},
        ours=False,
        expires="expire",
    ),
)
