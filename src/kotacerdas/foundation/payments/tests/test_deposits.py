"""Counted cash goes into the treasury account by a numbered slip; the cash book of a day says what came and went."""

from __future__ import annotations

import io
from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from trials.cast import client_of

from kotacerdas.foundation.documents.actions import path_of
from kotacerdas.foundation.parties.actors import SYSTEM, staff
from kotacerdas.foundation.payments import ledger, papers
from kotacerdas.foundation.payments.cash_book import cash_book
from kotacerdas.foundation.payments.charges import (
    cash_box,
    cash_take,
    charge_end,
    payment_begin,
    payment_refund,
    payment_settle,
)
from kotacerdas.foundation.payments.closing import cash_expected, day_close, open_days
from kotacerdas.foundation.payments.deposits import deposit_bank, missing_deposits
from kotacerdas.foundation.payments.models import Deposit, Payment
from kotacerdas.foundation.payments.queries import bounds_of, ledger_of
from kotacerdas.kernel import clock, ids
from kotacerdas.kernel.errors import Conflict, Invalid, Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_indonesian")]


@pytest.fixture(autouse=True)
def _own_disk(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def agency(cast):
    return cast.agency("PU")


@pytest.fixture
def take(charge, treasurer):
    """Takes cash for a new charge."""

    def taken(amount: int = 150_000, **more) -> Payment:
        return cash_take(actor=treasurer, charge=charge(amount), amount=amount, key=ids.new_id(), **more)

    return taken


@pytest.fixture
def deposit(take, treasurer, agency) -> Deposit:
    """The slip of a day on which 150,000 came in."""
    take()
    return closed(treasurer, agency, {50_000: 3}).deposit


def closed(treasurer, agency, counted):
    return day_close(actor=treasurer, agency=agency, day=clock.today(), counted=counted)


def text_of(document) -> str:
    pages = PdfReader(io.BytesIO(path_of(document.sha256).read_bytes())).pages
    return "\n".join(page.extract_text() for page in pages)


class TestADeposit:
    def test_is_what_was_counted_and_due_on_the_next_working_day(self, deposit):
        assert deposit.amount == 150_000
        assert clock.local_day(deposit.due_at) == clock.today() + timedelta(days=1)
        assert deposit.deposited_at is None

    def test_of_a_saturday_that_is_worked_on_is_due_on_monday(self, take, treasurer, agency):
        with clock.frozen(clock.now() + timedelta(days=5)):
            take()
            slip = closed(treasurer, agency, {50_000: 3}).deposit
            assert clock.local_day(slip.due_at) == clock.today() + timedelta(days=2)

    def test_without_money_there_is_none(self, treasurer, agency):
        closed(treasurer, agency, {})
        assert not Deposit.objects.exists()

    def test_is_booked_from_the_cash_box_to_the_bank_once(self, deposit, treasurer, agency):
        before = ledger.balance(ledger.account_for("bank"))
        deposit_bank(actor=treasurer, deposit=deposit, reference="BJB 0012")
        with pytest.raises(Conflict):
            deposit_bank(actor=treasurer, deposit=deposit, reference="BJB 0012")
        assert ledger.balance(ledger.account_for("bank")) == before + 150_000
        assert ledger.balance(ledger.account_for("cash")) == 0
        assert sum(one.debit - one.credit for one in ledger_of(agency)) == 0

    @pytest.mark.parametrize("reference", ["", "   ", "\u200b", "x" * 41])
    def test_needs_the_number_of_the_banks_proof(self, deposit, treasurer, reference):
        with pytest.raises(Invalid) as error:
            deposit_bank(actor=treasurer, deposit=deposit, reference=reference)
        assert "reference" in error.value.fields
        deposit.refresh_from_db()
        assert deposit.deposited_at is None

    def test_is_written_down_by_nobody_else(self, deposit, cast):
        with pytest.raises(Refused):
            deposit_bank(actor=staff(cast.rudi), deposit=deposit, reference="1")

    def test_is_written_down_on_its_page_with_the_proof(self, deposit, treasurer):
        client = client_of(treasurer.user)
        address = reverse("payments:deposit", args=[deposit.number])
        assert "Rp150.000" in client.get(address).content.decode()
        proof = SimpleUploadedFile("bukti.pdf", b"%PDF-1.4 not one", content_type="application/pdf")
        refused = client.post(address, {"reference": "BJB 1", "proof": proof})
        assert refused.status_code == 422
        assert "field-error" in refused.content.decode()
        assert client.post(address, {"reference": ""}).status_code == 422
        assert client.post(address, {"reference": "BJB 1"}).status_code == 302
        assert client.post(address, {"reference": "BJB 2"}).status_code == 409
        deposit.refresh_from_db()
        assert deposit.reference == "BJB 1"

    def test_waits_on_the_page_of_every_day_until_the_bank_has_it(self, deposit, treasurer):
        client = client_of(treasurer.user)
        with clock.frozen(clock.now() + timedelta(days=3)):
            assert deposit.number in client.get(reverse("payments:day")).content.decode()
            deposit_bank(actor=treasurer, deposit=deposit, reference="BJB 0012")
            assert deposit.number in client.get(reverse("payments:day")).content.decode()
        with clock.frozen(clock.now() + timedelta(days=4)):
            assert deposit.number not in client.get(reverse("payments:day")).content.decode()

    def test_strangers_see_none(self, deposit, cast):
        for name in ("payments:deposit", "payments:slip"):
            assert client_of(cast.rudi).get(reverse(name, args=[deposit.number])).status_code in (403, 404)


class TestTheBox:
    def test_what_waits_for_the_bank_is_not_given_back(self, deposit, take, treasurer):
        [paid] = Payment.objects.all()
        with pytest.raises(Conflict) as error:
            payment_refund(actor=treasurer, payment=paid, amount=50_000, reason="x")
        assert error.value.code == "box"
        take(60_000)
        payment_refund(actor=treasurer, payment=paid, amount=50_000, reason="x")
        deposit_bank(actor=treasurer, deposit=deposit, reference="1")
        assert ledger.balance(ledger.account_for("cash")) == 10_000

    def test_it_says_what_waits_for_the_bank_where_it_is_counted(self, deposit, treasurer):
        client = client_of(treasurer.user)
        with clock.frozen(clock.now() + timedelta(days=1)):
            assert "menunggu disetor: Rp150.000" in client.get(reverse("payments:close")).content.decode()

    def test_closings_of_before_get_their_slip(self, deposit):
        deposit.delete()
        missing_deposits()
        missing_deposits()
        assert Deposit.objects.get().amount == 150_000


class TestTheCashBook:
    def test_balances_line_by_line(self, take, charge, treasurer, agency):
        first = take(150_000)
        payment_settle(payment=payment_begin(charge=charge(75_000)))
        payment_refund(actor=treasurer, payment=first, amount=50_000, reason="keliru")
        closing = closed(treasurer, agency, {50_000: 1})
        deposit_bank(actor=treasurer, deposit=closing.deposit, reference="1")
        book = cash_book(agency, clock.today())
        assert [(one.what, one.into, one.out, one.balance) for one in book.lines] == [
            ("payment", 150_000, 0, 150_000),
            ("payment", 75_000, 0, 225_000),
            ("refund", 0, 50_000, 175_000),
            ("closing", 0, 50_000, 125_000),
            ("deposit", 0, 50_000, 75_000),
        ]
        assert (book.opening, book.closing, book.cash, book.clearing) == (0, 75_000, 0, 75_000)

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(steps=st.lists(st.tuples(st.sampled_from("cqrkd"), st.integers(1, 90)), max_size=12))
    def test_carries_every_days_end_into_the_next(self, steps, charge, treasurer, agency):
        with transaction.atomic():
            start, ends = clock.now(), []
            paid: list[Payment] = []
            day = clock.today()
            for number, (step, thousand) in enumerate(steps, start=1):
                amount = thousand * 1_000
                with clock.frozen(start + timedelta(hours=5 * number)):
                    if step == "c":
                        paid.append(
                            cash_take(actor=treasurer, charge=charge(amount), amount=amount, key=ids.new_id())
                        )
                    elif step == "q":
                        paid.append(payment_settle(payment=payment_begin(charge=charge(amount))))
                    elif step == "r" and paid:
                        one = paid.pop()
                        with suppress(Conflict):  # it is not in the box any more
                            payment_refund(actor=treasurer, payment=one, amount=one.amount, reason="x")
                    elif step == "k" and clock.today() in open_days(agency):
                        left = cash_expected(agency, clock.today())
                        assert left >= 0
                        closed(treasurer, agency, {1_000: left // 1_000})
                    elif step == "d" and (slip := Deposit.objects.filter(deposited_at=None).first()):
                        deposit_bank(actor=treasurer, deposit=slip, reference="1")
            while bounds_of(day)[0] < start + timedelta(hours=5 * (len(steps) + 1)):
                book = cash_book(agency, day)
                assert book.closing == book.cash + book.clearing
                assert not ends or book.opening == ends[-1]
                ends.append(book.closing)
                day += timedelta(days=1)
            assert cash_box(agency)[0] >= cash_box(agency)[1] >= 0
            held = sum(ledger.balance(ledger.account_for(role)) for role in ("cash", "clearing"))
            assert ends[-1] == held

            transaction.set_rollback(True)


class TestPapers:
    def test_a_receipt_names_who_handed_the_money_over(self, take):
        payment = take(payer="Wati")
        assert "Wati" not in Payment.objects.get(id=payment.id).payer_sealed
        words = text_of(papers.receipt_of(actor=SYSTEM, payment=payment))
        assert "Sudah terima dari" in words
        assert "Wati" in words

    def test_a_bill_says_what_for_and_by_which_article(self, charge):
        words = text_of(papers.bill_of(actor=SYSTEM, charge=charge(150_000)))
        assert "Perda contoh, pasal 7" in words
        assert "seratus lima puluh ribu rupiah" in words

    def test_money_given_back_has_a_paper_to_sign(self, take, treasurer):
        payment = take(payer="Wati")
        refund = payment_refund(actor=treasurer, payment=payment, amount=50_000, reason="keliru")
        document = papers.given_back_of(actor=SYSTEM, refund=refund)
        words = text_of(document)
        for part in ("Wati", "Rp50.000", payment.receipt, "keliru"):
            assert part in words
        assert papers.given_back_of(actor=SYSTEM, refund=refund).id == document.id

    def test_money_that_a_provider_still_gives_back_has_none(self, charge, treasurer):
        payment = payment_settle(payment=payment_begin(charge=charge(75_000)))
        refund = payment_refund(actor=treasurer, payment=payment, amount=75_000, reason="x")
        with pytest.raises(Conflict):
            papers.given_back_of(actor=SYSTEM, refund=refund)

    def test_the_slip_carries_the_deposits_number(self, deposit, treasurer):
        answer = client_of(treasurer.user).get(reverse("payments:slip", args=[deposit.number]))
        assert answer["Content-Type"] == "application/pdf"
        words = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
        assert deposit.number in words
        assert "Rp150.000" in words

    def test_money_that_a_provider_gave_back_has_no_paper_of_cash(self, charge, treasurer):
        payment = payment_settle(payment=payment_begin(charge=charge(75_000)))
        refund = payment_refund(actor=treasurer, payment=payment, amount=75_000, reason="x")
        refund.state = "done"
        refund.save()
        with pytest.raises(Conflict):
            papers.given_back_of(actor=SYSTEM, refund=refund)

    def test_a_bill_that_is_cancelled_is_no_paper_any_more(self, charge):
        one = charge(150_000)
        document = papers.bill_of(actor=SYSTEM, charge=one)
        charge_end(actor=SYSTEM, charge=one, state="cancelled")
        document.refresh_from_db()
        assert document.revoked_at is not None

    def test_nobodys_name_stands_on_a_receipt_that_no_desk_wrote(self, charge, cast):
        one = charge(75_000)
        payment = payment_settle(payment=payment_begin(charge=one))
        assert "Sudah terima dari" not in text_of(papers.receipt_of(actor=SYSTEM, payment=payment))

    def test_a_skipped_day_has_its_book_by_the_next_closing(self, deposit, treasurer):
        client = client_of(treasurer.user)
        before = reverse("payments:book", args=[(deposit.day - timedelta(days=1)).isoformat()])
        assert client.get(before).status_code == 200
        with clock.frozen(clock.now() + timedelta(days=3)):
            after = reverse("payments:book", args=[(deposit.day + timedelta(days=1)).isoformat()])
            assert client.get(after).status_code == 404

    def test_the_cash_book_is_printed_when_the_day_is_over(self, deposit, treasurer):
        client, day = client_of(treasurer.user), deposit.day.isoformat()
        address = reverse("payments:book", args=[day])
        assert client.get(address).status_code == 409
        assert client.get(reverse("payments:book", args=["kemarin"])).status_code == 404
        with clock.frozen(clock.now() + timedelta(days=1)):
            answer = client.get(address)
        words = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
        assert "150.000" in words
        assert "Buku Kas Umum".upper() in words
