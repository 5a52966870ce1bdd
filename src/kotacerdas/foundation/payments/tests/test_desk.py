"""The treasurer's pages: a bill found and paid, money given back, the day counted, and the demo of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from trials.cast import client_of, seat

from kotacerdas.foundation.parties.actors import staff
from kotacerdas.foundation.payments import demo
from kotacerdas.foundation.payments.charges import cash_take, payment_begin, payment_refund, payment_settle
from kotacerdas.foundation.payments.closing import day_close, open_days
from kotacerdas.foundation.payments.models import Charge, Closing, Difference, Payment, Refund
from kotacerdas.foundation.payments.queries import ledger_of
from kotacerdas.kernel import clock, ids
from kotacerdas.kernel.errors import Conflict
from kotacerdas.kernel.pack import Pack
from kotacerdas.kernel.timeline import Timeline


@pytest.fixture
def paid(charge, treasurer):
    """A payment of 150,000 in cash."""
    return cash_take(actor=treasurer, charge=charge(), amount=150_000, key=ids.new_id())


@pytest.fixture
def client(treasurer):
    return client_of(treasurer.user)


def refund_page(payment: Payment) -> str:
    return reverse("payments:refund", args=[payment.charge.number, payment.id])


def text_of(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


class TestAPaymentIsGivenBack:
    def test_in_part_and_then_the_rest(self, client, paid):
        assert "Rp150.000" in text_of(client, refund_page(paid))
        for amount, left in (("50.000", 50_000), ("100.000", 150_000)):
            given = {"amount": amount, "reason": "keliru tarif", "key": str(ids.new_id())}
            assert client.post(refund_page(paid), given).status_code == 302
            paid.refresh_from_db()
            assert paid.refunded == left
        assert "keliru tarif" in text_of(client, reverse("payments:charge", args=[paid.charge.number]))
        assert "<form" not in text_of(client, refund_page(paid)).split("<main")[1]

    def test_pressed_twice_it_goes_out_once(self, client, paid):
        given = {"amount": "50.000", "reason": "keliru tarif", "key": str(ids.new_id())}
        assert [client.post(refund_page(paid), given).status_code for _ in range(2)] == [302, 302]
        assert Refund.objects.get().amount == 50_000

    def test_one_key_is_never_two_amounts(self, treasurer, paid):
        key = ids.new_id()
        payment_refund(actor=treasurer, payment=paid, amount=50_000, reason="a", key=key)
        with pytest.raises(Conflict):
            payment_refund(actor=treasurer, payment=paid, amount=60_000, reason="a", key=key)

    @pytest.mark.parametrize(
        ("amount", "reason"),
        [("150.001", "x"), ("0", "x"), ("", "x"), ("semua", "x"), ("1.000", ""), ("1.000", "x" * 41)],
    )
    def test_what_cannot_be_is_asked_again_with_the_field_marked(self, client, paid, amount, reason):
        answer = client.post(
            refund_page(paid), {"amount": amount, "reason": reason, "key": str(ids.new_id())}
        )
        assert answer.status_code == 422
        assert "field-error" in answer.content.decode()
        assert not Refund.objects.exists()

    def test_by_nobody_else_and_never_before_it_was_paid(self, cast, client, charge, paid):
        for user in (cast.rudi, cast.sari):
            assert client_of(user).get(refund_page(paid)).status_code == 404
        waiting = payment_begin(charge=charge())
        assert client.get(refund_page(waiting)).status_code == 404


class TestTheDay:
    def test_a_bill_is_found_by_its_number_as_it_is_typed(self, client, charge):
        one = charge()
        found = client.get(reverse("payments:day"), {"tagihan": f" {one.number.lower()} "})
        assert found.url == reverse("payments:charge", args=[one.number])
        told = client.get(reverse("payments:day"), {"tagihan": "IDMT-1"})
        assert "IDMT-1" in told.content.decode()

    def test_what_each_bill_is_for_stands_beside_it(self, client, charge):
        charge(basis="Perda contoh, pasal 9")
        assert "Perda contoh, pasal 9" in text_of(client, reverse("payments:day"))

    def test_other_days_are_one_press_away_and_none_to_come(self, client):
        today = clock.today()
        page = text_of(client, reverse("payments:day"))
        assert f"?hari={today - timedelta(days=1)}" in page
        assert f"?hari={today + timedelta(days=1)}" not in page
        before = text_of(client, f"{reverse('payments:day')}?hari={today - timedelta(days=1)}")
        assert f"?hari={today}" in before

    def test_a_receipt_is_printed_from_the_list(self, client, paid):
        page = text_of(client, reverse("payments:day"))
        address = page.split("/kuitansi/")[0].rsplit('"', 1)[1] + f"/kuitansi/{paid.id}/"
        assert client.get(address).content.startswith(b"%PDF")

    def test_what_was_counted_is_read_again_and_the_day_is_offered_no_more(
        self, cast, client, treasurer, paid
    ):
        pu, today = cast.agency("PU"), clock.today()
        assert today in open_days(pu)
        day_close(actor=treasurer, agency=pu, day=today, counted={100_000: 1, 20_000: 2})
        page = text_of(client, reverse("payments:day"))
        assert "2 × Rp20.000" in page
        assert reverse("payments:close") not in page
        assert open_days(pu) == []
        assert "<select" not in text_of(client, reverse("payments:close"))
        found = Difference.objects.get()
        assert found.gap == -10_000

    def test_only_days_after_the_last_count_are_offered(self, cast, client, treasurer):
        yesterday = clock.today() - timedelta(days=1)
        day_close(actor=treasurer, agency=cast.agency("PU"), day=yesterday, counted={})
        page = text_of(client, reverse("payments:close"))
        assert f'value="{clock.today()}"' in page
        assert f'value="{yesterday}"' not in page

    def test_an_account_stands_on_its_own_side(self, cast, paid):
        sides = {one.code: (one.debit, one.credit) for one in ledger_of(cast.agency("PU"))}
        assert sides["1.1.1"] == (150_000, 0)
        assert sides["4.1.1"] == (0, 150_000)

    def test_a_difference_needs_words_and_says_its_state(self, cast, client, treasurer, paid):
        day_close(actor=treasurer, agency=cast.agency("PU"), day=clock.today(), counted={})
        address = reverse("payments:difference", args=[Difference.objects.get().case.number])
        assert client.post(address, {"body": " "}).status_code == 422
        assert client.post(address, {"body": "Uang tertinggal"}).status_code == 302
        page = text_of(client, address)
        assert "Uang tertinggal" in page
        assert "<textarea" not in page


def test_the_demo_lives_through_some_days_of_a_desk(cast):
    seat("bendahara", "PU", "treasurer")
    given = {"agency": "PU", "basis": "Tarif contoh", "amount": 60_000}
    charges = [
        demo.ChargeRow(**given, days=2, at="08.10", paid="cash"),
        demo.ChargeRow(**given, days=1, at="08.10", paid="cash"),
        demo.ChargeRow(**given, days=1, at="09.10", paid="qris"),
        demo.ChargeRow(**given, days=1, at="10.10"),
    ]
    counts = [
        demo.CountRow(agency="PU", days=2, missing=10_000, explained="Kembalian keliru"),
        demo.CountRow(agency="PU", days=1, missing=5_000),
    ]
    pack = Pack(folder=Path(), manifest={}, rows={"charges": charges, "counts": counts})
    timeline = Timeline(clock.now(), None)  # type: ignore[arg-type]
    demo.begin(pack, timeline)
    timeline.run(lambda: None)
    assert demo.finish(pack) == 4
    assert Charge.objects.filter(state="open").count() == 1
    assert sorted(Closing.objects.values_list("expected", "total")) == [(60_000, 50_000), (60_000, 55_000)]
    assert Difference.objects.filter(case__closed_at=None).count() == 1


def test_the_demo_of_a_pack_without_accounts_charges_nothing(cast, monkeypatch):
    from kotacerdas.foundation.payments.models import Account

    Account.objects.update(role="", closed_on=clock.today())
    row = demo.ChargeRow(agency="PU", days=0, at="00.01", basis="x", amount=1)
    timeline = Timeline(clock.now(), None)  # type: ignore[arg-type]
    demo.begin(Pack(folder=Path(), manifest={}, rows={"charges": [row]}), timeline)
    assert timeline.count == 0


def test_rows_of_the_demo_are_checked():
    rows = [
        demo.ChargeRow(agency="PU", days=0, at="25.00", basis="x", amount=1),
        demo.ChargeRow(agency="PU", days=0, at="08.00", basis="x", amount=0),
    ]
    pack = Pack(folder=Path(), manifest={}, rows={})
    assert [row for row, _words in demo.check_charges(rows, pack)] == rows


def test_a_provider_that_was_paid_is_given_back_by_the_provider(charge, treasurer):
    payment = payment_settle(payment=payment_begin(charge=charge()))
    made = payment_refund(
        actor=staff(treasurer.user, position=treasurer.position), payment=payment, amount=1, reason="x"
    )
    assert made.state == "asked"
