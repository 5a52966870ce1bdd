"""Two phones change one record of a survey while neither hears of the other: a person settles it, and both see it."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import JETTY, Town, stored
from django.db import transaction
from field_phone import STORE, enrolled
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BAR = ".outbox-bar"
RECORD = {
    "name": "Tikungan Karang Putih",
    "danger": "flood",
    "place": {"lat": JETTY[0], "lng": JETTY[1], "accuracy": 8},
    "homes": 10,
    "checked_on": "2026-11-03",
}


def found() -> dict[str, Any]:
    """The answers of the one record, as the store has them."""
    from kotacerdas.foundation.sync.models import SurveyRecord

    return stored(lambda: SurveyRecord.objects.get().answers)


def made(town: Town) -> None:
    """A record of Rudi's agency."""
    from trials.cast import seat

    from kotacerdas.foundation.parties.actors import staff
    from kotacerdas.foundation.sync.declarations import Filled, forms

    def make() -> None:
        rudi = seat("rudi", "PU", "officer")
        with transaction.atomic():
            forms()["iceta.spot.make"].command.run(actor=staff(rudi), given=Filled(item=None, values=RECORD))

    stored(make)


def change(page: Page, homes: str, danger: str, remark: str) -> None:
    """Change three answers of the record; it stays in the outbox."""
    page.goto(page.url.split("#")[0] + "#/")
    page.evaluate(
        f"""async () => {{ const {{ all }} = await import({STORE});
        const [one] = await all("records"); location.hash = `/isi/iceta.spot.change/${{one.kind}}/${{one.id}}`; }}"""
    )
    page.locator("[name=homes]").fill(homes)
    page.locator(f"[name=danger][value={danger}]").check()
    page.locator("[name=remark]").fill(remark)
    page.locator(".foot .main").click()
    expect(page.locator("main h1")).to_have_text("Kotak keluar")


def test_two_phones_change_one_record_and_a_person_settles_it(town: Town) -> None:
    made(town)
    one, other = enrolled(town), enrolled(town)
    town.house.kill("web")
    change(one, "12", "road", "Diukur dari jalan.")
    change(other, "15", "fire", "")
    other.locator(".card").wait_for()
    town.house.start("web")
    one.get_by_role("button", name="Kirim semua").click()
    expect(one.locator(BAR)).to_contain_text("Semua terkirim", timeout=20_000)
    other.get_by_role("button", name="Kirim semua").click()
    expect(other.locator(BAR)).to_contain_text("1 perlu diperbaiki", timeout=20_000)
    assert found()["homes"] == 12  # nothing was overwritten
    assert found()["remark"] == "Diukur dari jalan."
    other.get_by_role("button", name="Perbaiki").click()
    expect(other.locator("main h1")).to_have_text("Orang lain juga mengubah ini")
    other.get_by_label("15").check()
    other.locator("main .main").click()
    expect(other.locator("[role=alert]")).to_be_visible()  # one answer is left
    other.get_by_label("Jawaban orang lain: Jalan atau jembatan rusak").check()
    other.locator("main .main").click()
    expect(other.locator(BAR)).to_contain_text("Semua terkirim", timeout=20_000)
    assert (found()["homes"], found()["danger"]) == (15, "road")
    assert found()["remark"] == "Diukur dari jalan."
    one.evaluate("dispatchEvent(new Event('online'))")
    for page in (one, other):
        page.wait_for_function(
            f"""async () => {{ const {{ all }} = await import({STORE});
            const [one] = await all("records"); return one.fields["=homes"] === 15 && one.fields["=remark"] === "Diukur dari jalan."; }}"""
        )
    town.said.clear()
