"""The desk of alarms: what was seen of a good, and who has it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.casework.declarations import Act, Box, Cell, Column, Desk
from kotacerdas.foundation.casework.texts import USUAL
from kotacerdas.foundation.telemetry.trace import trace_map
from kotacerdas.foundation.ui.tags.words import lasting, short_time
from kotacerdas.kernel import clock
from kotacerdas.programs.lada.actions import alarms
from kotacerdas.programs.lada.lifecycles.alarms import ALARM
from kotacerdas.programs.lada.permissions import TRACK, VIEW
from kotacerdas.programs.lada.tracking import present
from kotacerdas.programs.lada.tracking.forms import SettleForm, ToldForm
from kotacerdas.programs.lada.tracking.reading import positions
from kotacerdas.programs.lada.tracking.trips import believed


def _goods(case: Case) -> Cell:
    asset = case.asset_alarm.asset
    return Cell(text=asset.name, small=f"{asset.nibar} · {asset.agency.short_name}")


def _since(case: Case) -> Cell:
    alarm = case.asset_alarm
    return Cell(text=short_time(alarm.since), small=lasting(alarm.since, alarm.until or alarm.seen_at))


def _context(case: Case, _shown: Any) -> dict[str, Any]:
    alarm = case.asset_alarm
    asset, fence = alarm.asset, getattr(alarm.asset, "fence", None)
    spots = believed(positions(asset, alarm.since - present.LATELY, alarm.until or alarm.seen_at))
    lat, lng = case.lat, case.lng
    signs = [(lat, lng, "!", "asked")] if lat is not None and lng is not None else []
    return {
        "alarm": alarm,
        "asset": asset,
        "holder": asset.holder,
        "long": lasting(alarm.since, alarm.until or alarm.seen_at),
        "near": present.near(*signs[0][:2]) if signs else "",
        "state_words": present.alarm_words(alarm),
        "fence_words": present.fence_words(fence) if fence is not None else [],
        "map": trace_map(spots, signs, rings=present.rings_of(fence)),
        "day": clock.local_day(alarm.since),
    }


ALARM_DESK = Desk(
    lifecycle=ALARM,
    work=TRACK,
    lists=(VIEW,),
    reads=(VIEW,),
    related=("asset_alarm__asset__agency", "asset_alarm__asset__holder"),
    states=("open", "seen", "settled"),
    columns=(Column("goods", _("Goods"), _goods), Column("since", _("Since"), _since)),
    search=lambda words: (
        Q(asset_alarm__asset__nibar__iexact=words) | Q(asset_alarm__asset__search__contains=words.lower())
    ),
    side="lada/tracking/alarm.html",
    context=_context,
    acts=(
        Act("look", run=alarms.alarm_look, notice=_("You look at it."), sees=True),
        Act(
            "told",
            run=alarms.alarm_told,
            form=ToldForm,
            notice=_("It is written down."),
            sees=True,
        ),
        Act("settle", run=alarms.alarm_settle, form=SettleForm, notice=_("It is explained."), sees=True),
        Act(
            "note",
            run=alarms.alarm_note,
            notice=_("The inside note is saved."),
            box=Box(audience="inside", reads=_("Only staff read it"), button=_("Save note")),
        ),
    ),
    texts=replace(
        USUAL,
        queue=_("Goods outside their fence"),
        list=_("All alarms"),
        sheet=_("Alarm %(number)s"),
        received=_("Its device told of it"),
        search=_("Search by number, NIBAR or plate…"),
    ),
)
