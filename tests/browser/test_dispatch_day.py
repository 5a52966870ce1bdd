"""The planner's day in a browser: tomorrow in one press, how it goes, jobs moved by keyboard and by hand, sent."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from conftest import Town, stored
from planner_desk import asked_and_made
from playwright.sync_api import Page, expect
from trials.cast import seat

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
GARAGE, PLANT = (-1.1850, 122.5100), (-1.2000, 122.5050)


def seeded(trucks: int = 2, jobs: int = 6) -> date:
    """A garage, a plant, trucks on shift and jobs for tomorrow, which is the day that it answers."""
    from kotacerdas.foundation.dispatch import actions
    from kotacerdas.foundation.parties.actors import staff
    from kotacerdas.foundation.parties.models import Agency
    from kotacerdas.foundation.territory.queries import villages
    from kotacerdas.kernel import clock, ids

    day, agency = clock.today() + timedelta(days=1), Agency.objects.get(code="PU")
    planner = staff(seat("dina", "PU", "desludging_planner"))
    home, _plant = (
        actions.station_save(
            actor=planner,
            agency=agency,
            code=name.lower(),
            name=name,
            lat=place[0],
            lng=place[1],
            hours={weekday: [(time(8), time(15, 30))] for weekday in range(7)},
            is_home=name == "Garasi",
            is_reload_site=name == "IPLT",
            unload_seconds=1200,
            daily_limit_l=45_000 if name == "IPLT" else None,
        )
        for name, place in (("Garasi", GARAGE), ("IPLT", PLANT))
    )

    def at(hour: int, minute: int = 0) -> datetime:
        return datetime.combine(day, time(hour, minute), tzinfo=clock.local_zone())

    for number in range(1, trucks + 1):
        draft = actions.UnitDraft(
            agency=agency,
            name=f"Truk {number:02d}",
            asset_number=f"1.3.2.{number}",
            capacity_l=4000,
            home=home,
        )
        crew = actions.crew_save(actor=planner, agency=agency, name=f"Regu {number}", members=[])
        actions.shift_set(
            actor=planner,
            unit=actions.unit_create(actor=planner, draft=draft),
            day=day,
            starts_at=at(7, 30),
            ends_at=at(16),
            crew=crew,
            break_minutes=45,
            break_between=(at(11, 30), at(13)),
        )
    places = villages()
    for number in range(jobs):
        place = places[number % len(places)]
        actions.job_open(
            actor=planner,
            agency=agency,
            subject=("test.order", ids.new_id()),
            lat=place.lat + 0.001 * (number // len(places)),
            lng=place.lng,
            area_code=place.code,
            service_seconds=1800,
            volume_l=1000 + 500 * (number % 4),
            day=day,
        )
    return day


def test_tomorrow_is_asked_for_in_one_press_and_called_off_and_made_moved_and_sent(town: Town) -> None:
    day = stored(seeded)
    page = town.page("dina", "/desk/rute/")
    page.keyboard.press("b")
    page.wait_for_url(f"**/desk/rute/{day}/")
    expect(page.locator("#run")).to_contain_text("menunggu giliran")
    page.get_by_role("button", name="Batal", exact=True).click()
    expect(page.locator("#run")).to_contain_text("dibatalkan")
    asked_and_made(page, town)
    assert page.url.endswith("?versi=1")

    _moved_by_keyboard(page)
    _moved_by_hand(page)
    page.locator("h1").click()
    page.keyboard.press("k")
    expect(page.locator(".page-head")).to_contain_text("berlaku")
    assert stored(_in_force) == (1, 6)


def _moved_by_keyboard(page: Page) -> None:
    """The first job of the first truck becomes the second truck's first one."""
    block = page.locator("[data-gantt] .lane").first.locator("[data-job]").first
    job = block.get_attribute("data-job")
    page.locator("[data-gantt] .lane").first.locator("a").first.focus()
    page.keyboard.press("Enter")
    page.locator("#move-unit").wait_for()
    page.locator("#move-unit").focus()
    page.keyboard.type("Truk 02")
    page.keyboard.press("Tab")
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("Truk 02")
    assert (
        page.locator("[data-gantt] .lane").nth(1).locator("[data-job]").first.get_attribute("data-job") == job
    )


def _moved_by_hand(page: Page) -> None:
    """A job of the second truck is dragged to the end of the first one's row."""
    rows = page.locator("[data-gantt] .lane")
    job = rows.nth(1).locator("[data-job]").first.get_attribute("data-job")
    rows.first.scroll_into_view_if_needed()
    page.evaluate("document.querySelector('#jadwal').scrollIntoView()")
    start = rows.nth(1).locator("[data-job] rect").first.bounding_box()
    over = rows.first.locator(".lane-ground").bounding_box()
    assert start
    assert over
    with page.expect_navigation():
        page.mouse.move(start["x"] + 10, start["y"] + 10)
        page.mouse.down()
        page.mouse.move(over["x"] + over["width"] - 80, over["y"] + 20, steps=4)
        page.mouse.up()
    expect(page.locator(".toast")).to_contain_text("Truk 01")
    found = rows.first.locator("[data-job]").last
    assert found.get_attribute("data-job") == job


def _in_force() -> tuple[int, int]:
    from kotacerdas.foundation.dispatch.models import Plan, PlannedStop

    jobs = PlannedStop.objects.filter(route__is_published=True, job__isnull=False)
    return Plan.objects.filter(state="published").count(), jobs.count()
