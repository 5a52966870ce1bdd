"""One reading or writing of the same 100,000 rows of 12 columns, in a process of its own, so that its memory is its own.

`python _sheets.py WHAT FILE` prints seconds, rows and the peak of memory as JSON.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

ROWS = 100_000
_FIRST = date(2020, 1, 1)


def rows() -> Iterator[list[Any]]:
    """What a list of assets holds: codes, names, dates, amounts, coordinates."""
    for n in range(ROWS):
        yield [
            f"1.3.2.{n:06d}",
            f"Kendaraan dinas nomor {n}",
            2000 + n % 26,
            150_000_000 + n * 1_000,
            Decimal(-6_300_000 - n) / 1_000_000,
            Decimal(108_300_000 + n) / 1_000_000,
            _FIRST + timedelta(days=n % 2000),
            n % 3 == 0,
            ("baik", "rusak ringan", "rusak berat")[n % 3],
            f"BPKB-{n * 7:08d}",
            f"Ruang {n % 40}, Kantor Kecamatan",
            "=tulisan, bukan rumus" if n % 100 == 0 else "",
        ]


def sheet() -> Any:
    """The sheet of these rows."""
    from kotacerdas.kernel.sheets import Choice, Column, Kind, Sheet

    conditions = tuple(Choice(value=one, words=one) for one in ("baik", "rusak ringan", "rusak berat"))
    return Sheet(
        name="benchmarks.assets",
        words="Aset",
        key=("code",),
        columns=(
            Column(name="code", words="Kode barang", kind=Kind.CODE, required=True),
            Column(name="name", words="Nama barang", required=True),
            Column(name="year", words="Tahun", kind=Kind.WHOLE),
            Column(name="price", words="Harga", kind=Kind.RUPIAH),
            Column(name="lat", words="Lintang", kind=Kind.DECIMAL),
            Column(name="lng", words="Bujur", kind=Kind.DECIMAL),
            Column(name="bought", words="Tanggal", kind=Kind.DATE),
            Column(name="insured", words="Diasuransikan", kind=Kind.YES_NO),
            Column(name="condition", words="Kondisi", kind=Kind.CHOICE, choices=conditions),
            Column(name="paper", words="BPKB", kind=Kind.CODE),
            Column(name="room", words="Ruang"),
            Column(name="note", words="Catatan"),
        ),
    )


def write_ours(path: Path) -> int:
    """By `tables`: types, widths, frozen heads, no formulas."""
    from kotacerdas.foundation.tables.writing import write_xlsx

    with path.open("w+b") as file:
        write_xlsx(sheet(), rows(), into=file)
    return ROWS


def write_openpyxl(path: Path) -> int:
    """By openpyxl's write-only workbook: bare values, no formats; its fastest way."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    page = book.create_sheet("Aset")
    page.append([str(one.words) for one in sheet().columns])
    for row in rows():
        page.append([("ya" if one else "tidak") if isinstance(one, bool) else one for one in row])
    book.save(path)
    return ROWS


def read_ours(path: Path) -> int:
    """By `tables`: in the confined process, every cell judged and typed."""
    from kotacerdas.foundation.tables.child import read
    from kotacerdas.foundation.tables.columns import heads_of, mapped
    from kotacerdas.foundation.tables.intake import Intake

    declared = sheet()
    known = heads_of(declared)
    with read(path.read_bytes(), known) as table:
        columns = {name: {"place": place} for name, place in mapped(known, table.head["heads"]).items()}
        intake = Intake(declared, table, columns, actor=None)
        total = sum(one.row.values["price"] for batch in intake.batches() for one in batch.changed)
    if intake.summary.bad or total != sum(150_000_000 + n * 1_000 for n in range(ROWS)):
        raise AssertionError("not every cell was read as it was written")
    return intake.summary.good


def read_openpyxl(path: Path) -> int:
    """By openpyxl's read-only workbook: values as they are, nothing judged."""
    from openpyxl import load_workbook

    page = load_workbook(path, read_only=True).active
    return sum(1 for _row in page.iter_rows(min_row=2, values_only=True))


def read_calamine(path: Path) -> int:
    """By calamine alone: values as they are, nothing judged, in this very process."""
    from python_calamine import CalamineWorkbook

    return sum(1 for _row in CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).iter_rows()) - 1


def resident_mb(what: str) -> float:
    """Memory of this process by its line in /proc: VmRSS now, VmHWM at its peak (`ru_maxrss` knows the parent's too)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{what}:"):
            return int(line.split()[1]) / 1024
    return 0.0


def main(what: str, path: str) -> None:
    """Do it once and print what it took."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kotacerdas.config.settings")
    import django

    django.setup()
    begun = time.monotonic()
    count = globals()[what](Path(path))
    took = time.monotonic() - begun
    own, theirs = (
        resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(json.dumps({"seconds": took, "rows": count, "mb": (own + theirs) / 1024}))


if __name__ == "__main__":
    main(*sys.argv[1:3])
