"""Reports resolved this week that anybody may see, those with published photos first."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kotacerdas.foundation.cases.models import Case, CaseFile
from kotacerdas.foundation.following.present import place_of, title_of
from kotacerdas.foundation.ui.shapes import Pair
from kotacerdas.foundation.ui.shapes.portal import FinishedCard
from kotacerdas.foundation.workdays.queries import current_calendar
from kotacerdas.kernel import clock
from kotacerdas.kernel.memory import forgets
from kotacerdas.programs.iceta.lifecycles import S
from kotacerdas.programs.iceta.public.story import STORY
from kotacerdas.programs.iceta.queries import published

_DAYS, _SHOWN, _CONSIDERED = 7, 2, 30
_KEEP_SECONDS = 20.0
_cache: tuple[float, Sequence[Case]] | None = None


def this_week() -> Sequence[FinishedCard]:
    """At most two cards; looked up at most every twenty seconds."""
    return [_card(case) for case in _cases()]


@forgets
def forget() -> None:
    """Look again at the next call; for tests."""
    global _cache
    _cache = None


def _cases() -> Sequence[Case]:
    global _cache
    if _cache is not None and time.monotonic() < _cache[0]:
        return _cache[1]
    since = clock.now() - timedelta(days=_DAYS)
    done = (
        published()
        .filter(state__in=(S.RESOLVED, S.CLOSED), notes__kind="resolution")
        .exclude(priority="emergency")
        .annotate(resolved_at=Max("notes__created_at", filter=Q(notes__kind="resolution")))
        .filter(resolved_at__gte=since)
        .select_related("report", "lead_agency")
        .order_by("-resolved_at")[:_CONSIDERED]
    )
    chosen = sorted(done, key=lambda case: not (case.report.photos_published and _has_pair(case)))[:_SHOWN]
    _cache = (time.monotonic() + _KEEP_SECONDS, chosen)
    return chosen


def _card(case: Case) -> FinishedCard:
    started, ended = clock.local_day(case.opened_at), clock.local_day(case.resolved_at)  # type: ignore[attr-defined]
    days = current_calendar().remaining_workdays(started, ended)
    took = ngettext("Done within %(n)d working day", "Done within %(n)d working days", days) % {"n": days}
    agency = case.lead_agency.short_name if case.lead_agency else ""
    return FinishedCard(
        title=title_of(case),
        took=took if days else _("Done on the same day"),
        note=". ".join(filter(None, (agency, place_of(case)))),
        pair=_pair(case) if case.report.photos_published else None,
    )


def _has_pair(case: Case) -> bool:
    moments = set(case.files.filter(is_inside=False).values_list("moment", flat=True))
    return {"before", "after"} <= moments


def _pair(case: Case) -> Pair | None:
    files: dict[str, CaseFile] = {}
    for one in case.files.filter(is_inside=False).select_related("file").order_by("added_at"):
        if one.moment == "after" or one.note_id is None:
            files.setdefault(one.moment, one)
    if not {"before", "after"} <= files.keys():
        return None
    return Pair(before=STORY.photo(files["before"]), after=STORY.photo(files["after"]))
