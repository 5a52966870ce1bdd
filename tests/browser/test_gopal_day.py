"""One day of desludging in a browser, from the telephone to the treasurer, each role at its own desk or phone.

Monday: an order comes by telephone, the planner makes and sends Tuesday's plan. Tuesday: the operator empties twelve
tanks without a network, is twice at the plant, and the truck breaks down; at the next contact the order that is left goes
to another truck. The plant receives one manifest short, the operator explains, and the treasurer closes to the rupiah.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import PHONE, POSTS, Town, jpeg, onwards, stored, until
from field_phone import BAR, FILE, back_online, opened_anew, save, set_up
from planner_desk import asked_and_made
from playwright.sync_api import Page, expect
from trials.cast import seat

from kotacerdas.foundation.sync.scanning import code_on

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
JOBS, LITRES, SHORT = 12, 600, 2905
RECEIVED = JOBS * LITRES // 2 + SHORT


def at(hour: int, minute: int = 0, day: int = 0) -> datetime:
    """A local time of Tuesday, or of so many days after it."""
    from kotacerdas.programs.gopal.tests import world

    return world.at(world.TUESDAY + timedelta(days=day), hour, minute)


@contextmanager
def training_time() -> Iterator[Any]:
    """Turn the house's clock to a moment, as exercises do; back to real time at the end."""
    from kotacerdas.foundation.workdays import training
    from kotacerdas.kernel import clock

    try:
        yield lambda moment: stored(lambda: training.move(moment - clock.now()))
    finally:
        stored(training.reset)


def ordered() -> None:
    """Twelve orders for Tuesday on the first truck; the two others are in the workshop."""
    from kotacerdas.foundation.dispatch.actions import job_change, job_pin, unit_state_set
    from kotacerdas.programs.gopal.actions import orders
    from kotacerdas.programs.gopal.tests import world

    world.ready(3)
    for name, who in (("Truk 01", "opik"), ("Truk 02", "oman")):
        world.crew(world.truck(name), who)
    for number in range(JOBS):
        made = world.order(
            slot=at((8, 10, 13)[number // 4]),
            litres=LITRES,
            lat=-1.1710 - number * 0.001,
            lng=122.4910 + number * 0.001,
            address=f"Jalan Dermaga {number + 1}",
            phone=f"0812-3456-78{number:02d}",
        )
        job = orders.job_of(made.own)
        job_change(actor=world.planner(), job=job, service_seconds=900)
        job_pin(actor=world.planner(), job=job, unit=world.truck())
    for name in ("Truk 02", "Truk 03"):
        unit_state_set(actor=world.planner(), unit=world.truck(name), state="off", why="Servis")


def repaired() -> None:
    """The second truck is back from the workshop, and what is left is bound to no truck any more."""
    from kotacerdas.foundation.dispatch.actions import job_pin, unit_state_set
    from kotacerdas.foundation.dispatch.models import Job
    from kotacerdas.programs.gopal.tests import world

    unit_state_set(actor=world.planner(), unit=world.truck("Truk 02"), state="available")
    job_pin(actor=world.planner(), job=Job.objects.get(state="open"), unit=None)


def manifests() -> list[tuple[str, str, int, str]]:
    """Number, state, litres loaded and token of each manifest of the day."""
    from kotacerdas.programs.gopal.actions.manifests import loaded
    from kotacerdas.programs.gopal.models import Manifest

    def rows() -> list[tuple[str, str, int, str]]:
        found = Manifest.objects.order_by("number")
        return [(one.number, one.state, loaded(one), one.token) for one in found]

    return stored(rows)


def differences() -> list[str]:
    """The state of each difference between what was pumped and what was received."""
    from kotacerdas.programs.gopal.models import SludgeDifference

    return stored(lambda: list(SludgeDifference.objects.values_list("case__state", flat=True)))


def paid_at_the_counter() -> tuple[str, int]:
    """All bills of the twelve but four: two were paid at the door, two are left. Number and rupiah of one of these."""
    from kotacerdas.foundation.parties.actors import staff
    from kotacerdas.foundation.payments.charges import cash_take
    from kotacerdas.foundation.payments.models import Charge
    from kotacerdas.kernel import ids
    from kotacerdas.programs.gopal.models import Order

    treasurer = staff(seat("bendahara_tinja", *POSTS["bendahara_tinja"]))
    emptied = Order.objects.exclude(emptied_at=None).values("pk")
    bills = list(Charge.objects.filter(subject_id__in=emptied, state="open").order_by("number"))
    assert len(bills) == JOBS - 2
    for one in bills[2:]:
        cash_take(actor=treasurer, charge=one, amount=one.owed, key=ids.new_id(), payer="Wati")
    return bills[0].number, bills[0].owed


def photographed() -> set[tuple[str, ...]]:
    """The moments of the photos that hang on each emptied order."""
    from kotacerdas.programs.gopal.models import Order

    orders = Order.objects.exclude(emptied_at=None)
    return {tuple(sorted(file.moment for file in one.case.files.all())) for one in orders}


def charged() -> tuple[int, int]:
    """The rupiah of the day's emptied orders, and what is paid of them."""
    from kotacerdas.foundation.payments.models import Charge, Payment
    from kotacerdas.programs.gopal.models import Order

    emptied = Order.objects.exclude(emptied_at=None)
    bills = Charge.objects.filter(subject_id__in=emptied.values("pk"))
    paid = Payment.objects.filter(charge__in=bills, state="settled")
    return sum(one.amount for one in bills), sum(one.amount for one in paid)


def measured() -> dict[str, int]:
    """What the program's indicators say of the day."""
    from django.db.models import Sum

    from kotacerdas.foundation.indicators.models import Daily
    from kotacerdas.programs.gopal.tests import world

    rows = Daily.objects.filter(indicator__startswith="gopal.", day=world.TUESDAY)
    return stored(lambda: dict(rows.values_list("indicator").annotate(Sum("numerator"))))


def test_one_day_from_the_telephone_to_the_treasurer(town: Town, tmp_path: Path) -> None:
    photo = tmp_path / "tangki.jpg"
    photo.write_bytes(jpeg((800, 600)))
    with training_time() as turn:
        turn(at(9, day=-1))
        stored(ordered)
        by_telephone(town)
        planner = planned(town)
        turn(at(7))
        phone = town.page("opik", viewport=PHONE)
        phone.clock.set_system_time(at(7))
        set_up(phone, town.url)
        town.house.kill("web")  # no network at all
        trip = emptied_offline(phone, photo)
        turn(at(12, 30))
        phone.clock.set_system_time(at(12, 30))
        back_online(town, phone)
        expect(phone.locator(BAR)).to_have_text("Semua terkirim", timeout=60_000)
        phone.goto(phone.url.split("#")[0] + trip)
        expect(phone.locator("svg.qr")).to_be_visible()
        seen = phone.screenshot(
            full_page=True
        )  # of the code alone fails when the page is drawn anew meanwhile
        assert code_on(seen) in [token for *_facts, token in manifests()]
        assert stored(photographed) == {("after", "before")}
        town.said.clear()  # what Chromium says of refused connections
        planned_anew(town, planner, phone)
        received(town, phone, turn)
        closed(town, turn)
        counted(town)


def by_telephone(town: Town) -> None:
    """A caller hears the price first, then a free time; the order is booked."""
    desk = town.page("dina", "/desk/telepon/?jadi=gopal.order")
    desk.fill("#phone", "081234567890")
    desk.fill("#place_text", "karang putih")
    desk.select_option("#tank_class", "house_1")
    desk.fill("#litres", "1800")
    desk.fill("#hose_m", "20")
    desk.locator("#offer input[name=place]").first.check()
    expect(desk.locator("#offer")).to_contain_text("Rp175.000")
    desk.locator(f"#offer input[name=slot][value='{at(13):%Y-%m-%dT%H:%M}']").check()
    desk.fill("#name", "Wati")
    desk.locator(".call-after button").click()
    number = desk.locator("[data-number]").inner_text()
    desk.goto(f"{town.url}/desk/sedot/pesanan/{number}/")
    expect(desk.locator("main")).to_contain_text("Rp175.000")


def planned(town: Town) -> Page:
    """Tuesday's plan, made and sent to the crew."""
    page = town.page("dina", f"/desk/rute/{at(8):%Y-%m-%d}/")
    asked_and_made(page, town)
    page.locator("h1").click()
    page.keyboard.press("k")
    expect(page.locator(".page-head")).to_contain_text("berlaku")
    return page


def emptied_offline(phone: Page, photo: Path) -> str:
    """Twelve tanks from eight o'clock on, paid twice at the door; the plant after six and after twelve; then the engine fails.

    Returns the address of the first unloading.
    """
    now = at(8)
    stops = phone.locator(".next > a, .rows a").evaluate_all(
        "found => [...new Set(found.map((one) => one.getAttribute('href')))]"
    )
    orders = [one for one in stops if "/gopal.stop/" in one]
    [trip, *_more] = [one for one in stops if "/gopal.trip/" in one]
    [truck] = [one for one in stops if "/gopal.truck/" in one]
    assert len(orders) == JOBS + 1
    for turn, order in enumerate(orders[:JOBS]):
        phone.clock.set_system_time(now)
        filled(phone, order, "Berangkat")
        now += timedelta(minutes=15)
        phone.clock.set_system_time(now)
        filled(phone, order, "Tangki selesai disedot", photo=photo)
        if turn < 2:
            filled(phone, order, "Uang tunai diterima", amount="175000")
        if turn == JOBS // 2 - 1:
            filled(phone, trip, "Tiba di IPLT")
        if turn == JOBS - 1:
            filled(phone, truck, "Ke IPLT di luar giliran", choice="plant")
        now += timedelta(minutes=5)
    phone.clock.set_system_time(now)
    filled(phone, truck, "Truk rusak", choice="reason")
    expect(phone.locator(BAR)).to_have_text(f"{2 * JOBS + 2 + 2 + 1} belum terkirim")
    return trip


def filled(
    phone: Page, item: str, form: str, *, photo: Path | None = None, amount: str = "", choice: str = ""
) -> None:
    """Fill in a form of a record on the phone and store it."""
    phone.goto(phone.url.split("#")[0] + item)
    phone.get_by_role("button", name=form, exact=True).click()
    phone.locator(".foot").wait_for()
    if photo is not None:
        for check in ("clothing", "lid", "hose", "clean"):
            phone.locator(f"[name=checks][value={check}]").check()
        for name in ("before", "after"):
            phone.locator(f"[data-field={name}]").locator(FILE).set_input_files(photo)
            expect(phone.locator(f"[data-field={name}] figure img")).to_have_count(1, timeout=20_000)
        phone.locator("[name=litres]").fill(str(LITRES))
    if amount:
        phone.locator("[name=amount]").fill(amount)
    if choice:
        phone.locator(f"[name={choice}]").first.check()
    save(phone)
    phone.wait_for_url("**#/kotak")


def planned_anew(town: Town, page: Page, phone: Page) -> None:
    """The planner sees the breakdown and has the rest of the day planned: the last order goes with the second truck."""
    stored(repaired)
    page.goto(f"{town.url}/desk/rute/")
    expect(page.locator("main")).to_contain_text("Truk 01 tidak dapat jalan, padahal masih ada 1 ")
    page.keyboard.press("h")
    page.wait_for_url("**versi=2*", timeout=60_000)
    page.locator("h1").click()
    page.keyboard.press("k")
    expect(page.locator(".page-head")).to_contain_text("Versi 2, berlaku")
    expect(page.locator("#jadwal .lane").nth(1)).to_contain_text("1 pekerjaan")
    opened_anew(phone)
    phone.locator(".rows a[href*='gopal.truck']").click()
    expect(phone.locator("main")).to_contain_text("sekarang dikerjakan Truk 02")


def received(town: Town, phone: Page, turn: Any) -> None:
    """The plant gets the first load whole and the second one 695 litres short; the operator says why, the planner decides."""
    turn(at(14))
    phone.clock.set_system_time(at(14))
    plant = town.page("petra", "/desk/iplt/", viewport=PHONE)
    for (number, state, litres, _token), got in zip(manifests(), (JOBS * LITRES // 2, SHORT), strict=True):
        assert (state, litres) == ("carrying", JOBS * LITRES // 2)
        plant.goto(f"{town.url}/desk/iplt/")
        plant.fill("#code", number.lower())
        onwards(plant, "button.mangga")
        if got == SHORT:
            plant.fill("[name=litres]", "9000")
            onwards(plant, "button.mangga")
            expect(plant.locator(".field-error").first).to_contain_text("4.000")
        plant.fill("[name=litres]", str(got))
        onwards(plant, "button.mangga")
    expect(plant.locator(".toast").first).to_contain_text("operator ditanya")
    opened_anew(phone)
    phone.locator(".next > a", has_text="Pertanyaan tentang").click()
    phone.get_by_role("button", name="Jelaskan selisih", exact=True).click()
    phone.locator("[name=body]").fill("Selang bocor di jalan, sudah dilaporkan")
    save(phone)
    until(["answered"], differences, seconds=60)  # the bar said "all sent" before the answer was written, too
    expect(phone.locator(BAR)).to_have_text("Semua terkirim")
    desk = town.page("dina", f"/desk/sedot/manifes/{number}/")
    expect(desk.locator("blockquote")).to_contain_text("Selang bocor")
    expect(desk.locator(".plant-banner")).to_contain_text("Kurang 695 liter")
    desk.get_by_role("link", name="Putuskan").click()
    desk.select_option("#langkah select[name=decision]", "coached")
    desk.fill("#langkah textarea[name=body]", "Selang diganti")
    with desk.expect_navigation():
        desk.locator("#langkah button[type=submit]").first.click()
    desk.goto(f"{town.url}/desk/sedot/manifes/{number}/")
    expect(desk.locator(".plant-banner")).to_contain_text("Operator dibina")


def closed(town: Town, turn: Any) -> None:
    """One bill is left unpaid by name, the count agrees to the rupiah, the money is brought to the bank."""
    turn(at(16))
    bill, price = stored(paid_at_the_counter)
    desk = town.page("bendahara_tinja", f"/desk/kas/tagihan/{bill}/")
    desk.fill("[name=amount]", "1")
    onwards(desk, "form .mangga")
    expect(desk.locator(".field-error").first).to_contain_text("terimalah sejumlah itu")
    desk.fill("[name=amount]", str(price))
    desk.fill("[name=payer]", "Wati")
    onwards(desk, "form .mangga")
    expect(desk.locator(".toast").first).to_contain_text("Kuitansi")
    whole, paid = stored(charged)
    desk.goto(f"{town.url}/desk/sedot/kas/")
    expect(desk.locator(".gaps li")).to_have_count(2)  # the bill, and the manifest that was short
    expect(desk.locator(".equation")).to_contain_text(f"{whole:,}".replace(",", "."))
    desk.get_by_role("link", name="Tutup dengan 2 selisih").click()
    left = paid
    for value in (100_000, 50_000, 20_000, 5_000):
        desk.fill(f"[name=n{value}]", str(left // value))
        left %= value
    assert left == 0
    expect(desk.locator("[data-gap]")).to_contain_text("0")
    onwards(desk, "form .mangga")
    desk.goto(f"{town.url}/desk/sedot/kas/")
    expect(desk.get_by_role("link", name="Tutup dengan")).to_have_count(0)
    desk.locator(".equation .result a").click()
    desk.fill("[name=reference]", "BJB 0012")
    onwards(desk, "form .mangga")
    expect(desk.locator("main")).to_contain_text("sudah disetor")


def counted(town: Town) -> None:
    """Manifests, trips, litres and rupiah of the day stand in the indicators."""
    town.house.start("quiet")
    wanted = {"gopal.trips": 2, "gopal.received_l": RECEIVED, "gopal.manifests_complete": 1}
    wanted["gopal.collected"] = stored(charged)[1]
    until(wanted, measured, seconds=60)
