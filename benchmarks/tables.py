"""Rows a second into spreadsheets and out of them, with memory, beside openpyxl and calamine; and a file's whole way."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from _sheets import ROWS, resident_mb, sheet
from _store import fresh

MOST_SECONDS, MOST_MB = 60, 400


def main() -> list[str]:
    """Lines for RESULTS.md."""
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = Path(folder) / "ours.xlsx", Path(folder) / "openpyxl.xlsx"
        written, plain = _apart("write_ours", ours), _apart("write_openpyxl", theirs)
        for path in (ours, theirs):
            if _apart("read_calamine", path)["rows"] != ROWS:
                raise AssertionError(f"{path.name} does not hold {ROWS} rows")
        read, slow, bare = (_apart(what, ours) for what in ("read_ours", "read_openpyxl", "read_calamine"))
        whole, grown, child = _whole_way(ours.read_bytes())
    if read["seconds"] > MOST_SECONDS or written["seconds"] > MOST_SECONDS or whole > 2 * MOST_SECONDS:
        raise AssertionError(f"longer than promised: {read}, {written}, {whole}")
    if read["mb"] > MOST_MB or written["mb"] > MOST_MB:
        raise AssertionError(f"more memory than promised: {read}, {written}")
    return [
        f"{ROWS:,} rows of 12 columns written as XLSX: {_shown(written)}; openpyxl write-only, without formats: {_shown(plain)}",
        f"the same file read, every cell judged and typed: {_shown(read)} (both processes); "
        f"openpyxl read-only: {_shown(slow)}; calamine alone: {_shown(bare)}; neither judges a cell",
        f"its whole way from the given file to the taken rows, read three times (preview, look again, take): "
        f"{whole:.1f} s; the worker grew by {grown:.0f} MB, the reading process has {child:.0f} MB at most",
    ]


def _apart(what: str, path: Path) -> dict[str, Any]:
    """One reading or writing in a process of its own."""
    script = Path(__file__).with_name("_sheets.py")
    done = subprocess.run(
        [sys.executable, str(script), what, str(path)], check=True, capture_output=True, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    if found["rows"] != ROWS:
        raise AssertionError(f"{what}: {found['rows']} rows")
    return found


def _shown(found: dict[str, Any]) -> str:
    return f"{found['seconds']:.1f} s, {ROWS / found['seconds']:,.0f} rows/s, {found['mb']:.0f} MB"


def _whole_way(data: bytes) -> tuple[float, float, float]:
    """Seconds from the upload to the last taken row, by the same functions that the jobs call; what this process grew by, and the peak of a child (MB)."""
    from kotacerdas.foundation.parties.actors import staff
    from kotacerdas.foundation.parties.granting import IMPORT_STAFF
    from kotacerdas.foundation.parties.models import Holding, Position, User
    from kotacerdas.foundation.tables import actions, running
    from kotacerdas.kernel import clock
    from kotacerdas.kernel.sheets import sheets

    taken: list[int] = []

    def take(found: Iterable[Any], actor: Any) -> None:
        taken.extend(row.line for row in found)

    with fresh():
        user = User.objects.create(username="bench-tables", name="Bench", is_staff=True)
        position = Position.objects.filter(roles__contains=["operator"]).first()
        Holding.objects.create(user=user, position=position, since=clock.today())
        declared = replace(sheet(), permission=IMPORT_STAFF, take=take, current=lambda keys: {})
        sheets()[declared.name] = declared
        Path("/proc/self/clear_refs").write_text("5")  # the peak counts from here
        begun, before = time.monotonic(), resident_mb("VmRSS")
        upload, _ = actions.upload_open(actor=staff(user), sheet=declared, file_name="aset.xlsx", data=data)
        running.read_upload(str(upload.id))
        upload.refresh_from_db()
        actions.upload_take(actor=staff(user), upload=upload, wrong=0)
        running.take_upload(str(upload.id))
        took = time.monotonic() - begun
        upload.refresh_from_db()
    if upload.state != "taken" or len(taken) != ROWS:
        raise AssertionError(f"{upload.state}: {len(taken)} rows taken")
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return took, resident_mb("VmHWM") - before, child
