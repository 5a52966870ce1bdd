"""What the browser tests share: Chromium, the invented town behind a front door, its people's pages."""

from __future__ import annotations

import io
import os
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from trials import saved_rows
from trials.cast import client_of, load_invented, seat
from trials.house import House
from trials.shots import FLAGS, browser_path

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
    "1"  # Playwright's loop stands in this thread; nothing runs beside it
)

PATIENCE_MS = 20_000  # for what a page is to show; other tests run beside these
expect.set_options(timeout=PATIENCE_MS)

T = TypeVar("T")
# Chromium reports each refused form as a failed load; htmx reports what a page still asked for when it was left
_OF_LEAVING = ("Failed to load resource", "htmx:sendAbort", "htmx:afterRequest")
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1440, "height": 1000}
POSTS = {
    "sari": ("KOMINFO", "coordinator"),
    "rudi": ("PU", "officer"),
    "dewi": ("KOMINFO", "phone_agent"),
    "piket": ("KOMINFO", "duty_officer"),
    "perencana": ("BAPPEDA", "planner"),
    "pengelola": ("KOMINFO", "operator"),
    "dina": ("PU", "desludging_planner"),
    "opik": ("PU", "desludging_operator"),
    "petra": ("PU", "plant_officer"),
    "bendahara_tinja": ("PU", "desludging_treasurer"),
    "endah": ("PU", "asset_officer"),
    "bagus": ("BAPPEDA", "asset_office"),
    "tono": ("PU", "asset_surveyor"),
    "asri": ("PU", "asset_surveyor"),
}
JETTY = (-1.1705, 122.4905)  # at Karang Putih
STORY = "Papan dermaga patah, anak-anak hampir jatuh ke laut"
PICK = "input[name=photo]:not([capture])"


def stored(question: Callable[[], T]) -> T:
    """Ask the store from a thread of its own: Playwright's loop forbids it to the test's."""

    def ask() -> T:
        try:
            return question()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(ask).result()


def until(
    answer: object, question: Callable[..., object], *given: object, seconds: float = PATIENCE_MS / 1000
) -> None:
    """Ask until the answer is there: what a phone sends, and what is sealed and followed, comes a moment later."""
    end = time.monotonic() + seconds
    while (got := question(*given)) != answer:
        assert time.monotonic() < end, f"{got}, not {answer}"
        time.sleep(0.2)


@dataclass
class Town:
    """The invented regency behind a front door, and the pages its people open.

    `said` holds what those pages complained of on the console.
    """

    house: House
    browser: Browser
    cookies: dict[str, str]
    said: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.house.url

    def context(self, who: str = "", *, language: str = "id", **given: Any) -> BrowserContext:
        """A browser of its own: a citizen's phone, or the desk of the named member of staff."""
        made = self.browser.new_context(viewport=given.pop("viewport", DESK if who else PHONE), **given)
        made.add_cookies([{"name": "lang", "value": language, "url": self.url}])
        if who:
            made.add_cookies([{"name": "sessionid", "value": self.cookies[who], "url": self.url}])
        return made

    def page(self, who: str = "", path: str = "", **given: Any) -> Page:
        """A page in such a browser, at an address of the house."""
        opened = self.context(who, **given).new_page()
        opened.set_default_timeout(PATIENCE_MS)
        opened.on("console", self._hear)
        opened.on("pageerror", lambda error: self.said.append(str(error)))
        if path:
            opened.goto(f"{self.url}{path}")
        return opened

    def _hear(self, message: Any) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(_OF_LEAVING):
            self.said.append(message.text)


_cookies: dict[str, str] = {}


def staff_cookies() -> dict[str, str]:
    """Sessions of the staff; demo accounts, so that no second factor is asked. The same for every test of a worker."""
    saved_rows.bring("staff of the town", _sign_in_staff)
    return dict(_cookies)


def _sign_in_staff() -> None:
    for name, (agency, post) in POSTS.items():
        _cookies[name] = client_of(seat(name, agency, post)).cookies["sessionid"].value


@pytest.fixture
def town(transactional_db: None, house: House, chromium: Browser) -> Iterator[Town]:
    """The town with its staff seated.

    One front door and one Chromium serve all tests of a worker; the door drops what it kept in mind of the last test's
    rows. Whatever a test opened is closed after it.
    """
    load_invented()
    cookies = staff_cookies()
    if house.settings.get("KOTACERDAS_RATE_LIMITS") != "0":
        house.settings["KOTACERDAS_RATE_LIMITS"] = "0"
        house.kill("web")
    if "web" not in house.processes:
        house.start("web")
    house.forget()
    made = Town(house, chromium, cookies)
    yield made
    for context in chromium.contexts:
        context.close()
    for role in set(house.processes) - {"web"}:
        house.kill(role)
    assert made.said == []


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for all tests of a worker."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=browser_path(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photo as a phone takes it: large, with place and time in it."""
    file = tmp_path_factory.mktemp("photos") / "dermaga.jpg"
    file.write_bytes(jpeg((2400, 1800), JETTY))
    return file


def jpeg(size: tuple[int, int], place: tuple[float, float] | None = None, quality: int = 85) -> bytes:
    """A JPEG full of detail, as photos are; with the place in its Exif block where one is given."""
    from PIL import Image

    exif = Image.Exif()
    if place:
        gps = exif.get_ifd(0x8825)
        gps[1], gps[2] = "S" if place[0] < 0 else "N", sexagesimal(place[0])
        gps[3], gps[4] = "W" if place[1] < 0 else "E", sexagesimal(place[1])
        exif[0x0132] = datetime(2026, 11, 23, 9, 55).strftime("%Y:%m:%d %H:%M:%S")
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(out, "JPEG", quality=quality, exif=exif.tobytes())
    return out.getvalue()


def sexagesimal(degrees: float) -> tuple[float, float, float]:
    """Degrees, minutes and seconds, without sign."""
    minutes, seconds = divmod(abs(degrees) * 3600, 60)
    return (*divmod(minutes, 60), round(seconds, 3))


def onwards(page: Page, button: str = ".foot .primary") -> None:
    """Press the button at the foot and wait for the next page."""
    with page.expect_navigation():
        page.locator(button).first.click()


def fill_report(page: Page, photo: Path | None) -> None:
    """The pages of a report up to the last one, as a citizen with a thumb goes through them."""
    if photo is not None:
        page.set_input_files(PICK, photo)
        page.locator(".photo-card").wait_for()
    onwards(page)
    if photo is None:
        page.fill("#id_q", "karang putih")
        page.locator("[data-found] [name=choice]").first.wait_for()
    page.locator("[name=choice]").first.check()
    onwards(page)
    page.fill("#id_words", STORY)
    page.locator(".choices > .choice [name=category][value=jetty]").check()
    onwards(page)
    page.fill("[name=name]", "Wati")
    page.fill("[name=phone]", "0812-3456-7890")
    onwards(page)


def till_you(page: Page, url: str) -> None:
    """The pages of a report up to the one that asks who reports, by their plain buttons, with and without script."""
    page.goto(f"{url}/lapor/")
    onwards(page)
    page.fill("#id_q", "karang putih")
    onwards(page, "button[value=search]")
    page.locator("[data-found] [name=choice]").first.check()
    onwards(page)
    page.fill("#id_words", STORY)
    page.locator(".choices > .choice [name=category][value=jetty]").check()
    onwards(page)


def send_report(page: Page) -> tuple[str, str]:
    """Press Kirim; the number that is shown, and the path of the secret link."""
    onwards(page, ".foot [data-send]")
    page.locator(".hero .ticket").wait_for()
    link = re.search(r"/l/[^/]+/", page.url)
    assert link, f"{page.url}: {page.locator('main, body').first.inner_text()[:400]}"
    return page.locator(".hero .ticket").inner_text(), link.group()


def padded(file: Path, data: bytes, megabytes: int) -> Path:
    """A file of that size which begins with the data."""
    file.write_bytes(data.ljust(megabytes * 1024 * 1024, b"\0"))
    return file


def counts() -> tuple[int, int, int]:
    """Cases, photos and journal rows in the store."""
    from kotacerdas.foundation.cases.models import Case
    from kotacerdas.foundation.files.models import StoredFile
    from kotacerdas.foundation.journal.models import Row

    return stored(lambda: (Case.objects.count(), StoredFile.objects.count(), Row.objects.count()))


def state_of(number: str) -> str:
    from kotacerdas.foundation.cases.models import Case

    return stored(lambda: Case.objects.get(number=number).state)


def handed_over() -> tuple[str, str]:
    """A report of Wati's that Sari gave to PU: its number, and the path of the secret link."""

    def file() -> tuple[str, str]:
        from trials.cast import Cast

        from kotacerdas.foundation.cases.links import link_token

        cast = Cast(rudi=None, sari=seat("sari", *POSTS["sari"]), dewi=None, asep=None, head=None)
        filed = cast.verified(words=STORY)
        return filed.case.number, f"/l/{link_token(filed.party)}/"

    return stored(file)


def asked() -> tuple[str, str]:
    """Such a report, of which Rudi has asked where the board is."""
    return acted_on("report_ask", "Di sisi mana?")


def resolved() -> tuple[str, str]:
    """Such a report, which Rudi has resolved."""
    return acted_on("report_resolve", "Papan sudah diganti tadi pagi")


def acted_on(step: str, body: str, number: str = "", *, named: str = "body") -> tuple[str, str]:
    """What `handed_over` gives, or the report of that number, after a step of Rudi's."""
    from kotacerdas.foundation.cases.models import Case
    from kotacerdas.foundation.parties.actors import staff
    from kotacerdas.programs.iceta import actions

    found = (number, "") if number else handed_over()
    rudi = lambda: staff(seat("rudi", *POSTS["rudi"]))  # noqa: E731
    case = lambda: Case.objects.get(number=found[0])  # noqa: E731
    stored(lambda: getattr(actions, step)(actor=rudi(), case=case(), **{named: body}))
    return found
