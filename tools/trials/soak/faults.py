"""What goes wrong in turn while `./run soak` kills: held bodies, large photos, a full disk, odd rows for each loop.

Each fault lasts a few seconds; reports in words must be acknowledged during each of them, and pages answer.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import resource
import shutil
import socket
import threading
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random

from django.db import transaction
from PIL import Image

from kotacerdas.foundation.files import disk
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.indicators.models import Parked
from kotacerdas.foundation.jobs.models import SetAside
from kotacerdas.foundation.journal.actions import append
from kotacerdas.kernel import clock
from trials.soak.life import TOKEN, Tally

MEGABYTE = 1024 * 1024
HELD, LASTS_SECONDS, SIDE = 40, 4.0, 4900
SMALL_FILE = 64 * 1024  # the largest file that a full disk takes
SLOW_SECONDS = 2.0
Fault = Callable[[int, int, Tally, threading.Event], None]


def inject(
    port: int, web: Callable[[], int | None], tally: Tally, random: Random, stop: threading.Event
) -> None:
    """One fault after another until the event is set. `web` names the front door's process, None while it is dead."""
    faults: list[Fault] = [hold_bodies, send_photos, fill_disk]
    while not stop.wait(random.uniform(0.5, 2.0)):
        pid = web()
        if pid is not None:
            fault = random.choice(faults)
            fault(port, pid, tally, stop)
            tally.count(f"faults: {fault.__name__.replace('_', ' ')}")


def odd_rows(tally: Tally) -> None:
    """One row that each loop cannot treat, before the storm: the others must go on."""
    with transaction.atomic():
        append(verb="iceta.report.verify", subject=("iceta.report", uuid.uuid4()), actor="system", codes={})
    digest = uuid.uuid4().hex * 2
    in_the_way = disk.path_of(digest)
    (in_the_way / "folder").mkdir(parents=True, exist_ok=True)
    long_ago = clock.now() - timedelta(days=3)
    bad, good = (
        StoredFile.objects.create(sha256=one, media_type="image/webp", bytes=1, created_at=long_ago)
        for one in (digest, uuid.uuid4().hex * 2)
    )
    tally.odd = {"file": str(bad.id), "good": str(good.id), "digest": digest}


def clear_away(tally: Tally) -> None:
    """What the odd rows left on the disk."""
    if digest := tally.odd.get("digest"):
        shutil.rmtree(disk.path_of(digest), ignore_errors=True)


def broken_by_faults(tally: Tally) -> list[str]:
    """What the odd rows and the faults must not have done."""
    wrong = []
    if StoredFile.objects.filter(id=tally.odd["good"]).exists():
        wrong.append("a photo that nobody claimed stayed behind one that cannot be deleted")
    if not SetAside.objects.filter(loop="files", item=tally.odd["file"]).exists():
        wrong.append("the photo that cannot be deleted is not set aside")
    if not Parked.objects.exists():
        wrong.append("the odd row of the journal is not parked")
    strangers = SetAside.objects.exclude(loop="files", item=tally.odd["file"])
    wrong += [f"{one.loop} set {one.item} aside: {one.error}" for one in strangers[:5]]
    if tally.slowest > SLOW_SECONDS:
        wrong.append(f"a page took {tally.slowest:.1f} s while nothing was killed")
    return wrong


def hold_bodies(port: int, _pid: int, tally: Tally, stop: threading.Event) -> None:
    """Forty clients announce eleven megabytes, send one, and wait."""
    links = []
    for _ in range(HELD):
        with contextlib.suppress(OSError):
            link = socket.create_connection(("127.0.0.1", port), timeout=5)
            links.append(link)
            head = f"POST /lapor/foto/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: {11 * MEGABYTE}\r\n\r\n"
            link.sendall(head.encode() + bytes(MEGABYTE))
    _pages_go_on(port, tally, stop)
    for link in links:
        link.close()


def send_photos(port: int, _pid: int, tally: Tally, stop: threading.Event) -> None:
    """Eight uploads at once of a small file with 24 million pixels."""
    out = io.BytesIO()
    Image.new("1", (SIDE, SIDE)).save(out, "PNG")
    threads = [
        threading.Thread(target=_upload, args=(port, out.getvalue(), tally), daemon=True) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    _pages_go_on(port, tally, stop)
    for thread in threads:
        thread.join(60)


def fill_disk(port: int, pid: int, tally: Tally, stop: threading.Event) -> None:
    """No file of the front door grows any more: photos are refused, words are not."""
    workers = [pid, *_below(pid)]
    for one in workers:
        with contextlib.suppress(OSError):
            resource.prlimit(one, resource.RLIMIT_FSIZE, (SMALL_FILE, resource.RLIM_INFINITY))
    try:
        noise = io.BytesIO()
        Image.effect_noise((1600, 1200), 90).save(noise, "PNG")
        _upload(port, noise.getvalue(), tally)
        _pages_go_on(port, tally, stop)
    finally:
        for one in workers:
            with contextlib.suppress(OSError):
                resource.prlimit(one, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def _pages_go_on(port: int, tally: Tally, stop: threading.Event) -> None:
    """Ask for pages while the fault lasts; the slowest counts, where one came at all."""
    until = time.monotonic() + LASTS_SECONDS
    while time.monotonic() < until and not stop.wait(0.1):
        began, killed = time.monotonic(), tally.kills
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        with contextlib.suppress(OSError, http.client.HTTPException):
            link.request("GET", "/lapor/")
            if link.getresponse().status == 200 and tally.kills == killed:
                tally.slowest = max(tally.slowest, time.monotonic() - began)
        link.close()


def _upload(port: int, photo: bytes, tally: Tally) -> None:
    edge, key = "kotacerdassoak", uuid.uuid4().hex
    fields = {"csrfmiddlewaretoken": TOKEN, "key": key, "photo_id": "1"}
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()
    ]
    head = f'--{edge}\r\nContent-Disposition: form-data; name="photo"; filename="a.png"\r\n\r\n'
    body = "".join(parts).encode() + head.encode() + photo + f"\r\n--{edge}--\r\n".encode()
    kind = f"multipart/form-data; boundary={edge}"
    headers = {
        "Host": "localhost",
        "Origin": "http://localhost",
        "Content-Type": kind,
        "Cookie": f"csrftoken={TOKEN}",
    }
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        link.request("POST", "/lapor/foto/", body, headers)
        status = link.getresponse().status
    except (OSError, http.client.HTTPException):
        tally.count("photos without an answer")
        return
    finally:
        link.close()
    tally.count(f"photos answered with {status}")
    if status >= 500 and status != 503:
        tally.surprises.append(f"a photo was answered with {status}")


def _below(pid: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += [int(child), *_below(int(child))]
    return found
