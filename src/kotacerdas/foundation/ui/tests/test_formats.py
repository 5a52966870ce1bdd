"""Dates, numbers and phones read as Indonesian officials, and English readers, write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotacerdas.foundation.ui import formats

WIB = ZoneInfo("Asia/Jakarta")
AT = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)
LANGUAGES = st.sampled_from(["id", "en"])
INSTANTS = st.datetimes(
    min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1), timezones=st.just(UTC)
)


def test_a_day_and_a_time_read_as_in_the_pictures():
    assert formats.daytime(AT, "id", WIB) == "24 November 2026 pukul 14.05 WIB"
    assert formats.daytime(AT, "en", WIB) == "24 November 2026 at 14:05 WIB"
    assert formats.long_day(AT, "id", WIB) == "Selasa, 24 November 2026"
    assert formats.short_day(date(2026, 12, 31), "id", WIB) == "31 Des 2026"


@pytest.mark.parametrize(
    ("zone", "label"), [("Asia/Jakarta", "WIB"), ("Asia/Makassar", "WITA"), ("Asia/Jayapura", "WIT")]
)
def test_the_zone_is_named_as_the_instance_stands(zone, label):
    assert formats.daytime(AT, "id", ZoneInfo(zone)).endswith(label)


def test_a_day_is_the_local_one_even_after_midnight_of_utc():
    assert formats.day(datetime(2026, 11, 24, 17, 30, tzinfo=UTC), "id", WIB) == "25 November 2026"


def test_today_is_said_as_today_and_another_year_with_its_year():
    now = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    assert formats.short_time(AT, now, "id", WIB) == "hari ini, 14.05"
    assert formats.short_time(AT - timedelta(days=7), now, "id", WIB) == "Sel 17 Nov, 14.05"
    assert formats.short_time(AT - timedelta(days=365), now, "en", WIB) == "24 Nov 2025, 14:05"


@pytest.mark.parametrize(
    ("seconds", "indonesian", "english"),
    [
        (-12, "12 detik lalu", "12 seconds ago"),
        (-119, "1 menit lalu", "1 minute ago"),
        (-3600 * 26, "1 hari lalu", "1 day ago"),
        (7200, "2 jam lagi", "in 2 hours"),
    ],
)
def test_relative_time_counts_whole_units_down(seconds, indonesian, english):
    at = AT + timedelta(seconds=seconds)
    assert formats.ago(at, AT, "id") == indonesian
    assert formats.ago(at, AT, "en") == english


@given(at=INSTANTS, now=INSTANTS, language=LANGUAGES)
def test_relative_time_of_any_two_instants_names_its_direction(at, now, language):
    words = formats.ago(at, now, language)
    if not int((at - now).total_seconds()):
        assert words in ("baru saja", "just now")
        return
    past = int((at - now).total_seconds()) < 0
    if language == "id":
        assert words.endswith(" lalu") == past
        assert "yang lalu" not in words
        assert "dalam" not in words
    else:
        assert words.endswith(" ago") or words.startswith("in ")


@given(value=st.integers(min_value=-(10**12), max_value=10**12), language=LANGUAGES)
def test_a_whole_number_reads_back_whole(value, language):
    separator = "." if language == "id" else ","
    assert int(formats.number(value, language).replace(separator, "").replace("\u2212", "-")) == value


@given(value=st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_both_languages_write_the_same_digits(value):
    swapped = formats.number(value, "en").translate(str.maketrans(",.", ".,"))
    assert formats.number(value, "id") == swapped


@given(amount=st.integers(min_value=0, max_value=10**13))
def test_money_is_whole_rupiah_without_a_space(amount):
    words = formats.rupiah(amount, "id")
    assert words.startswith("Rp")
    assert " " not in words
    assert int(words[2:].replace(".", "")) == amount


@given(share=st.integers(min_value=0, max_value=1000))
def test_a_percentage_is_the_share_times_a_hundred(share):
    words = formats.percent(Decimal(share) / 1000, "id")
    assert Decimal(words[:-1].replace(".", "").replace(",", ".")) == Decimal(share) / 10


def test_numbers_read_as_in_the_pictures():
    assert formats.number(1234.5, "id") == "1.234,5"
    assert formats.number(1234.5, "en") == "1,234.5"
    assert formats.number(3, "id", 2) == "3,00"
    assert formats.percent(0.945, "id") == "94,5%"
    assert formats.rupiah(12500, "id") == "Rp12.500"
    assert formats.rupiah(-12500, "en") == "-Rp12,500"


@given(digits=st.text("0123456789", min_size=6, max_size=9))
def test_a_phone_reads_alike_however_it_was_typed(digits):
    local = "0812" + digits
    assert (
        formats.phone(local) == formats.phone("+62" + local[1:]) == formats.phone(local[:4] + " " + local[4:])
    )


def test_what_is_no_phone_number_stays_as_it_is():
    assert formats.phone("tanya Dewi") == "tanya Dewi"
    assert formats.phone("081234567890") == "0812-3456-7890"
