"""An app reads its own table of pack.toml."""

from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from kotacerdas.kernel import packtables
from kotacerdas.kernel.packtables import Table, tables


@dataclass(frozen=True, kw_only=True)
class Shelf:
    most_books: int = 3


@dataclass(frozen=True, kw_only=True)
class Bare:
    most_books: int


@pytest.fixture
def declare(monkeypatch):
    def declared(*found: Table) -> None:
        monkeypatch.setattr(packtables, "discover", lambda _name: [SimpleNamespace(TABLES=found)])
        tables.cache_clear()

    yield declared
    tables.cache_clear()


def test_a_table_is_known_by_its_name(declare):
    declare(Table("library", Shelf))
    assert tables() == {"library": Shelf}


def test_a_table_declared_twice_fails_at_once(declare):
    declare(Table("library", Shelf), Table("library", Shelf))
    with pytest.raises(LookupError, match="twice"):
        tables()


def test_every_key_has_a_default_so_that_a_pack_may_leave_it_out(declare):
    declare(Table("library", Bare))
    with pytest.raises(LookupError, match="default"):
        tables()
