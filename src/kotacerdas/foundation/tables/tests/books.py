"""A toy sheet for the tests: the books of a lending library, kept in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from kotacerdas.foundation.parties.granting import IMPORT_STAFF
from kotacerdas.foundation.tables import child
from kotacerdas.foundation.tables.columns import heads_of, lacking, mapped
from kotacerdas.foundation.tables.intake import Intake
from kotacerdas.foundation.tables.reading.extent import letters
from kotacerdas.foundation.tables.reading.refused import Unreadable
from kotacerdas.kernel.sheets import Choice, Column, Key, Kind, Row, RowRefused, Sheet, Wrong

STORE: dict[Key, dict[str, Any]] = {}
FORBIDDEN = "X-666"


def current(keys: Sequence[Key]) -> Mapping[Key, Mapping[str, Any]]:
    return {key: STORE[key] for key in keys if key in STORE}


def check(rows: Sequence[Row], actor: Any) -> Iterator[tuple[int, Wrong]]:
    for row in rows:
        if row.values["title"] == "Rahasia":
            yield row.line, Wrong(column="title", message="A secret book.", remedy="Leave it out.")


def take(rows: Iterable[Row], actor: Any) -> None:
    found = list(rows)
    for row in found:  # before anything is kept: this library knows no transactions
        if row.values["code"] == FORBIDDEN:
            raise RowRefused(row.line, Wrong(column="code", message="Too late.", remedy="Leave it out."))
    for row in found:
        known = STORE.setdefault((row.values["code"],), {})
        known |= {name: value for name, value in row.values.items() if value is not None}


BOOKS = Sheet(
    name="tests.books",
    words="Books",
    key=("code",),
    permission=IMPORT_STAFF,
    check=check,
    current=current,
    take=take,
    columns=(
        Column(name="code", words="Kode", kind=Kind.CODE, required=True, longest=20),
        Column(name="title", words="Judul", required=True, longest=80, aliases=("nama buku",)),
        Column(name="year", words="Tahun", kind=Kind.WHOLE, least=Decimal(1000), most=Decimal(2100)),
        Column(name="price", words="Harga", kind=Kind.RUPIAH, total=True),
        Column(name="weight", words="Berat", kind=Kind.DECIMAL),
        Column(name="bought", words="Dibeli", kind=Kind.DATE),
        Column(name="lent", words="Dipinjam", kind=Kind.YES_NO),
        Column(
            name="kind",
            words="Jenis",
            kind=Kind.CHOICE,
            choices=(Choice(value="novel", words="Novel"), Choice(value="science", words="Ilmiah")),
        ),
        Column(name="phone", words="HP", kind=Kind.CODE, private=True),
    ),
)
HEADS = ["Kode", "Judul", "Tahun", "Harga", "Berat", "Dibeli", "Dipinjam", "Jenis"]


@dataclass
class Looked:
    """What a file came to: refused with a code, columns lacking, or rows and wrong cells by `C12`."""

    refused: str = ""
    lacking: list[str] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)
    head: dict[str, Any] = field(default_factory=dict)
    given: dict[str, Any] = field(default_factory=dict)
    sums: int = 0


def look(data: bytes, sheet: Sheet = BOOKS, chosen: Mapping[str, Mapping[str, str]] | None = None) -> Looked:
    """Read a file against a sheet, without a store."""
    known = heads_of(sheet)
    try:
        with child.read(data, known) as table:
            columns = {name: {"place": place} for name, place in mapped(known, table.head["heads"]).items()}
            for name, more in (chosen or {}).items():
                columns[name] |= more
            if missing := lacking(sheet, columns):
                return Looked(lacking=missing, head=table.head)
            intake = Intake(sheet, table, columns, actor=None)
            looked = Looked(head=table.head)
            for batch in intake.batches():
                looked.rows += [dict(one.row.values) for one in batch.changed]
                for line, wrong, _text in batch.found:
                    place = intake.places.get(wrong.column, -1) + 1
                    looked.wrong[f"{letters(place)}{line}"] = str(wrong.message)
            looked.sums = intake.summary.sums
            return looked
    except Unreadable as error:
        return Looked(refused=error.code, given=error.given)
