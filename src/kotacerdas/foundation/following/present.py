"""A case as its parties see it: state, title, promise. Names no officer and no other party."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.utils.translation import ngettext

from kotacerdas.foundation.cases.clocks import lapsing
from kotacerdas.foundation.cases.lifecycle import lifecycle_of
from kotacerdas.foundation.cases.models import Case, CaseClock, CaseFile
from kotacerdas.foundation.cases.queries import badge
from kotacerdas.foundation.files.queries import thumb_size
from kotacerdas.foundation.files.urls import signed
from kotacerdas.foundation.territory.queries import area_by_code
from kotacerdas.foundation.ui.shapes import ClockBar, Photo, Tag
from kotacerdas.foundation.workdays.queries import current_calendar
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Words

TONES: dict[str, Literal["plain", "laut", "padi", "kunyit", "terasi"]] = {
    "info": "laut",
    "good": "padi",
    "warn": "kunyit",
    "bad": "terasi",
}
_MOST_CELLS = 20


def public_tag(case: Case) -> Tag:
    """The state in the words of the reporter."""
    state = lifecycle_of(case).by_state[case.state]
    return Tag(text=state.public_label or state.label, tone=TONES.get(state.tone, "plain"), icon=state.icon)


def title_of(case: Case) -> str:
    """The coded title in the language of the page."""
    return lifecycle_of(case).title(case.title_code)


def place_of(case: Case) -> str:
    """`Desa Karang Putih, Melati Utara`; "" when no village is known."""
    area = area_by_code(case.area_code)
    if area is None:
        return ""
    return f"{area.full_name}, {area.parent.name}" if area.parent else area.full_name


def nearest_promise(case: Case) -> CaseClock | None:
    """The running or paused promise of ours that is due first."""
    live = (one for one in case.clocks.all() if one.is_ours and one.assignment_id is None and one.is_live)
    return min(live, key=lambda one: one.due_at, default=None)


def clock_bar_of(case: Case, main: str) -> tuple[ClockBar, CaseClock] | None:
    """The main promise (else the nearest one) as a bar with one cell a working day.

    One that ended without an answer, as when the work was returned, shows only where nothing else is promised.
    """
    clocks = list(case.clocks.filter(is_ours=True, assignment=None).order_by("-started_at"))
    chosen = [one for one in clocks if one.name == main and one.state != "void"]
    lapsed = lapsing(lifecycle_of(case).by_clock[main]) if main else frozenset()
    answered = [one for one in chosen if one.is_live or one.ended_by not in lapsed]
    live = sorted((one for one in clocks if one.is_live), key=lambda one: one.due_at)
    one = next(iter([*answered, *live, *chosen]), None)
    if one is None:
        return None
    shown = badge(one)
    workdays = one.unit == "workdays"
    return (
        ClockBar(
            label=str(lifecycle_of(case).by_clock[one.name].label),
            budget=_working_days(one.budget) if workdays else "",
            badge=shown,
            used=_days_used(one) if workdays else shown.share,
            cells=one.budget if workdays and one.budget <= _MOST_CELLS else 0,
        ),
        one,
    )


def _working_days(count: int) -> str:
    return ngettext("%(n)d working day", "%(n)d working days", count) % {"n": count}


def _days_used(one: CaseClock) -> float:
    """The share of the budget used, in working days: full cells for days gone, a part for today."""
    end = one.ended_at or (one.paused_at if one.state == "paused" else None) or clock.now()
    calendar = current_calendar()
    gone = calendar.remaining_workdays(clock.local_day(one.started_at), clock.local_day(end))
    stood = sum(
        calendar.remaining_workdays(*(clock.local_day(datetime.fromisoformat(at)) for at in span))
        for span in one.paused_days
    )
    return min(1.0, max(0.0, (gone - stood) / one.budget)) if one.budget else 0.0


def as_words(case: Case) -> dict[str, Any]:
    """Number, title, place and state of a case as lists show them."""
    return {
        "number": case.number,
        "title": title_of(case),
        "place": place_of(case),
        "tag": public_tag(case),
    }


def photo_of(one: CaseFile, words: Words) -> Photo:
    """A case's photo as its thumbnail, leading to the whole one."""
    width, height = thumb_size(one.file)
    return Photo(
        url=signed(one.file, "thumb"),
        width=width,
        height=height,
        alt=str(words),
        large_url=signed(one.file),
    )
