"""Fines and gifts go through the room of payments, each with its declared purpose."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader
from toy.library.actions import donation_open, loan_fine
from toy.library.desks import bills

from kotacerdas.foundation.indicators.queries import figure
from kotacerdas.foundation.parties.actors import reporter
from kotacerdas.foundation.payments import ledger
from kotacerdas.foundation.payments.charges import cash_take
from kotacerdas.foundation.payments.queries import pay_token
from kotacerdas.foundation.payments.tests.test_ledger import at_commit
from kotacerdas.kernel import ids
from kotacerdas.kernel.errors import Invalid

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_indonesian")]


def receipt(client, charge) -> str:
    paid = charge.payments.get(state="settled")
    answer = client.get(reverse("payments:receipt", args=[pay_token(charge), paid.id]))
    return PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()


def pay(client, charge) -> None:
    """Pay by the page of the charge, the payer's bank being the simulator."""
    token = pay_token(charge)
    client.post(reverse("payments:pay", args=[token]))
    client.post(reverse("payments:simulate", args=[token]))
    charge.refresh_from_db()
    at_commit()


def test_a_fine_is_paid_by_the_simulator_with_its_receipt(client, lend, librarian, count):
    case = lend()
    charge = loan_fine(actor=librarian, case=case, amount=5_000)
    assert [one for one, _token in bills(case)] == [charge]
    pay(client, charge)
    assert charge.state == "paid"
    text = receipt(client, charge)
    assert "Denda buku terlambat" in text
    assert "Rp5.000" in text
    assert figure("library.fines", *count()).value == 5_000


def test_a_fine_is_paid_in_cash_with_its_receipt(client, lend, librarian):
    charge = loan_fine(actor=librarian, case=lend(), amount=10_000)
    cash_take(actor=librarian, charge=charge, amount=10_000, key=ids.new_id())
    charge.refresh_from_db()
    assert charge.state == "paid"
    text = receipt(client, charge)
    assert "Tunai" in text
    assert "sepuluh ribu rupiah" in text


def test_a_gift_of_three_billion_is_taken_counted_and_balanced(client, cast, count):
    charge = donation_open(actor=reporter(), agency=cast.agency("PERPUS"), amount=3_000_000_000)
    pay(client, charge)
    assert "Donasi perpustakaan" in receipt(client, charge)
    assert ledger.balance(ledger.account_for("clearing")) == 3_000_000_000
    today = count()
    assert figure("library.gifts", *today).value == 3_000_000_000
    assert figure("library.fines", *today).value == 0


@pytest.mark.parametrize("amount", [0, -1])
def test_what_is_no_amount_changes_nothing(lend, librarian, amount):
    case = lend()
    with pytest.raises(Invalid):
        loan_fine(actor=librarian, case=case, amount=amount)
    assert bills(case) == []
