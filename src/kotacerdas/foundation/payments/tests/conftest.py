"""A charge of the agency PU, and its treasurer."""

from __future__ import annotations

import pytest
from trials.cast import seat

from kotacerdas.foundation.parties.actors import SYSTEM, staff
from kotacerdas.foundation.payments.charges import charge_open
from kotacerdas.kernel import ids


@pytest.fixture
def treasurer(cast):
    """The actor who handles PU's money."""
    return staff(seat("bendahara", "PU", "treasurer"))


@pytest.fixture
def charge(cast):
    """Opens a charge of that many rupiah."""

    def opened(amount: int = 150_000, **given):
        usual = {
            "title": "levy",
            "agency": cast.agency("PU"),
            "income": "4.1.1",
            "basis": "Perda contoh, pasal 7",
        }
        return charge_open(
            actor=SYSTEM, subject=("toy.loan", ids.new_id()), amount=amount, **{**usual, **given}
        )

    return opened
