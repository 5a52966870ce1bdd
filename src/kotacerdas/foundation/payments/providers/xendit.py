"""Xendit QR codes (API version 2022-07-31): `POST /qr_codes`, notices by callback token, `GET …/payments`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.crypto import constant_time_compare
from django.utils.dateparse import parse_datetime

from kotacerdas.foundation.payments.models import Payment, Refund
from kotacerdas.foundation.payments.providers.port import Code, Facts, Forged, Status, call, whole

_STATUS: dict[str, Status] = {
    "SUCCEEDED": "settled",
    "COMPLETED": "settled",
    "PENDING": "pending",
    "FAILED": "failed",
    "EXPIRED": "expired",
}
_VERSION = {"api-version": "2022-07-31"}


@dataclass(frozen=True)
class Xendit:
    """One account: the secret key is the user name of every call; notices carry the callback token."""

    secret_key: str
    callback_token: str
    base: str = "https://api.xendit.co"
    name: str = "xendit"

    @classmethod
    def of_settings(cls) -> Xendit:
        return cls(settings.XENDIT_SECRET_KEY, settings.XENDIT_CALLBACK_TOKEN, settings.XENDIT_URL)

    def create(self, payment: Payment) -> Code:
        """A dynamic QRIS code that lives as long as the payment."""
        given: dict[str, Any] = {
            "reference_id": payment.reference,
            "type": "DYNAMIC",
            "currency": "IDR",
            "amount": payment.amount,
        }
        if payment.expires_at:
            given["expires_at"] = payment.expires_at.isoformat()
        found = call(
            "POST",
            f"{self.base}/qr_codes",
            auth=(self.secret_key, ""),
            key=str(payment.id),
            headers=_VERSION,
            json=given,
        )
        expires = found.get("expires_at")
        return Code(
            qris=str(found.get("qr_string", "")),
            provider_id=str(found.get("id", "")),
            expires_at=parse_datetime(expires) if isinstance(expires, str) else None,
        )

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Facts:
        """Read a notice. The token of `X-CALLBACK-TOKEN` is compared in constant time."""
        given = next((value for name, value in headers.items() if name.lower() == "x-callback-token"), "")
        if not self.callback_token or not constant_time_compare(self.callback_token, given):
            raise Forged("the notice does not carry our callback token")
        try:
            notice = json.loads(body)["data"]
            return _facts(notice)
        except (ValueError, KeyError, TypeError) as error:
            raise Forged("the notice cannot be read") from error

    def ask(self, payment: Payment) -> Facts | None:
        url = f"{self.base}/qr_codes/{payment.provider_id}/payments"
        found = call("GET", url, auth=(self.secret_key, ""), headers=_VERSION).get("data") or []
        own = [one for one in found if one.get("reference_id") == payment.reference]
        return _facts(own[0]) if own else None

    def refund(self, refund: Refund) -> str:
        given = {
            "payment_request_id": refund.payment.provider_id,
            "reference_id": refund.id.hex,
            "amount": refund.amount,
            "currency": "IDR",
            "reason": "REQUESTED_BY_CUSTOMER",
        }
        found = call(
            "POST", f"{self.base}/refunds", auth=(self.secret_key, ""), key=str(refund.id), json=given
        )
        return str(found.get("id", ""))


def _facts(answer: Mapping[str, Any]) -> Facts:
    status = _STATUS.get(str(answer.get("status")))
    if status is None:
        raise Forged("the notice has an unknown status")
    return Facts(
        reference=str(answer["reference_id"]),
        status=status,
        amount=whole(answer.get("amount")),
        provider_id=str(answer.get("qr_id", answer.get("id", ""))),
    )
