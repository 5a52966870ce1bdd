"""What the look-out does with reports whose time is up, and whom it tells."""

from __future__ import annotations

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.notify.actions import send
from kotacerdas.foundation.parties.models import Position
from kotacerdas.programs.iceta.actions import report_expire
from kotacerdas.programs.iceta.lifecycles import KIND


def _tell(*, case: Case, clock_name: str, position: Position | None, row: Row) -> None:
    if position is not None:
        send(row_id=row.id, template="iceta.escalated", to=("position", position.id), args={"case": case.id})


EXPIRES = {(KIND, "expire"): report_expire}
ESCALATED = {KIND: _tell}
