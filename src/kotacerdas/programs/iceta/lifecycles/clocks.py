"""Clocks of a report: the policy of each, and the steps at which it starts, pauses and ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.cases.lifecycle import Clock
from kotacerdas.foundation.cases.models import Case
from kotacerdas.programs.iceta.lifecycles.states import GIVEN, S

Policy = Callable[[Case, Mapping[str, Any]], str | None]


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


def _usual(key: str) -> Policy:
    """The policy of what is no emergency."""
    return lambda case, given: None if _emergency(case) else key


def _in_emergency(key: str) -> Policy:
    return lambda case, given: key if _emergency(case) else None


def _arrive(case: Case, given: Mapping[str, Any]) -> str | None:
    if not _emergency(case):
        return None
    return "emergency.arrive.fire" if case.report.category.group == "fire" else "emergency.arrive"


UNCOUNTED = frozenset({"merge", "prank", "not_ours"})
RETURNED = frozenset({"return"})  # does not wash what is overdue (ADR 8)

CLOCKS = (
    Clock(
        "verify",
        _("Verification"),
        _verify,
        {"sp4n.verify"},
        "verify",
        starts={"receive"},
        keeps=GIVEN | {"archive", "not_ours"},
        voids={"prank"},
        lapses={"merge"},
        pauses_in={S.POSTPONED},
    ),
    Clock(
        "respond",
        _("First answer"),
        _respond,
        {"sp4n.respond", "urgent.respond"},
        "lead",
        starts=GIVEN | {"assign", "reopen"},
        keeps={"reply", "ask", "resolve"},
        voids=UNCOUNTED,
        lapses=RETURNED,
    ),
    Clock(
        "resolve",
        _("Resolution"),
        _resolve,
        {"sp4n.resolve.information", "sp4n.resolve.complaint", "sp4n.resolve.oversight", "urgent.resolve"},
        "lead",
        starts=GIVEN | {"assign"},
        keeps={"resolve"},
        voids=UNCOUNTED,
        lapses=RETURNED | {"expire"},
        reopens={"reopen"},
        pauses_in={S.WAITING},
    ),
    Clock(
        "support",
        _("Supporting agency's answer"),
        _usual("support.respond"),
        {"support.respond"},
        "support",
        starts={"support", "support_at_verification", "support_at_desk"},
        keeps={"support_note"},
        voids=UNCOUNTED,
        lapses=RETURNED | {"resolve", "expire"},
        on_assignment=True,
    ),
    Clock(
        "reassign",
        _("Assignment after return"),
        _usual("reassign"),
        {"reassign"},
        "verify",
        starts={"return"},
        keeps={"assign"},
        voids={"prank"},
        lapses={"merge", "archive", "not_ours"},
    ),
    Clock(
        "handover",
        _("Handover to the agency"),
        _in_emergency("emergency.handover"),
        {"emergency.handover"},
        "verify+lead",
        starts=GIVEN
        | {"receive", "assign", "reopen"},  # also where a desk raises it later; a live one goes on
        keeps={"accept", "on_scene", "reply", "ask", "resolve"},
        voids=UNCOUNTED,
        lapses=RETURNED | {"archive"},
    ),
    Clock(
        "arrive",
        _("Arrival on scene"),
        _arrive,
        {"emergency.arrive", "emergency.arrive.fire"},
        "verify+lead",
        starts=GIVEN | {"receive", "assign"},
        keeps={"on_scene", "resolve"},
        voids=UNCOUNTED,
        lapses=RETURNED | {"archive"},
    ),
    Clock(
        "reply",
        _("Reporter's answer"),
        lambda case, given: "sp4n.reply",
        {"sp4n.reply"},
        "",
        starts={"ask", "resolve"},
        keeps={"answer", "rate", "reopen"},
        voids=UNCOUNTED | RETURNED | {"resolve", "carry_on", "expire"},
        ours=False,
        expires="expire",
    ),
)
