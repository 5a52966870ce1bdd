"""A provider for demo and training: its codes are marked, its page settles by a press, and it never runs in production."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.crypto import constant_time_compare

from kotacerdas.foundation.payments import qris
from kotacerdas.foundation.payments.models import Payment, Refund
from kotacerdas.foundation.payments.providers.port import Code, Facts, Forged, whole

MERCHANT = qris.Merchant(
    issuer="ID.CONTOH.WWW",
    pan="9360099900000000018",
    merchant_id="000000000000001",
    nmid="ID1000000000001",
    size="URE",
    category="9399",  # government services, ISO 18245
    name="CONTOH BUKAN PEMBAYARAN",
    city="CONTOH",
    postcode="00000",
)


@dataclass(frozen=True)
class Simulator:
    """The simulated provider. It signs notices with the installation's own secret, so that no stranger can."""

    name: str = "simulator"

    def create(self, payment: Payment) -> Code:
        return Code(qris=qris.dynamic(MERCHANT, amount=payment.amount, reference=payment.reference))

    def notice(
        self, payment: Payment, status: str = "settled", amount: int | None = None
    ) -> tuple[dict[str, str], bytes]:
        """Headers and body of the notice that this provider would send."""
        content = {
            "reference": payment.reference,
            "status": status,
            "amount": payment.amount if amount is None else amount,
        }
        body = json.dumps(content, sort_keys=True).encode()
        return {"X-Signature": _signature(body)}, body

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Facts:
        given = next((value for name, value in headers.items() if name.lower() == "x-signature"), "")
        if settings.PRODUCTION or not constant_time_compare(_signature(body), given):
            raise Forged("the notice is not signed")
        try:
            notice = json.loads(body)
            return Facts(
                reference=str(notice["reference"]), status=notice["status"], amount=whole(notice["amount"])
            )
        except (ValueError, KeyError, TypeError) as error:
            raise Forged("the notice cannot be read") from error

    def ask(self, payment: Payment) -> Facts | None:
        return None

    def refund(self, refund: Refund) -> str:
        return f"simulated-{refund.id.hex}"


def _signature(body: bytes) -> str:
    return hmac.new(f"payments.simulator:{settings.SECRET_KEY}".encode(), body, hashlib.sha256).hexdigest()
