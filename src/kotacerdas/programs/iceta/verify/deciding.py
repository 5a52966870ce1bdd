"""From a posted decision to the action that takes it, and the words that say it was taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.casework.queries import case_for
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.kernel.errors import Invalid
from kotacerdas.programs.iceta import actions
from kotacerdas.programs.iceta.desks import REPORT_DESK

Given = Mapping[str, Any]
Doing = Callable[[Actor, Case, Given, Given], object]


def _verify(actor: Actor, case: Case, given: Given, posted: Given) -> object:
    return actions.report_verify(actor=actor, case=case, seen_version=_seen(posted), **given)


def _postpone(actor: Actor, case: Case, given: Given, posted: Given) -> object:
    return actions.report_postpone(actor=actor, case=case, until=given["until"], reason=given["reason"])


def _merge(actor: Actor, case: Case, given: Given, posted: Given) -> object:
    number = str(posted.get("into", "")).strip()
    if not number:
        raise Invalid(_("Choose the report to merge into."), fields={"": _("Choose a report below.")})
    into = case_for(REPORT_DESK, actor.grants, number)
    return actions.report_merge(actor=actor, case=case, into=into, seen_version=_seen(posted))


def _end(step: str) -> Doing:
    def doing(actor: Actor, case: Case, given: Given, posted: Given) -> object:
        return actions.report_end(
            actor=actor, case=case, step=step, reason=given.get("reason", ""), seen_version=_seen(posted)
        )

    return doing


def _seen(posted: Given) -> int | None:
    text = str(posted.get("seen_version", ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


DECISIONS: dict[str, tuple[Doing, Any]] = {
    "verify": (_verify, gettext_lazy("verified and handed over.")),
    "assign": (_verify, gettext_lazy("handed over again.")),
    "merge": (_merge, gettext_lazy("merged; its reporters follow the other report.")),
    "postpone": (_postpone, gettext_lazy("postponed.")),
    "not_ours": (_end("not_ours"), gettext_lazy("ended as not our authority.")),
    "archive": (_end("archive"), gettext_lazy("archived.")),
    "prank": (_end("prank"), gettext_lazy("marked as a prank.")),
}


def decide(step: str, actor: Actor, case: Case, given: Given, posted: Given) -> Any:
    """Take a decision by its action; the words to show then. Raises what the action raises."""
    doing, said = DECISIONS[step]
    doing(actor, case, given, posted)
    return said


def words_of(step: str) -> str:
    """The words that say a decision was taken."""
    return str(DECISIONS[step][1])
