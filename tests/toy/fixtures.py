"""Fixtures of all tests on the toy: a library with two copies of one book, and its librarian."""

from __future__ import annotations

import re

import pytest
from toy.library.actions import Wish, book_shelve, loan_ask, loan_lend
from trials.cast import client_of

from kotacerdas.foundation.indicators import engine
from kotacerdas.foundation.journal import sealer
from kotacerdas.foundation.parties.actors import reporter, staff
from kotacerdas.kernel import clock

NUMBER = "0812-3456-7890"


@pytest.fixture(autouse=True)
def _own_disk(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path  # slips and receipts of a test are its own


@pytest.fixture
def librarian(cast):
    """The actor who lends."""
    return staff(cast.officer_of("PERPUS", "librarian"))


@pytest.fixture
def book(cast, librarian):
    """Two copies of one book."""
    return book_shelve(
        actor=librarian, agency=cast.agency("PERPUS"), code="L-1", title="Laut Bercerita", copies=2
    )


@pytest.fixture
def desk(librarian):
    """The librarian's browser."""
    return client_of(librarian.user)


@pytest.fixture
def ask(book):
    """Ask for the book; what was opened."""

    def asked(**given):
        return loan_ask(
            actor=reporter(), wish=Wish(**{"book": "L-1", "name": "Wati", "phone": NUMBER, **given})
        )

    return asked


@pytest.fixture
def lend(ask, librarian):
    """Ask for the book and hand it out; the case."""

    def lent(**given):
        return loan_lend(actor=librarian, case=ask(**given).case).case

    return lent


@pytest.fixture
def count():
    """Seal and count all rows; today twice, as `figure` takes it."""

    def counted():
        while sealer.seal_batch():
            pass
        while engine.follow_batch():
            pass
        return clock.today(), clock.today()

    return counted


def page(answer) -> str:
    return answer.content.decode()


def draft_in(answer) -> str:
    found = re.search(r'name="draf" value="([^"]*)"', page(answer))
    assert found
    return found[1]
