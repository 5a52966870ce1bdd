"""Solves in a process of its own, which can be stopped at any moment and ends with the one that started it."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import IO, Any

from kotacerdas.foundation.dispatch.child import asked_text
from kotacerdas.foundation.dispatch.declarations import Problem, Route, Solution
from kotacerdas.foundation.dispatch.solver import Cancelled, Progress
from kotacerdas.foundation.dispatch.wire import problem_text, solution_from

_LOOK_SECONDS = 0.25
_MORE_SECONDS = 60.0  # beyond what it was given: repairs and reasons of a large day
_KEPT = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR")


class Crashed(Exception):
    """The process ended without a plan; the argument is the name of its error."""


class TooLong(Exception):
    """The process took far longer than it was given."""


class Apart:
    """A solver in a process of its own (see `solver.Solver`). It is asked now and then whether to stop."""

    def solve(
        self,
        problem: Problem,
        *,
        seconds: float,
        seed: int = 1,
        since: Sequence[Route] = (),
        on_progress: Callable[[Progress], None] = lambda _progress: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> Solution:
        """As `solver.Solver` says. Raises Crashed, TooLong."""
        asked = asked_text(problem_text(problem), seconds, seed, [asdict(one) for one in since])
        ends = time.monotonic() + 2 * seconds + _MORE_SECONDS
        process = _started()
        try:
            lines = _asked(process, asked)
            while True:
                if is_cancelled():
                    raise Cancelled
                if time.monotonic() > ends:
                    raise TooLong
                answer = _next(lines)
                if answer is not None and "progress" in answer:
                    on_progress(Progress(*answer["progress"]))
                elif answer is not None:
                    return _solution(answer)
        finally:
            _end(process)


def _asked(process: subprocess.Popen[str], text: str) -> queue.Queue[str]:
    """Ask the process; its lines come in the queue, an empty one at its end."""
    assert process.stdin is not None
    lines: queue.Queue[str] = queue.Queue()
    threading.Thread(target=_read, args=(process.stdout, lines), daemon=True).start()
    try:
        process.stdin.write(text)
        process.stdin.flush()
    except OSError as error:
        raise Crashed(type(error).__name__) from error
    return lines


def _solution(answer: dict[str, Any]) -> Solution:
    if "solution" in answer:
        return solution_from(answer["solution"])
    if answer["error"] == "ValueError":
        raise ValueError(answer["words"])
    raise Crashed(answer["error"])


def _next(lines: queue.Queue[str]) -> dict[str, Any] | None:
    """The next answer; None when there is none yet. Raises Crashed at the end of the process."""
    try:
        line = lines.get(timeout=_LOOK_SECONDS)
    except queue.Empty:
        return None
    if not line.endswith("\n"):
        raise Crashed("ended")
    found: dict[str, Any] = json.loads(line)
    return found


def _started() -> subprocess.Popen[str]:
    clean = {name: value for name, value in os.environ.items() if name in _KEPT}
    return subprocess.Popen(
        [sys.executable, "-B", "-m", "kotacerdas.foundation.dispatch.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**clean, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1", "OMP_NUM_THREADS": "1"},
        cwd="/",
        text=True,
        encoding="utf-8",
    )


def _read(stream: IO[str], lines: queue.Queue[str]) -> None:
    try:
        for line in stream:
            lines.put(line)
    except ValueError:  # closed under us
        pass
    lines.put("")


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with suppress(OSError):  # what was still to be written has no reader any more
                stream.close()
