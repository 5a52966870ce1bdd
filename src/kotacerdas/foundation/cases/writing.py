"""The journal row of a step: the same codes for every kind, with the kind's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from kotacerdas.foundation.cases.clocks import Ended
from kotacerdas.foundation.cases.lifecycle import lifecycle_of
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.journal.actions import row_of
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.kernel import clock


def write_row(
    case: Case,
    step: str,
    *,
    actor: Actor,
    at: datetime,
    before: str = "",
    ended: Iterable[Ended] = (),
    codes: Mapping[str, Any] | None = None,
    payload: Mapping[str, Any] | None = None,
) -> Row:
    """Append the row of a step to the journal, made as `step_row` makes it."""
    row = step_row(case, step, actor=actor, at=at, before=before, ended=ended, codes=codes, payload=payload)
    row.save(force_insert=True)
    return row


def step_row(
    case: Case,
    step: str,
    *,
    actor: Actor,
    at: datetime,
    before: str = "",
    ended: Iterable[Ended] = (),
    codes: Mapping[str, Any] | None = None,
    payload: Mapping[str, Any] | None = None,
) -> Row:
    """The row of a step, not stored yet, with the clocks that it ended.

    before  the state from which the step was taken; codes, payload  what the program says beside the usual
    """
    lead, clocks = case.lead_agency, [one.as_code() for one in ended]
    shared = {
        "kind": case.kind,
        "before": before,
        "state": case.state,
        "agency": lead.code if lead else "",
        "area": case.area_code,
        "channel": case.channel,
        "priority": case.priority,
        "received_on": clock.local_day(case.opened_at).isoformat(),
        "actor_agency": actor.position.agency.code if actor.position else "",
        **({"actor_acting": actor.acting} if actor.acting else {}),
        **lifecycle_of(case).codes(case),
        **(codes or {}),
    }
    return row_of(
        verb=f"{case.kind}.{step}",
        subject=(case.kind, case.id),
        actor=actor.code,
        codes=shared,
        payload={**({"clocks": clocks} if clocks else {}), **(payload or {})},
        occurred_at=at,
    )
