"""The evaluation's pages as they look: bars have a length, nothing runs over its card, paper carries no buttons."""

from __future__ import annotations

import pytest
from conftest import PHONE, Town
from playwright.sync_api import expect

from kotacerdas.kernel import clock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
YEAR = f"/desk/evaluasi/{clock.today().year}/"
OVER = """() => [...document.querySelectorAll('.scores-year td > *')].filter(one =>
  one.getBoundingClientRect().right > one.closest('.card').getBoundingClientRect().right - 14).length"""


def test_a_dimension_as_narrow_as_six_beside_each_other_shows_its_bar(town: Town) -> None:
    page = town.page("perencana", YEAR)
    page.evaluate("() => { document.querySelector('.dimension').style.width = '176px'; }")
    wide = page.evaluate(
        "() => document.querySelector('.dimension .meter svg').getBoundingClientRect().width"
    )
    assert wide > 80


def test_on_a_phone_nothing_runs_over_its_card_and_no_empty_line_stands(town: Town) -> None:
    for language in ("id", "en"):
        page = town.page("perencana", YEAR, viewport=PHONE, language=language)
        assert page.evaluate(OVER) == 0
        expect(page.locator(".scores-year td:empty").first).to_be_hidden()


def test_on_paper_a_score_has_its_regency_and_no_buttons(town: Town) -> None:
    page = town.page("perencana", f"{YEAR}iceta.resolved_share/", language="en")
    expect(page.locator(".on-paper")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator(".on-paper")).to_contain_text("Printed")
    expect(page.get_by_role("button")).to_have_count(0)
    expect(page.locator(".button:visible, .chips:visible, .bar:visible")).to_have_count(0)


def test_what_is_wrong_in_a_target_has_the_focus(town: Town) -> None:
    page = town.page("perencana", f"{YEAR}?target=iceta.resolved_share", language="en")
    page.fill("input[name=value]", "95")
    page.fill("input[name=weight]", "1,5")
    page.get_by_role("button", name="Store target").click()
    expect(page.locator("input[name=weight]")).to_be_focused()
