"""A change's lines as its page shows them: each good, what it would change, in words; or why it cannot follow any more."""

from __future__ import annotations

from typing import Any

from kotacerdas.foundation.cases.models import Case, Note
from kotacerdas.foundation.casework.present import Shown
from kotacerdas.programs.lada import events, queries
from kotacerdas.programs.lada.actions.acts import KINDS as ACTS
from kotacerdas.programs.lada.actions.changes import lines_of
from kotacerdas.programs.lada.actions.ledger import Line, ledger_of
from kotacerdas.programs.lada.lifecycles.changes import WHY
from kotacerdas.programs.lada.models import Asset, Change, Event
from kotacerdas.programs.lada.register import telling
from kotacerdas.programs.lada.words import illegal_words

SHOWN = 50


def change_context(case: Case, seen: Shown) -> dict[str, Any]:
    """What the page of a change needs besides the case."""
    rows = Change.objects.select_related("agency", "to_agency", "made_by", "approved_by", "received_by")
    change = rows.get(case=case)
    total = change.lines.count()
    lines = lines_of(change, most=SHOWN)
    assets = {one.id: one for one in Asset.objects.filter(id__in=[one.asset for one in lines])}
    here = set(queries.assets_for(seen.grants).filter(id__in=assets).values_list("id", flat=True))
    written = set(Event.objects.filter(change=change).values_list("asset", "number"))
    return {
        "change": change,
        "lines": _told(lines, assets, written),
        "here": here,
        "more": max(0, total - SHOWN),
        "why": [one.body for one in Note.objects.filter(case=case, kind=WHY.name).order_by("created_at")],
        "has_act": bool(written) and change.kind in ACTS,
        "change_title": telling.title_of(change.kind),
    }


def _told(lines: list[Line], assets: dict[Any, Asset], written: set[tuple[Any, int]]) -> list[dict[str, Any]]:
    steps = [_step(line, assets.get(line.asset), written) for line in lines]
    names = telling.Names.of(state for step in steps for state in step[:2])
    told = []
    for line, (before, after, event, flaw) in zip(lines, steps, strict=True):
        state = after or before
        told.append(
            {
                "asset": assets.get(line.asset),
                "name": state.name if state is not None else line.data.get("name", ""),
                "title": telling.title_of(line.kind),
                "on": event.on,
                "changed": telling.changed(before, after, names) if not flaw else [],
                "note": telling.note_of(event),
                "flaw": flaw,
            }
        )
    return told


def _step(
    line: Line, asset: Asset | None, written: set[tuple[Any, int]]
) -> tuple[events.State | None, events.State | None, events.Event, str]:
    """The states before and after a line: as it was written, else as it would be now."""
    known = ledger_of(asset) if asset is not None else []
    stack: list[tuple[events.Event, events.State | None]] = []
    state: events.State | None = None
    for event in known:
        after = events.step(stack, state, event)
        if (line.asset, event.number) in written and event.kind == line.kind:
            return state, after, event, ""
        state = after
    event = events.Event(
        number=(state.last if state is not None else 0) + 1,
        kind=line.kind,
        on=line.on,
        data=line.data,
        amount=line.amount,
        accumulated=line.accumulated,
        reverses=line.reverses,
    )
    try:
        return state, events.step(stack, state, event), event, ""
    except events.Illegal as error:
        return state, None, event, illegal_words(error)
