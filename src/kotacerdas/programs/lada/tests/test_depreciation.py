"""Depreciation by semester: what the rules say, each figure explained, nothing lost to rounding."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kotacerdas.programs.lada.depreciation import Band, Brought, Least, Life, Rules, Semester, history
from kotacerdas.programs.lada.events import Event
from kotacerdas.programs.lada.pack import (
    BandRow,
    LifeRow,
    ThresholdRow,
    check_bands,
    check_lives,
    check_thresholds,
)

OLD = date(2015, 1, 1)
CAR, LAND = "1.3.2.02.01.02.003", "1.3.1.01.01.04.001"
BANDS = ((0, 3000, 12), (3000, 5000, 24), (5000, 7500, 36), (7500, 1_000_000, 48))
RULES = Rules(
    lives=(
        Life(valid_from=OLD, code="1.3.1", months=0),
        Life(valid_from=OLD, code="1.3.2", months=60),
        Life(valid_from=OLD, code="1.3.2.02", months=84),
        Life(valid_from=date(2028, 1, 1), code="1.3.2.02", months=96),
    ),
    bands=tuple(
        Band(valid_from=OLD, code="1.3.2.02", from_bp=low, to_bp=high, add_months=months)
        for low, high, months in BANDS
    ),
    thresholds=(Least(valid_from=OLD, code="1.3.2", least=1_000_000),),
)
BEFORE_2028 = Rules(lives=RULES.lives[:3], bands=RULES.bands)


def acquired(amount: int, on: date, code: str = CAR, **data) -> Event:
    return Event(
        number=1,
        kind="acquire",
        on=on,
        amount=amount,
        data={"agency": "PU", "goods_code": code, "name": "x", "origin": "purchase", **data},
    )


def opening(amount: int, audited: int, acquired_on: str, **data) -> Event:
    given = {"agency": "PU", "goods_code": CAR, "name": "x", "origin": "other", "acquired_on": acquired_on}
    return Event(
        number=1,
        kind="opening",
        on=date(2025, 12, 31),
        amount=amount,
        accumulated=audited,
        data={**given, **data},
    )


def test_the_semester_of_acquisition_counts_whole_and_the_last_one_takes_the_rest():
    found = history([acquired(100_000_001, date(2020, 6, 30))], BEFORE_2028, Semester(2027, 1))
    assert next(iter(found)) == Semester(2020, 1)
    assert found[Semester(2020, 1)].amount == 100_000_001 // 14
    assert found[Semester(2026, 2)].book == 0
    assert sum(one.amount for one in found.values()) == 100_000_001
    assert found[Semester(2027, 1)].amount == 0


def test_land_and_what_is_extra_comptable_are_never_depreciated_and_a_missing_rule_is_told():
    day, until = date(2020, 1, 1), Semester(2025, 2)
    land = history([acquired(9_000_000, day, LAND)], RULES, until)[until]
    small = history([acquired(900_000, day, is_intra=False)], RULES, until)[until]
    other = history([acquired(9_000_000, day, "1.3.3.01.01.01.001")], RULES, until)[until]
    assert [one.amount for one in (land, small, other)] == [0, 0, 0]
    assert [one.lines[-1]["what"] for one in (land, small, other)] == ["never", "extra", "no_rule"]
    assert [one.is_ruled for one in (land, small, other)] == [True, True, False]


def test_an_opening_goes_on_from_its_audited_figure():
    found = history([opening(140_000_000, 60_000_000, "2023-01-10")], BEFORE_2028, Semester(2026, 1))
    first = found[Semester(2026, 1)]
    assert list(found) == [Semester(2026, 1)]
    assert first.amount == 80_000_000 // (14 - 6)
    assert first.accumulated == 70_000_000
    given = history(
        [opening(140_000_000, 60_000_000, "2023-01-10", months_left=24)], RULES, Semester(2026, 1)
    )
    assert given[Semester(2026, 1)].amount == 20_000_000


@pytest.mark.parametrize(("cost", "added"), [(29, 2), (30, 4), (50, 6), (75, 7), (300, 7)])
def test_an_overhaul_adds_its_band_up_to_the_whole_life(cost, added):
    first = acquired(100_000_000, date(2020, 1, 5))
    more = Event(number=2, kind="capitalise", on=date(2023, 7, 1), amount=cost * 1_000_000)
    found = history([first, more], BEFORE_2028, Semester(2023, 2))[Semester(2023, 2)]
    [line] = [one for one in found.lines if one["what"] == "overhaul"]
    assert (line["left"], line["after"] - line["left"]) == (7, added)
    before = 100_000_000 - history([first], BEFORE_2028, Semester(2023, 1))[Semester(2023, 1)].accumulated
    assert found.amount == (before + cost * 1_000_000) // (7 + added)


def test_a_new_version_of_the_rules_holds_from_its_day_and_spreads_what_is_left():
    found = history([acquired(140_000_000, date(2024, 1, 5))], RULES, Semester(2028, 1))
    assert found[Semester(2027, 2)].amount == 10_000_000
    assert found[Semester(2028, 1)].amount == 60_000_000 // 8


def test_what_was_locked_stands_and_a_later_reversal_is_spread_over_what_is_left():
    first = acquired(140_000_000, date(2024, 1, 5))
    more = Event(number=2, kind="capitalise", on=date(2024, 2, 1), amount=14_000_000)
    back = Event(number=3, kind="reverse", on=date(2024, 8, 1), reverses=2)
    locked = history([first, more], BEFORE_2028, Semester(2024, 1))[Semester(2024, 1)]
    brought = Brought(Semester(2024, 1), locked.accumulated)
    after = history([first, more, back], BEFORE_2028, Semester(2024, 2), brought)
    assert list(after) == [Semester(2024, 2)]
    figure = after[Semester(2024, 2)]
    assert figure.value == 140_000_000
    assert figure.amount == (140_000_000 - locked.accumulated) // 13
    assert history([first, more, back], BEFORE_2028, Semester(2024, 2))[Semester(2024, 2)] == figure


def test_a_threshold_says_what_is_capitalised():
    assert RULES.is_intra(CAR, 1_000_000, date(2026, 1, 1))
    assert not RULES.is_intra(CAR, 999_999, date(2026, 1, 1))
    assert RULES.is_intra(LAND, 1, date(2026, 1, 1))


@given(
    some.integers(0, 10**12),
    some.integers(1, 28),
    some.lists(some.tuples(some.integers(2020, 2030), some.integers(1, 10**11)), max_size=4),
)
def test_nothing_is_lost_whatever_is_added(amount, months, overhauls):
    ledger = [acquired(amount, date(2020, 1 + months % 12, months))]
    for year, cost in sorted(overhauls):
        ledger.append(
            Event(number=len(ledger) + 1, kind="capitalise", on=date(max(year, 2021), 3, 1), amount=cost)
        )
    found = history(ledger, RULES, Semester(2060, 2))
    assert found[Semester(2060, 2)].book == 0
    assert sum(one.amount for one in found.values()) == sum(one.amount for one in ledger)
    so_far = 0
    for one in found.values():
        so_far += one.amount
        assert (one.amount >= 0, one.accumulated, one.book) == (True, so_far, one.value - so_far)


def band(low: int, high: int, months: int = 12) -> BandRow:
    return BandRow(valid_from=OLD, code="1.3.2", from_bp=low, to_bp=high, add_months=months, source="contoh")


@pytest.mark.parametrize(
    ("bands", "wrong"),
    [
        ([band(0, 3000), band(3000, 10_000)], 0),
        ([band(0, 7000), band(7500, 10_000)], 1),  # the gap of 70 to 75 percent of a real table
        ([band(0, 3000), band(2500, 10_000)], 1),
        ([band(100, 3000)], 1),
        ([band(0, 3000), band(3000, 3000)], 1),
        ([band(0, 3000, 7)], 1),
    ],
)
def test_gaps_and_overlaps_of_bands_are_refused_at_loading(bands, wrong):
    assert len(list(check_bands(bands, None))) == wrong


def test_lives_and_thresholds_are_looked_at_at_loading():
    def life(code: str, months: int) -> LifeRow:
        return LifeRow(valid_from=OLD, code=code, months=months, source="contoh")

    def least(code: str, rupiah: int) -> ThresholdRow:
        return ThresholdRow(valid_from=OLD, code=code, least=rupiah, source="contoh")

    assert len(list(check_lives([life("1.3.2", 60), life("1.3.1", 0)], None))) == 0
    assert len(list(check_lives([life("1.3.2", 61), life("1.1.7", 60)], None))) == 2
    assert len(list(check_thresholds([least("1.3.2", 0), least("1.3.2", -1), least("9", 1)], None))) == 2
