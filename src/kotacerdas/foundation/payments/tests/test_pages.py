"""The pages of payers and of the treasurer."""

from __future__ import annotations

import pytest
from django.urls import reverse
from trials.cast import client_of

from kotacerdas.foundation.payments import queries
from kotacerdas.foundation.payments.charges import (
    payment_begin,
)
from kotacerdas.foundation.payments.models import Difference, Payment
from kotacerdas.foundation.payments.notices import notice_take
from kotacerdas.foundation.payments.providers.port import Forged
from kotacerdas.foundation.payments.providers.simulator import Simulator
from kotacerdas.kernel import ids

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_indonesian")]

SOON = float("inf")  # a round without an end


def told(payment: Payment, status: str = "settled", amount: int | None = None) -> str:
    return notice_take("simulator", *Simulator().notice(payment, status, amount))


class TestPages:
    def test_a_payer_sees_the_amount_the_code_and_then_the_receipt(self, charge, client):
        one = charge(176_000)
        address = reverse("payments:pay", args=[queries.pay_token(one)])
        page = client.get(address).content.decode()
        assert "Rp176.000" in page
        assert client.post(address).status_code == 302
        page = client.get(address).content.decode()
        assert "<svg" in page
        assert "peraga" in page.lower()
        assert client.get(f"{address}status/").json() == {"state": "open", "owed": 176_000}
        assert client.post(f"{address}peraga/").status_code == 302
        page = client.get(address).content.decode()
        assert Payment.objects.get().receipt in page
        assert '<svg class="qr"' not in page

    def test_a_forged_address_and_a_charges_own_id_open_nothing(self, charge, client):
        one = charge()
        for token in (one.id.hex, f"{one.id.hex}:abc", "x"):
            assert client.get(f"/bayar/{token}/").status_code == 404

    def test_a_simulated_payment_is_never_taken_in_production(self, charge, client, settings):
        one = charge()
        payment = payment_begin(charge=one)
        settings.PRODUCTION = True
        assert client.post(f"/bayar/{queries.pay_token(one)}/peraga/").status_code == 404
        with pytest.raises(Forged):
            notice_take("simulator", *Simulator().notice(payment))

    def test_the_treasurer_closes_the_day_by_the_pages(self, cast, charge, treasurer):
        one, client = charge(), client_of(treasurer.user)
        page = client.get(reverse("payments:charge", args=[one.number])).content.decode()
        assert one.number in page
        answer = client.post(
            reverse("payments:charge", args=[one.number]), {"amount": "Rp150.000", "key": str(ids.new_id())}
        )
        assert answer.status_code == 302
        assert "150.000" in client.get(reverse("payments:day")).content.decode()
        wrong = client.post(reverse("payments:close"), {"day": "2026-11-23", "n100000": "-1"})
        assert wrong.status_code == 422
        counted = {"day": "2026-11-23", "n100000": "1", "n20000": "2"}
        asked = client.post(reverse("payments:close"), counted)
        assert asked.status_code == 422
        assert "berselisih -Rp10.000" in asked.content.decode()
        done = client.post(reverse("payments:close"), {**counted, "sure": "on"})
        assert done.status_code == 302
        found = Difference.objects.select_related("case").get()
        address = reverse("payments:difference", args=[found.case.number])
        assert found.case.number in client.get(reverse("payments:day")).content.decode()
        assert client.post(address, {"body": "Kembalian keliru"}).status_code == 302

    def test_another_agency_sees_nothing_of_it(self, cast, charge):
        one = charge()
        for user in (cast.rudi, cast.sari, cast.asep):
            assert client_of(user).get(reverse("payments:charge", args=[one.number])).status_code in (
                302,
                404,
            )
