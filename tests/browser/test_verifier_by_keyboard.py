"""The verifier's keys: a letter opens what it names, one Escape closes it, and nothing merges unseen."""

from __future__ import annotations

import pytest
from conftest import STORY, Town, stored
from playwright.sync_api import expect
from trials.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
REASON = "#decide-bar form textarea"


def test_one_escape_closes_a_reason_and_the_letters_work_again(town: Town) -> None:
    nobody = Cast(rudi=None, sari=None, dewi=None, asep=None, head=None)
    stored(lambda: nobody.report(words=STORY))
    page = town.page("sari", "/desk/iceta/verifikasi/")
    for letter in "tat":
        page.keyboard.press(letter)
        expect(page.locator(REASON)).to_be_visible()
        page.locator(REASON).fill("Belum jelas")
        page.keyboard.press("Escape")
        expect(page.locator(REASON)).to_have_count(0)
