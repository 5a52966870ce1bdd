"""The parts that the installed apps put on the front page, gathered."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kotacerdas.foundation.indicators.queries import Figure, figure, figures
from kotacerdas.foundation.ui.shapes import NavItem, Sparkline
from kotacerdas.foundation.ui.shapes.portal import (
    CaseCard,
    FinishedCard,
    PortalEntry,
    PortalPart,
    PromiseLine,
)
from kotacerdas.kernel import clock
from kotacerdas.kernel.discover import discover
from kotacerdas.kernel.errors import Words
from kotacerdas.kernel.memory import forgets

DAYS, WEEKS = 30, 12
_KEEP_SECONDS = 30.0
_cached: dict[str, tuple[float, tuple[Figure, list[float | None]]]] = {}


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A promise's figure as the page says it."""

    label: Words
    value: str
    unit: Words
    beside: Words
    period: Words
    trend: Sparkline


@lru_cache(maxsize=1)
def parts() -> tuple[PortalPart, ...]:
    """All declared parts, in the order of the apps. Raises LookupError for a PORTAL of another type."""
    found = []
    for module in discover("portal_entries"):
        part = getattr(module, "PORTAL", None)
        if not isinstance(part, PortalPart):
            raise LookupError(f"{module.__name__} declares no PORTAL")
        found.append(part)
    return tuple(found)


def entries() -> list[PortalEntry]:
    """The tiles: services that run here, the emergency numbers, then the programmes still to come."""
    emergency = PortalEntry(
        label=pgettext("tile", "Urgent help"),
        note=_("Telephone"),
        icon="phone-call",
        url=reverse("portal_emergency"),
        tone="terasi",
        order=2,
    )
    every = [emergency, *(entry for part in parts() for entry in part.entries())]
    running = {entry.code for entry in every if entry.url and entry.code}
    shown = [entry for entry in every if entry.url or entry.code not in running]
    return sorted(shown, key=lambda entry: entry.order)


def navigation(path: str) -> list[NavItem]:
    """The main navigation of the citizens' pages."""
    home = NavItem(label=_("Home"), icon="house", url=reverse("portal_home"))
    every = [home, *(item for part in parts() for item in part.nav())]
    return [NavItem(label=item.label, icon=item.icon, url=item.url, on=item.url == path) for item in every]


def find() -> list[NavItem]:
    """Where somebody gets back to a case whose number they know."""
    return [part.find() for part in parts() if part.find]


def my_cases(request: HttpRequest) -> list[CaseCard]:
    """The reader's own cases of all programs."""
    return [card for part in parts() if part.my_cases for card in part.my_cases(request)]


def finished() -> list[FinishedCard]:
    """What was done this week, for anybody to see."""
    return [card for part in parts() if part.finished for card in part.finished()]


def promises() -> list[Shown]:
    """The live figures of the promises over the last thirty days, each with its end date and count."""
    today = clock.today()
    lines = [(line, *_figures(line.indicator, today)) for part in parts() for line in part.promises]
    return [
        _shown(line, whole, weeks, today)
        for line, whole, weeks in lines
        if whole.value is not None and _count(whole) >= line.least
    ]


def _figures(code: str, today: date) -> tuple[Figure, list[float | None]]:
    """The figure of the last thirty days and of each of twelve weeks; kept for half a minute."""
    cached = _cached.get(code)
    if cached is not None and time.monotonic() < cached[0]:
        return cached[1]
    monday = today - timedelta(days=today.weekday())
    first = monday - timedelta(weeks=WEEKS - 1)
    by_week = figures(code, first, today, by="week")
    weeks = [
        by_week[key].value if (key := (first + timedelta(weeks=n)).isoformat()) in by_week else None
        for n in range(WEEKS)
    ]
    found = (figure(code, today - timedelta(days=DAYS - 1), today), weeks)
    _cached[code] = (time.monotonic() + _KEEP_SECONDS, found)
    return found


@forgets
def forget_figures() -> None:
    """Look again at the next call; for tests."""
    _cached.clear()


def _count(whole: Figure) -> int:
    return whole.numerator if whole.kind == "flow" else whole.denominator


def _shown(line: PromiseLine, whole: Figure, weeks: list[float | None], today: date) -> Shown:
    from kotacerdas.foundation.ui.tags.words import day

    value, unit = line.shown(whole.value or 0.0)
    counted = line.counted(whole.numerator, _count(whole))
    period = _("%(days)d days to %(day)s, %(counted)s") % {
        "days": DAYS,
        "day": day(today),
        "counted": counted,
    }
    trend = Sparkline(
        values=tuple(weeks),
        label=_("%(label)s, week by week over twelve weeks") % {"label": line.label},
        goal=line.goal,
        tone=line.tone,
    )
    return Shown(label=line.label, value=value, unit=unit, beside=line.goal_words, period=period, trend=trend)
