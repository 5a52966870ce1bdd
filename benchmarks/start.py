"""The second start of `./run` over a demo: seconds to the first page, and memory at rest with PostgreSQL.

The demo is made once by a first start under a KOTACERDAS_VAR of its own, which goes afterwards. The files are
in the system's cache then, as on a machine that runs.
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import defaultdict
from pathlib import Path

from trials.house import free_port

from kotacerdas.config.paths import ROOT

FIRST_SECONDS, SECOND_SECONDS, REST_SECONDS = 900.0, 60.0, 20.0
STARTS = 3
OWN = ("KOTACERDAS_KEYS_FILE", "KOTACERDAS_DATABASE_URL", "KOTACERDAS_DATABASE_NAME", "KOTACERDAS_DB_ROLE")


def main() -> list[str]:
    """Lines for RESULTS.md."""
    with tempfile.TemporaryDirectory(prefix="kotacerdas-start-", ignore_cleanup_errors=True) as var:
        os.chmod(var, 0o755)  # noqa: S103 - as root, PostgreSQL runs as another user and must get in
        first, process = start(var, FIRST_SECONDS)
        stop(process)
        took = []
        for turn in range(STARTS):
            seconds, process = start(var, SECOND_SECONDS)
            took.append(seconds)
            if turn < STARTS - 1:
                stop(process)
        time.sleep(REST_SECONDS)
        try:
            parts = memory(process.pid, Path(var))
        finally:
            stop(process)
    pss, rss = (sum(one[place] for one in parts.values()) for place in (1, 2))
    shares = ", ".join(f"{name} {own:.0f} MB in {count}" for name, (count, own, _rss) in parts.items())
    return [
        f"second start of ./run over a demo: the first page after {statistics.median(took):.1f} s, median of "
        f"{STARTS} ({min(took):.1f} to {max(took):.1f} s); `import django` alone takes {bare() * 1000:.0f} ms",
        f"resident at rest, {REST_SECONDS:.0f} s later: {pss:.0f} MB PSS, {rss:.0f} MB RSS summed over "
        f"{sum(one[0] for one in parts.values())} processes with PostgreSQL (PSS: {shares})",
        f"the first start, with migrations, pack and demo but packages installed: {first:.0f} s",
    ]


def start(var: str, patience: float) -> tuple[float, subprocess.Popen[bytes]]:
    """Start everything; seconds until `/` was answered in full, and the process. Raises RuntimeError."""
    port = free_port()
    given = {name: value for name, value in os.environ.items() if name not in OWN} | {"KOTACERDAS_VAR": var}
    began = time.perf_counter()
    process = subprocess.Popen(
        [str(ROOT / "run"), "--port", str(port)],
        env=given,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    while time.perf_counter() - began < patience and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
                answer.read()
                return time.perf_counter() - began, process
        except (OSError, urllib.error.URLError):
            time.sleep(0.02)
    stop(process)
    raise RuntimeError(f"./run showed no page in {patience:.0f} s")


def stop(process: subprocess.Popen[bytes]) -> None:
    """As Ctrl-C does; the store goes with it."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def bare() -> float:
    """Seconds that a Python takes which only imports Django; the median of five."""
    took = []
    for _turn in range(5):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import django"], check=True)
        took.append(time.perf_counter() - began)
    return statistics.median(took)


def memory(supervisor: int, var: Path) -> dict[str, tuple[int, float, float]]:
    """Name of a part → processes, PSS and RSS in MB; of the supervisor's tree and of PostgreSQL's."""
    home = Path((var / "store.home").read_text().strip())
    postmaster = int((home / "data" / "postmaster.pid").read_text().split()[0])
    children: defaultdict[int, list[int]] = defaultdict(list)
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        children[parent].append(int(stat.parent.name))
    found: dict[str, tuple[int, float, float]] = {}
    named = {postmaster: "PostgreSQL"}
    todo, seen = [(supervisor, "supervisor"), (postmaster, "PostgreSQL")], set()
    while todo:
        pid, name = todo.pop()
        if pid in seen:
            continue
        seen.add(pid)
        count, pss, rss = found.get(name, (0, 0.0, 0.0))
        more = rollup(pid)
        found[name] = (count + 1, pss + more["Pss"], rss + more["Rss"])
        todo += [(child, named.get(child) or part(child, name)) for child in children[pid]]
    return found


def part(pid: int, above: str) -> str:
    """The role a process runs, from its command line; else what stands above it."""
    words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    return words[words.index("--role") + 1] if "--role" in words else above


def rollup(pid: int) -> dict[str, float]:
    """PSS and RSS of a process in MB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    return {
        line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines if line.startswith(("Pss:", "Rss:"))
    }
