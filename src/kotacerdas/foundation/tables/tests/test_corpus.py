"""Every file of the corpus is refused with its reason, or read cell by cell."""

from __future__ import annotations

import pytest

from kotacerdas.foundation.tables import refusals
from kotacerdas.foundation.tables.tests.books import STORE, look
from kotacerdas.foundation.tables.tests.corpus import CASES, Case


@pytest.fixture(autouse=True)
def _empty_library():
    STORE.clear()


def test_the_corpus_holds_what_was_promised():
    assert len(CASES) >= 40
    assert len({one.name for one in CASES}) == len(CASES)


@pytest.mark.parametrize("one", CASES, ids=lambda one: one.name)
def test_a_hostile_file_is_refused_or_read_by_cell(one: Case):
    looked = look(one.make())
    assert looked.refused == one.refused
    if one.refused:
        message, remedy = refusals.words({"code": looked.refused, "given": looked.given})
        assert message
        assert remedy
        assert "%(" not in message
        return
    assert bool(looked.lacking) == one.lacking
    assert set(looked.wrong) == set(one.wrong), looked.wrong
    assert len(looked.rows) == one.rows
    for name, value in one.values.items():
        assert any(row.get(name) == value for row in looked.rows), (name, looked.rows)
