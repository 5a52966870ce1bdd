"""Clients that file reports, in a process of their own: `_submitters.py port clients seconds area category`.

Each sends the final POST of a report again and again, as a browser would whose photo is stored already.
Prints requests/s, p50 and p99 in milliseconds, and how many were acknowledged.
"""

from __future__ import annotations

import asyncio
import sys
import time
from urllib.parse import urlencode
from uuid import uuid4

TOKEN = "a" * 32


def request(area: str, category: str, number: int) -> bytes:
    """One report as a form."""
    form = urlencode(
        {
            "csrfmiddlewaretoken": TOKEN,
            "go": "send",
            "draf": str(uuid4()),
            "area": area,
            "words": "Ada lubang besar di jalan depan sekolah, sudah dua motor jatuh",
            "category": category,
            "identity": "named",
            "name": "Wati",
            "phone": f"0899{number % 10_000_000:08d}",
        }
    ).encode()
    head = (
        "POST /lapor/periksa/ HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\n"
        f"Cookie: csrftoken={TOKEN}; draft={uuid4().hex}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(form)}\r\n\r\n"
    )
    return head.encode() + form


async def client(port: int, first: int, until: float, took: list[float], area: str, category: str) -> None:
    """File one report after another until the time is over."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    number = first
    while time.perf_counter() < until:
        number += 1
        started = time.perf_counter()
        writer.write(request(area, category, number))
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next((line for line in head.lower().split("\r\n") if line.startswith("content-length:")), "")
        await reader.readexactly(int(length.split(":")[1]) if length else 0)
        if " 302 " not in head.split("\r\n")[0]:
            raise RuntimeError(head)
        took.append(time.perf_counter() - started)
    writer.close()


async def main(port: int, clients: int, seconds: float, area: str, category: str) -> str:
    """Load for the given seconds after one of warming up."""
    warm = time.perf_counter() + 1
    await asyncio.gather(*(client(port, n * 10_000, warm, [], area, category) for n in range(clients)))
    took: list[float] = []
    started = time.perf_counter()
    until = started + seconds
    await asyncio.gather(
        *(client(port, n * 10_000 + 5_000, until, took, area, category) for n in range(clients))
    )
    passed = time.perf_counter() - started
    took.sort()
    at = [took[int(len(took) * share)] * 1000 for share in (0.5, 0.99)]
    return f"{len(took) / passed:.1f} {at[0]:.1f} {at[1]:.1f} {len(took)}"


if __name__ == "__main__":
    print(asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), sys.argv[4], sys.argv[5])))
