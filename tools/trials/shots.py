"""`./run shots`: a picture of every page, and what is wrong with it.

Opens every door of `tests/permissions.py` with the demo's sign-ins at 360, 1366 and 1440 px, in both languages
and themes, over a running demo. Listed is a page that overflows sideways, on which text is cut or written over,
that writes to the console, moves while it loads, fails axe, or is heavier than a citizen's page may be. PNGs and contact sheets go to `<var>/shots/`.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kotacerdas.config import prepare
from kotacerdas.config.paths import ROOT, VAR
from kotacerdas.kernel.commands import Command
from trials.cut import cut_text
from trials.house import free_port

WIDTHS = (360, 1366, 1440)
HEIGHTS = {360: 740, 1366: 720, 1440: 1000}  # of a phone, the office's laptop and a desk
LANGUAGES = ("id", "en")
THEMES = ("light", "dark")
COLD_BYTES = 60_000
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_SHIFT = """() => { window.__shift = 0; new PerformanceObserver(list => { for (const one of list.getEntries())
  if (!one.hadRecentInput) window.__shift += one.value; }).observe({type: 'layout-shift', buffered: true}); }"""


@dataclass
class Found:
    """What is wrong with one picture."""

    name: str
    flaws: list[str] = field(default_factory=list)

    def hear(self, said: Any) -> None:
        """Note what the page wrote to the console, if it is a complaint."""
        if said.type in ("error", "warning"):
            self.flaws.append(f"console: {said.text[:90]}")


def browser_path() -> str | None:
    """An installed Chromium, or the one that the settings name."""
    names = (
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
        "chromium-headless-shell",
    )
    return os.environ.get("KOTACERDAS_CHROMIUM") or next(
        (path for path in map(shutil.which, names) if path), None
    )


def run(given: Namespace) -> int:
    """Take the pictures; 1 when something is wrong with a page."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        print("Pictures need the development tools: run ./test once.", file=sys.stderr)
        return 1
    chromium = browser_path()
    if chromium is None:
        print("Pictures need Chromium: apt install chromium, or set KOTACERDAS_CHROMIUM.", file=sys.stderr)
        return 1
    prepare.files()
    folder = VAR / "shots"
    folder.mkdir(parents=True, exist_ok=True)
    doors = [door for door in pages() if not given.names or any(name in door["name"] for name in given.names)]
    found: list[Found] = []
    with serving() as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        signed: dict[str, Any] = {}
        for door in doors:
            for width, language, theme in _variants(given.quick):
                state = None
                if user := door.get("user"):
                    state = signed.get(user) or signed.setdefault(user, sign_in(browser, base, user))
                found.append(_shoot(browser, base, door, (width, language, theme), folder, state))
        browser.close()
    wrong = [one for one in found if one.flaws]
    for one in wrong:
        print(f"{one.name}: {'; '.join(one.flaws)}")
    contact_sheets(folder)
    print(f"{len(found)} pictures in {folder}; {len(wrong)} with something wrong")
    return 1 if wrong else 0


def pages() -> list[dict[str, Any]]:
    """The doors that show a page: name, address in this store, and whose eyes see it."""
    folder = str(ROOT / "tests")
    if folder not in sys.path:
        sys.path.insert(0, folder)
    return list(importlib.import_module("pictures").pictures())


class serving:
    """The front door over this store, on a port of its own, while the block runs."""

    def __enter__(self) -> str:
        port = free_port()
        command = [sys.executable, "-m", "kotacerdas.config", "--port", str(port), "--role", "web"]
        given = {**os.environ, "KOTACERDAS_WEB_WORKERS": "1", "KOTACERDAS_RATE_LIMITS": "0"}
        self.process = subprocess.Popen(command, env=given)
        base = f"http://127.0.0.1:{port}"
        _wait(base)
        return base

    def __exit__(self, *_error: object) -> None:
        self.process.terminate()
        self.process.wait(20)


def _wait(base: str) -> None:
    import httpx

    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            if httpx.get(f"{base}/healthz", timeout=2).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise RuntimeError("the front door does not answer")


def _variants(quick: bool) -> Iterator[tuple[int, str, str]]:
    if quick:
        yield from ((width, "id", "light") for width in WIDTHS)
        return
    for width in WIDTHS:
        for language in LANGUAGES:
            for theme in THEMES:
                yield width, language, theme


def _shoot(
    browser: Any, base: str, door: dict[str, Any], variant: tuple[int, str, str], folder: Path, state: Any
) -> Found:
    width, language, theme = variant
    found = Found(f"{door['name'].replace(':', '.')}-{width}-{language}-{theme}")
    size = {"width": door.get("width", width) if width > 720 else width, "height": HEIGHTS[width]}
    context = browser.new_context(viewport=size, color_scheme=theme, locale="id-ID", storage_state=state)
    page = context.new_page()
    context.add_cookies([{"name": "lang", "value": language, "url": base}])
    if door.get("status", 200) == 200:  # the browser itself complains of a page that is not there
        page.on("console", found.hear)
    page.on("pageerror", lambda error: found.flaws.append(f"script: {str(error)[:90]}"))
    page.add_init_script(f"({_SHIFT})()")
    weight = Weight(context, page)
    answer = page.goto(base + door["address"], wait_until="load")
    page.wait_for_timeout(250)
    if answer is None or answer.status != door.get("status", 200):
        found.flaws.append(f"answers {answer.status if answer else 'nothing'}")
    found.flaws += cut_text(page)
    if (shift := page.evaluate("window.__shift")) > 0.02:
        found.flaws.append(f"moves while loading ({shift:.2f})")
    if door.get("citizen") and weight.bytes > COLD_BYTES:
        found.flaws.append(f"weighs {weight.bytes / 1000:.0f} KB cold")
    found.flaws += axe_flaws(page)
    page.screenshot(path=str(folder / f"{found.name}.png"), full_page=width < 720 or not door.get("fixed"))
    context.close()
    return found


class Weight:
    """Bytes on the wire, as the browser counts them."""

    def __init__(self, context: Any, page: Any) -> None:
        self.bytes = 0
        session = context.new_cdp_session(page)
        session.on("Network.loadingFinished", self._add)
        session.send("Network.enable")

    def _add(self, event: dict[str, Any]) -> None:
        self.bytes += int(event.get("encodedDataLength", 0))


def sign_in(browser: Any, base: str, username: str) -> Any:
    """By the demo's own button; the cookies that came of it, for all pictures of that user."""
    context = browser.new_context(locale="id-ID")
    page = context.new_page()
    page.goto(f"{base}/akun/masuk/")
    page.locator(f"form[action='/akun/peraga/{username}/'] button").click()
    page.wait_for_load_state()
    state = context.storage_state()
    context.close()
    return state


def axe_flaws(page: Any) -> list[str]:
    """Violations that axe finds, one line each."""
    from axe_playwright_python.sync_playwright import Axe

    violations = Axe().run(page).response["violations"]
    return [f"axe {one['id']}: {one['nodes'][0]['target'][0]}" for one in violations]


def contact_sheets(folder: Path) -> None:
    """One sheet a width, language and theme: small pictures side by side, to look at them all."""
    from PIL import Image

    groups: dict[str, list[Path]] = {}
    for file in sorted(folder.glob("*-*-*-*.png")):
        groups.setdefault("-".join(file.stem.rsplit("-", 3)[1:]), []).append(file)
    for name, files in groups.items():
        small: list[Image.Image] = []
        for file in files:
            with Image.open(file) as opened:
                opened.thumbnail((360, 520))
                small.append(opened.convert("RGB"))
        columns = 5
        rows = -(-len(small) // columns)
        sheet = Image.new("RGB", (columns * 370, rows * 530), "white")
        for number, picture in enumerate(small):
            sheet.paste(picture, ((number % columns) * 370, (number // columns) * 530))
        sheet.save(folder / f"sheet-{name}.jpg", quality=82)
    (folder / "index.json").write_text(
        json.dumps({name: [file.name for file in files] for name, files in groups.items()})
    )


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", help="only pages whose name contains one of these")
    parser.add_argument("--quick", action="store_true", help="Indonesian and light only")


COMMANDS = (
    Command(
        name="shots",
        help="pictures of every page, and what is wrong with them",
        run=run,
        add_arguments=_arguments,
    ),
)
