"""The field over 600 ms and 256 kbit/s: 50 commands up and 20 changes down in one request; the shell's cold and warm start."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import statistics
import time
from typing import Any
from uuid import uuid4

from _store import fresh
from django.db import transaction
from playwright.sync_api import Page, sync_playwright
from trials.house import House, free_port
from trials.shots import FLAGS, browser_path
from trials.slow_link import SlowLink

COMMANDS, CHANGES, TIMES, STARTS = 50, 20, 9, 5
RTT_MS, BITS = 600, 256_000
CONTROLLED = "navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)"


def main() -> list[str]:
    """Lines for RESULTS.md."""
    with fresh() as database:
        token, records = set_up()
        house = House(database, free_port(), settings={"KOTACERDAS_RATE_LIMITS": "0"})
        house.start("web")
        try:
            files = weight(house.port)
            with SlowLink(house.port, rtt_ms=RTT_MS, bits_a_second=BITS) as link:
                runs = [one_exchange(link, token, records, n) for n in range(TIMES)]
            starts = [start_of_shell(house.port) for _n in range(STARTS)]
        finally:
            house.stop()
    up, down, took = (statistics.median(column) for column in zip(*runs, strict=True))
    cold, kilobytes, warm = (statistics.median(column) for column in zip(*starts, strict=True))
    return [
        f"an exchange of {COMMANDS} commands up and {CHANGES} changes down at {RTT_MS} ms and {BITS // 1000} kbit/s: one request, "
        f"{up:,.0f} bytes up and {down:,.0f} down (bodies, gzip), {took:.2f} s in the median of {TIMES} "
        f"(aim: one request, 2 KB)",
        f"the shell: {files[0]} files, {files[1] / 1000:.1f} KB gzip; in Chromium over that link the first page stands after "
        f"{cold:.2f} s and {kilobytes:.1f} KB on the wire (aim 60 KB, 4 s), from its store after {warm:.2f} s (aim 1 s); "
        f"medians of {STARTS}",
    ]


def set_up() -> tuple[str, list[str]]:
    """An officer with a phone, and records of a survey that the exchanges change."""
    from kotacerdas.foundation.parties.actors import staff
    from kotacerdas.foundation.parties.models import Holding, Position, User
    from kotacerdas.foundation.sync.declarations import Filled, forms
    from kotacerdas.foundation.sync.phones import phone_enrol
    from kotacerdas.kernel import clock

    user = User.objects.create(username="bench", name="Bench", is_staff=True, is_demo=True)
    Holding.objects.create(
        position=Position.objects.filter(code="officer")[0], user=user, since=clock.today()
    )
    make = forms()["iceta.spot.make"].command
    with transaction.atomic():
        made = [
            make.run(actor=staff(user), given=Filled(item=None, values=spot(n)))["record"]
            for n in range(CHANGES)
        ]
    homes.update({record: number for number, record in enumerate(made)})
    return phone_enrol(user=user, by=user)[1], made


def spot(number: int) -> dict[str, Any]:
    """The answers of one record."""
    return {
        "name": f"Tikungan {number}",
        "danger": "flood",
        "place": {"lat": -6.3265 - number / 1000, "lng": 108.3214 + number / 1000, "accuracy": 8},
        "homes": number,
        "checked_on": "2026-11-03",
    }


def one_exchange(link: SlowLink, token: str, records: list[str], run: int) -> tuple[int, int, float]:
    """Bytes up and down and seconds of one exchange whose commands change 20 records, 2 or 3 times each."""
    ask(link.port, token, {"cursor": state.get("cursor", 0), "commands": []})
    now = int(time.time() * 1000)
    session = str(uuid4())[:28]  # as the shell counts its ids on
    commands: list[dict[str, Any]] = [
        {
            "id": f"{session}{n:08x}",
            "name": "iceta.spot.change",
            "at": now + n,
            "item": records[n % CHANGES],
            "values": spot(n % CHANGES) | {"homes": 100 * (run + 1) + n},
        }
        for n in range(COMMANDS)
    ]
    for one in commands:
        one["base"] = {"homes": homes[one["item"]]}
        homes[one["item"]] = one["values"]["homes"]
    began = time.perf_counter()
    up, down, answer = ask(link.port, token, {"cursor": state["cursor"], "commands": commands})
    took = time.perf_counter() - began
    done = answer["answers"].count("done")
    changed = len(answer["changed"])
    if (done, changed) != (COMMANDS, CHANGES):
        raise RuntimeError(
            f"{done} commands were done and {changed} records changed: {answer['answers'][:2]}"
        )
    return up, down, took


state: dict[str, int] = {}
homes: dict[str, int] = {}


def ask(port: int, token: str, more: dict[str, Any]) -> tuple[int, int, dict[str, Any]]:
    """One exchange as the phone makes it; bytes of both bodies and the answer."""
    body = gzip.compress(
        json.dumps(
            {"p": 3, "v": "bench", "now": int(time.time() * 1000), "left": 0, **more}, separators=(",", ":")
        ).encode(),
        9,
    )
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Encoding": "gzip",
        "Content-Type": "application/json",
    }
    connection.request("POST", "/lapangan/tukar/", body, headers)
    answered = connection.getresponse()
    raw = answered.read()
    connection.close()
    if answered.status != 200:
        raise RuntimeError(f"{answered.status}: {raw[:200]!r}")
    found: dict[str, Any] = json.loads(gzip.decompress(raw))
    state["cursor"] = found["cursor"]
    return len(body), len(raw), found


def start_of_shell(port: int) -> tuple[float, float, float]:
    """Seconds to the first page and kilobytes on the wire of a browser that never was here, and seconds from its store."""
    with SlowLink(port, rtt_ms=RTT_MS, bits_a_second=BITS) as link, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=browser_path(), args=FLAGS)
        context = browser.new_context(viewport={"width": 360, "height": 740})
        page = context.new_page()
        cold = opened(page, link.url)
        kilobytes = link.bytes_down / 1000
        page.wait_for_function(CONTROLLED)
        warm = opened(context.new_page(), link.url)
        browser.close()
    return cold, kilobytes, warm


def opened(page: Page, url: str) -> float:
    """Seconds until the shell's page stands."""
    began = time.perf_counter()
    page.goto(f"{url}/lapangan/", wait_until="commit", timeout=60_000)
    page.locator("main h1").wait_for(timeout=60_000)
    return time.perf_counter() - began


def weight(port: int) -> tuple[int, int]:
    """Requests and bytes on the wire (gzip) of the shell's page and its files."""
    page = get(port, "/lapangan/")
    text = gzip.decompress(page).decode() if page[:2] == b"\x1f\x8b" else page.decode()
    files = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', text))
    if len(files) < 8:
        raise RuntimeError(f"the shell names {len(files)} files only")
    return 1 + len(files), len(page) + sum(len(get(port, one)) for one in files)


def get(port: int, path: str) -> bytes:
    """A body as it travels."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    answered = connection.getresponse()
    raw = answered.read()
    connection.close()
    if answered.status != 200:
        raise RuntimeError(f"{path}: {answered.status}")
    return raw
