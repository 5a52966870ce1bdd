"""The year, a target entered, a score opened down to its rows, and the check."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import translation
from trials.cast import behind_our_back, seat

from kotacerdas.foundation.indicators import engine
from kotacerdas.foundation.indicators.declarations import bucket_of
from kotacerdas.foundation.indicators.queries import Figure
from kotacerdas.foundation.journal import sealer
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.actors import reporter, staff
from kotacerdas.insight.evaluation.models import IndicatorSheet, Target
from kotacerdas.insight.evaluation.queries import in_unit
from kotacerdas.insight.evaluation.views_score import _added, _full, _unrounded
from kotacerdas.kernel import clock
from kotacerdas.programs.iceta import actions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
YEAR = "/desk/evaluasi/2026/"
SHARE = f"{YEAR}iceta.resolved_share/"


@pytest.fixture
def in_english(client):
    client.cookies["lang"] = "en"


@pytest.fixture
def planner(cast, client):
    user = seat("planner", "BAPPEDA", "planner")
    user.is_demo = True
    user.save()
    client.force_login(user)
    return user


@pytest.fixture
def rated(cast):
    filed = cast.verified()
    actions.report_resolve(actor=staff(cast.rudi), case=filed.case, body="Sudah diganti")
    filed.party.case.refresh_from_db()
    actions.report_rate(actor=reporter(), party=filed.party, rating=4)
    sealer.seal_batch()
    engine.follow_batch()
    return filed


def test_without_any_target_nothing_is_assessed(planner, client):
    page = client.get(YEAR).content.decode()
    assert "not assessed" in page
    assert "Target not set" in page
    assert ">0%<" not in page


def test_every_page_of_the_evaluation_shows_where_one_is(planner, client):
    for address in (YEAR, SHARE):
        page = client.get(address).content.decode()
        assert '<a href="/desk/evaluasi/" aria-current="true">' in page
        assert '<a href="/desk/evaluasi/" aria-current="page">' not in page


def test_a_target_entered_in_the_page_makes_a_score_and_a_journal_row(planner, rated, client):
    answer = client.post(f"{SHARE}target/", {"value": "80", "basis": "Rencana induk"})
    assert answer.status_code == 302
    page = client.get(YEAR).content.decode()
    assert "125%" in page
    assert Row.objects.filter(verb="evaluation.target.set").count() == 1


@pytest.mark.parametrize("typed", ["sembilan", "-5", "0", "250"])
def test_a_wrong_target_stores_nothing_and_keeps_what_was_typed(planner, client, typed):
    answer = client.post(f"{SHARE}target/", {"value": typed})
    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.content.decode()
    assert not Target.objects.exists()


def test_the_indonesian_way_to_write_numbers_is_understood(planner, client):
    client.cookies["lang"] = "id"
    client.post(f"{SHARE}target/", {"value": "94,5%"})
    assert str(Target.objects.get().value) == "94.5000"


def test_a_score_opens_into_the_report_behind_it(planner, rated, client):
    page = client.get(SHARE).content.decode()
    assert rated.case.number in page
    assert "Wati" not in page


def test_checking_recomputes_and_agrees(planner, rated, client):
    assert "The check agrees" in client.get(f"{SHARE}periksa/").content.decode()


def test_an_empty_target_where_there_is_none_is_said_and_not_journaled(planner, rated, client):
    answer = client.post(f"{SHARE}target/", {"value": ""})
    assert answer.status_code == 422
    assert "Write a number" in answer.content.decode()
    assert not Row.objects.filter(verb="evaluation.target.unset").exists()


def test_a_case_with_one_broken_promise_is_found_among_what_is_missing(planner, cast, client):
    filed = cast.verified()
    with clock.frozen(clock.now() + timedelta(days=9)):
        actions.report_reply(actor=staff(cast.rudi), case=filed.case, body="Kami tangani")
        sealer.seal_batch()
        engine.follow_batch()
        for part, is_there in (("tidak", True), ("ya", False)):
            page = client.get(f"{YEAR}iceta.on_time_share/?bagian={part}").content.decode()
            assert (filed.case.number in page) == is_there


def test_checking_names_a_row_that_was_altered(planner, rated, client):
    row = Row.objects.get(verb="iceta.report.resolve")
    with behind_our_back() as cursor:
        cursor.execute("UPDATE journal_row SET actor = 'system' WHERE id = %s", [row.id])
    page = client.get(f"{SHARE}periksa/").content.decode()
    assert "does not hold" in page
    assert str(row.id) in page


@pytest.mark.parametrize("address", [YEAR, SHARE, f"{SHARE}periksa/"])
def test_officers_and_strangers_see_no_scores(cast, client, address):
    assert client.get(address).status_code == 302
    for user in (cast.rudi, cast.asep):
        user.is_demo = True
        user.save()
        client.force_login(user)
        assert client.get(address).status_code == 404


@pytest.fixture
def answered(cast):
    """Two first answers: a quick one of public works, and one that took days of the same agency."""
    IndicatorSheet.objects.create(
        code="iceta.first_answer",
        programme=IndicatorSheet.objects.get(code="iceta.resolved_share").programme,
        unit="working_hours",
        kind="duration",
        direction="less",
        sequence=20,
    )
    for days in (4, 8):
        filed = cast.verified()
        with clock.frozen(clock.now() + timedelta(days=days)):
            actions.report_reply(actor=staff(cast.rudi), case=filed.case, body="Kami tangani")
    sealer.seal_batch()
    engine.follow_batch()


def test_a_time_is_the_median_of_its_answers_with_units(planner, answered, client):
    with clock.frozen(clock.now() + timedelta(days=9)):
        page = client.get(f"{YEAR}iceta.first_answer/").content.decode()
    formula = page.split('class="formula"')[1].split('class="desk-2"')[0]
    assert "median over" in formula
    assert "First answers" in formula
    assert "~" not in formula
    assert "Time to first answer" not in formula
    cells = re.findall(r'class="right num">([^<]*)<', page)
    assert [cell.split(" ", 1)[1] for cell in cells[::2]] == ["working_hours"] * 2


@pytest.mark.parametrize(
    ("met", "ended", "shown"),
    [(2689, 2846, "94,4834…"), (1, 3, "33,3333…"), (1, 16, "6,25"), (9, 10, ""), (0, 5, ""), (3, 0, ""), (-1, 3, "-33,3333…")],
)  # fmt: skip
def test_a_share_says_what_it_was_before_rounding_cut_off_and_never_rounded(met, ended, shown):
    line = SimpleNamespace(
        sheet=SimpleNamespace(kind="ratio"), figure=SimpleNamespace(numerator=met, denominator=ended)
    )
    with translation.override("id"):
        assert _unrounded(line) == shown


def test_the_longest_time_of_an_agency_fills_its_bar_and_the_others_are_shares_of_it():
    quick, slow = (
        Figure(kind="duration", numerator=minutes, denominator=1, buckets={bucket_of(minutes): 1})
        for minutes in (60, 600)
    )
    assert _full([quick, slow]) == float(in_unit(slow))
    assert _full([]) == 1.0


def test_who_may_not_set_targets_is_led_to_no_form(cast, client):
    user = seat("penilai", "BAPPEDA", "evaluator")
    user.is_demo = True
    user.save()
    client.force_login(user)
    page = client.get(SHARE).content.decode()
    assert "Target not set" in page
    assert "?target=" not in page


def test_large_counts_are_written_with_their_separators():
    assert _added(IndicatorSheet(kind="ratio", unit="percent"), 1250) in ("1,250", "1.250")


def test_a_sheet_of_paper_says_whose_it_is_and_of_when(planner, client):
    for address in (YEAR, SHARE):
        page = client.get(address).content.decode()
        paper = page.split('class="on-paper"')[1].split("</p>")[0]
        assert "Printed" in paper
        assert "Government of" in paper
    assert f"<h1>Reports resolved {clock.today().year}</h1>" in page


def test_a_year_that_is_not_there_says_so(planner, client):
    assert client.get("/desk/evaluasi/1999/").status_code == 404
    assert client.get(f"/desk/evaluasi/{clock.today().year}/no.such/").status_code == 404


def test_a_dimension_without_a_programme_is_said_once(planner, client):
    page = client.get("/desk/evaluasi/2026/").content.decode()
    assert page.count("no programme served this dimension") == page.count(
        '<p class="hint">no programme served'
    )
