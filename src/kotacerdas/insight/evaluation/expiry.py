"""What the look-out does with deadlines of a round that have passed, and whom it tells."""

from __future__ import annotations

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.jobs.fence import Fence
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.notify.actions import send
from kotacerdas.foundation.parties.actors import SYSTEM
from kotacerdas.foundation.parties.models import Agency, Position
from kotacerdas.insight.evaluation.lifecycles import KIND
from kotacerdas.insight.evaluation.messages import notify_head
from kotacerdas.insight.evaluation.models import Item, Round
from kotacerdas.insight.evaluation.rounds.shared import note
from kotacerdas.kernel import clock
from kotacerdas.kernel.regency import regency

_ITEMS = Fence("evaluation_items")
_BATCH = 100


def mark_overdue() -> None:
    """Items past their deadline are marked once, each by conditional update; the head of who has it is told."""
    now = clock.now()
    late = Item.objects.filter(
        round__state=Round.State.ASSESSING, due_at__lt=now, overdue_at=None
    ).select_related("round", "measure", "dimension", "agency")
    for item in late.exclude(id__in=_ITEMS.waiting())[:_BATCH]:
        with _ITEMS.around(str(item.id)):
            if Item.objects.filter(pk=item.pk, overdue_at=None, due_at=item.due_at).update(overdue_at=now):
                row = note("item.overdue", item.round, SYSTEM, item=item, payload={"state": item.state})
                notify_head(_who_has(item), row, item.round)


def _who_has(item: Item) -> Agency:
    if item.state == Item.State.SUBMITTED:
        return Agency.objects.get(code=regency().desks.planning_agency)
    return item.agency


def _notify_agency(*, case: Case, clock_name: str, position: Position | None, row: Row) -> None:
    if position is not None:
        args = {"case": case.id}
        send(row_id=row.id, template="evaluation.escalated", to=("position", position.id), args=args)


def _notify_restored(*, case: Case, clock_name: str, position: Position, row: Row) -> None:
    args = {"case": case.id}
    send(row_id=row.id, template="evaluation.restored", to=("position", position.id), args=args)


TICKS = (mark_overdue,)
ESCALATED = {KIND: _notify_agency}
RESTORED = {KIND: _notify_restored}
