"""The treasurer's day in a browser: cash taken for one of two orders, the day closed with two differences, deposited."""

from __future__ import annotations

from datetime import timedelta

import pytest
from conftest import Town, onwards, stored
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def received_short() -> dict[str, str]:
    """Two tanks emptied today into one manifest, of which the plant got 695 litres less; nothing is paid yet."""
    from kotacerdas.foundation.payments.models import Charge
    from kotacerdas.kernel import clock
    from kotacerdas.programs.gopal.actions.receiving import manifest_receive
    from kotacerdas.programs.gopal.models import Manifest, ManifestLoad, Order
    from kotacerdas.programs.gopal.tests import world

    with clock.frozen(world.at(world.TUESDAY - timedelta(days=1), 8)):
        world.ready()
    plant, made = world.plant(), world.loaded(1800, 1800)
    now = clock.now()
    Manifest.objects.update(day=clock.today(), opened_at=now, plant=plant)
    ManifestLoad.objects.update(pumped_at=now)
    manifest_receive(
        actor=world.plant_officer(), manifest=Manifest.objects.get(), litres=2905, why="Hari uji coba"
    )
    first, second = Order.objects.order_by("slot_from", "case__number")
    difference = Manifest.objects.get().difference
    assert difference is not None
    bills = {one.subject_id: one for one in Charge.objects.all()}
    return {
        "manifest": made.number,
        "bill": bills[first.pk].number,
        "unpaid": second.case.number,
        "case": difference.number,
        "price": str(first.price),
    }


def test_the_day_is_closed_to_the_rupiah_with_what_differs_by_name(town: Town) -> None:
    given = stored(received_short)
    desk = town.page("bendahara_tinja", "/desk/sedot/kas/")
    rows = desk.locator(".gaps li")
    expect(rows).to_have_count(3)
    expect(desk.locator(".gaps")).to_contain_text(given["manifest"])

    desk.goto(f"{town.url}/desk/kas/tagihan/{given['bill']}/")
    desk.fill("[name=amount]", "1")
    onwards(desk, "form .mangga")
    expect(desk.locator(".field-error").first).to_contain_text("terimalah sejumlah itu")
    desk.fill("[name=amount]", given["price"])
    desk.fill("[name=payer]", "Wati")
    onwards(desk, "form .mangga")
    expect(desk.locator(".toast").first).to_contain_text("Kuitansi")

    desk.goto(f"{town.url}/desk/sedot/kas/")
    expect(rows).to_have_count(2)
    expect(desk.locator(".gaps")).to_contain_text(given["unpaid"])
    desk.get_by_role("link", name="Tutup dengan 2 selisih").click()
    left = int(given["price"])
    for value in (100_000, 50_000, 20_000, 5_000):
        desk.fill(f"[name=n{value}]", str(left // value))
        left %= value
    expect(desk.locator("[data-gap]")).to_contain_text("0")
    onwards(desk, "form .mangga")

    desk.goto(f"{town.url}/desk/sedot/kas/")
    expect(desk.get_by_role("link", name="Tutup dengan")).to_have_count(0)
    desk.locator(".equation .result a").click()
    desk.fill("[name=reference]", "BJB 0012")
    onwards(desk, "form .mangga")
    expect(desk.locator("main")).to_contain_text("sudah disetor")
    desk.get_by_role("link", name=given["bill"]).first.click()
    expect(desk.locator("main")).to_contain_text("lunas")
