"""The front door beside granian's plain WSGI: a bare one-query view, and a page beside 16 slow uploads.

Both run 2 workers × 4 threads over the same store, one after the other, driven by the same 16 clients
in one process of their own. What is compared is what the door costs, and what it saves.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from trials.house import free_port

CLIENTS, SECONDS, SLOW = 16, 6.0, 16
HERE = Path(__file__).resolve().parent
SERVE = """
import os, sys
from granian.constants import Interfaces
from granian.server import Server
kind, port = sys.argv[1], int(sys.argv[2])
more = {"blocking_threads": 4} if kind == "wsgi" else {}
os.environ["KOTACERDAS_WEB_THREADS"] = "4"
Server("_bare:" + kind, port=port, interface=Interfaces.WSGI if kind == "wsgi" else Interfaces.ASGI,
       workers=2, log_access=False, log_level="error", websockets=False, workers_kill_timeout=2, **more).serve()
"""


def main() -> list[str]:
    """Lines for RESULTS.md."""
    lines = []
    for kind, words in (("wsgi", "granian WSGI"), ("door", "the front door")):
        with serving(kind) as port:
            rate, p50, p99 = load(port)
            waited = beside_slow_uploads(port)
        lines.append(
            f"{words}, bare view with one query, {CLIENTS} clients: {rate:.0f} requests/s, "
            f"p50 {p50:.1f} ms, p99 {p99:.1f} ms; a GET beside {SLOW} slow uploads: {waited * 1000:.0f} ms"
        )
    return lines


@contextlib.contextmanager
def serving(kind: str) -> Iterator[int]:
    """A server on a port of its own while the block runs."""
    port = free_port()
    given = {
        **os.environ,
        "PYTHONPATH": str(HERE),
        "KOTACERDAS_DB_ROLE": "owner",
        "KOTACERDAS_LOG_LEVEL": "ERROR",
    }
    process = subprocess.Popen([sys.executable, "-c", SERVE, kind, str(port)], env=given)
    try:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with contextlib.suppress(OSError):
                get(http.client.HTTPConnection("127.0.0.1", port, timeout=5))
                break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def get(link: http.client.HTTPConnection) -> float:
    """One GET; seconds. Raises RuntimeError unless it is answered by 200."""
    started = time.perf_counter()
    link.request("GET", "/bare")
    answer = link.getresponse()
    answer.read()
    if answer.status != 200:
        raise RuntimeError(f"the bare view answers {answer.status}")
    return time.perf_counter() - started


def load(port: int, path: str = "/bare") -> tuple[float, float, float]:
    """Requests per second, p50 and p99 in ms, from a client process."""
    said = subprocess.run(
        [sys.executable, str(HERE / "_clients.py"), str(port), path, str(CLIENTS), str(SECONDS)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    rate, p50, p99 = (float(word) for word in said.split())
    return rate, p50, p99


def beside_slow_uploads(port: int) -> float:
    """Seconds that the slowest of a few GETs waits while sixteen clients send 40 KB over some seconds."""
    leaving = threading.Event()
    slow = [threading.Thread(target=_upload, args=(port, leaving), daemon=True) for _ in range(SLOW)]
    for thread in slow:
        thread.start()
    time.sleep(0.5)
    waited = max(get(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) for _ in range(10))
    leaving.set()
    for thread in slow:
        thread.join()
    return waited


def _upload(port: int, leaving: threading.Event) -> None:
    """40 KB at 10 KB/s; the bare view reads the body before it answers."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)) as link:
        link.sendall(b"POST /bare HTTP/1.1\r\nHost: localhost\r\nContent-Length: 40000\r\n\r\n")
        for _ in range(40):
            if leaving.wait(0.1):
                return
            link.sendall(b"x" * 1000)
        link.recv(1000)
