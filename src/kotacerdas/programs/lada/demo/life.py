"""What happens to the demo's goods, on the timeline of all programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db.models import F

from kotacerdas.foundation.files.actions import store_photo
from kotacerdas.foundation.parties.actors import reporter
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.kernel.pack import Pack
from kotacerdas.kernel.timeline import Act, Timeline
from kotacerdas.programs.lada.actions import changes, labels, notices
from kotacerdas.programs.lada.actions.files import files_keep
from kotacerdas.programs.lada.actions.locking import period_lock
from kotacerdas.programs.lada.books.importing import opening_line
from kotacerdas.programs.lada.demo.counting import counted
from kotacerdas.programs.lada.demo.drawings import picture
from kotacerdas.programs.lada.demo.happening import happens
from kotacerdas.programs.lada.demo.stage import Stage, in_post, moment
from kotacerdas.programs.lada.models import Asset, Label, Notice, Room
from kotacerdas.programs.lada.tracking.demo import build

OPENED = timedelta(days=45)  # before the present, and before the lock
PICTURED, LABELLED = 0.7, 0.6  # shares of the goods
FOUND = "Barang ini tertinggal di depan pasar sejak tiga hari lalu."
ASKED = "Barang ini ada di gudang kami, apakah masih dipakai?"
ANSWERED = "Sudah diambil oleh petugas pada hari yang sama."


def begin(pack: Pack, timeline: Timeline) -> None:
    """Put some weeks of goods on the timeline; none where the pack has no kinds of goods."""
    kinds = pack.of("asset_kinds")
    if not kinds:
        return
    stage = Stage(timeline=timeline, rooms=pack.of("asset_rooms"), kinds=kinds)
    first = min(stage.today - OPENED, stage.locks_on - timedelta(days=14))
    timeline.at(moment(first, 8), lambda _when: stage.set_up())
    for number, agency in enumerate(stage.agencies):
        timeline.at(moment(first, 9, number), _opening(stage, agency))
    for number, row in enumerate(pack.of("asset_changes")):
        day, on = _days(stage, row.days, first)
        timeline.at(moment(day, 10, number % 60), _on_its_day(happens(stage, row, on)))
    timeline.at(moment(stage.locks_on, 13), lambda _when: period_lock(actor=stage.office(), one=stage.locked))
    counted(stage)
    timeline.at(moment(stage.today - timedelta(days=6), 16), _strangers(stage, answered=True))
    timeline.at(moment(stage.today - timedelta(days=1), 17), _strangers(stage, answered=False))


def finish(pack: Pack) -> int:
    """Let two cars of the first agency carry the invented vehicles; how many goods there are."""
    kinds = [one for one in pack.of("asset_kinds") if one.picture == "car"]
    if kinds:
        agency = Agency.objects.get(code=kinds[0].agency)
        codes = {one.goods_code for one in kinds if one.agency == agency.code}
        cars = Asset.objects.filter(agency=agency, goods_code__in=codes, is_active=True)
        first = cars.order_by(F("holder").asc(nulls_last=True), "nibar")[:2]  # one in somebody's custody
        build(officer=in_post(agency, "asset_officer"), cars=list(first))
    return Asset.objects.count()


def _days(stage: Stage, days: int, first: date) -> tuple[date, date]:
    """When a change is made, and its day in the books: none lies before the locked semester, none is made before the opening."""
    on = max(stage.today - timedelta(days=days), stage.locked.first)
    return max(on, first + timedelta(days=1)), on


def _opening(stage: Stage, agency: Agency) -> Act:
    """An agency's goods come with their balances in one change that is approved; most get photos and labels."""

    def act(_when: datetime) -> None:
        rooms = dict(Room.objects.filter(agency=agency).values_list("code", "id"))
        lines = [opening_line(row, agency, rooms, stage.rules) for row in stage.rows(agency)]
        officer = stage.officer(agency)
        opened = changes.change_propose(actor=officer, agency=agency, kind="opening", lines=lines)
        changes.change_approve(actor=stage.office(), case=opened.case)
        goods = list(Asset.objects.filter(agency=agency).select_related("agency").order_by("nibar"))
        _pictured(stage, agency, goods)
        movable = [one for one in goods if one.card in "BE" and stage.random.random() < LABELLED]
        labels.labels_of_goods(actor=officer, goods=movable)
        labels.labels_of_rooms(actor=officer, rooms=list(Room.objects.filter(agency=agency)))

    return act


def _pictured(stage: Stage, agency: Agency, goods: Sequence[Asset]) -> None:
    drawn = {(one.goods_code, one.name): one.picture for one in stage.kinds if one.agency == agency.code}
    for kind in sorted({one for one in drawn.values() if one}):
        codes = {code for (code, _name), has in drawn.items() if has == kind}
        chosen = [one for one in goods if one.goods_code in codes and stage.random.random() < PICTURED]
        if kind not in stage.pictures:
            stage.pictures[kind] = store_photo(picture(kind))
        files_keep(actor=stage.officer(agency), goods=chosen, kind="photo", stored=stage.pictures[kind])


def _strangers(stage: Stage, *, answered: bool) -> Act:
    """Somebody scans a label and writes; one notice is answered, another waits."""

    def act(_when: datetime) -> None:
        bound = (
            Label.objects.exclude(asset=None)
            .select_related("agency", "asset__agency")
            .order_by("asset__nibar")
        )
        label = bound.filter(asset__card="B").first()
        if label is None:
            return
        notices.notice_give(actor=reporter(), label=label, words=ASKED if answered else FOUND)
        if answered:
            one = Notice.objects.select_related("agency").latest("came_at")
            notices.notice_close(actor=stage.officer(label.agency), notice=one, outcome=ANSWERED)

    return act


def _on_its_day(act: object) -> Act:
    return lambda _when: act()  # type: ignore[operator]
