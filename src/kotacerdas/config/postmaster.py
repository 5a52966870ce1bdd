"""Who runs on our data: the postmaster of our own server and its children, as the machine tells.

PostgreSQL's `postmaster.pid` names a process; whether it still is the one that wrote it is asked of the
machine: it must be alive, be a `postgres`, and work in our data directory. Where there is no `/proc`
(macOS), a living process of that number is believed.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path

_NOTE = "postmaster.pid"
_SOCKET_LINE, _STATUS_LINE = 4, 7
_QUIT_SECONDS, _KILL_SECONDS = 5.0, 5.0
_PROC = Path("/proc")


def living(data: Path) -> int | None:
    """The process id of the postmaster that has our data open now; None when there is none."""
    pid = _noted(data)
    return pid if pid is not None and _is_ours(pid, data) else None


def listens_in(data: Path) -> str:
    """The socket directory that the postmaster of our data wrote down; "" when it has not yet."""
    return _line(data, _SOCKET_LINE)


def is_ready(data: Path) -> bool:
    """Whether the postmaster of our data last wrote that it takes connections."""
    return _line(data, _STATUS_LINE) in ("ready", "standby")


def forget_stale(data: Path) -> bool:
    """Remove the note of a postmaster that is gone, once none of its children has our data open either.

    In a container a restarted machine deals out the same small process ids to other programs, and where nobody
    reaps the dead, a killed postmaster keeps its id: PostgreSQL takes both for alive.
    """
    pid = _noted(data)
    if pid is None or not (_PROC / str(pid)).exists() or living(data) or family(data):
        return False
    (data / _NOTE).unlink(missing_ok=True)
    return True


def family(data: Path) -> list[int]:
    """All living PostgreSQL processes that work in our data directory; empty where there is no /proc."""
    found = (int(entry.name) for entry in _PROC.glob("[0-9]*"))
    return [pid for pid in found if _is_ours(pid, data)]


def end_hard(data: Path) -> None:
    """End what hangs: SIGQUIT, PostgreSQL's "immediate", then SIGKILL to the postmaster and its children.

    What was committed is safe: the next start recovers it from the write-ahead log.
    """
    _signal([living(data)], signal.SIGQUIT)
    if not _wait_for_end(data, _QUIT_SECONDS):
        _signal([living(data), *family(data)], signal.SIGKILL)
        _wait_for_end(data, _KILL_SECONDS)


def _wait_for_end(data: Path, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while living(data) or family(data):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def _signal(pids: list[int | None], number: signal.Signals) -> None:
    for pid in pids:
        if pid is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, number)


def _noted(data: Path) -> int | None:
    with contextlib.suppress(ValueError):
        return abs(int(_line(data, 0)))  # a server for one user alone writes a negative one
    return None


def _line(data: Path, number: int) -> str:
    with contextlib.suppress(OSError, IndexError):
        return (data / _NOTE).read_text(encoding="utf-8", errors="replace").splitlines()[number].strip()
    return ""


def _is_ours(pid: int, data: Path) -> bool:
    if not (_PROC / "self").exists():
        return _answers_signals(pid)
    there = _PROC / str(pid)
    try:
        name, _, rest = (there / "stat").read_text().partition("(")[2].rpartition(")")
        is_its_owners = there.stat().st_uid == data.stat().st_uid
    except OSError:
        return False
    if name not in ("postgres", "postmaster") or rest.split()[0] in ("Z", "X") or not is_its_owners:
        return False
    try:
        return (there / "cwd").readlink() == data.resolve()
    except PermissionError:
        return pid == _noted(data)
    except OSError:
        return False


def _answers_signals(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
