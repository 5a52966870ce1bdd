"""Dates, numbers, money and phones as people read them. Pure: language and zone come in as arguments.

`language` is "id", "en" or any code Babel knows; words and separators come from CLDR through Babel,
except where Indonesian officials write otherwise (full stop in times, "pukul", "lalu", no space after Rp).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal

from babel.dates import format_date, format_timedelta
from babel.numbers import format_compact_decimal, format_decimal

from kotacerdas.kernel import phones

Number = int | float | Decimal
_CLOCK = {"id": "%H.%M"}
_JOIN = {"id": "pukul", "en": "at"}
_JUST_NOW = {"id": "baru saja", "en": "just now"}
_TODAY = {"id": "hari ini", "en": "today"}


def zone_label(at: datetime, zone: tzinfo) -> str:
    """`WIB`, `WITA` or `WIT`: how the zone calls itself at that instant."""
    return at.astimezone(zone).strftime("%Z")


def day(value: date | datetime, language: str, zone: tzinfo) -> str:
    """`24 November 2026`. An instant becomes its local day first."""
    return format_date(_local_day(value, zone), "d MMMM y", locale=language)


def short_day(value: date | datetime, language: str, zone: tzinfo) -> str:
    """`24 Nov 2026`."""
    return format_date(_local_day(value, zone), "d MMM y", locale=language)


def long_day(value: date | datetime, language: str, zone: tzinfo) -> str:
    """`Selasa, 24 November 2026`."""
    return format_date(_local_day(value, zone), "EEEE, d MMMM y", locale=language)


def clock_time(at: datetime, language: str, zone: tzinfo) -> str:
    """`14.05` in Indonesian, `14:05` elsewhere; 24 hours."""
    return at.astimezone(zone).strftime(_CLOCK.get(language, "%H:%M"))


def daytime(at: datetime, language: str, zone: tzinfo) -> str:
    """`24 November 2026 pukul 14.05 WIB`."""
    return _with_time(day(at, language, zone), at, language, zone)


def long_daytime(at: datetime, language: str, zone: tzinfo) -> str:
    """`Selasa, 24 November 2026 pukul 14.05 WIB`."""
    return _with_time(long_day(at, language, zone), at, language, zone)


def short_time(at: datetime, now: datetime, language: str, zone: tzinfo) -> str:
    """`hari ini, 09.15`, `Sel 17 Nov, 09.12`, or with the year where it is another one."""
    local, here = at.astimezone(zone).date(), now.astimezone(zone).date()
    time = clock_time(at, language, zone)
    if local == here:
        return f"{_TODAY.get(language, _TODAY['en'])}, {time}"
    pattern = "EEE d MMM" if local.year == here.year else "d MMM y"
    return f"{format_date(local, pattern, locale=language)}, {time}"


def ago(at: datetime, now: datetime, language: str) -> str:
    """`12 detik lalu`, `in 3 days`: the largest whole unit, counted down, never rounded up; `baru saja` within a second."""
    seconds = int((at - now).total_seconds())
    if not seconds:
        return _JUST_NOW.get(language, _JUST_NOW["en"])
    unit = next((size for size in (86400 * 365, 86400 * 30, 86400, 3600, 60) if abs(seconds) >= size), 1)
    whole = timedelta(seconds=int(seconds / unit) * unit)
    text = format_timedelta(whole, threshold=1, add_direction=True, locale=language)
    return text.replace(" yang lalu", " lalu").replace("dalam ", "", 1) + _later(seconds, language)


def number(value: Number, language: str, decimals: int | None = None) -> str:
    """`1.234,5` or `1,234.5`. Without `decimals` at most two, and none that are zero."""
    places = "0" * decimals if decimals is not None else "##"
    pattern = f"#,##0.{places}" if places else "#,##0"
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-len(places)), rounding=ROUND_HALF_UP)
    return format_decimal(exact, pattern, locale=language)


def percent(share: Number, language: str, decimals: int = 1) -> str:
    """`94,5%` from the share 0.945; trailing zeros fall away."""
    exact = (Decimal(str(share)) * 100).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return f"{format_decimal(exact, '#,##0.' + '#' * decimals, locale=language)}%"


def compact(value: Number, language: str) -> str:
    """`50 M`, `2,5 jt`: a large figure where there is no room for its zeros; below a million as it is."""
    if abs(Decimal(str(value))) < 1_000_000:
        return number(value, language)
    return format_compact_decimal(value, locale=language, fraction_digits=1)


def rupiah(amount: Number, language: str) -> str:
    """`Rp12.500`: whole rupiah, no space, the minus in front."""
    whole = Decimal(str(amount)).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    sign = "-" if whole < 0 else ""
    return f"{sign}Rp{format_decimal(abs(whole), '#,##0', locale=language)}"


def phone(text: str) -> str:
    """`0812-3456-7890` from any way of writing it; what is no number stays as it is."""
    stored = phones.normal(text)
    return phones.shown(stored) if stored else text


def _local_day(value: date | datetime, zone: tzinfo) -> date:
    return value.astimezone(zone).date() if isinstance(value, datetime) else value


def _with_time(words: str, at: datetime, language: str, zone: tzinfo) -> str:
    join = _JOIN.get(language, _JOIN["en"])
    return f"{words} {join} {clock_time(at, language, zone)} {zone_label(at, zone)}"


def _later(seconds: int, language: str) -> str:
    return " lagi" if seconds > 0 and language == "id" else ""
