"""A receipt is one paper: once per payment, the same bytes at every reprint, in words that cannot be changed."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from kotacerdas.foundation.documents.actions import document_revoke
from kotacerdas.foundation.documents.models import Document
from kotacerdas.foundation.parties.actors import SYSTEM
from kotacerdas.foundation.payments import queries
from kotacerdas.foundation.payments.charges import cash_take, payment_begin, payment_settle
from kotacerdas.foundation.payments.papers import receipt_of
from kotacerdas.kernel import ids
from kotacerdas.kernel.errors import Conflict

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_indonesian")]


@pytest.fixture(autouse=True)
def _own_disk(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def paid(treasurer, charge):
    """A charge of Rp150.000 and its payment in cash."""
    one = charge(150_000)
    return one, cash_take(actor=treasurer, charge=one, amount=150_000, key=ids.new_id())


def address(charge, payment) -> str:
    return reverse("payments:receipt", args=[queries.pay_token(charge), payment.id])


def test_the_receipt_says_who_received_what_for_which_bill(client, paid):
    charge, payment = paid
    answer = client.get(address(charge, payment))
    text = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
    for words in (
        payment.receipt,
        charge.number,
        "Retribusi daerah",
        "Perda contoh, pasal 7",
        "Rp150.000",
        "seratus lima puluh ribu rupiah",
        "Tunai",
    ):
        assert words in text
    document = Document.objects.get()
    assert document.number == payment.receipt
    assert client.get(f"/periksa/{document.code}/").status_code == 200


def test_a_reprint_is_the_same_bytes_under_the_same_number(client, paid):
    first, again = (client.get(address(*paid)).content for _time in range(2))
    assert first == again
    assert Document.objects.count() == 1


def test_a_revoked_receipt_is_followed_by_another_under_its_own_number(paid):
    _charge, payment = paid
    document = receipt_of(actor=SYSTEM, payment=payment)
    document_revoke(actor=SYSTEM, document=document, why="Salah nama")
    other = receipt_of(actor=SYSTEM, payment=payment)
    assert other.id != document.id


def test_before_the_money_there_is_none(client, charge):
    one = charge(150_000)
    payment = payment_begin(charge=one)
    with pytest.raises(Conflict):
        receipt_of(actor=SYSTEM, payment=payment)
    assert client.get(address(one, payment)).status_code == 404
    assert not Document.objects.exists()
    payment_settle(payment=payment)
    assert b"%PDF" in client.get(address(one, payment)).content


def test_a_stranger_gets_no_receipt_by_another_bills_link(client, paid, charge):
    _charge, payment = paid
    assert client.get(address(charge(1_000), payment)).status_code == 404
    assert client.get(reverse("payments:receipt", args=["x" * 40, payment.id])).status_code == 404
