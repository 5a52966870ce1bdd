"""What happens to the demo's goods, on the timeline of all programs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from kotacerdas.foundation.parties.models import Agency
from kotacerdas.kernel.pack import Pack
from kotacerdas.kernel.timeline import Timeline
from kotacerdas.programs.lada.actions import changes
from kotacerdas.programs.lada.actions.ledger import Line
from kotacerdas.programs.lada.actions.periods import period_lock
from kotacerdas.programs.lada.books.importing import opening_line
from kotacerdas.programs.lada.demo.stage import Stage, moment
from kotacerdas.programs.lada.models import Asset, Room

OPENED = timedelta(days=45)  # before the present, and before the lock


def begin(pack: Pack, timeline: Timeline) -> None:
    """Put some weeks of goods on the timeline; none where the pack has no kinds of goods."""
    kinds = pack.of("asset_kinds")
    if not kinds:
        return
    stage = Stage(timeline=timeline, rooms=pack.of("asset_rooms"), kinds=kinds)
    first = min(stage.today - OPENED, stage.locks_on - timedelta(days=14))
    timeline.at(moment(first, 8), lambda _when: stage.set_up())
    for number, agency in enumerate(stage.agencies):
        timeline.at(moment(first, 9, number), opening(stage, agency))
    timeline.at(moment(stage.locks_on, 10), lambda _when: period_lock(actor=stage.office(), one=stage.locked))


def finish(_pack: Pack) -> int:
    """How many goods there are."""
    return Asset.objects.count()


def opening(stage: Stage, agency: Agency) -> Callable[[object], None]:
    """An agency's goods come with their balances in one change, and the asset office approves it."""

    def act(_when: object) -> None:
        rooms = dict(Room.objects.filter(agency=agency).values_list("code", "id"))
        lines = [opening_line(row, agency, rooms, stage.rules) for row in stage.rows(agency)]
        done(stage, agency, "opening", lines)

    return act


def done(stage: Stage, agency: Agency, kind: str, lines: Sequence[Line]) -> None:
    """A change that was proposed by the agency and approved by the asset office."""
    opened = changes.change_propose(actor=stage.officer(agency), agency=agency, kind=kind, lines=lines)
    changes.change_approve(actor=stage.office(), case=opened.case)
