"""The files of a pack, read row by row into dataclasses; every mistake is collected with its line."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar, get_type_hints

from django.utils.translation import gettext as _

from kotacerdas.kernel.packvalues import parse_text, parse_toml

T = TypeVar("T")


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake in a pack: where it stands and what to do. `line` counts from 1; 0 is the whole file."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


def read_toml(path: Path, problems: list[Problem]) -> Mapping[str, Any]:
    """The whole of a TOML file; empty, with a problem noted, when it cannot be read."""
    text = _text(path, problems)
    if text is None:
        return {}
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        problems.append(
            Problem(
                path.name, int(place[1]) if place else 0, _("this is no TOML: %(error)s") % {"error": error}
            )
        )
        return {}
    except (ValueError, RecursionError):  # a whole number of thousands of digits; lists in lists in lists
        problems.append(Problem(path.name, 0, _("this is no TOML that a pack needs: a value is too large")))
        return {}


def _text(path: Path, problems: list[Problem]) -> str | None:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        problems.append(
            Problem(path.name, 0, _("the file is missing; write it (docs/pack.md shows each column)"))
        )
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        problems.append(Problem(path.name, line, _("this is not UTF-8; save the file as UTF-8")))
    return None


def read_csv_rows(path: Path, shape: type[Any], problems: list[Problem]) -> list[tuple[Any, int]]:
    """(row, line) of every line that can be read; the others are noted."""
    text = _text(path, problems)
    if text is None:
        return []
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        head = [name.strip() for name in next(reader, [])]
        if not _check_columns(path.name, head, shape, problems):
            return []
        placed = []
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if (row := _row_from_csv(path.name, shape, head, cells, reader.line_num, problems)) is not None:
                placed.append((row, reader.line_num))
    except csv.Error as error:
        problems.append(
            Problem(path.name, reader.line_num, _("this is no CSV: %(error)s") % {"error": error})
        )
        return []
    return placed


def _check_columns(file: str, head: list[str], shape: type[Any], problems: list[Problem]) -> bool:
    known = {one.name: one for one in fields(shape)}
    for mark, words in ((";", _("semicolons")), ("\t", _("tabs"))):
        if any(mark in name for name in head):
            message = _("the columns are parted by %(marks)s; save the file with commas") % {"marks": words}
            problems.append(Problem(file, 1, message))
            return False
    wrong = [unknown_name() % {"name": name, "known": ", ".join(known)} for name in head if name not in known]
    wrong += [
        _("the column %(name)s stands twice") % {"name": name} for name in known if head.count(name) > 1
    ]
    wrong += [missing_name() % {"name": name} for name in required(shape) if name not in head]
    problems.extend(Problem(file, 1, message) for message in wrong)
    return not wrong


def required(shape: type[Any]) -> list[str]:
    """The fields without a default."""
    return [one.name for one in fields(shape) if one.default is MISSING and one.default_factory is MISSING]


def _row_from_csv(
    file: str, shape: type[Any], head: list[str], cells: list[str], line: int, problems: list[Problem]
) -> Any:
    if len(cells) != len(head):
        message = _(
            "%(values)s values for %(columns)s columns; put a value with a comma in double quotes"
        ) % {"values": len(cells), "columns": len(head)}
        problems.append(Problem(file, line, message))
        return None
    hints = get_type_hints(shape)
    optional = {one.name for one in fields(shape)} - set(required(shape))
    given: dict[str, Any] = {}
    wrong = False
    for name, cell in zip(head, cells, strict=True):
        if not cell.strip() and name in optional:
            continue
        try:
            if not cell.strip() and hints[name] is str:
                raise ValueError(_("a value is missing"))
            given[name] = parse_text(hints[name], cell)
        except ValueError as error:
            problems.append(Problem(file, line, f"{name}: {error}"))
            wrong = True
    return None if wrong else shape(**given)


def read_toml_rows(
    path: Path, table: str, shape: type[Any], problems: list[Problem]
) -> list[tuple[Any, int]]:
    before = len(problems)
    whole = read_toml(path, problems)
    if len(problems) > before:
        return []
    given = whole.get(table, [])
    if not isinstance(given, list):
        problems.append(Problem(path.name, 0, _("write [[%(name)s]] once for each row") % {"name": table}))
        return []
    places = lines_of(path, f"[[{table}]]")
    placed = []
    for index, values in enumerate(given):
        line = places[index] if index < len(places) else 0
        row = row_from_toml(shape, values, path.name, line, problems)
        if row is not None:
            placed.append((row, line))
    return placed


def read_toml_table(
    path: Path, table: str, shape: type[Any], problems: list[Problem]
) -> list[tuple[Any, int]]:
    """(row, line) of the one `[table]` of a file; none where the file has no such table."""
    whole = read_toml(path, problems)
    if table not in whole:
        return []
    line = _first_line(path, table)
    row = row_from_toml(shape, whole[table], path.name, line, problems)
    return [] if row is None else [(row, line)]


def row_from_toml(
    shape: type[T],
    given: Mapping[str, Any],
    file: str,
    line: int,
    problems: list[Problem],
    *,
    moved: Mapping[str, str] = MappingProxyType({}),
) -> T | None:
    """One TOML table as a dataclass; None, with problems noted, when a key or value is wrong.

    A field whose key is a word of Python (`from`) ends in an underscore.

    moved   keys that stand in another table now, and in which
    """
    if not isinstance(given, Mapping):
        problems.append(Problem(file, line, _("a table with keys is expected here")))
        return None
    hints = {name.rstrip("_"): kind for name, kind in get_type_hints(shape).items()}
    own = {one.name.rstrip("_"): one.name for one in fields(shape)}  # type: ignore[arg-type]
    names = list(own)
    needed = [name.rstrip("_") for name in required(shape)]
    before = len(problems)
    for name in given:
        if name not in names:
            words = moved_name() if name in moved else unknown_name()
            facts = {"name": name, "known": ", ".join(names), "table": moved.get(name, "")}
            problems.append(Problem(file, line, words % facts))
    for name in needed:
        if name not in given:
            problems.append(Problem(file, line, missing_name() % {"name": name}))
    values: dict[str, Any] = {}
    for name in names:
        if name in given:
            try:
                values[own[name]] = parse_toml(hints[name], given[name])
                if values[own[name]] == "" and name in needed:
                    raise ValueError(_("a value is missing"))
            except ValueError as error:
                problems.append(Problem(file, line, f"{name}: {error}"))
    return shape(**values) if len(problems) == before else None


def note_strangers(folder: Path, known: Mapping[str, set[str]], problems: list[Problem]) -> None:
    """Note files that nobody reads and, in TOML, tables that nobody reads: most are misspelt.

    known   file name → names of its tables (of CSV: anything)
    """
    for path in sorted(folder.glob("*.csv")) + sorted(folder.glob("*.toml")):
        if path.name not in known:
            names = ", ".join(sorted(known))
            problems.append(
                Problem(path.name, 0, _("nothing reads this file; known are %(known)s") % {"known": names})
            )
        elif path.suffix == ".toml":
            for table in read_toml(path, []).keys() - known[path.name]:
                words = {"name": table, "known": ", ".join(sorted(known[path.name]))}
                problems.append(Problem(path.name, _first_line(path, table), unknown_name() % words))


def _first_line(path: Path, table: str) -> int:
    return next(iter(lines_of(path, f"[[{table}]]") + lines_of(path, f"[{table}]")), 0)


def lines_of(path: Path, header: str) -> list[int]:
    """The lines on which a TOML header such as `[[areas]]` stands."""
    rows = path.read_text(encoding="utf-8-sig").split("\n")
    return [
        number for number, row in enumerate(rows, 1) if row.split("#")[0].replace(" ", "").strip() == header
    ]


def unknown_name() -> str:
    """Words for a column, key or table that nobody knows; wants `name` and `known`."""
    return _("unknown: %(name)s; known are %(known)s")


def moved_name() -> str:
    """Words for a key that stands in another table now; wants `name` and `table`."""
    return _("%(name)s belongs under [%(table)s] now; move the line there")


def missing_name() -> str:
    """Words for a needed column or key that is not there; wants `name`."""
    return _("missing: %(name)s")
