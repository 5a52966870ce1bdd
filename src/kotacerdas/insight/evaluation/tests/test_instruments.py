"""A pack with a wrong instrument, plan or budget is refused when loaded, with file and line."""

from __future__ import annotations

import shutil

import pytest
from trials.cast import INVENTED

from kotacerdas.config.pack import check_pack, load_pack
from kotacerdas.insight.evaluation.instruments.queries import scoring_of, weights_of
from kotacerdas.insight.evaluation.models import Instrument
from kotacerdas.insight.evaluation.tests import walk
from kotacerdas.insight.evaluation.tests.walk import media as media
from kotacerdas.kernel.errors import Invalid
from kotacerdas.kernel.pack import PackError


@pytest.fixture
def pack(tmp_path):
    folder = tmp_path / "pack"
    shutil.copytree(INVENTED, folder)
    return folder


def change(folder, name, before, after):
    file = folder / name
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after, 1))


@pytest.mark.parametrize(
    ("file", "before", "after", "said"),
    [
        (
            "measure_weights.csv",
            "melati/1,output,2022,20",
            "melati/1,output,2022,25",
            "measure_weights.csv:2: weight: they sum to 105",
        ),
        (
            "measure_weights.csv",
            "melati/1,output,2022,20",
            "melati/1,output,2022,",
            "weight: give one to every measure",
        ),
        ("measure_weights.csv", "melati/1,output,2022,20\n", "", "measure: no weight for output"),
        ("measure_weights.csv", "ikm/2017,time,2017,", "ikm/2017,tempo,2017,", "measures.csv has no tempo"),
        ("score_classes.csv", "76.61,88.30", "76.70,88.30", "there is a gap or an overlap"),
        ("score_classes.csv", "76.61,88.30", "76.60,88.30", "there is a gap or an overlap"),
        ("score_classes.csv", "25.00,64.99", "30.00,64.99", "the classes do not reach"),
        (
            "rubric.csv",
            "melati/1,impact,3,tingkat 3 impact,level 3 impact\n",
            "",
            "measures.csv:5: impact: rubric.csv has no level 3",
        ),
        ("rubric.csv", "melati/1,impact,3,", "melati/1,impact,7,", "lies outside the scale"),
        ("instruments.csv", ",1,4,0.5,4,", ",1,4,0.7,4,", "the scale is a whole number of steps"),
        ("instruments.csv", ",1,4,0.5,4,", ",1,4,0.5,1,", "a panel has 2 to 9"),
        ("instruments.csv", "melati/1", "Melati 1", "write name/version"),
        (
            "plans.csv",
            "2020-01-01,2023-12-31",
            "2020-01-01,2025-12-31",
            "the version before it has not ended",
        ),
        ("plan_targets.csv", "2026,90", "2026,0", "a target is more than 0"),
        (
            "plan_targets.csv",
            "iceta.resolved_share",
            "iceta.on_time_share",
            "has no iceta.on_time_share in this plan",
        ),
        ("plan_indicators.csv", "100,2023", "100,", "give it with its year"),
        (
            "budgets.csv",
            "120000000,90000000",
            "80000000,90000000",
            "budgets.csv:2: realised: more was realised than budgeted",
        ),
        ("budgets.csv", "120000000", "12.5", "a whole number is expected"),
        ("budgets.csv", "2.16.03.2.02.0001", "sub-kegiatan", "a code of numbers and points"),
    ],
)
@pytest.mark.usefixtures("in_words")
def test_a_wrong_file_is_refused_with_file_and_line(pack, file, before, after, said):
    change(pack, file, before, after)
    with pytest.raises(PackError) as refused:
        check_pack(pack)
    assert said in str(refused.value)
    assert file.split(".")[0] in str(refused.value) or "measures.csv" in str(refused.value)


@pytest.fixture
def in_words():
    from django.utils import translation

    with translation.override("en"):
        yield


@pytest.mark.django_db
@pytest.mark.usefixtures("media")
def test_an_instrument_that_a_round_has_used_never_changes(cast, pack):
    walk.opened()
    load_pack(pack)  # as it was: nothing to refuse
    change(pack, "rubric.csv", "level 3 impact", "level 3 impact reworded")
    with pytest.raises(Invalid, match=r"melati/1"):
        load_pack(pack)


@pytest.mark.django_db
def test_weights_of_a_later_year_hold_from_then_on(cast, pack):
    with (pack / "measure_weights.csv").open("a") as file:
        for code, weight in zip(
            ("baseline", "output", "outcome", "impact", "quick_win"), (10, 20, 30, 30, 10), strict=True
        ):
            file.write(f"melati/1,{code},2025,{weight}\n")
    load_pack(pack)
    tool = Instrument.objects.get(code="melati")
    assert [int(one * 100) for one in weights_of(tool, 2024).values()] == [10, 20, 30, 20, 20]
    assert [int(one * 100) for one in weights_of(tool, 2026).values()] == [10, 20, 30, 30, 10]
    with pytest.raises(Invalid):
        weights_of(tool, 2021)


@pytest.mark.django_db
def test_the_two_instruments_stand_on_the_same_tables(cast):
    assert sum(scoring_of(Instrument.objects.get(code="melati"), 2026).weights.values()) == 1
    ikm = scoring_of(Instrument.objects.get(code="ikm"), 2026)
    assert sum(ikm.weights.values()) == 1
    assert len(ikm.weights) == 9
    assert {str(one) for one in ikm.weights.values()} == {"1/9"}
