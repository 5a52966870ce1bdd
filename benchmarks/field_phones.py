"""Two thousand phones of one regency come to the network within ten minutes, each with a morning's work.

Each fetches its forms, sends five new records of a survey in one exchange that brings all records of its agency down,
lets a photo follow in parts, and makes one more exchange. They come as fast as the server takes them, forty at once.
"""

from __future__ import annotations

import gzip
import hashlib
import http.client
import io
import json
import random
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

from _store import fresh
from PIL import Image, ImageDraw
from trials.house import House, free_port

PHONES, COMMANDS, AT_ONCE, PART = 2000, 5, 40, 64 * 1024
MOST_SECONDS = 600


def main() -> list[str]:
    """Lines for RESULTS.md. RuntimeError where anything that was acknowledged is not stored."""
    photo = picture()
    with fresh() as database:
        tokens, agencies = set_up()
        house = House(database, free_port(), settings={"KOTACERDAS_RATE_LIMITS": "0"})
        house.start("web")
        try:
            began = time.perf_counter()
            with ThreadPoolExecutor(AT_ONCE) as pool:
                took = list(pool.map(lambda token: morning(house.port, token, photo), tokens))
            seconds = time.perf_counter() - began
        finally:
            house.stop()
        assert_stored(len(photo))
    first, parts, second, down = (list(column) for column in zip(*took, strict=True))
    return [
        f"{PHONES:,} phones of {agencies} agencies, {AT_ONCE} at once, each with {COMMANDS} records and a photo of "
        f"{len(photo) // 1024} KB: all stored after {seconds:.0f} s on two processors with their clients "
        f"(aim {MOST_SECONDS} s)",
        f"of these the exchange with the records {told(first)}, a photo {told(parts)}, an exchange without news "
        f"{told(second)}; {statistics.fmean(down) / 1000:.1f} KB down a phone",
    ]


def told(seconds: list[float]) -> str:
    """The median and the 95th percentile in milliseconds."""
    ordered = sorted(seconds)
    return f"{statistics.median(ordered) * 1000:.0f} ms (p95 {ordered[int(len(ordered) * 0.95)] * 1000:.0f})"


def picture() -> bytes:
    """A photo as the shell makes it smaller: 1,600 by 1,200 pixels with shapes and some grain."""
    drawn = Image.effect_noise((1600, 1200), 18).convert("RGB")
    pen, chance = ImageDraw.Draw(drawn), random.Random(1)
    for _n in range(60):
        x, y = chance.randrange(1500), chance.randrange(1100)
        pen.ellipse((x, y, x + 200, y + 140), fill=tuple(chance.randrange(256) for _c in range(3)))
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=60)
    return out.getvalue()


def set_up() -> tuple[list[str], int]:
    """An officer with a phone for each token, spread over the agencies that have such a post."""
    from kotacerdas.foundation.parties.models import Holding, Position, User
    from kotacerdas.foundation.sync.models import Phone
    from kotacerdas.foundation.sync.phones import hash_of
    from kotacerdas.kernel import clock

    posts = list(Position.objects.filter(code="officer"))
    tokens = [f"phone-{number}" for number in range(PHONES)]
    users = [User(username=token, name=token, is_staff=True, is_demo=True) for token in tokens]
    User.objects.bulk_create(users)
    Holding.objects.bulk_create(
        Holding(position=posts[number % len(posts)], user=user, since=clock.today())
        for number, user in enumerate(users)
    )
    Phone.objects.bulk_create(
        Phone(user=user, token_hash=hash_of(token), empty_at=clock.now(), enrolled_by=user)
        for user, token in zip(users, tokens, strict=True)
    )
    return tokens, len(posts)


def morning(port: int, token: str, photo: bytes) -> tuple[float, float, float, int]:
    """One phone: seconds of its first exchange, of its photo and of its second exchange, and the bytes it got."""
    get(port, token, "/lapangan/formulir/")
    image = {
        "id": str(uuid4()),
        "field": "photos",
        "size": len(photo),
        "sha256": hashlib.sha256(photo).hexdigest(),
    }
    commands = [record(number, [image] if number == 0 else []) for number in range(COMMANDS)]
    began = time.perf_counter()
    first, down = exchange(port, token, 0, commands)
    after_first = time.perf_counter()
    if first["answers"] != ["done"] * COMMANDS or len(first["changed"]) < COMMANDS:
        raise RuntimeError(f"{first['answers']}, {len(first['changed'])} changes")
    send_photo(port, token, image["id"], photo)
    after_photo = time.perf_counter()
    _second, more = exchange(port, token, first["cursor"], [])
    return after_first - began, after_photo - after_first, time.perf_counter() - after_photo, down + more


def record(number: int, files: list[dict[str, Any]]) -> dict[str, Any]:
    """A new record of the survey as the shell sends it."""
    values = {
        "name": f"Tikungan {number}", "danger": "flood", "homes": number, "checked_on": "2026-11-03",
        "place": {"lat": -6.3265 - number / 1000, "lng": 108.3214, "accuracy": 8},
    }  # fmt: skip
    if files:
        values["photos"] = [one["id"] for one in files]
    made = {"id": str(uuid4()), "name": "iceta.spot.make", "at": int(time.time() * 1000), "values": values}
    return made | ({"files": files} if files else {})


def exchange(port: int, token: str, cursor: int, commands: list[Any]) -> tuple[dict[str, Any], int]:
    """One exchange; its answer and the bytes of it."""
    body = {"p": 3, "v": "bench", "now": int(time.time() * 1000), "left": len(commands), "cursor": cursor}
    packed = gzip.compress(json.dumps(body | {"commands": commands}, separators=(",", ":")).encode())
    raw = ask(
        port,
        "POST",
        "/lapangan/tukar/",
        token,
        packed,
        {"Content-Encoding": "gzip", "Content-Type": "application/json"},
    )
    return json.loads(gzip.decompress(raw)), len(raw)


def send_photo(port: int, token: str, photo_id: str, photo: bytes) -> None:
    """The photo in parts, as the shell sends it."""
    for start in range(0, len(photo), PART):
        headers = {"Upload-Offset": str(start), "Content-Type": "application/octet-stream"}
        raw = ask(port, "PUT", f"/lapangan/foto/{photo_id}/", token, photo[start : start + PART], headers)
    if not json.loads(raw)["done"]:
        raise RuntimeError(f"a photo is not whole: {raw!r}")


def get(port: int, token: str, path: str) -> bytes:
    """A page as it travels."""
    return ask(port, "GET", path, token, None, {})


def ask(port: int, method: str, path: str, token: str, body: bytes | None, headers: dict[str, str]) -> bytes:
    """One request on a connection of its own; the body of the answer, which is 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request(method, path, body, {"Authorization": f"Bearer {token}", **headers})
    answered = connection.getresponse()
    raw = answered.read()
    connection.close()
    if answered.status != 200:
        raise RuntimeError(f"{path}: {answered.status} {raw[:200]!r}")
    return raw


def assert_stored(size: int) -> None:
    """What was acknowledged is in the store: every record, and every photo whole."""
    from kotacerdas.foundation.sync.models import SurveyPhoto, SurveyRecord, Upload

    found = (
        SurveyRecord.objects.count(),
        SurveyPhoto.objects.count(),
        Upload.objects.filter(received=size).count(),
    )
    if found != (PHONES * COMMANDS, PHONES, PHONES):
        raise RuntimeError(f"records, photos, whole uploads: {found}")
