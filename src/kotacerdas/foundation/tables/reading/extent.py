"""What is known of a sheet before it is loaded: its size, and cells that hide something."""

from __future__ import annotations

from dataclasses import dataclass, field

from kotacerdas.foundation.tables.reading.refused import Unreadable

MOST_ROWS = 200_000
MOST_COLUMNS = 500
MOST_CELLS = 4_000_000  # of the rectangle round all cells: 32 bytes each in calamine
MOST_MARKS = 10_000


@dataclass
class Extent:
    """Rows and columns count from 1. `rows` and `columns` are the last that hold a value; 0 for an empty sheet.

    unvalued   cells whose formula was never computed; failed cells that hold #N/A and the like
    merged     (first row, first column, last row, last column)
    """

    rows: int = 0
    columns: int = 0
    unvalued: set[tuple[int, int]] = field(default_factory=set)
    failed: set[tuple[int, int]] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_columns: set[int] = field(default_factory=set)
    hidden_rows: int = 0

    def reach(self, row: int, column: int) -> None:
        """Note that there is a value at this row and column."""
        if row > self.rows:
            self.rows = row
        if column > self.columns:
            self.columns = column

    def mark(self, among: set[tuple[int, int]], row: int, column: int) -> None:
        """Note one odd cell. Raises Unreadable when there are too many."""
        among.add((row, column))
        if len(among) > MOST_MARKS:
            raise Unreadable("formulas", n=MOST_MARKS)

    def must_fit(self, name: str) -> None:
        """Raise Unreadable for a sheet whose rectangle is too large to be loaded."""
        if self.rows > MOST_ROWS or self.columns > MOST_COLUMNS or self.rows * self.columns > MOST_CELLS:
            raise Unreadable("far", sheet=name, cell=f"{letters(self.columns)}{self.rows}", n=MOST_ROWS)


def letters(column: int) -> str:
    """The letters of a column that counts from 1: 27 is AA."""
    made = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        made = chr(65 + rest) + made
    return made


def column_of(name: str) -> int:
    """The number of a column by its letters; 0 for none."""
    found = 0
    for letter in name:
        found = found * 26 + ord(letter) - 64
    return found
