"""Midtrans Core API: QRIS by `POST /v2/charge`, notices signed by SHA-512, `GET /v2/{order_id}/status`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.crypto import constant_time_compare

from kotacerdas.foundation.payments.models import Payment, Refund
from kotacerdas.foundation.payments.providers.port import Code, Facts, Forged, Status, call, whole

_STATUS: dict[str, Status] = {
    "pending": "pending",
    "settlement": "settled",
    "capture": "settled",
    "expire": "expired",
    "cancel": "failed",
    "deny": "failed",
    "failure": "failed",
}


@dataclass(frozen=True)
class Midtrans:
    """One account; the server key is the user name of every call, and signs every notice."""

    server_key: str
    base: str = "https://api.midtrans.com"
    name: str = "midtrans"

    @classmethod
    def of_settings(cls) -> Midtrans:
        return cls(settings.MIDTRANS_SERVER_KEY, settings.MIDTRANS_URL)

    def create(self, payment: Payment) -> Code:
        """Create a dynamic QRIS code. The order id is our reference; if it exists already, the payment is looked up."""
        given = {
            "payment_type": "qris",
            "transaction_details": {"order_id": payment.reference, "gross_amount": payment.amount},
            "qris": {"acquirer": "gopay"},
            "custom_expiry": {"expiry_duration": 15, "unit": "minute"},
        }
        found = call(
            "POST", f"{self.base}/v2/charge", auth=(self.server_key, ""), key=str(payment.id), json=given
        )
        if str(found.get("status_code")) == "406":  # this order id has its code already
            found = call("GET", f"{self.base}/v2/{payment.reference}/status", auth=(self.server_key, ""))
        return Code(qris=str(found.get("qr_string", "")), provider_id=str(found.get("transaction_id", "")))

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Facts:
        """Read a notice, signed by SHA-512 over order_id, status_code, gross_amount as sent, and the server key."""
        try:
            notice = json.loads(body)
            signed = f"{notice['order_id']}{notice['status_code']}{notice['gross_amount']}{self.server_key}"
            signature = str(notice["signature_key"])
        except (ValueError, KeyError, TypeError) as error:
            raise Forged("the notice cannot be read") from error
        expected = hashlib.sha512(signed.encode()).hexdigest()
        if not self.server_key or not constant_time_compare(expected, signature.lower()):
            raise Forged("the notice is not signed by Midtrans")
        return _facts(notice)

    def ask(self, payment: Payment) -> Facts | None:
        found = call("GET", f"{self.base}/v2/{payment.reference}/status", auth=(self.server_key, ""))
        return _facts(found) if found.get("order_id") == payment.reference else None

    def refund(self, refund: Refund) -> str:
        given = {"refund_key": refund.id.hex, "amount": refund.amount, "reason": refund.reason}
        url = f"{self.base}/v2/{refund.payment.reference}/refund"
        found = call("POST", url, auth=(self.server_key, ""), key=str(refund.id), json=given)
        return str(found.get("refund_chargeback_id", refund.id.hex))


def _facts(answer: Mapping[str, Any]) -> Facts:
    status = _STATUS.get(str(answer.get("transaction_status")))
    if status is None:
        raise Forged("the notice has an unknown status")
    return Facts(
        reference=str(answer.get("order_id", "")),
        status=status,
        amount=whole(answer.get("gross_amount")),
        provider_id=str(answer.get("transaction_id", "")),
    )
