"""A table as SIMDA and e-BMD export it: 10,000 goods of KIB B with the faults of real ones.

`python benchmarks/_simda.py FILE.xlsx [ROWS]` writes it; two runs write the same. `FAULTS` says what is wrong and in how
many of a thousand rows. Names, numbers and plates are invented.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HEADS = (
    "No",
    "Kode Barang",
    "Nama Barang / Jenis Barang",
    "Nomor Register",
    "Merk/Type",
    "Ukuran/CC",
    "Bahan",
    "Tahun Pembelian",
    "Nomor Pabrik",
    "Nomor Rangka",
    "Nomor Mesin",
    "Nomor Polisi",
    "Nomor BPKB",
    "Asal Usul",
    "Harga",
    "Akumulasi Penyusutan",
    "Kondisi",
    "Keterangan",
)
CODES = (
    ("1.3.2.10.01.02.002", "Laptop", 4, 12_000_000),
    ("1.3.2.02.01.02.003", "Minibus", 7, 220_000_000),
)
# Of a thousand rows: the fault, and which column of HEADS it is in.
FAULTS = {
    "code without points": (120, 1),  # read all the same
    "code cut at five levels": (8, 1),
    "code of the list of 2007": (6, 1),
    "register number empty": (5, 3),
    "register number twice": (10, 3),
    "year ahead": (3, 7),
    "no year": (6, 7),
    "price with words": (4, 14),
    "price negative": (2, 14),
    "depreciated beyond the price": (7, 15),
    "condition unknown": (9, 16),
    "origin misspelt": (5, 13),
}
HARMLESS = frozenset({"code without points"})


def rows(count: int = 10_000, seed: int = 22) -> Iterator[tuple[list[Any], str]]:
    """Rows with the name of their fault, "" for none."""
    dice = random.Random(seed)
    numbers = dict.fromkeys((code for code, *_rest in CODES), 0)
    for place in range(1, count + 1):
        code, name, life, price = CODES[dice.random() < 0.2]
        numbers[code] += 1
        year = dice.randrange(2012, 2026)
        amount = price + dice.randrange(-2_000, 2_000) * 1000
        used = min(2 * life, 2 * (2026 - year))
        row: list[Any] = [
            place,
            code,
            name,
            f"{numbers[code]:06d}",
            f"Contoh {dice.randrange(90)}",
            "1500" if life == 7 else "",
            "Campuran",
            year,
            *(f"{dice.randrange(10**8):08d}" for _n in range(3)),
            f"E {dice.randrange(1000, 9999)} X" if life == 7 else "",
            f"B-{dice.randrange(10**7):07d}" if life == 7 else "",
            dice.choice(("Pembelian", "Pembelian", "Hibah", "pembelian ")),
            amount,
            amount * used // (2 * life),
            dice.choice(("B", "B", "KB", "RB", "Baik")),
            dice.choice(("", "", "dinas", "pinjam pakai")),
        ]
        yield row, _spoilt(row, dice)


def _spoilt(row: list[Any], dice: random.Random) -> str:
    """One fault into some rows; its name."""
    draw, upto = dice.randrange(1000), 0
    for name, (of_thousand, place) in FAULTS.items():
        upto += of_thousand
        if draw >= upto:
            continue
        new = {
            "code without points": str(row[1]).replace(".", ""),
            "code cut at five levels": str(row[1])[:10],
            "code of the list of 2007": "02.06.03.02.01",
            "register number empty": "",
            "register number twice": "000001",
            "year ahead": 2031,
            "no year": "",
            "price with words": "dua juta",
            "price negative": -5,
            "depreciated beyond the price": int(row[14]) + 1,
            "condition unknown": "lumayan",
            "origin misspelt": "Pembeliaan",
        }
        row[place] = new[name]
        return name
    return ""


def write(path: Path, count: int = 10_000) -> None:
    """The file, with the lines above its heads, the line of column numbers below them and the sum at the end."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    page = book.create_sheet("KIB B")
    page.append(["KARTU INVENTARIS BARANG (KIB) B"])
    page.append(["PERALATAN DAN MESIN (contoh)"])
    page.append([])
    page.append(list(HEADS))
    total = 0
    for row, _fault in rows(count):
        page.append(row)
        total += row[14] if isinstance(row[14], int) else 0
    page.append(["Jumlah", *[""] * 13, total, "", "", ""])
    book.save(path)


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 10_000)
