"""The demo's changes to goods: proposed, approved, accepted or refused, and the acts of some of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from kotacerdas.foundation.parties.models import Agency
from kotacerdas.kernel import ids
from kotacerdas.programs.lada.actions import changes
from kotacerdas.programs.lada.actions.acts import act_issue
from kotacerdas.programs.lada.actions.custody import keeper
from kotacerdas.programs.lada.actions.ledger import Line
from kotacerdas.programs.lada.demo.declarations import ChangeRow
from kotacerdas.programs.lada.demo.stage import NOTE, Stage
from kotacerdas.programs.lada.models import Asset, Change

_FREE: dict[str, dict[str, Any]] = {
    "hand_over": {"holder": None},
    "transfer": {"holder": None},
    "certify": {"certificate": ""},
    "dispose": {"condition": "heavy"},
    "exploit": {"use": ""},
    "move": {"room": None},
}


def happens(stage: Stage, row: ChangeRow, on: date) -> Callable[[], None]:
    """What the people of the demo do with one change, on its day."""

    def act() -> None:
        agency = Agency.objects.get(code=row.agency)
        to = Agency.objects.get(code=row.to) if row.kind == "transfer" else None
        lines = _acquired(row, on) if row.kind == "acquire" else _lines(stage, row, agency, on)
        if not lines:  # none is free for it
            return
        opened = changes.change_propose(
            actor=stage.officer(agency), agency=agency, kind=row.kind, lines=lines, to_agency=to
        )
        if row.ends == "refused":
            changes.change_refuse(actor=stage.office(), case=opened.case, body=row.words)
        elif row.ends != "proposed":
            _approved(stage, row, opened.own, to)

    return act


def _approved(stage: Stage, row: ChangeRow, change: Change, to: Agency | None) -> None:
    changes.change_approve(actor=stage.office(), case=change.case)
    if to is not None and row.ends == "done":
        changes.change_accept(actor=stage.officer(to), case=change.case)
    if row.is_paper and row.ends == "done":
        change = Change.objects.select_related("agency", "to_agency", "made_by", "received_by").get(
            case=change.case
        )
        act_issue(actor=stage.officer(change.agency), change=change)


def _acquired(row: ChangeRow, on: date) -> list[Line]:
    data = {
        "agency": row.agency,
        "goods_code": row.goods_code,
        "name": row.name,
        "origin": "purchase",
        "basis": row.words,
        "facts": {"note": NOTE},
    }
    return [
        Line(asset=ids.new_id(), kind="acquire", on=on, data=data, amount=row.amount)
        for _number in range(row.count)
    ]


def _lines(stage: Stage, row: ChangeRow, agency: Agency, on: date) -> list[Line]:
    free = Asset.objects.filter(
        agency=agency, goods_code__startswith=row.goods_code, is_active=True, last_on__lte=on
    )
    goods = list(free.filter(**_FREE.get(row.kind, {})).order_by("nibar")[: row.count])
    shared = _shared(stage, row)
    return [
        Line(
            asset=one.id,
            kind=row.kind,
            on=on,
            data=shared | _own(stage, row, agency),
            amount=-one.value if row.kind == "dispose" else row.amount,
            accumulated=-one.accumulated if row.kind == "dispose" else 0,
        )
        for one in goods
    ]


def _shared(stage: Stage, row: ChangeRow) -> dict[str, Any]:
    """What all goods of the change get alike."""
    found: dict[str, Any] = {"basis": row.words} if row.words else {}
    match row.kind:
        case "transfer":
            found |= {"agency": row.to}
        case "hand_over":
            found |= {"holder": str(keeper(user=None, name=row.to).id)}
        case "exploit":
            found |= {"use": "lease"}
        case "condition":
            found = {"condition": "heavy"}
        case "maintain":
            found |= {"cost": stage.random.randrange(500_000, 4_000_000, 50_000)}
        case "dispose":
            found |= {"how": "destroyed"}
    return found


def _own(stage: Stage, row: ChangeRow, agency: Agency) -> dict[str, Any]:
    """What each good gets of its own."""
    if row.kind == "certify":
        return {"certificate": f"contoh {stage.random.randrange(10_000_000):07d}"}
    return {"room": stage.a_room(agency)} if row.kind == "move" else {}
