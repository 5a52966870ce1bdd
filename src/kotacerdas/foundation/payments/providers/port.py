"""The port for payment providers, and the words common to all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

import httpx
from django.utils.translation import gettext as _

from kotacerdas.foundation.payments.models import Payment, Refund
from kotacerdas.kernel.errors import Unavailable

Status = Literal["pending", "settled", "expired", "failed"]
SECONDS = 15.0


class Forged(Exception):
    """The notice is not from the provider, or cannot be read: nothing of it is believed."""


@dataclass(frozen=True, kw_only=True)
class Code:
    """A QRIS code for one payment, as the provider made it."""

    qris: str
    provider_id: str = ""
    expires_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a provider says of a payment. `reference` is ours; `amount` whole rupiah, None where it says none."""

    reference: str
    status: Status
    amount: int | None
    provider_id: str = ""


class Provider(Protocol):
    """One licensed provider. All calls stand being repeated with the same payment."""

    @property
    def name(self) -> str: ...

    def create(self, payment: Payment) -> Code:
        """Create the QRIS code at the provider. Raises Unavailable, in words."""
        ...

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Facts:
        """Check that a notice is genuine, and read it. Raises Forged."""
        ...

    def ask(self, payment: Payment) -> Facts | None:
        """Ask the provider about a payment; None where the provider does not know it."""
        ...

    def refund(self, refund: Refund) -> str:
        """Give money back; the provider's id for it. Raises Unavailable."""
        ...


def call(method: str, url: str, *, auth: tuple[str, str], key: str = "", **given: Any) -> dict[str, Any]:
    """One JSON call. `key` is sent as the idempotency key. Raises Unavailable for what is no answer of 2xx."""
    headers = {"Accept": "application/json", **given.pop("headers", {})}
    if key:
        headers["Idempotency-Key"] = key
    try:
        answer = httpx.request(method, url, auth=auth, headers=headers, timeout=SECONDS, **given)
        found = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise _away() from error
    if answer.is_error or not isinstance(found, dict):
        raise _away()
    return found


def whole(value: object) -> int | None:
    """Whole rupiah from `44000`, `"44000.00"`; None for nothing. Raises Forged for a part of a rupiah."""
    if value is None or value == "":
        return None
    text, _dot, rest = str(value).partition(".")
    if not (text.isascii() and text.isdigit()) or rest.strip("0"):
        raise Forged("the amount is no whole number of rupiah")
    return int(text)


def _away() -> Unavailable:
    return Unavailable(
        _("The payment service does not answer just now. Nothing was paid."),
        remedy=_("Try again in a minute, or pay in cash."),
        code="provider_away",
    )
