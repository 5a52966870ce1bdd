"""Reference data of the evaluation: dated mappings and whole years."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from kotacerdas.insight.evaluation.models import (
    Dimension,
    IndicatorSheet,
    Programme,
    ProgrammeDimension,
    PublishedFigure,
    Target,
)
from kotacerdas.kernel import ids

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return Programme.objects.create(code="p", name="P", valid_from=date(2021, 3, 9), basis="x")


@pytest.fixture
def sheet(programme):
    return IndicatorSheet.objects.create(
        code="p.a",
        programme=programme,
        name_id="Laporan",
        name_en="Reports",
        unit="reports",
        kind="flow",
        direction="more",
        definition_id="laporan masuk",
        definition_en="reports in",
        sequence=1,
    )


def test_the_mapping_of_a_year_is_the_one_in_force_at_its_end(programme):
    society, governance = (
        Dimension.objects.create(code=code, name_id=code, name_en=code, icon="users", sequence=n)
        for n, code in enumerate(("society", "governance"))
    )
    ProgrammeDimension.objects.create(
        programme=programme,
        dimension=society,
        valid_from=date(2022, 1, 1),
        valid_to=date(2022, 12, 31),
        basis="x",
    )
    ProgrammeDimension.objects.create(
        programme=programme, dimension=governance, valid_from=date(2023, 1, 1), basis="x"
    )
    by_year = {
        year: [one.dimension.code for one in ProgrammeDimension.objects.in_year(year)]
        for year in (2021, 2022, 2023, 2025)
    }
    assert by_year == {2021: [], 2022: ["society"], 2023: ["governance"], 2025: ["governance"]}


def test_names_follow_the_language_of_the_page(sheet):
    with translation.override("id"):
        assert (sheet.name, sheet.definition) == ("Laporan", "laporan masuk")
    with translation.override("en"):
        assert (sheet.name, sheet.definition) == ("Reports", "reports in")


@pytest.mark.parametrize(
    ("start", "end", "whole"),
    [
        (date(2022, 1, 1), date(2022, 12, 31), True),
        (date(2024, 1, 1), date(2024, 6, 30), False),
        (date(2022, 1, 1), date(2023, 12, 31), False),
    ],
)
def test_only_a_whole_calendar_year_is_a_year(start, end, whole):
    assert PublishedFigure(period_start=start, period_end=end).covers_year is whole


def test_a_year_has_one_target(sheet):
    Target.objects.create(indicator=sheet, year=2026, value=90, entered_by=ids.new_id())
    with pytest.raises(IntegrityError), transaction.atomic():
        Target.objects.create(indicator=sheet, year=2026, value=95, entered_by=ids.new_id())
    with pytest.raises(IntegrityError), transaction.atomic():
        Target.objects.create(indicator=sheet, year=2027, value=95, weight=0, entered_by=ids.new_id())
