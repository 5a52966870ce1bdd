"""Filters: dates, numbers, money and phones in the reader's language and the instance's zone."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, ngettext

from kotacerdas.foundation.ui import formats
from kotacerdas.kernel import clock

from .registry import register


def language() -> str:
    """The reader's language, or the instance's where none is active."""
    return get_language() or settings.LANGUAGE_CODE


@register.filter
def day(value: date | datetime | None) -> str:
    """`24 November 2026`."""
    return formats.day(value, language(), clock.local_zone()) if value else ""


@register.filter
def short_day(value: date | datetime | None) -> str:
    """`24 Nov 2026`."""
    return formats.short_day(value, language(), clock.local_zone()) if value else ""


@register.filter
def daytime(value: datetime | None) -> str:
    """`24 November 2026 pukul 14.05 WIB`."""
    return formats.daytime(value, language(), clock.local_zone()) if value else ""


@register.filter
def short_time(value: datetime | None) -> str:
    """`hari ini, 09.15` or `Sel 17 Nov, 09.12`."""
    return formats.short_time(value, clock.now(), language(), clock.local_zone()) if value else ""


@register.filter
def clock_time(value: datetime | None) -> str:
    """`14.05`."""
    return formats.clock_time(value, language(), clock.local_zone()) if value else ""


@register.filter
def ago(value: datetime | None) -> str:
    """`12 detik lalu`, beside a date, never instead of it."""
    return formats.ago(value, clock.now(), language()) if value else ""


def lasting(since: datetime, now: datetime) -> str:
    """How long something has run: `12 menit`, `5 jam`, `3 hari`."""
    minutes = int((now - since).total_seconds() // 60)
    hours, days = minutes // 60, minutes // 1440
    if days >= 2:
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    if hours >= 2:
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}


@register.filter
def number(value: Any, decimals: int | None = None) -> str:
    """`1.234,5`; what is no number passes through as words."""
    if isinstance(value, bool) or not isinstance(value, formats.Number):
        return "" if value is None else str(value)
    return formats.number(value, language(), decimals)


@register.filter
def cubic_metres(litres: int | None) -> str:
    """Litres as cubic metres with two decimals, without the unit; nothing for None."""
    return "" if litres is None else number(litres / 1000, 2)


@register.filter
def compact(value: formats.Number) -> str:
    """`50 M` where there is no room for the zeros."""
    return formats.compact(value, language())


@register.filter
def percent(share: formats.Number | None) -> str:
    """`94,5%` from the share 0.945."""
    return "" if share is None else formats.percent(share, language())


@register.filter
def rupiah(amount: formats.Number | None) -> str:
    """`Rp12.500`."""
    return "" if amount is None else formats.rupiah(amount, language())


@register.filter
def phone(text: str | None) -> str:
    """`0812-3456-7890`."""
    return formats.phone(text or "")


@register.filter
def hundredths(share: float | None) -> str:
    """The share as SVG length on a path or width of 100, with a full stop whatever the language."""
    return f"{max(0.0, min(1.0, share or 0.0)) * 100:.1f}"


@register.filter
def coordinate(value: float) -> str:
    """A number as SVG wants it, whatever the language."""
    return f"{float(value):.1f}"


@register.filter
def long_day(value: date | datetime | None) -> str:
    """`Selasa, 24 November 2026`."""
    return formats.long_day(value, language(), clock.local_zone()) if value else ""


@register.filter
def line_down(index: int, start: int) -> int:
    """Offset in px of a line of SVG text: 15 px a line, from `start`."""
    return start + int(index) * 15
