"""What happens to reports at due dates, and who is notified."""

from __future__ import annotations

from contextlib import suppress

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.jobs.fence import Fence
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.notify.actions import send
from kotacerdas.foundation.parties.actors import SYSTEM
from kotacerdas.foundation.parties.models import Position
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict
from kotacerdas.programs.iceta.actions import report_expire, report_take_up
from kotacerdas.programs.iceta.lifecycles import KIND, S

_POSTPONED = Fence("postponed")


def _notify_post(*, case: Case, clock_name: str, position: Position | None, row: Row) -> None:
    if position is not None:
        send(row_id=row.id, template="iceta.escalated", to=("position", position.id), args={"case": case.id})


def _notify_restored(*, case: Case, clock_name: str, position: Position, row: Row) -> None:
    send(row_id=row.id, template="iceta.restored", to=("position", position.id), args={"case": case.id})


def take_up_postponed() -> None:
    """Reports postponed until today or earlier come back to the verifier."""
    due = Case.objects.filter(
        kind=KIND, state=S.POSTPONED, report__postponed_until__lte=clock.today()
    ).select_related("lead_agency")
    for case in due.exclude(id__in=_POSTPONED.waiting())[:100]:
        with _POSTPONED.around(str(case.id)), suppress(Conflict):
            report_take_up(actor=SYSTEM, case=case)


TICKS = (take_up_postponed,)
EXPIRES = {(KIND, "expire"): report_expire}
ESCALATED = {KIND: _notify_post}
RESTORED = {KIND: _notify_restored}
