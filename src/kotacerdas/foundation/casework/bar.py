"""Which steps an actor may take on a case now, and how the step bar offers them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from kotacerdas.foundation.cases.actions import may_take
from kotacerdas.foundation.cases.lifecycle import Step
from kotacerdas.foundation.cases.models import Assignment, Case
from kotacerdas.foundation.casework.declarations import Act, Audience, Desk
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.ui import shapes

FormUrl = Callable[[str], str]

BOX = "reply"  # the name of the box under the timeline, whoever reads its words
_SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The steps that an actor may take on a case now, and those of them that have no button for this actor."""

    desk: Desk
    legal: Mapping[str, Step]
    hidden: frozenset[str] = frozenset()

    def may(self, name: str) -> bool:
        return name in self.legal

    @property
    def writes(self) -> tuple[Audience, ...]:
        """Who can be written to in the box, given the steps that are legal now."""
        audiences: tuple[Audience, ...] = ("public", "inside")
        return tuple(one for one in audiences if (act := self.desk.in_box(one)) and self.may(act.step))

    @property
    def links(self) -> list[Act]:
        """The acts whose forms are linked beside the assignments."""
        return [act for act in self.desk.acts if act.link and self.may(act.step)]


def standing(desk: Desk, case: Case, parts: Sequence[Assignment], actor: Actor) -> Standing:
    """The steps of the life-cycle that are legal from the present state for this actor."""
    roles: dict[str, list[UUID]] = {}
    for part in parts:
        roles.setdefault(part.role, []).append(part.agency_id)
    offered = desk.lifecycle.steps_from(case.state)
    legal = {one.name: one for one in offered if may_take(case, one, actor, roles)}
    hidden = (act.step for act in desk.acts if act.offered_to and not act.offered_to(case, actor))
    return Standing(desk=desk, legal=legal, hidden=frozenset(hidden))


def bar(case: Case, stands: Standing, form_url: FormUrl) -> tuple[list[shapes.Step], list[shapes.Step]]:
    """The step bar: its buttons, and those behind "more". The most likely step is the primary button.

    form_url  the address that shows the present page with the form of a named step
    """
    acts = _ordered(case, stands)
    made = [
        _piece(case, stands, act, form_url, primary=act is acts[0] and (act.is_immediate or act.is_likely))
        for act in acts
    ]
    return made[:_SHOWN], made[_SHOWN:]


def draft_of(desk: Desk, grants: Grants, case: Case, name: str) -> str:
    """The name under which the browser keeps what is typed for a step; it differs by person, since desks are shared.

    All that is typed into the box is one, whoever is to read it.
    """
    return f"{grants.user_id}.{case.number}.{room_of(desk, name)}"


def room_of(desk: Desk, name: str) -> str:
    """Where a step is taken: in its own form, or in the box under the timeline."""
    act = desk.by_act.get(name)
    return BOX if act is not None and act.box else name


def _ordered(case: Case, stands: Standing) -> list[Act]:
    acts = [
        act
        for act in stands.desk.acts
        if act.box is None and stands.may(act.step) and act.step not in stands.hidden
    ]
    return sorted(acts, key=lambda act: act.is_last is not None and act.is_last(case))


def _piece(case: Case, stands: Standing, act: Act, form_url: FormUrl, *, primary: bool) -> shapes.Step:
    step = stands.legal[act.step]
    tone: Any = "danger" if step.tone == "bad" else "plain"
    return shapes.Step(
        name=step.name,
        label=step.label,
        icon=step.icon,
        key=step.key,
        tone=tone,
        primary=primary,
        url=f"{form_url(step.name)}#langkah" if act.form else "",
        action="" if act.form else stands.desk.url("step", case.number, step.name),
        form="" if act.form else "case-steps-form",
    )
