"""From a posted step to the action that takes it, and the words that say it was taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.programs.iceta import actions

Given = Mapping[str, Any]
Doing = Callable[[Actor, Case, Given], object]


def _accept(actor: Actor, case: Case, given: Given) -> object:
    return actions.report_accept(actor=actor, case=case, seen_version=given.get("seen_version"))


def _on_scene(actor: Actor, case: Case, given: Given) -> object:
    return actions.report_on_scene(actor=actor, case=case)


def _carry_on(actor: Actor, case: Case, given: Given) -> object:
    return actions.report_carry_on(actor=actor, case=case)


def _note(actor: Actor, case: Case, given: Given) -> object:
    return actions.report_note(actor=actor, case=case, body=given["body"], photos=given.get("photos", ()))


def _reply(actor: Actor, case: Case, given: Given) -> object:
    return actions.report_reply(actor=actor, case=case, body=given["body"], photos=given.get("photos", ()))


def _ask(actor: Actor, case: Case, given: Given) -> object:
    return actions.report_ask(actor=actor, case=case, body=given["body"])


def _resolve(actor: Actor, case: Case, given: Given) -> object:
    return actions.report_resolve(
        actor=actor,
        case=case,
        body=given["body"],
        photos=given.get("photos", ()),
        seen_version=given.get("seen_version"),
    )


def _return(actor: Actor, case: Case, given: Given) -> object:
    return actions.report_return(actor=actor, case=case, reason=given["reason"])


def _support(actor: Actor, case: Case, given: Given) -> object:
    return actions.report_support(actor=actor, case=case, agency=given["agency"], body=given.get("body", ""))


def _hand(actor: Actor, case: Case, given: Given) -> object:
    return actions.report_hand(actor=actor, case=case, position=given["position"], body=given.get("body", ""))


def _prank(actor: Actor, case: Case, given: Given) -> object:
    return actions.report_end(
        actor=actor,
        case=case,
        step="prank",
        reason=given.get("reason", ""),
        seen_version=given.get("seen_version"),
    )


DOING: dict[str, tuple[Doing, Any]] = {
    "accept": (_accept, _("The assignment is accepted. You hold it now.")),
    "on_scene": (_on_scene, _("The arrival is written down.")),
    "carry_on": (_carry_on, _("The clock runs again.")),
    "note": (_note, _("The inside note is saved.")),
    "reply": (_reply, _("The reply is sent to the reporter.")),
    "ask": (_ask, _("The question is sent. The clock stands still.")),
    "resolve": (_resolve, _("Resolved. The reporter may rate or reopen it.")),
    "return": (_return, _("Returned to the verifier.")),
    "support": (_support, _("The agency is asked for support.")),
    "hand": (_hand, _("Handed over.")),
    "prank": (_prank, _("Marked as a prank.")),
}


def perform(step: str, actor: Actor, case: Case, given: Given) -> Any:
    """Take a step by its action; the words to show then. Raises what the action raises."""
    doing, said = DOING[step]
    doing(actor, case, given)
    return said


def words_of(step: str) -> str:
    """The words that say a step was taken."""
    return str(DOING[step][1])
