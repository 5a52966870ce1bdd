"""A programme that serves two dimensions: shown under both, once in each one's mean and once in the whole."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st
from trials.cast import client_of, seat

from kotacerdas.insight.evaluation import queries
from kotacerdas.insight.evaluation.models import Dimension, Programme, ProgrammeDimension
from kotacerdas.insight.evaluation.pack import SECTIONS
from kotacerdas.insight.evaluation.scores import Attained, dimension_mean
from kotacerdas.kernel.packfiles import read_csv_rows

YEAR = "/desk/evaluasi/2026/"


def line(code: str, percent: int | None, weight: int | None = None):
    target = SimpleNamespace(weight=Decimal(weight)) if weight is not None else None
    sheet = SimpleNamespace(code=code)
    return SimpleNamespace(
        sheet=sheet, percent=Decimal(percent) if percent is not None else None, target=target
    )


LINES = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.none() | st.integers(0, 200),
        st.none() | st.integers(1, 9),
        st.sets(st.integers(0, 5), min_size=1),
    ),
    max_size=12,
)


@given(LINES)
def test_an_indicator_counts_once_in_the_whole_however_many_dimensions_show_it(drawn):
    made = [
        (line(f"p{program}.i{n}", percent, weight), dims)
        for n, (program, percent, weight, dims) in enumerate(drawn)
    ]
    scores = [
        SimpleNamespace(lines=[one for one, dims in made if dimension in dims]) for dimension in range(6)
    ]
    once = queries.lines_once(scores)
    assert sorted(one.sheet.code for one in once) == sorted(one.sheet.code for one, _dims in made)
    parts = [
        Attained(percent=one.percent, weight=one.target.weight if one.target else None) for one, _dims in made
    ]
    whole = queries.whole_percent(scores)
    expected = dimension_mean(parts)
    assert (whole is None) == (expected is None)
    assert whole is None or abs(whole - expected) < Decimal("1e-20")


@pytest.fixture
def both(cast, client):
    """ICeta's programme serves both dimensions of the invented regency."""
    ProgrammeDimension.objects.create(
        programme=Programme.objects.get(code="iceta"),
        dimension=Dimension.objects.get(code="governance"),
        valid_from=date(2025, 1, 1),
        basis="x",
    )
    return client_of(seat("planner", "BAPPEDA", "planner"))


@pytest.mark.django_db
def test_it_is_shown_under_both_and_its_targets_are_missing_once(both):
    scores = {one.dimension.code: one for one in queries.year_scores(2026)}
    codes = [one.sheet.code for one in scores["governance"].lines]
    assert codes == [one.sheet.code for one in scores["society"].lines]
    assert len(codes) == len(set(codes)) == 3
    html = both.get(YEAR).content.decode()
    assert html.count('href="/desk/evaluasi/2026/iceta.resolved_share/"') == 2
    assert [one for one, count in Counter(re.findall(r' id="([^"]+)"', html)).items() if count > 1] == []
    assert "2 indikator belum punya target" in html or "2 indikator" in html
    assert "dihitung satu kali dalam keseluruhan" in html


@pytest.mark.django_db
def test_its_target_is_entered_in_one_place(both):
    html = both.get(YEAR, {"target": "iceta.resolved_share"}).content.decode()
    assert html.count('id="target-iceta.resolved_share"') == 1


@pytest.mark.django_db
def test_a_score_names_both_dimensions(both):
    html = both.get(f"{YEAR}iceta.resolved_share/").content.decode()
    assert "Tata Kelola · Masyarakat" in html


@pytest.mark.django_db
def test_one_mapping_that_follows_another_in_a_year_does_not_count_twice(both):
    rows = ProgrammeDimension.objects.filter(dimension__code="society")
    rows.update(valid_to=None)
    ProgrammeDimension.objects.create(
        programme=Programme.objects.get(code="iceta"),
        dimension=Dimension.objects.get(code="society"),
        valid_from=date(2026, 2, 1),
        basis="y",
    )
    scores = {one.dimension.code: one for one in queries.year_scores(2026)}
    assert len(scores["society"].lines) == 3
    assert len(scores["society"].programmes) == 1


def test_the_first_pack_keeps_the_mission_beside_governance():
    row = next(one.row for one in SECTIONS if one.name == "programme_dimensions")
    rows = read_csv_rows(settings.ROOT / "packs/indramayu/programme_dimensions.csv", row, [])
    own = {
        one.dimension: (one.valid_from.year, one.valid_to) for one, _line in rows if one.programme == "iceta"
    }
    assert own == {"society": (2022, None), "governance": (2023, None)}
