"""A day of field work on a phone without a network, and its evening on a link that is slow and breaks.

The phone's clock stands a day ahead, its browser is killed twice, the first reply is lost, the server is restarted while
photos come in, and the app is updated in between. `FIELD_DAY=40,60` makes it a whole day; by default it is a short one.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from conftest import JETTY, PHONE, Town, jpeg, stored
from django.utils import timezone
from field_phone import FILE, set_up
from playwright.sync_api import BrowserContext, Error, Locator, Page, expect
from trials.shots import FLAGS, browser_path
from trials.slow_link import SlowLink

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RECORDS, PHOTOS = (int(one) for one in os.environ.get("FIELD_DAY", "10,15").split(","))
BAR = ".outbox-bar"
SLACK = timedelta(
    milliseconds=500
)  # the offset of a clock is known to half of what the measuring request took
A_DAY_AHEAD = """(() => { const Real = Date; const ahead = 86400000;
  globalThis.Date = class extends Real { constructor(...given) { given.length ? super(...given) : super(Real.now() + ahead); }
    static now() { return Real.now() + ahead; } }; })()"""
NEWER = """
from kotacerdas.foundation.sync.words import WORDS
WORDS["queued"] = "Masih menunggu"
"""


@contextmanager
def phone(town: Town, folder: Path) -> Iterator[Page]:
    """The phone's browser with what it has stored, switched on; at the end it is killed, not closed."""
    made = town.browser.browser_type.launch_persistent_context(
        folder,
        executable_path=browser_path(),
        args=FLAGS,
        viewport=PHONE,
        geolocation={"latitude": JETTY[0], "longitude": JETTY[1], "accuracy": 8},
        permissions=["geolocation"],
    )
    made.set_default_timeout(20_000)
    made.add_init_script(A_DAY_AHEAD)
    try:
        yield made.pages[0]
    finally:
        kill(made, folder)


def kill(context: BrowserContext, folder: Path) -> None:
    """SIGKILL the browser of this folder, as a phone whose battery is taken out."""
    for proc in Path("/proc").glob("[0-9]*"):
        try:
            told = (proc / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if f"--user-data-dir={folder}".encode() in told and not any(
            one.startswith(b"--type=") for one in told
        ):
            os.kill(int(proc.name), signal.SIGKILL)
    with suppress(Error):  # it is gone
        context.close()


def enrol(page: Page, town: Town, url: str) -> None:
    page.context.add_cookies(
        [
            {"name": name, "value": value, "url": url}
            for name, value in (("lang", "id"), ("sessionid", town.cookies["rudi"]))
        ]
    )
    set_up(page, url)
    page.context.clear_cookies()  # the phone's own token is all it has from now on


def begin(page: Page, url: str, number: int, photos: list[Path]) -> None:
    """Fill in a new record, up to the button."""
    page.goto(f"{url}/lapangan/#/isi/iceta.spot.make")
    page.locator("[name=name]").fill(f"Tikungan {number}")
    page.locator("[name=danger][value=road]").check()
    page.get_by_role("button", name="posisi").click()
    expect(page.locator("[data-field=place] [role=status]")).to_contain_text("8 m")
    page.locator("[name=checked_on]").fill(today())
    if photos:
        page.set_input_files(FILE, photos)
        expect(page.locator("figure img")).to_have_count(len(photos), timeout=20_000)


def save(page: Page) -> None:
    page.locator(".foot .main").click()
    expect(page.locator("main h1")).to_have_text("Kotak keluar")


def today() -> str:
    return timezone.localdate().isoformat()


def shared_out(folder: Path) -> list[list[Path]]:
    """Photos for each record: as even as it goes, none alike."""
    files = []
    for number in range(PHOTOS):
        files.append(folder / f"{number}.jpg")
        files[-1].write_bytes(jpeg((160 + number, 120)))
    return [files[number::RECORDS] for number in range(RECORDS)]


def evening(link: SlowLink) -> None:
    """600 ms, 256 kbit/s, and connections that break."""
    link.rtt_ms, link.bits_a_second, link.lost = 600, 256_000, 0.1
    link.lose_replies = [b"POST /lapangan/tukar/"]
    link.cuts[:] = [0, 12_000, 0, 30_000, 0, 9_000]
    link.is_open = True


def arrived() -> dict[str, tuple[datetime, int]]:
    """Each record in the order of the journal: its name, when it happened, and its photos."""
    from kotacerdas.foundation.journal.models import Row
    from kotacerdas.foundation.sync.models import SurveyRecord

    def read() -> dict[str, tuple[datetime, int]]:
        rows = Row.objects.filter(verb="iceta.spot.make").order_by("recorded_at", "id")
        records = {one.pk: one for one in SurveyRecord.objects.all()}
        assert len(rows) == len(records)
        found = [records[row.subject_id] for row in rows]
        return {one.answers["name"]: (one.made_at, one.photos.count()) for one in found}

    return stored(read)


def uploads() -> tuple[int, int]:
    """Photos of which something came, and those that are whole and hang on their record."""
    from kotacerdas.foundation.sync.models import Upload

    return stored(
        lambda: (
            Upload.objects.filter(received__gt=0).count(),
            Upload.objects.exclude(attached_at=None).count(),
        )
    )


def until_sent(page: Page, *, photos: int, seconds: float) -> None:
    """Wait till so many photos are whole; each few seconds the phone finds its network again."""
    until = time.monotonic() + seconds
    while uploads()[1] < photos:
        assert time.monotonic() < until, f"{uploads()} photos: {page.locator('main').inner_text()[:300]}"
        page.evaluate("dispatchEvent(new Event('online'))")
        page.wait_for_timeout(1500)


def until_offered(page: Page) -> Locator:
    """The button that takes the newer version, once it has come over this link."""
    offered = page.get_by_role("button", name="Pakai sekarang")
    for _n in range(60):
        if offered.count():
            break
        page.evaluate("dispatchEvent(new Event('online'))")
        page.wait_for_timeout(1500)
    return offered


@contextmanager
def newer(town: Town, folder: Path) -> Iterator[None]:
    """The server's app is updated: another word in the shell makes another version of it."""
    (folder / "sitecustomize.py").write_text(NEWER)
    town.house.kill("web")
    town.house.settings["PYTHONPATH"] = str(folder)
    town.house.start("web")
    try:
        yield
    finally:
        del town.house.settings["PYTHONPATH"]
        town.house.kill("web")


def test_a_day_without_a_network_arrives_whole_once_and_in_order(town: Town, tmp_path: Path) -> None:
    photos = shared_out(tmp_path)
    folder, url = tmp_path / "phone", ""
    half = RECORDS // 2
    with SlowLink(town.house.port) as link:
        url = link.url
        with phone(town, folder) as page:
            enrol(page, town, url)
            link.is_open = False
            began = timezone.now()
            for number in range(half):
                begin(page, url, number, photos[number])
                save(page)
            begin(page, url, half, photos[half])  # killed in mid-writing
        with phone(town, folder) as page:
            page.goto(f"{url}/lapangan/")
            expect(page.locator(BAR)).to_contain_text(f"{half} belum terkirim")
            page.locator(".rows a", has_text="Titik rawan baru").click()
            expect(page.locator("[name=name]")).to_have_value(f"Tikungan {half}")
            expect(page.locator("figure img")).to_have_count(len(photos[half]), timeout=20_000)
            save(page)
            for number in range(half + 1, RECORDS):
                begin(page, url, number, photos[number])
                save(page)
            expect(page.locator(BAR)).to_contain_text(f"{RECORDS} belum terkirim")
            ended = timezone.now()
            evening(link)
            until_sent(page, photos=PHOTOS // 3, seconds=60 + 4 * PHOTOS)
        assert uploads()[1] < PHOTOS  # killed while photos are on their way
        with newer(town, tmp_path), phone(town, folder) as page:
            page.goto(f"{url}/lapangan/")
            until_offered(page).click()
            page.wait_for_function(
                "() => document.getElementById('words').textContent.includes('Masih menunggu')"
            )
            until_sent(page, photos=PHOTOS * 2 // 3, seconds=60 + 4 * PHOTOS)
            town.house.kill("web")
            town.house.start("web")
            until_sent(page, photos=PHOTOS, seconds=60 + 4 * PHOTOS)
            expect(page.locator(BAR)).to_contain_text("Semua terkirim", timeout=60_000)
    assert not link.lose_replies
    assert not link.cuts
    found = arrived()
    assert list(found) == [f"Tikungan {number}" for number in range(RECORDS)]
    assert [count for _at, count in found.values()] == [len(one) for one in photos]
    times = [at for at, _count in found.values()]
    assert times == sorted(times)
    assert began - SLACK <= times[0]
    assert times[-1] <= ended + SLACK
