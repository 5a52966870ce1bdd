"""Charges, notices in any order, cash, refunds, the count of a day, and what does not agree."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from itertools import permutations

import httpx
import pytest
from django.db import connection
from django.urls import reverse
from trials.cast import client_of

from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.actors import SYSTEM, staff
from kotacerdas.foundation.payments import ledger, notices, providers
from kotacerdas.foundation.payments.charges import (
    cash_take,
    charge_end,
    payment_begin,
    payment_refund,
    payment_settle,
)
from kotacerdas.foundation.payments.closing import FileLine, cash_expected, day_close, file_reconcile
from kotacerdas.foundation.payments.differences import difference_explain
from kotacerdas.foundation.payments.models import Charge, Closing, Difference, Entry, Notice, Payment, Refund
from kotacerdas.foundation.payments.notices import notice_take
from kotacerdas.foundation.payments.providers.midtrans import Midtrans
from kotacerdas.foundation.payments.providers.port import Forged
from kotacerdas.foundation.payments.providers.simulator import Simulator
from kotacerdas.foundation.payments.providers.xendit import Xendit
from kotacerdas.foundation.payments.tests.test_ledger import at_commit
from kotacerdas.kernel import clock, ids
from kotacerdas.kernel.errors import Conflict, Invalid, Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_indonesian")]

SOON = float("inf")  # a round without an end


def balance(role: str) -> int:
    return ledger.balance(ledger.account_for(role))


def told(payment: Payment, status: str = "settled", amount: int | None = None) -> str:
    return notice_take("simulator", *Simulator().notice(payment, status, amount))


class TestCharges:
    def test_a_charge_is_owed_until_it_is_paid_once(self, charge):
        one = charge(3_000_000_000)
        payment = payment_begin(charge=one)
        assert balance("receivable") == 3_000_000_000
        assert told(payment) == "settled"
        at_commit()
        one.refresh_from_db()
        assert (one.state, one.paid) == ("paid", 3_000_000_000)
        assert (balance("receivable"), balance("clearing")) == (0, 3_000_000_000)
        assert Row.objects.get(verb="payments.charge.pay").measures == {"rupiah": 3_000_000_000}

    @pytest.mark.parametrize("amount", [0, -5, 1.5, True, None])
    def test_what_is_no_amount_is_refused(self, charge, amount):
        with pytest.raises(Invalid):
            charge(amount)
        assert not Charge.objects.exists()

    def test_asked_twice_there_is_one_code_while_it_lives(self, charge):
        one = charge()
        first, second = payment_begin(charge=one), payment_begin(charge=one)
        assert first.id == second.id
        with clock.frozen(clock.now() + timedelta(minutes=20)):
            assert payment_begin(charge=one).id != first.id

    def test_a_cancelled_charge_leaves_nothing_in_the_ledger(self, charge):
        one = charge()
        charge_end(actor=SYSTEM, charge=one, state="cancelled")
        at_commit()
        assert balance("receivable") == 0
        assert Entry.objects.count() == 2
        with pytest.raises(Conflict):
            payment_begin(charge=one)

    def test_a_charge_expires_by_itself_and_a_code_under_way_is_waited_for(self, charge):
        over = charge(expires_at=clock.now() + timedelta(hours=1))
        paying = charge(expires_at=clock.now() + timedelta(hours=1))
        payment_begin(charge=paying)
        with clock.frozen(clock.now() + timedelta(hours=2)):
            notices.expire_charges()
        over.refresh_from_db()
        paying.refresh_from_db()
        assert (over.state, paying.state) == ("expired", "open")

    def test_numbers_have_no_gaps(self, charge):
        numbers = [charge().number for _ in range(3)]
        assert [one.split("-")[2] for one in numbers] == ["000001", "000002", "000003"]


class TestNotices:
    @pytest.mark.parametrize("order", sorted(set(permutations(["pending", "settled", "settled", "expired"]))))
    def test_in_any_order_and_repeated_there_is_one_payment(self, charge, order):
        one = charge()
        payment = payment_begin(charge=one)
        for status in order:
            told(payment, status)
        at_commit()
        payment.refresh_from_db()
        assert payment.state == "settled"
        assert Entry.objects.filter(cause_kind="payment").count() == 1
        assert not Difference.objects.exists()

    def test_the_same_notice_again_changes_nothing(self, charge):
        payment = payment_begin(charge=charge())
        assert [told(payment), told(payment)] == ["settled", "repeat"]
        assert Notice.objects.count() == 1

    def test_another_amount_settles_nothing_and_becomes_a_case(self, charge):
        payment = payment_begin(charge=charge(150_000))
        assert told(payment, amount=15_000) == "amount"
        payment.refresh_from_db()
        assert payment.state == "pending"
        found = Difference.objects.get()
        assert (found.kind, found.ours, found.theirs) == ("amount", 150_000, 15_000)
        told(payment, amount=16_000)
        assert Difference.objects.count() == 1  # one case, however often it is told

    def test_money_for_a_cancelled_charge_and_money_twice_become_cases(self, charge):
        one = charge()
        payment = payment_begin(charge=one)
        charge_end(actor=SYSTEM, charge=one, state="cancelled")
        assert told(payment) == "late"
        other = charge()
        with clock.frozen(clock.now() - timedelta(minutes=30)):
            first = payment_begin(charge=other)
        second = payment_begin(charge=other)
        assert [told(second), told(first)] == ["settled", "surplus"]
        assert sorted(Difference.objects.values_list("kind", flat=True)) == ["late", "surplus"]

    def test_money_for_an_expired_charge_pays_it_after_all(self, charge):
        one = charge(expires_at=clock.now() + timedelta(minutes=1))
        payment = payment_begin(charge=one)
        Payment.objects.update(state="expired")
        charge_end(actor=SYSTEM, charge=one, state="expired")
        assert told(payment) == "settled"
        at_commit()
        one.refresh_from_db()
        assert (one.state, balance("receivable"), balance("clearing")) == ("paid", 0, one.amount)

    def test_money_of_which_nothing_is_known_becomes_a_case(self, charge):
        payment = payment_begin(charge=charge())
        payment.reference = "KC-UNKNOWN"
        assert told(payment) == "unknown"
        assert Difference.objects.get().theirs == payment.amount

    def test_a_forged_notice_leaves_nothing(self, charge, client):
        payment = payment_begin(charge=charge())
        headers, body = Simulator().notice(payment)
        for given in (
            {},
            {"X-Signature": "0" * 64},
            headers | {"X-Signature": headers["X-Signature"][:-1] + "0"},
        ):
            if given.get("X-Signature") == headers["X-Signature"]:
                continue
            with pytest.raises(Forged):
                notice_take("simulator", given, body)
        with pytest.raises(Forged):
            notice_take("simulator", headers, body.replace(b"settled", b"settleD"))
        address = reverse("payments:notice", args=["simulator"])
        assert client.post(address, body, content_type="application/json").status_code == 403
        assert not Notice.objects.exists()
        answer = client.post(
            address, body, content_type="application/json", headers={"X-Signature": headers["X-Signature"]}
        )
        assert (answer.status_code, answer.json()) == (200, {"outcome": "settled"})

    def test_a_lost_notice_is_asked_for_and_one_that_fails_stops_no_other(self, charge, monkeypatch):
        first, second = payment_begin(charge=charge()), payment_begin(charge=charge())

        class Silent(Simulator):
            def ask(self, payment):
                if payment.id == first.id:
                    raise httpx.ConnectError("away")
                return self.read_notice(*self.notice(payment))

        monkeypatch.setattr(providers, "provider_of", lambda name: Silent())
        with clock.frozen(clock.now() + timedelta(minutes=3)):
            notices.ask_providers(SOON)
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.state, second.state) == ("pending", "settled")

    @pytest.mark.django_db(transaction=True)
    def test_nothing_is_locked_while_a_provider_is_asked(self, charge, monkeypatch):
        payment_begin(charge=charge())
        seen = []

        class Slow(Simulator):
            def ask(self, payment):
                seen.append(connection.in_atomic_block)
                return self.read_notice(*self.notice(payment))

        monkeypatch.setattr(providers, "provider_of", lambda name: Slow())
        with clock.frozen(clock.now() + timedelta(minutes=3)):
            notices.ask_providers(SOON)
            notices.ask_providers(0.0)
        assert seen == [False]
        from kotacerdas.foundation.payments import expiry
        from kotacerdas.foundation.payments.deposits import missing_deposits

        assert set(expiry.TICKS) == {notices.expire_charges, missing_deposits}

    def test_a_code_that_was_never_made_is_given_up_and_its_charge_expires(self, charge, monkeypatch):
        one = charge(expires_at=clock.now() + timedelta(hours=1))

        def away(self, *_):
            raise httpx.ConnectError("away")

        monkeypatch.setattr(Simulator, "create", away)
        monkeypatch.setattr(Simulator, "ask", away)
        with pytest.raises(httpx.ConnectError):
            payment_begin(charge=one)
        with clock.frozen(clock.now() + timedelta(hours=3)):
            notices.ask_providers(SOON)
            notices.expire_charges()
        one.refresh_from_db()
        assert (one.state, Payment.objects.get().state) == ("expired", "expired")


class TestProviders:
    """The adapters against recordings of what their documentation says."""

    def recorded(self, monkeypatch, *answers: tuple[int, dict]) -> list[httpx.Request]:
        asked: list[httpx.Request] = []
        left = list(answers)

        def answer(method, url, **given):
            auth = given.pop("auth")
            given.pop("timeout")
            asked.append(httpx.Request(method, url, **given))
            asked[-1].extensions["auth"] = auth
            status, body = left.pop(0)
            return httpx.Response(status, json=body, request=asked[-1])

        monkeypatch.setattr(httpx, "request", answer)
        return asked

    def test_midtrans_makes_a_code_and_its_notice_is_signed(self, charge, monkeypatch):
        payment = payment_begin(charge=charge(44_000))
        asked = self.recorded(
            monkeypatch, (200, {"status_code": "201", "qr_string": "000201...", "transaction_id": "t1"})
        )
        code = Midtrans("kunci").create(payment)
        assert (code.qris, code.provider_id) == ("000201...", "t1")
        sent = json.loads(asked[0].content)
        assert sent["transaction_details"] == {"order_id": payment.reference, "gross_amount": 44_000}
        assert asked[0].extensions["auth"] == ("kunci", "")
        body = {
            "order_id": payment.reference,
            "status_code": "200",
            "gross_amount": "44000.00",
            "transaction_status": "settlement",
            "transaction_id": "t1",
        }
        signed = f"{payment.reference}20044000.00kunci"
        body["signature_key"] = hashlib.sha512(signed.encode()).hexdigest()
        facts = Midtrans("kunci").read_notice({}, json.dumps(body).encode())
        assert (facts.reference, facts.status, facts.amount) == (payment.reference, "settled", 44_000)
        for wrong in ({**body, "gross_amount": "44001.00"}, {**body, "signature_key": ""}, {"order_id": "x"}):
            with pytest.raises(Forged):
                Midtrans("kunci").read_notice({}, json.dumps(wrong).encode())
        with pytest.raises(Forged):
            Midtrans("").read_notice({}, json.dumps(body).encode())

    def test_midtrans_asked_twice_for_one_order_brings_its_code(self, charge, monkeypatch):
        payment = payment_begin(charge=charge())
        asked = self.recorded(
            monkeypatch, (200, {"status_code": "406"}), (200, {"qr_string": "0002", "transaction_id": "t"})
        )
        assert Midtrans("kunci").create(payment).qris == "0002"
        assert asked[1].method == "GET"

    def test_xendit_makes_a_code_and_its_notice_carries_the_token(self, charge, monkeypatch):
        payment = payment_begin(charge=charge(44_000))
        asked = self.recorded(
            monkeypatch, (201, {"id": "qr_1", "qr_string": "000201...", "expires_at": "2026-11-29T10:00:00Z"})
        )
        code = Xendit("kunci", "tanda").create(payment)
        assert (code.qris, code.provider_id) == ("000201...", "qr_1")
        assert asked[0].headers["api-version"] == "2022-07-31"
        assert asked[0].headers["idempotency-key"] == str(payment.id)
        told = {
            "event": "qr.payment",
            "data": {
                "qr_id": "qr_1",
                "reference_id": payment.reference,
                "amount": 44000,
                "status": "SUCCEEDED",
            },
        }
        body = json.dumps(told).encode()
        facts = Xendit("kunci", "tanda").read_notice({"X-Callback-Token": "tanda"}, body)
        assert (facts.reference, facts.status, facts.amount) == (payment.reference, "settled", 44_000)
        for headers in ({}, {"X-Callback-Token": "lain"}):
            with pytest.raises(Forged):
                Xendit("kunci", "tanda").read_notice(headers, body)
        with pytest.raises(Forged):
            Xendit("kunci", "").read_notice({"X-Callback-Token": ""}, body)

    def test_a_refund_that_the_provider_refuses_is_tried_again_and_seen(self, charge, treasurer, monkeypatch):
        payment = payment_begin(charge=charge())
        told(payment)
        payment_refund(actor=treasurer, payment=payment, amount=50_000, reason="batal")
        monkeypatch.setattr(Simulator, "refund", lambda self, refund: 1 / 0)
        notices.send_refunds(SOON)
        assert Refund.objects.get().state == "asked"
        from kotacerdas.foundation.jobs.models import SetAside

        assert SetAside.objects.filter(loop="refunds").exists()


class TestCash:
    def test_cash_is_taken_once_with_a_receipt(self, charge, treasurer):
        one, key = charge(), ids.new_id()
        first = cash_take(actor=treasurer, charge=one, amount=150_000, key=key)
        again = cash_take(actor=treasurer, charge=one, amount=150_000, key=key)
        at_commit()
        assert first.id == again.id
        assert first.receipt.split("-")[2] == "000001"
        assert (balance("cash"), balance("receivable")) == (150_000, 0)

    def test_another_amount_than_is_owed_is_asked_back(self, charge, treasurer):
        with pytest.raises(Invalid) as wrong:
            cash_take(actor=treasurer, charge=charge(), amount=100_000, key=ids.new_id())
        assert "150.000" in wrong.value.fields["amount"]
        assert not Payment.objects.exists()

    def test_nobody_else_takes_cash(self, cast, charge):
        for user in (cast.rudi, cast.sari):
            with pytest.raises(Refused):
                cash_take(actor=staff(user), charge=charge(), amount=150_000, key=ids.new_id())

    def test_given_back_whole_or_in_part_and_never_more(self, charge, treasurer):
        payment = cash_take(actor=treasurer, charge=charge(), amount=150_000, key=ids.new_id())
        payment_refund(actor=treasurer, payment=payment, amount=50_000, reason="batal")
        with pytest.raises(Invalid):
            payment_refund(actor=treasurer, payment=payment, amount=100_001, reason="batal")
        payment_refund(actor=treasurer, payment=payment, amount=100_000, reason="batal")
        at_commit()
        assert balance("cash") == 0

    def test_a_day_that_agrees_is_closed_once(self, cast, charge, treasurer):
        cash_take(actor=treasurer, charge=charge(), amount=150_000, key=ids.new_id())
        pu = cast.agency("PU")
        closing = day_close(actor=treasurer, agency=pu, day=clock.today(), counted={100_000: 1, 50_000: 1})
        assert (closing.expected, closing.total) == (150_000, 150_000)
        assert not Difference.objects.exists()
        with pytest.raises(Conflict):
            day_close(actor=treasurer, agency=pu, day=clock.today(), counted={})

    def test_a_day_that_differs_is_closed_too_booked_and_explained(self, cast, charge, treasurer):
        cash_take(actor=treasurer, charge=charge(), amount=150_000, key=ids.new_id())
        pu = cast.agency("PU")
        day_close(actor=treasurer, agency=pu, day=clock.today(), counted={100_000: 1, 20_000: 2})
        at_commit()
        assert (balance("cash"), balance("difference")) == (140_000, 10_000)
        found = Difference.objects.select_related("case").get()
        assert (found.kind, found.ours, found.theirs) == ("cash", 150_000, 140_000)
        difference_explain(actor=treasurer, case=found.case, body="Kembalian keliru")
        found.case.refresh_from_db()
        assert found.case.closed_at is not None

    def test_cash_taken_after_a_count_is_expected_at_the_next(self, cast, charge, treasurer):
        pu, monday = cast.agency("PU"), clock.now().replace(hour=7)
        with clock.frozen(monday):
            day_close(actor=treasurer, agency=pu, day=clock.today(), counted={})
        with clock.frozen(monday + timedelta(minutes=30)):
            cash_take(actor=treasurer, charge=charge(), amount=150_000, key=ids.new_id())
        with clock.frozen(monday + timedelta(days=1)):
            assert cash_expected(pu, clock.today()) == 150_000

    def test_a_day_counted_on_the_morning_after_leaves_that_mornings_cash_to_the_next(
        self, cast, charge, treasurer
    ):
        pu, monday = cast.agency("PU"), clock.now().replace(hour=2)
        with clock.frozen(monday):
            cash_take(actor=treasurer, charge=charge(), amount=150_000, key=ids.new_id())
        with clock.frozen(monday + timedelta(hours=1)):
            yesterday = clock.today() - timedelta(days=1)
            assert day_close(actor=treasurer, agency=pu, day=yesterday, counted={}).expected == 0
            assert cash_expected(pu, clock.today()) == 150_000

    def test_all_payments_of_a_day_are_listed_on_that_day(self, charge, treasurer):
        now, client = clock.now(), client_of(treasurer.user)
        with clock.frozen(now - timedelta(days=1)):
            old = cash_take(actor=treasurer, charge=charge(), amount=150_000, key=ids.new_id())
        new = cash_take(actor=treasurer, charge=charge(), amount=150_000, key=ids.new_id())
        page = client.get(
            reverse("payments:day"), {"hari": clock.local_day(now - timedelta(days=1)).isoformat()}
        ).text
        assert old.receipt in page
        assert new.receipt not in page
        for odd in ("9999-12-31", "0001-01-01", "x"):
            assert client.get(reverse("payments:day"), {"hari": odd}).status_code == 200

    @pytest.mark.parametrize("counted", [{100_000: -1}, {3: 1}, {100_000: 10**7}, {100_000: 1.5}])
    def test_a_count_that_cannot_be_closes_nothing(self, cast, treasurer, counted):
        with pytest.raises(Invalid):
            day_close(actor=treasurer, agency=cast.agency("PU"), day=clock.today(), counted=counted)
        assert not Closing.objects.exists()


class TestReconciliation:
    def test_a_file_is_compared_line_by_line_and_read_once(self, cast, charge):
        settled = []
        for _ in range(3):
            payment = payment_begin(charge=charge(100_000))
            told(payment)
            settled.append(payment)
        today, pu = clock.today(), cast.agency("PU")
        lines = [
            FileLine(reference=settled[0].reference, day=today, gross=100_000, fee=700),
            FileLine(reference=settled[1].reference, day=today, gross=90_000),
            FileLine(reference="KC-LAIN", day=today, gross=5_000),
        ]
        first = file_reconcile(provider="simulator", lines=lines, agency=pu)
        at_commit()
        assert (first.matched, first.differing, first.missing) == (1, 2, 1)
        assert (balance("bank"), balance("fee")) == (99_300, 700)
        assert sorted(Difference.objects.values_list("kind", flat=True)) == ["amount", "missing", "unknown"]
        again = file_reconcile(provider="simulator", lines=lines, agency=pu)
        assert (again.matched, again.repeated) == (0, 3)
        assert Difference.objects.count() == 3
        assert balance("bank") == 99_300


def test_two_settlements_of_one_payment_at_once_are_one(charge):
    payment = payment_begin(charge=charge())
    payment_settle(payment=payment)
    payment_settle(payment=payment)
    at_commit()
    assert Entry.objects.filter(cause_kind="payment").count() == 1
