"""A killed process of PostgreSQL is its own affair: a living postmaster is waited for, never stopped."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kotacerdas.config import postmaster

HELD = """
import os, signal, sys, threading, time
from pathlib import Path
from kotacerdas.config import postgres, postmaster, store

def workers(data):
    main = postmaster.living(data)
    return [pid for pid in postmaster.family(data) if pid != main]

def title(pid):
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\\0", b" ").decode()

with store.held() as where:
    import psycopg
    server = store._server()
    data = server.data
    before = postmaster.living(data)
    began = time.monotonic()
    exec(sys.argv[1])
    store.start()
    assert store.answers()
    print(before == postmaster.living(data), round(time.monotonic() - began, 1))
"""


def held(var: Path, doing: str) -> tuple[bool, float]:
    """Do something to a store of its own, mend it as the supervisor does: whether it is the same server, and seconds."""
    given = {key: value for key, value in os.environ.items() if not key.startswith("KOTACERDAS_")}
    asked = subprocess.run(
        [sys.executable, "-c", HELD, doing],
        check=False,
        env={**given, "KOTACERDAS_VAR": str(var)},
        capture_output=True,
        text=True,
        timeout=150,
    )
    assert asked.returncode == 0, asked.stderr
    same, seconds = asked.stdout.split()
    return same == "True", float(seconds)


@pytest.fixture
def var(tmp_path: Path) -> Iterator[Path]:
    """A folder for a store; what lies outside it goes too."""
    yield tmp_path / "var"
    for note in tmp_path.rglob("store.home"):
        shutil.rmtree(note.read_text().strip(), ignore_errors=True)


def test_a_server_that_recovers_from_a_killed_process_is_waited_for(var: Path) -> None:
    """A stopped child holds the recovery up for the five seconds that PostgreSQL gives it: the poll falls into it."""
    hold_up = (
        "writer = next(pid for pid in workers(data) if 'background writer' in title(pid)); "
        "other = next(pid for pid in workers(data) if 'checkpointer' in title(pid)); "
        "os.kill(writer, signal.SIGSTOP); os.kill(other, signal.SIGKILL)"
    )
    same, seconds = held(var, hold_up)
    assert same
    assert 3 < seconds < 10


def test_whichever_process_dies_the_same_server_serves_within_ten_seconds(var: Path) -> None:
    """Three kills of each sort, the mending in a tight loop meanwhile."""
    kill_each = """
kinds = ("checkpointer", "background writer", "walwriter", "autovacuum launcher", "io worker", "idle")
for kind in kinds * 3:
    with psycopg.connect(**where.conninfo(dbname="postgres")) as link:
        victim = [pid for pid in workers(data) if kind in title(pid)]
        if victim:
            os.kill(victim[0], signal.SIGKILL)
    at = time.monotonic()
    while True:
        store.start()
        if store.answers():
            break
    assert time.monotonic() - at < 10, kind
"""
    assert held(var, kill_each)[0]


def test_a_server_whose_connections_are_all_taken_is_not_stopped(var: Path) -> None:
    take_all = """
links = []
try:
    while True:
        links.append(psycopg.connect(**where.conninfo(dbname="postgres")))
except psycopg.OperationalError:
    threading.Timer(2, lambda: [link.close() for link in links]).start()
"""
    same, seconds = held(var, take_all)
    assert same
    assert seconds < 10


def test_a_killed_postmaster_is_followed_by_another_though_a_child_hangs(var: Path) -> None:
    leave_one = (
        "writer = next(pid for pid in workers(data) if 'background writer' in title(pid)); "
        "os.kill(writer, signal.SIGSTOP); os.kill(before, signal.SIGKILL)"
    )
    same, seconds = held(var, leave_one)
    assert not same
    assert seconds < 20


def test_a_server_that_hangs_is_said_and_ended_hard(var: Path) -> None:
    hang = "postgres._HANGING_SECONDS = 2.0; os.kill(before, signal.SIGSTOP)"
    same, seconds = held(var, hang)
    assert not same
    assert seconds < 60


def test_the_note_of_a_killed_server_that_nobody_reaped_is_forgotten(tmp_path: Path) -> None:
    """In a container without an init the dead keep their ids."""
    dead = subprocess.Popen(["sleep", "0"])
    os.waitid(os.P_PID, dead.pid, os.WEXITED | os.WNOWAIT)
    note = tmp_path / "postmaster.pid"
    note.write_text(f"{dead.pid}\n{tmp_path}\n1\n5432\n/nowhere\n\n")
    assert postmaster.living(tmp_path) is None
    assert postmaster.forget_stale(tmp_path)
    assert not note.exists()
    dead.wait()
