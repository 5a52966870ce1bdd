"""Starts a separate process that reads one file, and ends it afterwards whatever happens."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from kotacerdas.foundation.tables.reading.refused import Unreadable

MOST_SECONDS = 300.0  # on a machine that has other work; of the processor itself see `reading/opening.py`
_KEPT = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR")
Line = tuple[int, list[Any], bool]  # line of the file, cells, whether it is a sum


@dataclass(frozen=True, kw_only=True)
class Table:
    """A file that is being read: what its head says, and the rows, which can be gone through once."""

    head: dict[str, Any]
    batches: Iterator[list[Line]]


@contextmanager
def read(data: bytes, names: Iterable[str], *, sheet: str | None = None) -> Iterator[Table]:
    """Read a file in a process of its own. Raises Unreadable, also while the rows are gone through.

    names  folded heads that are wanted: the row and the sheet that name most of them are chosen
    """
    with tempfile.TemporaryFile(dir=settings.SPOOL_FOLDER) as file:
        file.write(data)
        file.flush()
        file.seek(0)
        process = _started(file.fileno(), {"names": sorted(names), "sheet": sheet})
        watch = threading.Timer(MOST_SECONDS, process.kill)
        watch.daemon = True
        watch.start()
        try:
            answers = _answers(process)
            head = next(answers)["head"]
            yield Table(head=head, batches=_batches(answers))
        finally:
            watch.cancel()
            process.kill()
            if process.stdout is not None:
                process.stdout.close()
            process.wait()


def _started(descriptor: int, asked: dict[str, Any]) -> subprocess.Popen[bytes]:
    clean = {name: value for name, value in os.environ.items() if name in _KEPT}
    return subprocess.Popen(
        [
            sys.executable,
            "-B",
            "-m",
            "kotacerdas.foundation.tables.reading.opening",
            str(descriptor),
            json.dumps(asked),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pass_fds=(descriptor,),
        env={**clean, "PYTHONPATH": os.pathsep.join(sys.path), "MALLOC_ARENA_MAX": "1", "PYTHONUTF8": "1"},
        cwd="/",
    )


def _answers(process: subprocess.Popen[bytes]) -> Iterator[dict[str, Any]]:
    """The lines that the process answers, to the end. If it dies (mostly for want of memory), Unreadable is raised."""
    assert process.stdout is not None
    for line in process.stdout:
        if not line.endswith(b"\n"):
            break
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise Unreadable(answer["error"], **answer["given"])
        yield answer
        if "end" in answer:
            return
    raise Unreadable("memory")


def _batches(answers: Iterator[dict[str, Any]]) -> Iterator[list[Line]]:
    for one in answers:
        if "rows" in one:
            yield [(row[0], row[1], len(row) > 2) for row in one["rows"]]
