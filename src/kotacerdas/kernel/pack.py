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

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from django.utils.translation import gettext as _

from kotacerdas.kernel.errors import Invalid
from kotacerdas.kernel.packcolumns import misfit
from kotacerdas.kernel.packfiles import (
    Problem,
    lines_of,
    note_strangers,
    read_csv_rows,
    read_toml,
    read_toml_rows,
    read_toml_table,
    row_from_toml,
    unknown_name,
)

__all__ = [
    "MANIFEST",
    "Counts",
    "Pack",
    "PackError",
    "Problem",
    "Section",
    "in_order",
    "read_manifest",
    "read_pack",
    "read_tables",
]
MANIFEST = "pack.toml"
T = TypeVar("T")
_LINES_NAMED = 3


class PackError(Invalid):
    """The pack has mistakes; `problems` lists them all and nothing was applied."""

    code = "pack"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        lines = "\n".join(folded(self.problems))
        super().__init__(
            _("The pack has %(count)s mistakes; nothing was loaded:") % {"count": len(problems)}
            + "\n"
            + lines
        )


def folded(problems: Sequence[Problem]) -> list[str]:
    """A line for each message of a file; of one that stands on many lines, the first three and how many more."""
    places: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        places.setdefault((problem.file, problem.message), []).append(problem)
    lines = []
    for (file, message), same in places.items():
        numbers = sorted({one.line for one in same})
        if len(numbers) < 2:
            lines.append(str(same[0]))
            continue
        where = ", ".join(str(number) for number in numbers[:_LINES_NAMED])
        if more := len(numbers) - _LINES_NAMED:
            where += " " + _("and %(count)d more") % {"count": more} if more > 0 else ""
        lines.append(f"{file}:{where}: {message}")
    return lines


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
    single    the file has one `[table]` of it, or none, in place of an array of tables
    load      writes the rows to the store inside the caller's transaction; None when only read
    after     names of sections to load earlier
    refs      field → "section.field" where the value (each of a tuple; "" excepted) must exist
    check     further rules over all rows: yields (row, message) for each mistake. It runs when its own file and
              each that it asks for are good
    stored    the Django model whose columns the values have to fit; its fields are named like the row's
    columns   field → name in that model, where it differs; "" is stored otherwise
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
    single: bool = False
    stored: type[Any] | None = None
    columns: Mapping[str, str] = field(default_factory=dict)

    def column(self, name: str) -> Any:
        """The model's field that a field of the row is stored in; None where it is stored otherwise."""
        there = self.columns.get(name, name)
        known = {one.name: one for one in self.stored._meta.concrete_fields} if self.stored else {}
        return known.get(there)


class _Unread(Exception):
    """A check asked for rows of a file that has mistakes."""


@dataclass(frozen=True)
class Pack:
    """A read and checked pack: its manifest (the parsed pack.toml) and its rows by section name."""

    folder: Path
    manifest: Mapping[str, Any]
    rows: Mapping[str, Sequence[Any]]
    lines: Mapping[int, tuple[str, int]] = field(default_factory=dict, repr=False)
    wrong: frozenset[str] = frozenset()

    def of(self, section: str) -> Sequence[Any]:
        """Rows of a section; empty when its optional file is absent."""
        if section in self.wrong:
            raise _Unread(section)
        return self.rows.get(section, ())

    def table(self, name: str) -> Mapping[str, Any]:
        """A table of pack.toml; empty where there is none."""
        found = self.manifest.get(name)
        return found if isinstance(found, dict) else {}


def read_pack(folder: Path, sections: Sequence[Section], *, whole: bool = False) -> Pack:
    """Read and check a pack. Raises PackError with every problem found, LookupError for a wrong Section.

    whole   these are all sections there are: a file or table that none of them reads is then a problem
    """
    _check_declarations(sections)
    problems: list[Problem] = []
    manifest = _manifest(folder, problems)
    if not folder.is_dir():
        raise PackError(problems)
    rows: dict[str, Sequence[Any]] = {}
    lines: dict[int, tuple[str, int]] = {}
    wrong: set[str] = set()
    for section in sections:
        before = len(problems)
        placed = _read_section(folder, section, problems)
        rows[section.name] = tuple(row for row, _line in placed)
        lines.update({id(row): (section.file, line) for row, line in placed})
        if len(problems) > before:
            wrong.add(section.name)
    if whole:
        known: dict[str, set[str]] = {MANIFEST: set(manifest)}
        for section in sections:
            known.setdefault(section.file, set()).add(section.name)
        note_strangers(folder, known, problems)
    pack = Pack(folder=folder, manifest=manifest, rows=rows, lines=lines, wrong=frozenset(wrong))
    problems.extend(_cross_problems(pack, sections))
    if problems:
        raise PackError(sorted(set(problems)))
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


def read_tables(folder: Path, shapes: Mapping[str, type[Any]]) -> tuple[dict[str, Any], list[Problem]]:
    """Tables of pack.toml by name, each as its dataclass, with what is wrong in them; a table may be left out."""
    problems: list[Problem] = []
    manifest = _manifest(folder, problems)
    values: dict[str, Any] = {}
    for name, shape in shapes.items() if not problems else ():
        line = next(iter(lines_of(folder / MANIFEST, f"[{name}]")), 0)
        values[name] = row_from_toml(shape, manifest.get(name, {}), MANIFEST, line, problems)
    return values, problems


def read_manifest(folder: Path, shape: type[T], *, others: Mapping[str, type[Any]] | None = None) -> T:
    """pack.toml as a dataclass of dataclasses, for what is needed without a store.

    A field that is a dataclass is a [table], a tuple of a dataclass an array of tables. Raises PackError.

    others   the tables that apps read for themselves, by name; of a key that stands elsewhere now it is said where
    """
    others = others or {}
    moved = {key: name for name, other in others.items() for key in get_type_hints(other)}
    problems: list[Problem] = []
    manifest = _manifest(folder, problems)
    if problems:
        raise PackError(problems)
    path = folder / MANIFEST
    hints = get_type_hints(shape)
    for name in manifest.keys() - hints.keys() - others.keys():
        known = ", ".join([*hints, *others])
        problems.append(Problem(MANIFEST, 0, unknown_name() % {"name": name, "known": known}))
    values: dict[str, Any] = {}
    for name, kind in hints.items():
        given = manifest.get(name, [] if get_origin(kind) is tuple else {})
        if get_origin(kind) is tuple:
            if not isinstance(given, list):
                message = _("write [[%(name)s]] once for each row") % {"name": name}
                problems.append(Problem(MANIFEST, 0, message))
                continue
            places = [*lines_of(path, f"[[{name}]]"), *([0] * len(given))]
            rows = [
                row_from_toml(get_args(kind)[0], one, MANIFEST, line, problems)
                for one, line in zip(given, places, strict=False)
            ]
            values[name] = tuple(rows)
        else:
            line = next(iter(lines_of(path, f"[{name}]")), 0)
            values[name] = row_from_toml(kind, given, MANIFEST, line, problems, moved=moved)
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
        problems.append(Problem(str(folder), 0, _("there is no such folder; name the folder of a pack")))
        return {}
    return read_toml(folder / MANIFEST, problems)


def _read_section(folder: Path, section: Section, problems: list[Problem]) -> list[tuple[Any, int]]:
    path = folder / section.file
    if section.optional and not path.exists():
        return []
    if section.single:
        placed = read_toml_table(path, section.name, section.row, problems)
    elif path.suffix == ".toml":
        placed = read_toml_rows(path, section.name, section.row, problems)
    else:
        placed = read_csv_rows(path, section.row, problems)
    seen: dict[tuple[Any, ...], int] = {}
    for row, line in placed:
        problems.extend(Problem(section.file, line, message) for message in _misfits(section, row))
        key = tuple(getattr(row, name) for name in section.key)
        if key in seen:
            words = {"key": ", ".join(str(part) for part in key), "line": seen[key]}
            message = _("%(key)s stands already in line %(line)s; keep one") % words
            problems.append(Problem(section.file, line, message))
        seen.setdefault(key, line)
    return placed


def _misfits(section: Section, row: Any) -> Iterator[str]:
    """Values that the store could not take: longer texts and larger numbers than their columns hold."""
    for one in fields(row) if section.stored is not None else ():
        column = section.column(one.name)
        if column is not None and (message := misfit(column, getattr(row, one.name))):
            yield f"{one.name}: {message}"


def _cross_problems(pack: Pack, sections: Sequence[Section]) -> Iterator[Problem]:
    for section in sections:
        if section.name in pack.wrong:
            continue
        for name, target in section.refs.items():
            if target.partition(".")[0] not in pack.wrong:
                yield from _lost_references(pack, section, name, target)
                yield from _circles(pack, section, name, target)
        if section.check is not None:
            yield from _checked(pack, section)


def _lost_references(pack: Pack, section: Section, name: str, target: str) -> Iterator[Problem]:
    other, _dot, column = target.partition(".")
    known = {getattr(row, column) for row in pack.of(other)}
    for row in pack.of(section.name):
        value = getattr(row, name)
        for one in value if isinstance(value, tuple) else (value,):
            if one not in ("", None) and one not in known:
                message = _(
                    "%(name)s: there is no %(value)s in %(target)s; write a code that stands there"
                ) % {"name": name, "value": one, "target": target}
                yield Problem(*pack.lines[id(row)], message)


def _circles(pack: Pack, section: Section, name: str, target: str) -> Iterator[Problem]:
    """Rows that lead back to themselves by a reference to their own section, over however many others."""
    other, _dot, column = target.partition(".")
    if other != section.name:
        return
    rows = {getattr(row, column): row for row in pack.of(section.name)}
    done: set[Any] = set()
    for start in rows:
        way: list[Any] = []
        code = start
        while code in rows and code not in done and code not in way:
            way.append(code)
            code = getattr(rows[code], name)
        if code in way:
            circle = way[way.index(code) :]
            first = min((rows[one] for one in circle), key=lambda row: pack.lines[id(row)])
            words = {"name": name, "way": " → ".join([*circle, code])}
            message = _("%(name)s: it leads back to itself (%(way)s); leave it empty at the topmost") % words
            yield Problem(*pack.lines[id(first)], message)
        done.update(way)


def _checked(pack: Pack, section: Section) -> Iterator[Problem]:
    assert section.check is not None
    try:
        found = list(section.check(pack.of(section.name), pack))
    except _Unread:
        return
    for row, message in found:
        yield Problem(*pack.lines.get(id(row), (section.file, 0)), message)
