"""`./run soak`: the whole system as people start it, and SIGKILL for every sort of process it has, PostgreSQL's too.

Over a store of its own in a temporary folder. After each kill the pages must be back within ten seconds, at rest and
under load; no acknowledged report may be lost, and the journal must verify.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random

from kotacerdas.config import postmaster
from trials.house import free_port
from trials.soak.life import Tally, file_reports

BACK_SECONDS, STEADY_SECONDS = 10.0, 1.5
_TITLES = ("checkpointer", "background writer", "walwriter", "autovacuum launcher", "io worker")
SORTS = ("postmaster", *_TITLES, "backend", "web", "web worker", "quiet")
_COUNT = """
from kotacerdas.config import store
with store.held() as where:
    import psycopg
    with psycopg.connect(**where.conninfo()) as link:
        print(*(row[0] for row in link.execute("SELECT command_id FROM commands_takencommand WHERE name = 'iceta.report.file'")))
"""


class Whole:
    """`./run` in a process of its own, and the processes below it by sort."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        kept = {key: value for key, value in os.environ.items() if not key.startswith("KOTACERDAS_")}
        pack = os.environ.get("KOTACERDAS_PACK") or "packs/indramayu"
        self.environment = kept | {
            "KOTACERDAS_VAR": str(folder),
            "KOTACERDAS_DEMO": "0",
            "KOTACERDAS_PACK": pack,
            "KOTACERDAS_RATE_LIMITS": "0",
            "KOTACERDAS_LOG_LEVEL": "CRITICAL",
        }
        command = [sys.executable, "-m", "kotacerdas.config", "--port", str(self.port)]
        self.log = (folder / "log").open("wb")
        self.process = subprocess.Popen(command, env=self.environment, stdout=self.log, stderr=self.log)
        if self.wait(180) is None:
            raise RuntimeError(f"the system does not start; {folder / 'log'} says why")
        self.data = Path((folder / "store.home").read_text().strip()) / "data"

    def victims(self, sort: str) -> list[int]:
        """The living processes of a sort."""
        if sort == "postmaster":
            return [pid for pid in [postmaster.living(self.data)] if pid]
        if sort in ("web", "web worker", "quiet"):
            return self._roles(sort)
        main = postmaster.living(self.data)
        family = [pid for pid in postmaster.family(self.data) if pid != main]
        return [pid for pid in family if _sort_of(pid) == sort]

    def _roles(self, sort: str) -> list[int]:
        roles = {pid: _title(pid) for pid in _children(self.process.pid)}
        name = "quiet" if sort == "quiet" else "web"
        found = [pid for pid, title in roles.items() if title.rstrip().endswith(f"--role {name}")]
        if sort != "web worker":
            return found
        return [child for pid in found for child in _children(pid) if "decoding" not in _title(child)]

    def is_back(self) -> bool:
        """Whether the store answers, and a page that reads it is shown."""
        for path in ("/readyz", "/"):
            link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=3)
            try:
                link.request("GET", path)
                if link.getresponse().status != 200:
                    return False
            except (OSError, http.client.HTTPException):
                return False
            finally:
                link.close()
        return bool(self.victims("quiet"))

    def wait(self, seconds: float) -> float | None:
        """Seconds until it is back; None when it is not by then."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            if self.is_back():
                return time.monotonic() - began
            if self.process.poll() is not None:
                return None
            time.sleep(0.05)
        return None

    def wait_steadily(self, seconds: float, killed: int) -> float | None:
        """The same after a kill: what served on for a moment though its parent is dead does not count."""
        began = time.monotonic()
        while (left := seconds - (time.monotonic() - began)) > 0:
            took = self.wait(left)
            if took is None:
                return None
            back = time.monotonic() - began
            time.sleep(STEADY_SECONDS)
            if self.is_back() and not Path(f"/proc/{killed}/cwd").exists():
                return back
        return None

    def run(self, *words: str) -> str:
        """A command over this store: what it printed."""
        command = [sys.executable, *(words if words[0] == "-c" else ("-m", "kotacerdas.config", *words))]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        return (done.stdout + done.stderr).strip()

    def end(self) -> None:
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(60)
        postmaster.end_hard(self.data)
        self.log.close()


@contextlib.contextmanager
def whole(begin: Callable[[Path], object] | None = None) -> Iterator[Whole]:
    """The system over an empty store of its own, or over what `begin` puts into its folder; both go with it."""
    folder = Path(tempfile.mkdtemp(prefix="kotacerdas-soak-"))
    folder.chmod(0o755)
    system = None
    try:
        if begin is not None:
            begin(folder)
        system = Whole(folder)
        yield system
    finally:
        if system is not None:
            system.end()
        note = folder / "store.home"
        if note.exists():
            shutil.rmtree(note.read_text().strip(), ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def kill_each(
    kills: int,
    tally: Tally,
    random: Random,
    *,
    load: bool = True,
    sorts: Sequence[str] = SORTS,
    begin: Callable[[Path], object] | None = None,
) -> list[str]:
    """So many kills of each sort of process at rest, and as many under load; every promise that broke.

    begin  makes the machine's folder ready; without it, the system starts over an empty store
    """
    with whole(begin) as system:
        wrong = _round(system, kills, tally, random, "at rest", sorts)
        if not load:
            return [*wrong, *_kept(system, tally)]
        stop = threading.Event()
        filing = [
            threading.Thread(target=_file, args=(system.port, tally, Random(n), stop), daemon=True)
            for n in range(2)
        ]
        for thread in filing:
            thread.start()
        wrong += _round(system, kills, tally, random, "under load", sorts)
        stop.set()
        for thread in filing:
            thread.join(30)
        system.wait(BACK_SECONDS)
        return [*wrong, *_kept(system, tally)]


def _file(port: int, tally: Tally, random: Random, stop: threading.Event) -> None:
    try:
        file_reports(port, tally, random, stop)
    except Exception as error:
        tally.surprises.append(f"while every process was killed: {error!r}")


def _round(
    system: Whole, kills: int, tally: Tally, random: Random, when: str, sorts: Sequence[str]
) -> list[str]:
    wrong = []
    for sort in sorts:
        slowest = 0.0
        for _ in range(kills):
            killed = _kill(system, sort, random)
            if killed is None:
                continue
            tally.count(f"kills of {sort}, {when}")
            took = system.wait_steadily(BACK_SECONDS, killed)
            if took is None or took > BACK_SECONDS:
                wrong.append(f"a killed {sort} {when}: no page after {BACK_SECONDS:g} s")
                system.wait(120)
            slowest = max(slowest, took or BACK_SECONDS)
        print(f"  {sort:20} {when:10} back within {slowest:.1f} s", flush=True)
    return wrong


def _kill(system: Whole, sort: str, random: Random) -> int | None:
    """SIGKILL one of the sort: which; None where there is none, after a little while."""
    until = time.monotonic() + 15
    while not (found := system.victims(sort)):
        if time.monotonic() > until:
            return None
        time.sleep(0.1)
    time.sleep(random.uniform(0.0, 2.0))  # wherever the supervisor's look falls
    found = system.victims(sort) or found
    victim = random.choice(found)
    with contextlib.suppress(ProcessLookupError):
        os.kill(victim, signal.SIGKILL)
    time.sleep(0.1)
    return victim


def _kept(system: Whole, tally: Tally) -> list[str]:
    wrong = list(tally.surprises)
    stored = system.run("-c", _COUNT).split()
    lost = [key for key in tally.acknowledged if str(key) not in stored]
    wrong += [f"an acknowledged report is lost: {key}" for key in lost[:5]]
    doubled = len(stored) - len(set(stored))
    wrong += [f"{doubled} reports are stored twice"] * bool(doubled)
    verdict = system.run("journal", "verify")
    return wrong if verdict.startswith("OK") else [*wrong, f"the journal: {verdict[-200:]}"]


def _sort_of(pid: int) -> str:
    title = _title(pid)
    return next((one for one in _TITLES if one in title), "backend" if "kotacerdas" in title else "")


def _title(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    return ""


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += [int(child) for child in (task / "children").read_text().split()]
    return found
