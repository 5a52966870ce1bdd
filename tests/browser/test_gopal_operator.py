"""The operator's day on a phone without a network: set out, emptied with two photos, at the plant; all of it arrives."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import Town, stored
from field_phone import BAR, FILE, back_online, enrolled, save
from playwright.sync_api import Page, expect

from kotacerdas.foundation.sync.scanning import code_on

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def route_of_today() -> None:
    """Two orders and an unloading on the operator's route of today, whatever day this is."""
    from trials.cast import MONDAY

    from kotacerdas.foundation.dispatch.models import Job, Plan, PlannedRoute, PlannedStop
    from kotacerdas.kernel import clock
    from kotacerdas.programs.gopal.models import Order
    from kotacerdas.programs.gopal.tests import world

    with clock.frozen(MONDAY):
        world.ready()
        cases = [world.order(litres=1800).case]
        cases.append(world.order(litres=1200, lat=-1.1750, lng=122.4950, address="Jalan Baru 2").case)
    now = clock.now()
    today = clock.local_day(now)
    Job.objects.update(day=today)
    shift = world.crew(world.truck(), "opik", day=today)
    plan = Plan.objects.create(
        agency=world.agency(), day=today, version=1, state="published", published_at=now
    )
    route = PlannedRoute.objects.create(
        plan=plan, unit=world.truck(), shift=shift, day=today, is_published=True
    )
    stops: list[dict[str, Any]] = []
    for case in cases:
        stops.append(
            {"kind": "task", "job": Job.objects.get(subject_id=case.id), "volume_l": case.order.litres}
        )
    stops.append({"kind": "reload", "station": world.plant()})
    for number, stop in enumerate(stops, 1):
        then = now + timedelta(minutes=40 * number)
        PlannedStop.objects.create(
            route=route,
            position=number,
            arrive_at=then,
            begin_at=then,
            leave_at=then + timedelta(minutes=30),
            **stop,
        )
    Order.objects.update(slot_from=now, slot_until=now + timedelta(hours=3))


def emptied() -> list[tuple[Any, ...]]:
    """Each manifest with its state, litres and the moments of the photos of its orders."""
    from kotacerdas.programs.gopal.models import Manifest

    def rows() -> list[tuple[Any, ...]]:
        return [
            (
                one.state,
                [load.litres for load in one.loads.all()],
                sorted({file.moment for load in one.loads.all() for file in load.order.case.files.all()}),
            )
            for one in Manifest.objects.all()
        ]

    return stored(rows)


def token() -> str:
    from kotacerdas.programs.gopal.models import Manifest

    return stored(lambda: Manifest.objects.get().token)


def shot(page: Page, name: str) -> None:
    if folder := os.environ.get("GOPAL_SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_a_tank_is_emptied_offline_and_the_manifest_reaches_the_plant(town: Town, photo: Path) -> None:
    stored(route_of_today)
    page = enrolled(town, "opik")
    expect(page.locator(".next strong").first).to_contain_text("1 · Wati")
    shot(page, "today")
    town.house.kill("web")  # no network at all
    page.locator(".next .main").click()
    shot(page, "stop")
    page.get_by_role("button", name="Berangkat", exact=True).click()
    save(page)
    expect(page.locator(BAR)).to_have_text("1 belum terkirim")
    page.goto(f"{town.url}/lapangan/#/")
    expect(page.locator(".next .tag")).to_have_text("Berangkat (belum terkirim)")
    page.locator(".next .main").click()
    page.get_by_role("button", name="Tangki selesai disedot").click()
    for check in ("clothing", "lid", "hose", "clean"):
        page.locator(f"[name=checks][value={check}]").check()
    for field in ("before", "after"):
        page.locator(f"[data-field={field}]").locator(FILE).set_input_files(photo)
        expect(page.locator(f"[data-field={field}] figure img")).to_have_count(1, timeout=20_000)
    page.locator("[name=litres]").fill("1800")
    shot(page, "form")
    save(page)
    expect(page.locator(BAR)).to_have_text("2 belum terkirim")
    page.goto(f"{town.url}/lapangan/#/")
    page.locator(".rows a", has_text="Buang: IPLT Melati").click()
    page.get_by_role("button", name="Tiba di IPLT").click()
    save(page)
    shot(page, "outbox")
    back_online(town, page)
    expect(page.locator(BAR)).to_have_text("Semua terkirim", timeout=30_000)
    assert emptied() == [("carrying", [1800], ["after", "before"])]
    page.goto(f"{town.url}/lapangan/#/")
    page.locator(".rows a", has_text="Buang: IPLT Melati").click()
    expect(page.locator("dl")).to_contain_text("MLT-")
    assert code_on(page.locator("svg.qr").screenshot()) == token()
    shot(page, "trip")
    town.said.clear()  # what Chromium says of refused connections
