"""Bodies on their way in: forty held ones fill neither disk nor memory, and pages go on meanwhile."""

from __future__ import annotations

import contextlib
import http.client
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from trials.house import House, free_port

from kotacerdas.config.bodies import Full, Ledger

MEGABYTE = 1024 * 1024
MOST = 8  # MB that the house below holds in all


@pytest.fixture
def small(transactional_db: None, tmp_path: Path) -> Iterator[House]:
    """A house that holds little, behind a proxy that speaks for many."""
    settings = {
        "KOTACERDAS_MAX_HELD_MB": str(MOST),
        "KOTACERDAS_SPOOL": str(tmp_path),
        "KOTACERDAS_TRUSTED_PROXIES": "127.0.0.1",
    }
    running = House(connection.settings_dict["NAME"], free_port(), settings=settings)
    running.start("web")
    yield running
    running.stop()


class Holding:
    """A client that announces much, sends a part, and then waits."""

    def __init__(self, port: int, address: str, path: str = "/bahasa/") -> None:
        self.link = socket.create_connection(("127.0.0.1", port))
        self.link.settimeout(5)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {address}\r\n"
            f"Content-Type: application/octet-stream\r\nContent-Length: {11 * MEGABYTE}\r\n\r\n"
        )
        self.link.sendall(head.encode())
        with contextlib.suppress(OSError):  # refused in the middle of it
            self.link.sendall(bytes(MEGABYTE))

    def status(self) -> int:
        """Of the answer; 0 while none comes."""
        self.link.settimeout(0.1)
        try:
            said = self.link.recv(100)
        except TimeoutError:
            return 0
        except OSError:
            return -1
        return int(said.split()[1]) if said else -1


def answers_of(held: list[Holding], most_held: int) -> list[int]:
    """The status of each, once no more than so many are still without an answer; a busy machine takes its time."""
    found: dict[int, int] = {}
    until = time.monotonic() + 20
    while time.monotonic() < until and len(held) - len(found) > most_held:
        for n, one in enumerate(held):
            if n not in found and (status := one.status()):
                found[n] = status
    return [found.get(n, 0) for n in range(len(held))]


def written(folder: Path) -> int:
    """Bytes of temporary files that processes of this machine hold open there; they have no names."""
    found = 0
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        with contextlib.suppress(OSError):
            if str(link.readlink()).startswith(str(folder)):
                found += link.stat().st_size
    return found


def seconds_of_a_page(port: int) -> float:
    started = time.monotonic()
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    link.request("GET", "/readyz")
    assert link.getresponse().status == 200
    return time.monotonic() - started


def test_forty_held_bodies_of_many_addresses_keep_to_the_ceiling_of_all(small: House, tmp_path: Path) -> None:
    held = [Holding(small.port, f"203.0.113.{n}") for n in range(40)]
    answers = answers_of(held, MOST)
    assert written(tmp_path) <= MOST * MEGABYTE
    assert answers.count(0) <= MOST
    assert answers.count(503) + answers.count(-1) >= 40 - MOST
    assert 503 in answers
    assert seconds_of_a_page(small.port) < 1
    for one in held:
        one.link.close()
    until = time.monotonic() + 20
    while written(tmp_path) and time.monotonic() < until:
        time.sleep(0.1)
    assert written(tmp_path) == 0
    assert Holding(small.port, "203.0.113.99").status() == 0


def test_one_address_holds_a_part_alone_and_others_go_on(small: House, tmp_path: Path) -> None:
    held = [Holding(small.port, "203.0.113.1") for _ in range(40)]
    answers = answers_of(held, MOST // 4)
    assert answers.count(0) <= MOST // 4
    assert 429 in answers
    assert written(tmp_path) <= MOST * MEGABYTE // 4
    assert Holding(small.port, "203.0.113.2").status() == 0


@pytest.mark.parametrize("path", ["/", "/readyz", "/tidak/ada/"])
def test_an_address_that_takes_no_form_reads_no_body(small: House, tmp_path: Path, path: str) -> None:
    asked = Holding(small.port, "203.0.113.1", path)
    assert answers_of([asked], 0)[0] in (403, 404, 405)
    assert written(tmp_path) == 0


def test_what_is_given_back_may_be_held_again() -> None:
    ledger = Ledger(400)
    ledger.take("a", 100)
    with pytest.raises(Full):
        ledger.take("a", 1)
    ledger.give_back("a", 100)
    ledger.take("a", 100)
    assert ledger.total == 100
    for other in ("b", "c", "d"):
        ledger.take(other, 100)
    with pytest.raises(Full) as full:
        ledger.take("e", 1)
    assert not full.value.is_theirs
