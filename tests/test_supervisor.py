"""What dies comes back; what is told to stop stops; nobody is left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kotacerdas.config.supervisor import _FIRST_PAUSE, Child, supervise

SLEEP = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"


def until(holds: Callable[[], bool], seconds: float = 15.0) -> bool:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def alive(pid: int) -> bool:
    """Whether a process runs (one that ended and waits to be read does not)."""
    with contextlib.suppress(OSError):
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2][:3]
    return False


class Watched:
    """A supervisor in a thread, over children that write down their process ids."""

    def __init__(self, folder: Path, *names: str) -> None:
        self.folder = folder
        self.stop = threading.Event()
        self.mended: list[float] = []
        self.children = [Child(name, [sys.executable, "-c", SLEEP, str(folder / name)]) for name in names]
        given = (self.children, self.stop, lambda: self.mended.append(time.monotonic()))
        self.thread = threading.Thread(target=supervise, args=given)
        self.thread.start()

    def pids(self, name: str) -> list[int]:
        file = self.folder / name
        return [int(line) for line in file.read_text().split()] if file.exists() else []

    def end(self) -> None:
        self.stop.set()
        self.thread.join(30)


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    running = Watched(tmp_path, "web", "quiet")
    yield running
    running.end()


def test_a_killed_role_comes_back_and_the_other_stays(watched: Watched) -> None:
    assert until(lambda: bool(watched.pids("web") and watched.pids("quiet")))
    os.kill(watched.pids("web")[0], signal.SIGKILL)
    assert until(lambda: len(watched.pids("web")) == 2)
    assert len(watched.pids("quiet")) == 1


def test_dying_again_and_again_makes_the_pause_longer(watched: Watched) -> None:
    for times in (1, 2):
        assert until(lambda times=times: len(watched.pids("web")) == times)
        os.kill(watched.pids("web")[-1], signal.SIGKILL)
    assert until(lambda: watched.children[0].pause >= 4 * _FIRST_PAUSE)


def test_stopping_ends_every_child(watched: Watched) -> None:
    assert until(lambda: bool(watched.pids("web") and watched.pids("quiet")))
    watched.end()
    assert not any(alive(pid) for name in ("web", "quiet") for pid in watched.pids(name))


def test_the_store_is_looked_after(watched: Watched) -> None:
    assert until(lambda: bool(watched.mended))


def test_a_child_that_ignores_the_signal_is_killed() -> None:
    child = Child("stubborn", [sys.executable, "-c", STUBBORN])
    child.start()
    time.sleep(0.5)
    child.stop()
    child.wait(time.monotonic() + 0.5)
    assert child.process is not None
    assert child.process.returncode == -signal.SIGKILL


@pytest.fixture
def system(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """`./run` as people start it, over a store of its own."""
    from trials import machines
    from trials.house import free_port

    port = free_port()
    var = tmp_path / "var"
    machines.copy_ready(var)
    given = machines.environment(var, KOTACERDAS_WEB_WORKERS="1")
    process = subprocess.Popen(
        [sys.executable, "-m", "kotacerdas.config", "--port", str(port)],
        env=given,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert any(line.startswith("Kota Cerdas: http://") for line in process.stdout)
    yield process, port
    if process.poll() is None:
        process.terminate()
        process.wait(40)
    home = Path((tmp_path / "var" / "store.home").read_text().strip())
    with contextlib.suppress(OSError):  # a supervisor that was killed could not stop its store
        os.kill(int((home / "data" / "postmaster.pid").read_text().split()[0]), signal.SIGINT)


def test_the_whole_system_survives_a_killed_store_and_leaves_nothing_behind(
    system: tuple[subprocess.Popen[str], int], tmp_path: Path
) -> None:
    process, port = system
    home = Path((tmp_path / "var" / "store.home").read_text().strip())
    os.kill(int((home / "data" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    assert until(lambda: not ready(port), 5)
    assert until(lambda: ready(port), 30)
    children = offspring(process.pid)
    process.terminate()
    assert process.wait(40) == 0
    assert not any(alive(pid) for pid in children)
    assert not (home / "data" / "postmaster.pid").exists()


def test_a_killed_supervisor_takes_its_children_with_it(system: tuple[subprocess.Popen[str], int]) -> None:
    process, _ = system
    # the quiet roles let the first page go before them
    assert until(lambda: len(offspring(process.pid)) >= 3)
    children = offspring(process.pid)
    process.kill()
    process.wait()
    assert until(lambda: not any(alive(pid) for pid in children), 20)


def ready(port: int) -> bool:
    import http.client

    link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    with contextlib.suppress(OSError, http.client.HTTPException):
        link.request("GET", "/readyz")
        return link.getresponse().status == 200
    return False


def offspring(pid: int) -> list[int]:
    """All processes below one, by the system's own table."""
    below: list[int] = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                below += [int(child), *offspring(int(child))]
    return below
