"""Rows of the queue and of lists, from assignments or from cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from kotacerdas.foundation.cases.actions import may_take
from kotacerdas.foundation.cases.kinds import ESCALATION
from kotacerdas.foundation.cases.lifecycle import lifecycle_of
from kotacerdas.foundation.cases.models import Assignment, Case, CaseClock
from kotacerdas.foundation.cases.queries import EMERGENCY
from kotacerdas.foundation.casework.badges import short_badge
from kotacerdas.foundation.casework.declarations import Cell, Column, Desk
from kotacerdas.foundation.casework.names import holder_of, lead_holder
from kotacerdas.foundation.casework.queries import live_clocks_of, open_assignments_of, open_parts_of
from kotacerdas.foundation.casework.registry import page_of
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.territory.queries import area_by_code
from kotacerdas.foundation.ui.shapes import Badge, Tag

TONES = {"new": "plain", "info": "laut", "warn": "kunyit", "good": "padi", "quiet": "plain", "bad": "terasi"}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of a table. `steps` are those that may be taken on several rows at once.

    is_worked  whether anybody has a part of the work, so that nobody holding it is worth saying
    """

    number: str
    title: str
    url: str
    cells: Sequence[tuple[str, Cell]]
    badge: Badge | None
    holder: str
    group: str = ""
    tag: Tag | None = None
    escalated: bool = False
    emergency: bool = False
    steps: str = ""
    is_worked: bool = True


def rows_of(desk: Desk, work: Sequence[Assignment], groups: Mapping[UUID, str], actor: Actor) -> list[Row]:
    """Rows of a queue; `groups` names the group of each assignment. Two queries for all of them."""
    cases = [one.case_id for one in work]
    clocks, parts = live_clocks_of(cases), open_parts_of(cases)
    return [
        Row(
            **_shared(one.case, desk.columns),
            badge=_badge(one, clocks.get(one.case_id, ())),
            holder=holder_of(one),
            group=groups[one.id],
            escalated=ESCALATION.name in parts.get(one.case_id, {}),
            steps=" ".join(_bulk_steps(desk, one.case, parts.get(one.case_id, {}), actor)),
        )
        for one in work
    ]


def case_rows(cases: Sequence[Case], columns: Iterable[Column]) -> list[Row]:
    """Rows of a list of cases, open or closed, with their state."""
    parts = open_assignments_of([one.id for one in cases])
    clocks = live_clocks_of([one.id for one in cases])
    chosen = list_columns(columns)
    return [
        Row(
            **_shared(one, chosen),
            badge=_badge(one, clocks.get(one.id, ())),
            holder=lead_holder(parts.get(one.id, ())),
            tag=state_tag(one),
            escalated=_is_escalated(parts.get(one.id, ())),
            is_worked=one.id in parts,
        )
        for one in cases
    ]


def list_columns(columns: Iterable[Column]) -> list[Column]:
    """The columns that lists show too."""
    return [column for column in columns if column.in_list]


def state_tag(case: Case) -> Tag:
    """The state of a case as its tag."""
    state = lifecycle_of(case).by_state[case.state]
    return Tag(text=state.label, tone=TONES.get(state.tone, state.tone), icon=state.icon)  # type: ignore[arg-type]


def summary_for_caller(case: Case) -> dict[str, Any]:
    """Title, village and state of a case: all that a caller who knows its number may hear."""
    area = area_by_code(case.area_code)
    return {
        "number": case.number,
        "title": lifecycle_of(case).title(case.title_code),
        "tag": state_tag(case),
        "opened_at": case.opened_at,
        "village": area.full_name if area is not None and area.level == area.Level.VILLAGE else "",
    }


def _shared(case: Case, columns: Iterable[Column]) -> dict[str, Any]:
    return {
        "number": case.number,
        "title": lifecycle_of(case).title(case.title_code),
        "url": page_of(case),
        "cells": [(column.name, column.value(case)) for column in columns],
        "emergency": case.priority == EMERGENCY,
    }


def _is_escalated(parts: Iterable[Assignment]) -> bool:
    return any(part.role == ESCALATION.name for part in parts)


def header_of(row: Assignment | Case) -> Assignment | Case:
    """What says when a row is due and whether its clock stands still: the row itself, by its own promise.

    A part of an emergency without a promise of its own shows the case's: it counts for all who are called.
    """
    if row.due_at is None and isinstance(row, Assignment) and row.case.priority == EMERGENCY:
        return row.case
    return row


def _badge(row: Assignment | Case, clocks: Iterable[CaseClock]) -> Badge | None:
    """The clock of a row: its cached due time says which; without a clock nothing is promised."""
    due = header_of(row).due_at
    if due is None:
        return None
    return short_badge(due, next((one for one in clocks if one.due_at == due), None))


def _bulk_steps(desk: Desk, case: Case, roles: Mapping[str, list[UUID]], actor: Actor) -> Iterable[str]:
    for act in desk.bulk_acts:
        step = desk.lifecycle.by_step[act.step]
        if case.state in step.sources and may_take(case, step, actor, roles):
            yield act.step
