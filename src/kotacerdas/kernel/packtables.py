"""Tables of pack.toml that an app reads for itself: `TABLES = (Table("iceta", Limits),)` in its `pack_tables.py`.

A shape is a frozen dataclass with a default for every key, so that a pack may leave the table out.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from kotacerdas.kernel.discover import discover
from kotacerdas.kernel.pack import PackError, read_tables

T = TypeVar("T")


@dataclass(frozen=True)
class Table:
    """A table of pack.toml and the dataclass that it is read as."""

    name: str
    shape: type[Any]


@lru_cache(maxsize=1)
def tables() -> dict[str, type[Any]]:
    """The declared tables of all apps, by name. LookupError where one is declared twice, or a key has no default."""
    found: dict[str, type[Any]] = {}
    for module in discover("pack_tables"):
        for table in module.TABLES:
            if table.name in found:
                raise LookupError(f"the table [{table.name}] of the pack is declared twice")
            if any(one.default is one.default_factory for one in fields(table.shape)):
                raise LookupError(f"a key of the pack's table [{table.name}] has no default")
            found[table.name] = table.shape
    return found


def pack_table(shape: type[T]) -> T:
    """An app's own table in this instance's pack (`settings.PACK`). Raises PackError with file, line and what to do."""
    from django.conf import settings

    found: T = read_pack_tables(Path(settings.PACK))[shape]
    return found


@lru_cache(maxsize=4)
def read_pack_tables(folder: Path) -> dict[type[Any], Any]:
    """The declared tables of a pack, by the dataclass each is read as. Raises PackError."""
    values, problems = read_tables(folder, tables())
    if problems:
        raise PackError(problems)
    return {shape: values[name] for name, shape in tables().items()}
