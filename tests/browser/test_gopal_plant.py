"""The plant's day in a browser: a manifest by its number, received short, the operator heard, decided."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from conftest import PHONE, Town, onwards, stored
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def on_the_way() -> str:
    """A truck with 3,600 litres of two tanks on its way to a plant that is open all day; its manifest's number."""
    from kotacerdas.foundation.dispatch.models import StationHours
    from kotacerdas.kernel import clock
    from kotacerdas.programs.gopal.models import Manifest
    from kotacerdas.programs.gopal.tests import world

    with clock.frozen(world.at(world.TUESDAY - timedelta(days=1), 8)):
        world.ready()
    plant, number = world.plant(), world.loaded(1800, 1800).number
    StationHours.objects.filter(station=plant).delete()
    StationHours.objects.bulk_create(
        StationHours(station=plant, weekday=weekday, opens=time(0), closes=time(23, 59, 59))
        for weekday in range(7)
    )
    now = clock.now()
    Manifest.objects.update(day=clock.today(), opened_at=now, plant=plant)
    return number


def test_a_manifest_received_short_is_explained_and_decided(town: Town) -> None:
    number = stored(on_the_way)
    plant = town.page("petra", "/desk/iplt/", viewport=PHONE)
    expect(plant.locator("table").first).to_contain_text(number)
    plant.fill("#code", number.lower())
    onwards(plant, "button.mangga")
    plant.fill("[name=litres]", "9000")
    onwards(plant, "button.mangga")
    expect(plant.locator(".field-error").first).to_contain_text("4.000")
    plant.fill("[name=litres]", "2905")
    onwards(plant, "button.mangga")
    expect(plant.locator(".toast").first).to_contain_text("operator ditanya")
    expect(plant.locator(".plant-sum")).to_contain_text("2.905")

    desk = town.page("dina", f"/desk/sedot/manifes/{number}/")
    expect(desk.locator(".plant-banner")).to_contain_text("Kurang 695 liter")
    expect(desk.get_by_role("link", name="Putuskan")).to_have_count(0)
    desk.locator(".plant-banner .mangga").click()
    desk.fill("#langkah textarea[name=body]", "Selang bocor di jalan, sudah dilaporkan")
    with desk.expect_navigation():
        desk.locator("#langkah button[type=submit]").first.click()
    desk.goto(f"{town.url}/desk/sedot/manifes/{number}/")
    expect(desk.locator("blockquote")).to_contain_text("Selang bocor")
    desk.get_by_role("link", name="Putuskan").click()
    desk.select_option("#langkah select[name=decision]", "coached")
    desk.fill("#langkah textarea[name=body]", "Selang diganti")
    with desk.expect_navigation():
        desk.locator("#langkah button[type=submit]").first.click()
    desk.goto(f"{town.url}/desk/sedot/manifes/{number}/")
    expect(desk.locator(".plant-banner")).to_contain_text("Operator dibina")
