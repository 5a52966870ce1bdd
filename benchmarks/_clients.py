"""Clients of a benchmark, in a process of their own: raw sockets that keep their connection.

`_clients.py port path clients seconds` prints requests/s, p50 and p99 in milliseconds.
"""

from __future__ import annotations

import asyncio
import sys
import time


async def client(port: int, request: bytes, until: float, took: list[float]) -> None:
    """Ask again and again until the time is over."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.perf_counter() < until:
        started = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode())
        took.append(time.perf_counter() - started)
    writer.close()


async def main(port: int, path: str, clients: int, seconds: float) -> str:
    """Load for the given seconds after half a second of warming up."""
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    await asyncio.gather(*(client(port, request, time.perf_counter() + 0.5, []) for _ in range(clients)))
    took: list[float] = []
    started = time.perf_counter()
    await asyncio.gather(*(client(port, request, started + seconds, took) for _ in range(clients)))
    passed = time.perf_counter() - started
    took.sort()
    return (
        f"{len(took) / passed:.0f} {took[len(took) // 2] * 1000:.2f} {took[int(len(took) * 0.99)] * 1000:.2f}"
    )


if __name__ == "__main__":
    print(asyncio.run(main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))))
