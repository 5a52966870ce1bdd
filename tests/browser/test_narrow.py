"""A reporter's pages on the narrowest phones: words stay within their tiles, and headings follow one another."""

from __future__ import annotations

import pytest
from conftest import stored
from playwright.sync_api import Page
from trials import shots
from trials.cast import Cast

from kotacerdas.foundation.cases.links import link_token
from kotacerdas.foundation.parties.actors import staff
from kotacerdas.foundation.parties.models import User
from kotacerdas.programs.iceta import actions

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SPILLING = """() => [...document.querySelectorAll('.faces label')].filter((tile) => {
  const words = document.createRange(), box = tile.getBoundingClientRect();
  words.selectNodeContents(tile.querySelector('span'));
  const inner = words.getBoundingClientRect();
  return inner.left < box.left || inner.right > box.right;
}).length"""


def resolved() -> str:
    """The path of a report that Rudi has resolved."""
    sari, rudi = (User.objects.get(username=name) for name in ("sari", "rudi"))
    cast = Cast(rudi=rudi, sari=sari, dewi=None, asep=None, head=None)
    filed = cast.verified()
    actions.report_resolve(actor=staff(rudi), case=filed.case, body="Papan sudah diganti")
    return f"/l/{link_token(filed.party)}/"


def opened(town, path: str, width: int, language: str) -> Page:
    return town.page(path=path, language=language, viewport={"width": width, "height": 740})


def test_the_words_of_a_rating_stay_within_their_tiles(town):
    path = stored(resolved)
    for language in ("id", "en"):
        for width in (320, 360, 412, 540):
            page = opened(town, path, width, language)
            assert page.locator(".faces label").count() == 4
            assert page.evaluate(SPILLING) == 0, f"{language} {width}"


def test_the_list_of_my_reports_has_no_flaw_that_axe_finds(town):
    page = opened(town, stored(resolved), 360, "id")
    page.goto(f"{town.url}/laporan-saya/")
    assert page.locator(".case-card").count() == 1
    assert shots.axe_flaws(page) == []
