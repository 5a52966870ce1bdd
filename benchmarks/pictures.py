"""Twenty uploads of a 24-megapixel PNG at once: how long pages wait meanwhile, and what memory stays.

The door as it is, decoding in processes of their own, beside the same door decoding inside as it did before;
then with the limit of pixels an address.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from _store import fresh
from PIL import Image
from trials.house import House, free_port

UPLOADS, SIDE, REST_SECONDS = 20, 4900, 25.0
PAGES = ("/healthz", "/readyz", "/lapor/", "/akun/masuk/")
MOST_SECONDS = 0.5
HERE = Path(__file__).resolve().parent
INSIDE = """
import sys
from granian.constants import Interfaces
from granian.server import Server
Server("_inside:application", port=int(sys.argv[1]), interface=Interfaces.ASGI, workers=2, log_access=False,
       log_level="error", websockets=False, workers_kill_timeout=2).serve()
"""


@dataclass
class Seen:
    """What the uploads and the pages beside them met."""

    answers: Counter[int] = field(default_factory=Counter)
    waited: list[float] = field(default_factory=list)
    stored: int = 0
    seconds: float = 0.0
    peak_mb: float = 0.0
    rest_mb: float = 0.0


def main() -> list[str]:
    """Lines for RESULTS.md. Raises RuntimeError where a page waited longer than half a second, or a photo was lost."""
    body, size = _form()
    with fresh() as name, _environment(name):
        with _inside() as (port, pid):
            before = _flood(port, pid, body)
        own = _own(name, {"KOTACERDAS_RATE_LIMITS": "0"}, body)
        limited = _own(name, {}, body)
    if max(own.waited) > MOST_SECONDS or max(limited.waited) > MOST_SECONDS:
        raise RuntimeError(f"a page waited {max(*own.waited, *limited.waited):.2f} s of {MOST_SECONDS}")
    if own.stored != UPLOADS:
        raise RuntimeError(f"{own.stored} of {UPLOADS} photos were stored")
    return [
        f"{UPLOADS} uploads at once of a PNG of {SIDE * SIDE / 1e6:.0f} megapixels and {size // 1024} KB, pages asked "
        f"meanwhile, decoded in processes of their own: {_told(own)}",
        f"the same decoded inside the web process under one lock, as before: {_told(before)}",
        f"with the limit of pixels an address: {limited.stored} stored, the others refused "
        f"({limited.answers[422]} answers in words), all over after {limited.seconds:.1f} s; slowest page "
        f"{max(limited.waited) * 1000:.0f} ms",
    ]


def _told(seen: Seen) -> str:
    slow = sorted(seen.waited)
    return (
        f"slowest page {slow[-1] * 1000:.0f} ms, p95 {slow[int(len(slow) * 0.95)] * 1000:.0f} ms of {len(slow)}; "
        f"{seen.stored} photos stored in {seen.seconds:.0f} s; memory (PSS, web and decoders) {seen.peak_mb:.0f} MB at "
        f"most, {seen.rest_mb:.0f} MB {REST_SECONDS:.0f} s later"
    )


def _own(name: str, settings: dict[str, str], body: bytes) -> Seen:
    house = House(name, free_port(), workers=2, settings=settings)
    house.start("web")
    try:
        return _flood(house.port, house.processes["web"].pid, body)
    finally:
        house.stop()


@contextlib.contextmanager
def _inside() -> Iterator[tuple[int, int]]:
    port = free_port()
    given = {
        **os.environ,
        "PYTHONPATH": str(HERE),
        "KOTACERDAS_DB_ROLE": "owner",
        "KOTACERDAS_LOG_LEVEL": "CRITICAL",
        "KOTACERDAS_RATE_LIMITS": "0",
    }
    process = subprocess.Popen([sys.executable, "-c", INSIDE, str(port)], env=given)
    try:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with contextlib.suppress(OSError):
                _get(port, "/healthz")
                break
            time.sleep(0.1)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


def _flood(port: int, pid: int, body: bytes) -> Seen:
    from kotacerdas.foundation.files.models import StoredFile

    seen, over, stored_before = Seen(), threading.Event(), StoredFile.objects.count()
    uploads = [
        threading.Thread(target=_upload, args=(port, n, body, seen), daemon=True) for n in range(UPLOADS)
    ]
    looking = threading.Thread(target=_look, args=(pid, seen, over), daemon=True)
    for path in PAGES:
        _get(port, path)  # templates are read once
    began = time.monotonic()
    for thread in (*uploads, looking):
        thread.start()
    while any(thread.is_alive() for thread in uploads):
        for path in PAGES:
            seen.waited.append(_get(port, path))
        time.sleep(0.05)
    seen.seconds = time.monotonic() - began
    over.set()
    looking.join()
    time.sleep(REST_SECONDS)
    seen.rest_mb = _memory(pid)
    seen.stored = StoredFile.objects.count() - stored_before
    return seen


def _form() -> tuple[bytes, int]:
    out = io.BytesIO()
    Image.new("RGB", (SIDE, SIDE), (90, 130, 160)).save(out, "PNG", compress_level=9)
    return out.getvalue(), len(out.getvalue())


def _upload(port: int, number: int, photo: bytes, seen: Seen) -> None:
    edge, token = "kotacerdasbench", "a" * 32
    fields = {"csrfmiddlewaretoken": token, "key": f"bench{number}-{port}", "photo_id": str(number)}
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()
    ]
    head = f'--{edge}\r\nContent-Disposition: form-data; name="photo"; filename="a.png"\r\n\r\n'
    body = "".join(parts).encode() + head.encode() + photo + f"\r\n--{edge}--\r\n".encode()
    headers = {
        "Content-Type": f"multipart/form-data; boundary={edge}",
        "Cookie": f"csrftoken={token}",
        "Origin": f"http://127.0.0.1:{port}",
    }
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=180)
    link.request("POST", "/lapor/foto/", body, headers)
    seen.answers[link.getresponse().status] += 1


def _get(port: int, path: str) -> float:
    started = time.monotonic()
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    link.request("GET", path)
    link.getresponse().read()
    return time.monotonic() - started


def _look(pid: int, seen: Seen, over: threading.Event) -> None:
    while not over.wait(0.5):
        seen.peak_mb = max(seen.peak_mb, _memory(pid))


def _memory(pid: int) -> float:
    """MB of a process and all below it, shared pages in parts."""
    total, waiting = 0, [pid]
    while waiting:
        one = waiting.pop()
        with contextlib.suppress(OSError):
            rolled = Path(f"/proc/{one}/smaps_rollup").read_text()
            total += next(int(line.split()[1]) for line in rolled.splitlines() if line.startswith("Pss:"))
            for task in Path(f"/proc/{one}/task").iterdir():
                waiting += [int(child) for child in (task / "children").read_text().split()]
    return total / 1024


@contextlib.contextmanager
def _environment(name: str) -> Iterator[None]:
    os.environ["KOTACERDAS_DATABASE_NAME"] = name
    try:
        yield
    finally:
        del os.environ["KOTACERDAS_DATABASE_NAME"]
