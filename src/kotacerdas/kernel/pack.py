"""Reading a regency pack: a folder of TOML and CSV that says everything about one regency.

An app declares in its `pack.py` what it reads:

    SECTIONS = (
        Section(name="areas", file="areas.csv", row=AreaRow, key=("code",), load=load_areas,
                refs={"parent": "areas.code"}),
    )

Values are parsed by the annotations of the row's dataclass. Every problem of every file is collected,
with its line and what to do; a pack with a problem is applied nowhere.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from kotacerdas.kernel.errors import Invalid
from kotacerdas.kernel.packvalues import parse_text, parse_toml

MANIFEST = "pack.toml"
T = TypeVar("T")


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake in a pack: where it stands and what to do. `line` counts from 1; 0 is the whole file."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


class PackError(Invalid):
    """The pack has mistakes; `problems` lists them all and nothing was applied."""

    code = "pack"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        lines = "\n".join(str(problem) for problem in self.problems)
        super().__init__(f"{len(self.problems)} problem(s) in the pack:\n{lines}")


@dataclass(frozen=True)
class Counts:
    """What loading a section did to the store, in rows."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    closed: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.created + other.created,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.closed + other.closed,
        )


@dataclass(frozen=True, kw_only=True)
class Section:
    """One kind of row in a pack.

    name      under which other sections and `Pack.rows` know it
    file      CSV, or TOML with an array of tables named like the section; optional ones may be absent
    row       a frozen dataclass; field names are the columns, defaults make a column optional
    key       fields that together name a row; twice the same is a problem
    load      writes the rows to the store inside the caller's transaction; None when only read
    after     names of sections to load earlier
    refs      field → "section.field" where the value (each of a tuple; "" excepted) must exist
    check     further rules over all rows: yields (row, message) for each mistake
    """

    name: str
    file: str
    row: type[Any]
    key: tuple[str, ...]
    load: Callable[[Sequence[Any], Pack], Counts] | None = None
    after: tuple[str, ...] = ()
    refs: Mapping[str, str] = field(default_factory=dict)
    check: Callable[[Sequence[Any], Pack], Iterator[tuple[Any, str]]] | None = None
    optional: bool = False


@dataclass(frozen=True)
class Pack:
    """A read and checked pack: its manifest (the parsed pack.toml) and its rows by section name."""

    folder: Path
    manifest: Mapping[str, Any]
    rows: Mapping[str, Sequence[Any]]
    lines: Mapping[int, tuple[str, int]] = field(default_factory=dict, repr=False)

    def of(self, section: str) -> Sequence[Any]:
        """Rows of a section; empty when its optional file is absent."""
        return self.rows.get(section, ())


def read_pack(folder: Path, sections: Sequence[Section]) -> Pack:
    """Read and check a pack. Raises PackError with every problem found, LookupError for a wrong Section."""
    _check_declarations(sections)
    problems: list[Problem] = []
    manifest = _manifest(folder, problems)
    rows: dict[str, Sequence[Any]] = {}
    lines: dict[int, tuple[str, int]] = {}
    for section in sections:
        placed = _read_section(folder, section, problems)
        rows[section.name] = tuple(row for row, _line in placed)
        lines.update({id(row): (section.file, line) for row, line in placed})
    pack = Pack(folder=folder, manifest=manifest, rows=rows, lines=lines)
    if not problems:
        problems.extend(_cross_problems(pack, sections))
    if problems:
        raise PackError(problems)
    return pack


def in_order(sections: Sequence[Section]) -> list[Section]:
    """Sections so that each comes after those it names. LookupError for a circle or an unknown name."""
    known = {section.name: section for section in sections}
    graph = {section.name: set(section.after) for section in sections}
    if missing := set().union(*graph.values()) - known.keys() if graph else set():
        raise LookupError(f"sections load after unknown sections {sorted(missing)}")
    try:
        return [known[name] for name in TopologicalSorter(graph).static_order()]
    except CycleError as error:
        raise LookupError(f"sections wait for one another: {error.args[1]}") from error


def read_manifest(folder: Path, shape: type[T]) -> T:
    """pack.toml as a dataclass of dataclasses, for what is needed without a store.

    A field that is a dataclass is a [table], a tuple of a dataclass an array of tables. Raises PackError.
    """
    problems: list[Problem] = []
    manifest = _manifest(folder, problems)
    if problems:
        raise PackError(problems)
    path = folder / MANIFEST
    hints = get_type_hints(shape)
    for name in manifest.keys() - hints.keys():
        problems.append(Problem(MANIFEST, 0, f"unknown table {name!r}; known are {', '.join(hints)}"))
    values: dict[str, Any] = {}
    for name, kind in hints.items():
        given = manifest.get(name, [] if get_origin(kind) is tuple else {})
        if get_origin(kind) is tuple:
            places = [*_lines_of(path, f"[[{name}]]"), *(0 for _ in given)]
            rows = [
                _row_from_toml(get_args(kind)[0], one, MANIFEST, line, problems)
                for one, line in zip(given, places, strict=False)
            ]
            values[name] = tuple(rows)
        else:
            line = next(iter(_lines_of(path, f"[{name}]")), 0)
            values[name] = _row_from_toml(kind, given, MANIFEST, line, problems)
    if problems:
        raise PackError(problems)
    return shape(**values)


def _check_declarations(sections: Sequence[Section]) -> None:
    known: dict[str, Section] = {}
    for section in sections:
        if section.name in known:
            raise LookupError(f"the pack section {section.name} is declared twice")
        if not is_dataclass(section.row):
            raise LookupError(f"the row of the pack section {section.name} is no dataclass")
        known[section.name] = section
    for section in sections:
        own = {one.name for one in fields(section.row)}
        for name in (*section.key, *section.refs):
            if name not in own:
                raise LookupError(f"the pack section {section.name} has no field {name}")
        for target in section.refs.values():
            other, _dot, column = target.partition(".")
            if other not in known or column not in {one.name for one in fields(known[other].row)}:
                raise LookupError(f"the pack section {section.name} refers to an unknown {target}")
    in_order(sections)


def _manifest(folder: Path, problems: list[Problem]) -> Mapping[str, Any]:
    if not folder.is_dir():
        problems.append(Problem(str(folder), 0, "there is no such folder; name the folder of a pack"))
        return {}
    return _toml(folder / MANIFEST, problems)


def _toml(path: Path, problems: list[Problem]) -> Mapping[str, Any]:
    text = _text(path, problems)
    if text is None:
        return {}
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        problems.append(Problem(path.name, int(place[1]) if place else 0, f"this is no TOML: {error}"))
        return {}


def _text(path: Path, problems: list[Problem]) -> str | None:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        problems.append(
            Problem(path.name, 0, "the file is missing; write it (docs/pack.md shows each column)")
        )
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        problems.append(Problem(path.name, line, "this is not UTF-8; save the file as UTF-8"))
    return None


def _read_section(folder: Path, section: Section, problems: list[Problem]) -> list[tuple[Any, int]]:
    path = folder / section.file
    if section.optional and not path.exists():
        return []
    read = _read_toml_rows if path.suffix == ".toml" else _read_csv_rows
    placed = read(path, section, problems)
    seen: dict[tuple[Any, ...], int] = {}
    for row, line in placed:
        key = tuple(getattr(row, name) for name in section.key)
        if key in seen:
            words = ", ".join(str(part) for part in key)
            problems.append(
                Problem(section.file, line, f"{words} stands already in line {seen[key]}; keep one")
            )
        seen.setdefault(key, line)
    return placed


def _read_csv_rows(path: Path, section: Section, problems: list[Problem]) -> list[tuple[Any, int]]:
    text = _text(path, problems)
    if text is None:
        return []
    reader = csv.reader(text.splitlines(keepends=True))
    try:
        head = [name.strip() for name in next(reader, [])]
        if not _check_columns(head, section, problems):
            return []
        placed = []
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if (row := _row_from_csv(section, head, cells, reader.line_num, problems)) is not None:
                placed.append((row, reader.line_num))
    except csv.Error as error:
        problems.append(Problem(section.file, reader.line_num, f"this is no CSV: {error}"))
        return []
    return placed


def _check_columns(head: list[str], section: Section, problems: list[Problem]) -> bool:
    known = {one.name: one for one in fields(section.row)}
    wrong = [f"unknown column {name!r}; known are {', '.join(known)}" for name in head if name not in known]
    wrong += [f"column {name!r} stands twice" for name in known if head.count(name) > 1]
    wrong += [f"column {name!r} is missing" for name in _required(section.row) if name not in head]
    problems.extend(Problem(section.file, 1, message) for message in wrong)
    return not wrong


def _required(shape: type[Any]) -> list[str]:
    return [one.name for one in fields(shape) if one.default is MISSING and one.default_factory is MISSING]


def _row_from_csv(
    section: Section, head: list[str], cells: list[str], line: int, problems: list[Problem]
) -> Any:
    if len(cells) != len(head):
        message = f"{len(cells)} values for {len(head)} columns; put a value with a comma in double quotes"
        problems.append(Problem(section.file, line, message))
        return None
    hints = get_type_hints(section.row)
    optional = {one.name for one in fields(section.row)} - set(_required(section.row))
    given: dict[str, Any] = {}
    wrong = False
    for name, cell in zip(head, cells, strict=True):
        if not cell.strip() and name in optional:
            continue
        try:
            if not cell.strip() and hints[name] is str:
                raise ValueError("a value is missing")
            given[name] = parse_text(hints[name], cell)
        except ValueError as error:
            problems.append(Problem(section.file, line, f"{name}: {error}"))
            wrong = True
    return None if wrong else section.row(**given)


def _read_toml_rows(path: Path, section: Section, problems: list[Problem]) -> list[tuple[Any, int]]:
    before = len(problems)
    table = _toml(path, problems)
    if len(problems) > before:
        return []
    given = table.get(section.name, [])
    if not isinstance(given, list):
        problems.append(Problem(section.file, 0, f"write [[{section.name}]] once for each row"))
        return []
    places = _lines_of(path, f"[[{section.name}]]")
    placed = []
    for index, values in enumerate(given):
        line = places[index] if index < len(places) else 0
        row = _row_from_toml(section.row, values, section.file, line, problems)
        if row is not None:
            placed.append((row, line))
    return placed


def _row_from_toml(
    shape: type[T], given: Mapping[str, Any], file: str, line: int, problems: list[Problem]
) -> T | None:
    hints = get_type_hints(shape)
    names = [one.name for one in fields(shape)]  # type: ignore[arg-type]
    required = _required(shape)
    before = len(problems)
    for name in given:
        if name not in names:
            problems.append(Problem(file, line, f"unknown key {name!r}; known are {', '.join(names)}"))
    for name in required:
        if name not in given:
            problems.append(Problem(file, line, f"key {name!r} is missing"))
    values: dict[str, Any] = {}
    for name in names:
        if name in given:
            try:
                values[name] = parse_toml(hints[name], given[name])
                if values[name] == "" and name in required:
                    raise ValueError("a value is missing")
            except ValueError as error:
                problems.append(Problem(file, line, f"{name}: {error}"))
    return shape(**values) if len(problems) == before else None


def _lines_of(path: Path, header: str) -> list[int]:
    rows = path.read_text(encoding="utf-8-sig").splitlines()
    return [
        number for number, row in enumerate(rows, 1) if row.split("#")[0].replace(" ", "").strip() == header
    ]


def _cross_problems(pack: Pack, sections: Sequence[Section]) -> Iterator[Problem]:
    known = {
        target: {getattr(row, target.partition(".")[2]) for row in pack.of(target.partition(".")[0])}
        for section in sections
        for target in section.refs.values()
    }
    for section in sections:
        for row in pack.of(section.name):
            for name, target in section.refs.items():
                value = getattr(row, name)
                for one in value if isinstance(value, tuple) else (value,):
                    if one not in ("", None) and one not in known[target]:
                        message = f"{name}: there is no {one!r} in {target}; write a code that stands there"
                        yield Problem(*pack.lines[id(row)], message)
        if section.check is not None:
            for row, message in section.check(pack.of(section.name), pack):
                yield Problem(*pack.lines.get(id(row), (section.file, 0)), message)
