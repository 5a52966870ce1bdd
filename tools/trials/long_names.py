"""A regency in which everything has the longest name that a real one has: to look for text that does not fit.

`lengthened(pack, into)` copies a pack and makes its names long. Lengths are those of real Indonesian names: an area of
25 letters without "Kecamatan" or "Desa" (Indramayu's longest, Kedokanbunder Wetan, has 19), an agency of 93 (Dinas Pengendalian Penduduk, Keluarga
Berencana, Pemberdayaan Perempuan dan Perlindungan Anak), its short name of 24, a kind of report of 45, a post of 60,
a person of 60 with titles, an amount of 13 digits.
"""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

AREA, AGENCY, SHORT, KIND, POST, PERSON, GOODS = 25, 93, 24, 45, 60, 60, 60
AREA_ENDS = ("Kedokanbunder", "Kertawinangun", "Wetan")
AGENCY_ENDS = ("Perumahan,", "Kawasan", "Permukiman", "dan", "Pertanahan,", "Kependudukan", "serta", "Keluarga", "Berencana")  # fmt: skip
KIND_ENDS = ("dan", "penyalahgunaan", "kewenangan", "penyelenggaraan", "pemerintahan")
POST_ENDS = ("Bidang", "Pencegahan", "dan", "Pengendalian", "Pencemaran", "Lingkungan")
PERSON_ENDS = ("Raden", "Kusumawardhani", "Wijayakusumaningrum", "Nurhasanah,", "S.KM.,", "M.Kes.")
GOODS_ENDS = ("pemeliharaan", "dan", "pertanggungjawaban", "penyelenggaraan", "penanggulangan")
TIMES = 1_000  # what prices of goods grow by: parcels of land then have 13 digits


def longer(name: str, least: int, ends: tuple[str, ...]) -> str:
    """The name with words after it, as many whole ones as stay within that many letters; a longer one as it is."""
    for end in ends:
        if len(f"{name} {end}") <= least:
            name = f"{name} {end}"
    return name.rstrip(",")


_COLUMNS: dict[str, dict[str, Callable[[str], str]]] = {
    "areas": {"name": lambda name: longer(name, AREA, AREA_ENDS)},
    "agencies": {
        "name": lambda name: longer(name, AGENCY, AGENCY_ENDS),
        "short_name": lambda name: longer(name, SHORT, ("dan", "Pertanahan", "Permukiman")),
    },
    "categories": {
        "name_id": lambda name: longer(name, KIND, KIND_ENDS),
        "name_en": lambda name: longer(name, KIND, ("and", "maladministration", "of", "responsibilities")),
    },
    "tank_classes": {"name_id": lambda name: longer(name, KIND, KIND_ENDS)},
    "goods_codes": {"name": lambda name: longer(name, GOODS, GOODS_ENDS)},
    "landmarks": {"name": lambda name: longer(name, GOODS, ("Kedokanbunder", "Kertawinangun"))},
}
_IN_TOML: dict[tuple[str, str], Callable[[str], str]] = {  # of the table's rows, which line grows
    ("positions", "title_id"): lambda title: longer(title, POST, POST_ENDS),
    ("cast", "name"): lambda name: longer(name, PERSON, PERSON_ENDS),
    ("asset_kinds", "name"): lambda name: longer(name, GOODS, GOODS_ENDS),
    ("asset_rooms", "name"): lambda name: longer(name, GOODS, GOODS_ENDS),
    ("sludge_stations", "name"): lambda name: longer(name, KIND, KIND_ENDS),
}
_LINE = re.compile(r'^(\w+) = "(.*)"$')
_PRICE = re.compile(r"^(least|most) = ([\d_]+)$")


def lengthened(pack: Path, into: Path) -> Path:
    """A copy of the pack in that folder, all of whose names are as long as real ones get. Returns the folder."""
    shutil.copytree(pack, into)
    for table, columns in _COLUMNS.items():
        if (file := into / f"{table}.csv").exists():
            _rewrite(file, columns)
    for file in into.glob("*.toml"):
        file.write_text("".join(_longer_lines(file.read_text().splitlines())))
    return into


def _rewrite(file: Path, columns: dict[str, Callable[[str], str]]) -> None:
    with file.open(newline="") as opened:
        read = csv.DictReader(opened)
        heads, rows = list(read.fieldnames or ()), list(read)
    with file.open("w", newline="") as opened:
        write = csv.DictWriter(opened, heads, lineterminator="\n")
        write.writeheader()
        for row in rows:
            is_whole = row.get("kind") in ("kabupaten", "kota")  # its name stands in pack.toml too
            grown = {} if is_whole else {one: grow(row[one]) for one, grow in columns.items()}
            write.writerow(row | grown)


def _longer_lines(lines: list[str]) -> Iterator[str]:
    table = ""
    for line in lines:
        if line.startswith("["):
            table = line.strip("[]")
        text, price = _LINE.match(line), _PRICE.match(line)
        if text and (grow := _IN_TOML.get((table, text[1]))):
            line = f'{text[1]} = "{grow(text[2])}"'
        elif price and table == "asset_kinds":
            line = f"{price[1]} = {int(price[2].replace('_', '')) * TIMES}"
        yield f"{line}\n"
