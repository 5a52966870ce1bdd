"""A target is read as the page's language writes it, judged as it would be stored, and wrong in all its fields at once."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from trials.cast import seat

from kotacerdas.insight.evaluation import words
from kotacerdas.insight.evaluation.actions import MOST
from kotacerdas.insight.evaluation.entries import read, written
from kotacerdas.insight.evaluation.models import IndicatorSheet, Target
from kotacerdas.kernel import clock

YEAR = f"/desk/evaluasi/{clock.today().year}/"
SHARE, DURATION, COUNT = "iceta.resolved_share", "iceta.first_answer", "iceta.helped"
LANGUAGES = st.sampled_from(["id", "en"])


@given(st.decimals(0, MOST, allow_nan=False, places=4), LANGUAGES)
def test_what_the_page_writes_it_reads_again(value, language):
    assert read(written(value, language), language) == value


@given(st.decimals(0, 100, allow_nan=False, places=4), LANGUAGES)
def test_a_figure_of_the_page_is_read_as_it_is_shown(value, language):
    with override(language):
        shown = words.figure(IndicatorSheet(unit="percent", kind="ratio"), value)
    assert read(shown, language) == round(value, 1)


@given(st.text("0123456789.,-% e_", max_size=10))
def test_no_text_means_two_different_things_in_silence(text):
    """Where both languages read a text, only a group of three can tell them apart."""
    found = set()
    for language in ("id", "en"):
        try:
            found.add(read(text, language))
        except ValueError:
            continue
    if len(found) == 2:
        assert max(found) == min(found) * 1000


@pytest.mark.parametrize(
    ("language", "typed", "meant"),
    [
        ("id", "1.500", "1500"),
        ("id", "1.234,5", "1234.5"),
        ("id", "94,5%", "94.5"),
        ("id", "1500", "1500"),
        ("en", "1,500", "1500"),
        ("en", "95.125", "95.125"),
        ("en", " 95 % ", "95"),
        ("en", "-5", "-5"),
    ],
)
def test_each_language_writes_its_own_way(language, typed, meant):
    assert read(typed, language) == Decimal(meant)


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        *(("id", one) for one in ("1.5", "1,500.5", "0.500", "1.50.000", "1.2345", "1,2,3", "1 500")),
        *(("en", one) for one in ("1,5", "1.500,5", "0,500", "1,50,000", "1,2345", "1.2.3")),
        *(("en", one) for one in ("1e2", "1_0", "nan", "inf", ".5", "5.", "--5", "%", "٣", "1%%")),
    ],
)
def test_what_the_language_does_not_write_is_not_guessed(language, typed):
    with pytest.raises(ValueError, match="no number"):
        read(typed, language)


@pytest.fixture
def planner(cast, client):
    user = seat("planner", "BAPPEDA", "planner")
    user.is_demo = True
    user.save()
    client.force_login(user)
    programme = IndicatorSheet.objects.get(code=SHARE).programme
    for n, (code, unit, kind) in enumerate(
        [(DURATION, "working_hours", "duration"), (COUNT, "reports", "flow")]
    ):
        IndicatorSheet.objects.create(
            code=code, programme=programme, unit=unit, kind=kind, direction="more", sequence=20 + n
        )
    return user


def enter(client, language, code=SHARE, **typed):
    client.cookies["lang"] = language
    answer = client.post(f"{YEAR}{code}/target/", typed)
    return answer.status_code, answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "code", "typed", "said"),
    [
        ("id", SHARE, {"value": "95", "weight": "0,001"}, "Bobot adalah angka dari 0,01 sampai 999,99."),
        ("id", SHARE, {"value": "95", "weight": "999,999"}, "Bobot adalah angka dari 0,01 sampai 999,99."),
        ("en", SHARE, {"value": "0.00001"}, "A target is a number from 0.0001 to 100."),
        ("en", DURATION, {"value": "1,5"}, "for example 8 or 7.5."),
        ("id", DURATION, {"value": "1.5"}, "misalnya 8 atau 7,5."),
        ("id", SHARE, {"value": "1e2"}, "misalnya 95 atau 94,5."),
        ("en", SHARE, {"value": "95", "weight": "1_0"}, "for example 2 or 1.5."),
        ("en", COUNT, {"value": "1.5"}, "write it without a fraction"),
        ("en", COUNT, {"value": "1,50"}, "for example 95 or 1,500."),
        ("id", COUNT, {"value": "9" * 20}, "Target adalah angka dari 1 sampai 999.999.999.999.999."),
        ("id", COUNT, {"value": "9" * 400}, "Target adalah angka dari 1 sampai 999.999.999.999.999."),
        ("en", COUNT, {"value": "5", "basis": "x" * 201}, "At most 200 characters; these are 201."),
    ],
)
def test_a_wrong_entry_is_refused_in_words(planner, client, language, code, typed, said):
    status, page = enter(client, language, code, **typed)
    assert status == 422
    assert said in page
    assert not Target.objects.exists()


@pytest.mark.django_db
def test_all_wrong_fields_are_told_together(planner, client):
    status, page = enter(client, "en", value="sembilan", weight="0", basis="x" * 300)
    assert status == 422
    for name in ("value", "weight", "basis"):
        assert f'id="{name}-error"' in page


@pytest.mark.django_db
def test_the_form_shows_what_is_stored_and_takes_it_again(planner, client):
    assert enter(client, "en", COUNT, value="1,500", weight="2.5", basis="RPJMD")[0] == 302
    for language, shown in (("en", ("1,500", "2.5")), ("id", ("1.500", "2,5"))):
        client.cookies["lang"] = language
        page = client.get(f"{YEAR}?target={COUNT}").content.decode()
        assert all(f'value="{one}"' in page for one in shown)
        assert enter(client, language, COUNT, value=shown[0], weight=shown[1])[0] == 302
        stored = Target.objects.get()
        assert (stored.value, stored.weight) == (1500, Decimal("2.5"))


@pytest.mark.django_db
def test_next_years_targets_are_entered_before_it_begins(planner, client):
    following = f"/desk/evaluasi/{clock.today().year + 1}/"
    assert client.post(f"{following}{SHARE}/target/", {"value": "95"}).status_code == 302
    assert client.get(following).status_code == 200
    assert client.get(f"{following}{SHARE}/").status_code == 200
    assert client.get(f"/desk/evaluasi/{clock.today().year + 2}/").status_code == 404
