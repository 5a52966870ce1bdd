"""How an app declares a table that comes and goes as a spreadsheet: `SHEETS = (Sheet(...), ...)` in its `sheets.py`.

The declarations stand here, below all rooms, so that rooms below `tables` can declare sheets too; what reads,
shows and takes them is the room `tables`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any

from kotacerdas.kernel.discover import discover

Words = Any  # str or a lazy translation of one
Key = tuple[Any, ...]


class Kind(StrEnum):
    """How the cells of a column are read.

    A code is text that looks like a number (postcode, NIP): it is never counted with. Rupiah are whole.
    """

    TEXT = "text"
    CODE = "code"
    WHOLE = "whole"
    DECIMAL = "decimal"
    RUPIAH = "rupiah"
    DATE = "date"
    YES_NO = "yes_no"
    CHOICE = "choice"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of the values a cell may name: by its value, its words in either language, or an alias."""

    value: str
    words: Words
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column. An empty cell of a column that is not required leaves what is stored as it is.

    aliases      other heads it is known by, in any case; its words in both languages are known anyway
    least, most  the limits of a number; they also decide between two readings of `1.234`
    longest      letters of a text or code
    hint         how to write it, shown under the column
    normal       brings a value to the form in which it is stored; raises ValueError for one that has none
    private      what stands there is shown to nobody in a preview, nor kept beside it
    width        in letters, for writing; 0 is found from the first rows
    total        its sum stands below, for writing
    """

    name: str
    words: Words
    kind: Kind = Kind.TEXT
    required: bool = False
    aliases: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    least: Decimal | None = None
    most: Decimal | None = None
    longest: int = 500
    hint: Words = ""
    normal: Callable[[Any], Any] | None = None
    private: bool = False
    width: int = 0
    total: bool = False


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """What is wrong with one cell, and the way out. `given` fills the words. `column` "" is the whole row."""

    column: str = ""
    message: Words
    remedy: Words = ""
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row that can be taken.

    line    the row of the file, the first is 1
    values  by column name; columns that the file does not have are absent, empty cells are None
    before  what is stored under its key; None where nothing is
    """

    line: int
    values: Mapping[str, Any]
    before: Mapping[str, Any] | None = None

    def get(self, name: str) -> Any:
        """The value of a column; what is stored where the file says nothing."""
        value = self.values.get(name)
        return value if value is not None or self.before is None else self.before.get(name)


class RowRefused(Exception):
    """What `take` raises for a row that cannot be taken after all: nothing is taken then."""

    def __init__(self, line: int, wrong: Wrong) -> None:
        super().__init__(f"line {line}: {wrong.message}")
        self.line, self.wrong = line, wrong


@dataclass(frozen=True)
class Rows:
    """The rows that are taken, to be gone through once; `left_out` lines of the file were wrong and are not among them."""

    source: Iterable[Row]
    left_out: int = 0

    def __iter__(self) -> Iterator[Row]:
        return iter(self.source)


Check = Callable[[Sequence[Row], Any], Iterator[tuple[int, Wrong]]]
Current = Callable[[Sequence[Key]], Mapping[Key, Mapping[str, Any]]]
Take = Callable[[Rows, Any], None]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A table that can be read from a file, written to one, or both.

    name        `<app>.<table>`
    key         columns that name a row: twice in a file is an error
    permission  who may import it; "" where it is only written
    about       what the import does, shown above the form
    check       (rows, actor): yields (line, Wrong) of what only the program knows; asked a batch at a time
    current     (keys): what is stored now, by key; without it nothing is compared, and a file is taken once
    take        (rows, actor): stores rows that are new or differ, in the caller's transaction. The rows can
                be gone through once
    by_two      who gave the file may not take it: somebody else with the right must look at it
    onward      name of the address where one goes on once a file is taken, and the words of the way there
    """

    name: str
    words: Words
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    permission: str = ""
    about: Words = ""
    check: Check | None = None
    current: Current | None = None
    take: Take | None = None
    by_two: bool = False
    onward: tuple[str, Words] | None = None

    def column(self, name: str) -> Column:
        """The column of that name. Raises LookupError."""
        for one in self.columns:
            if one.name == name:
                return one
        raise LookupError(f"sheet {self.name} has no column {name}")


@lru_cache(maxsize=1)
def sheets() -> dict[str, Sheet]:
    """All declared sheets by name. Raises LookupError where two share one, or a key names no column."""
    found: dict[str, Sheet] = {}
    for module in discover("sheets"):
        for sheet in getattr(module, "SHEETS", ()):
            if sheet.name in found:
                raise LookupError(f"sheet {sheet.name} is declared twice")
            for name in sheet.key:
                sheet.column(name)
            found[sheet.name] = sheet
    return found
