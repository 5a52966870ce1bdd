"""An order by telephone in a browser: the price before it is booked, a free time, and a job for the planner's day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from conftest import Town, stored
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def trucks_ahead() -> None:
    """A truck on shift on each of the next ten days, and a plant that is open every day."""
    from datetime import time

    from kotacerdas.foundation.dispatch.models import StationHours
    from kotacerdas.kernel import clock
    from kotacerdas.programs.gopal.tests import world

    plant = world.plant()
    world.shifts(10, clock.today() + timedelta(days=1))
    StationHours.objects.filter(station=plant).delete()
    StationHours.objects.bulk_create(
        StationHours(station=plant, weekday=weekday, opens=time(7), closes=time(17)) for weekday in range(7)
    )


def booked_day() -> str:
    """The day of the only order."""
    from kotacerdas.kernel import clock
    from kotacerdas.programs.gopal.models import Order

    return clock.local_day(Order.objects.get().slot_from).isoformat()


def test_a_call_becomes_an_order_with_its_price_first_and_a_job_of_its_day(town: Town) -> None:
    stored(trucks_ahead)
    desk = town.page("dina", "/desk/telepon/?jadi=gopal.order")
    desk.fill("#phone", "081234567890")
    desk.fill("#place_text", "karang putih")
    desk.select_option("#tank_class", "house_1")
    desk.fill("#litres", "1800")
    desk.fill("#hose_m", "20")
    desk.locator("#offer input[name=place]").first.check()
    expect(desk.locator("#offer")).to_contain_text("Rp175.000")
    desk.locator("#offer input[name=slot]:enabled").first.check()
    desk.fill("#name", "Wati")
    desk.locator(".call-after button").click()
    number = desk.locator("[data-number]").inner_text()

    day = stored(booked_day)
    desk.goto(f"{town.url}/desk/rute/{day}/")
    expect(desk.locator("main")).to_contain_text("Karang Putih")
    desk.goto(f"{town.url}/desk/sedot/pesanan/{number}/")
    expect(desk.locator("main")).to_contain_text("Rp175.000")
