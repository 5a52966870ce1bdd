"""A round of the evaluation by its own pages: an agency, the team, four assessors, and a pack checked offline."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import Town, stored
from playwright.sync_api import Page, expect
from trials.cast import account, client_of

from kotacerdas.kernel import clock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FOUR = ("ketua", "anggota-1", "anggota-2", "anggota-3")
LEVELS = {"ketua": "3", "anggota-1": "3", "anggota-2": "2", "anggota-3": "3.5"}  # of the first item: apart


@pytest.fixture
def assessors(town: Town) -> None:
    """Four accounts from outside, signed in."""

    def open_accounts() -> dict[str, Any]:
        made = {name: account(name, name=name.title(), is_staff=True) for name in FOUR}
        return {name: client_of(user).cookies["sessionid"].value for name, user in made.items()}

    town.cookies |= stored(open_accounts)


def test_a_round_from_evidence_to_a_pack_that_is_checked_offline(
    town: Town, assessors: None, tmp_path: Path
) -> None:
    team = town.page("perencana", "/desk/evaluasi/putaran/", language="en")
    team.fill("#r-until", (clock.today() + timedelta(days=30)).isoformat())
    press(team, "Open the round")
    team.locator("table a").first.click()
    round_url = team.url
    stored(lambda: give_to("PU"))

    agency = town.page("rudi", round_url.removeprefix(town.url), language="en")
    items = [link.get_attribute("href") for link in agency.locator(".items tbody th a").all()]
    assert len(items) == 5
    for place, item in enumerate(items):
        agency.goto(f"{town.url}{item}")
        if not place:
            agency.fill("#e-title", "Decree of the head")
            file = {"name": "sk.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 decree"}
            agency.set_input_files("#e-file", file)
            press(agency, "Attach file")
            expect(agency.locator(".evidence li")).to_contain_text("Decree of the head")
        choose(agency, "level", "3")
        agency.fill("#i-words", "Runs in every district")
        press(agency, "Store and hand to the programme team")

    team.goto(f"{town.url}{items[0]}")
    team.fill("#i-reason", "The list of participants is lacking")
    press(team, "Send back")
    agency.goto(f"{town.url}{items[0]}")
    expect(agency.locator(".notice.kunyit").first).to_contain_text("The list of participants is lacking")
    press(agency, "Store and hand to the programme team")
    for item in items:
        team.goto(f"{town.url}{item}")
        for box in team.locator("[name=proven]").all():
            box.check()
        press(team, "Verify")
    team.goto(f"{round_url}panel/")
    for name in FOUR:
        team.fill("#p-user", name)
        team.select_option("#p-role", "chair" if name == "ketua" else "member")
        press(team, "Seat")
    team.goto(round_url)
    press(team, "Begin blind scoring")

    for name in FOUR:
        assess(town, name, round_url)
    team.goto(f"{round_url}hasil/")
    expect(team.locator(".index-box")).to_contain_text("Index for now")
    team.goto(round_url)
    press(team, "Close the round")
    expect(team.locator(".errors")).to_contain_text("1 item is not settled yet")

    chair = town.page("ketua", f"{round_url.removeprefix(town.url)}konsensus/", language="en")
    expect(chair.locator(".dots tbody tr")).to_have_count(1)
    chair.keyboard.press("Digit2")
    chair.fill("#c-words", "Half of the plan was carried out")
    chair.fill("#c-advice", "Attach the list of participants")
    chair.keyboard.press("Control+Enter")
    expect(chair.locator("#putusan .notice.padi")).to_contain_text("2.00")

    town.house.start("quiet")
    team.goto(round_url)
    press(team, "Close the round")
    team.goto(f"{round_url}hasil/")
    expect(team.get_by_text("Recommendations of this round")).to_be_visible()
    stored(wait_until_sealed)
    with team.expect_download() as fetched:
        team.get_by_role("link", name="Sealed pack").click()
    pack = tmp_path / "pack.zip"
    fetched.value.save_as(pack)
    done = checked(pack)
    assert (done.returncode, done.stdout[:6]) == (0, "INTACT"), done.stdout + done.stderr
    broken = bytearray(pack.read_bytes())
    broken[broken.index(b'"value":"7/2"') + 9] ^= 1
    pack.write_bytes(broken)
    done = checked(pack)
    assert done.returncode == 1
    assert "DIFFERS / BERBEDA: scores.json" in done.stdout


def assess(town: Town, name: str, round_url: str) -> None:
    """One assessor: every item by the keyboard, nothing of the others in sight, then all sent at once."""
    page = town.page(name, f"{round_url.removeprefix(town.url)}nilai/", language="en")
    expect(page.locator(".blind")).to_contain_text("0 of 5 scored")
    for place in range(5):
        level = LEVELS[name] if not place else "3"
        expect(page.locator("[name=value]:checked")).to_have_count(0)
        page.keyboard.press(f"{'Shift+' if '.' in level else ''}Digit{level[0]}")
        if "." in level:
            page.fill("#s-note", "The list is lacking")
            page.locator("[name=evidence]").first.check()
        with page.expect_navigation():
            page.keyboard.press("Control+Enter")
    expect(page.locator(".blind")).to_contain_text("5 of 5 scored")
    press(page, "Send my scores")


def press(page: Page, name: str) -> None:
    """Press the button of that name and wait for the page that follows."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def choose(page: Page, name: str, value: str) -> None:
    page.locator(f"[name={name}][value='{value}']").check(force=True)


def checked(pack: Path) -> subprocess.CompletedProcess[str]:
    """`./run evaluation verify`, as somebody without a store runs it."""
    command = [sys.executable, "-m", "kotacerdas.config", "evaluation", "verify", str(pack)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def give_to(code: str) -> None:
    """The round's items belong to an agency whose officer is in the town."""
    from kotacerdas.foundation.parties.models import Agency
    from kotacerdas.insight.evaluation.models import Item

    Item.objects.update(agency=Agency.objects.get(code=code))


def wait_until_sealed() -> None:
    import time

    from kotacerdas.foundation.journal.models import Row, Sealed

    for _try in range(200):
        row = Row.objects.filter(verb="evaluation.round.closed").first()
        if row is not None and Sealed.objects.filter(row_id=row.id).exists():
            return
        time.sleep(0.1)
    raise AssertionError("the closing row was never sealed")
