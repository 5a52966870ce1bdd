"""Checks a file against its sheet: reads each cell, checks each row, and finds what it would change."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from kotacerdas.foundation.tables.cells import LANGUAGES, BadCell, Habit, habit_of, reader, shown
from kotacerdas.foundation.tables.child import Line, Table
from kotacerdas.foundation.tables.refusals import filled
from kotacerdas.foundation.ui import formats
from kotacerdas.kernel.sheets import Key, Row, Sheet, Wrong

Found = tuple[int, Wrong, str]  # line, what is wrong, what stands in the cell
MOST_GIVEN = 120


@dataclass(frozen=True, kw_only=True)
class Changed:
    """A row that would change something: (column, before, after) each; none for a new row."""

    row: Row
    key: Key
    changes: tuple[tuple[str, Any, Any], ...]


@dataclass
class Summary:
    """The totals of a file. `bad` are the lines that cannot be imported."""

    good: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    sums: int = 0
    problems: int = 0
    bad: set[int] = field(default_factory=set)
    _hash: Any = field(default_factory=hashlib.sha256)

    def add(self, one: Changed) -> None:
        """A row that would change something."""
        self._hash.update(
            repr((one.row.line, one.key, one.changes or sorted(one.row.values.items()))).encode()
        )
        if one.row.before is None:
            self.new += 1
        else:
            self.changed += 1

    @property
    def fingerprint(self) -> str:
        return str(self._hash.hexdigest())


@dataclass(frozen=True, kw_only=True)
class Batch:
    """The results of one batch of rows."""

    rows: int
    found: list[Found]
    changed: list[Changed]


class Intake:
    """One pass over a file. `seen` grows by a key a row; nothing else is kept."""

    def __init__(
        self,
        sheet: Sheet,
        table: Table,
        columns: Mapping[str, Any],
        actor: Any,
        *,
        skip: frozenset[int] = frozenset(),
    ) -> None:
        """`columns`: {name: {"place": n, "mark": …, "order": …}}; `skip`: lines that are known to be wrong."""
        self.sheet, self.table, self.actor, self.skip = sheet, table, actor, skip
        self.summary = Summary()
        self.seen: dict[Key, int] = {}
        self.places = {name: int(one["place"]) for name, one in columns.items()}
        self.readers: list[tuple[str, int, Callable[[Any], Any], bool]] = []
        for column in sheet.columns:
            if column.name not in columns:
                continue
            habit: Habit = habit_of(table.head, self.places[column.name], columns[column.name])
            must = column.required or column.name in sheet.key[:1]
            self.readers.append((column.name, self.places[column.name], reader(column, habit), must))

    def batches(self) -> Iterator[Batch]:
        """Batch by batch what is wrong and what would change."""
        for lines in self.table.batches:
            yield self._batch(lines)

    def _batch(self, lines: Sequence[Line]) -> Batch:
        found: list[Found] = []
        rows: list[tuple[Key, Row]] = []
        cells_of: dict[int, list[Any]] = {}
        for line, cells, is_sum in lines:
            if is_sum and self._is_sum(cells):
                self.summary.sums += 1
                continue
            cells_of[line] = cells
            values, wrongs = self._values(cells)
            if wrongs:
                found += [(line, one, shown(_cell(cells, self.places.get(one.column)))) for one in wrongs]
                continue
            key = tuple(values.get(name) for name in self.sheet.key)
            if key and (first := self.seen.setdefault(key, line)) != line:
                found += [self._twice(line, first, cells), self._twice(first, line, cells)]
                continue
            rows.append((key, Row(line=line, values=values)))
        return self._judge(len(lines), rows, found, cells_of)

    def _is_sum(self, cells: list[Any]) -> bool:
        """A row of sums names no row: where its key would be stands nothing, or the word itself."""
        first = next((one for one in cells if one is not None), None)
        own = [_cell(cells, self.places.get(name)) for name in self.sheet.key]
        return all(one is None or one == first for one in own)

    def _values(self, cells: list[Any]) -> tuple[dict[str, Any], list[Wrong]]:
        values: dict[str, Any] = {}
        wrongs: list[Wrong] = []
        for name, place, read, must in self.readers:
            cell = cells[place] if place < len(cells) else None
            try:
                value = read(cell)
            except BadCell as bad:
                wrongs.append(bad.of(name))
                continue
            if value is None and must:
                wrongs.append(
                    Wrong(column=name, message=_("This cell is empty."), remedy=_("It must be filled in."))
                )
            values[name] = value
        return values, wrongs

    def _twice(self, line: int, other: int, cells: list[Any]) -> Found:
        name = self.sheet.key[0]
        wrong = Wrong(
            column=name,
            message=_("The same row stands in line %(line)s too."),
            remedy=_("Leave one of them in the file."),
            given={"line": other},
        )
        return line, wrong, shown(_cell(cells, self.places.get(name)))

    def _judge(
        self, count: int, rows: list[tuple[Key, Row]], found: list[Found], cells_of: dict[int, list[Any]]
    ) -> Batch:
        """The program's own checks of rows whose cells are right; then what is new and what differs."""
        sheet = self.sheet
        stored = sheet.current([key for key, _row in rows]) if sheet.current and rows else {}
        known = [(key, Row(line=row.line, values=row.values, before=stored.get(key))) for key, row in rows]
        if sheet.check is not None and known:
            for line, wrong in sheet.check([row for _key, row in known], self.actor):
                cells = cells_of.get(line, [])
                found.append((line, wrong, shown(_cell(cells, self.places.get(wrong.column)))))
        self.summary.problems += len(found)
        for line, _wrong, _text in found:
            self.summary.bad.add(line)
        changed: list[Changed] = []
        for key, row in known:
            if row.line in self.summary.bad or row.line in self.skip:
                continue
            self.summary.good += 1
            differs = _changes(row)
            if row.before is not None and not differs:
                self.summary.same += 1
                continue
            one = Changed(row=row, key=key, changes=differs)
            self.summary.add(one)
            changed.append(one)
        return Batch(rows=count, found=found, changed=changed)


def _cell(cells: list[Any], place: int | None) -> Any:
    return cells[place] if place is not None and place < len(cells) else None


def _changes(row: Row) -> tuple[tuple[str, Any, Any], ...]:
    before = row.before
    if before is None:
        return ()
    return tuple(
        (name, before.get(name), value)
        for name, value in row.values.items()
        if value is not None and before.get(name) != value
    )


def words_of(wrong: Wrong) -> dict[str, list[str]]:
    """What is wrong and the way out, in both languages."""
    made = {}
    for language in LANGUAGES:
        with override(language):
            given = {name: _shown(value, language) for name, value in wrong.given.items()}
            made[language] = [filled(wrong.message, given), filled(wrong.remedy, given)]
    return made


def _shown(value: Any, language: str) -> str:
    if not isinstance(value, Decimal):
        return str(value)
    places = value.as_tuple().exponent
    return formats.number(value, language, -places if isinstance(places, int) and places < 0 else 0)


def plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
