"""Which steps an actor may take on a case now, and how the step bar offers them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse

from kotacerdas.foundation.cases.actions import may_take
from kotacerdas.foundation.cases.lifecycle import Step
from kotacerdas.foundation.cases.models import Assignment, Case
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.ui import shapes
from kotacerdas.programs.iceta.lifecycles import REPORT, S

FormUrl = Callable[[str], str]

AT_ONCE = frozenset({"accept", "on_scene", "carry_on"})
WITH_FORM = frozenset({"resolve", "ask", "return", "hand", "support", "prank"})
IN_REPLY_BOX = frozenset({"reply", "note"})
BOX = "reply"
OFFERED = ("accept", "carry_on", "on_scene", "resolve", "ask", "return", "hand", "support", "prank")
TAKEN_HERE = AT_ONCE | WITH_FORM | IN_REPLY_BOX
_LIKELY = AT_ONCE | {"resolve"}  # what may be the one mangga button
_SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where an actor stands towards a case: the steps they may take on it."""

    legal: Mapping[str, Step]

    def may(self, name: str) -> bool:
        return name in self.legal

    @property
    def writes(self) -> tuple[str, ...]:
        """The audiences of the reply box: "public" and "inside", as far as legal."""
        inside = self.may("note") or self.may("support_note")
        return (*(("public",) if self.may("reply") else ()), *(("inside",) if inside else ()))


def standing(case: Case, parts: Sequence[Assignment], actor: Actor) -> Standing:
    """The steps of the life-cycle that are legal from the present state for this actor."""
    roles: dict[str, list[UUID]] = {}
    for part in parts:
        roles.setdefault(part.role, []).append(part.agency_id)
    legal = {step.name: step for step in REPORT.steps_from(case.state) if may_take(case, step, actor, roles)}
    return Standing(legal=legal)


def bar(case: Case, stands: Standing, form_url: FormUrl) -> tuple[list[shapes.Step], list[shapes.Step]]:
    """The step bar: what stands in it, and what waits behind "more". The likeliest step is the primary one.

    form_url  the address that shows the present page with the form of a named step
    """
    names = _ordered(case, stands)
    made = [
        _piece(case, stands.legal[name], form_url, primary=name == names[0] and name in _LIKELY)
        for name in names
    ]
    return made[:_SHOWN], made[_SHOWN:]


def step_url(case: Case, name: str) -> str:
    """Where a step is posted."""
    return reverse("iceta:step", args=[case.number, name])


def draft_of(grants: Grants, case: Case, name: str) -> str:
    """Under which name a tab keeps what is typed for a step: one's own, as desks and their tabs are shared.

    A reply and an inside note are typed into the same box.
    """
    return f"{grants.user_id}.{case.number}.{BOX if name in IN_REPLY_BOX else name}"


def _ordered(case: Case, stands: Standing) -> list[str]:
    names = [name for name in OFFERED if stands.may(name)]
    if case.priority != "emergency" and "on_scene" in names:
        names.remove("on_scene")
        names.append("on_scene")
    if case.state == S.WAITING and "ask" in names:
        names.remove("ask")
    return names


def _piece(case: Case, step: Step, form_url: FormUrl, *, primary: bool) -> shapes.Step:
    tone: Any = "danger" if step.tone == "bad" else "plain"
    with_form = step.name in WITH_FORM
    return shapes.Step(
        name=step.name,
        label=step.label,
        icon=step.icon,
        key=step.key,
        tone=tone,
        primary=primary,
        url=f"{form_url(step.name)}#langkah" if with_form else "",
        action="" if with_form else step_url(case, step.name),
        form="" if with_form else "case-steps-form",
    )
