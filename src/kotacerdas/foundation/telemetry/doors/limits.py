"""How often one address may knock at the doors for machines, whoever it says it is."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from kotacerdas.foundation.parties.limits import counted_as, take_token

REQUESTS_A_MINUTE = 6_000  # a LoRaWAN server sends for all of its devices from one address


def count_address(request: HttpRequest) -> None:
    """Count a request before its credential is looked at. Raises TooMany."""
    if settings.RATE_LIMITS:
        take_token(f"telemetry:address:{counted_as(request)}", capacity=REQUESTS_A_MINUTE, seconds=60)
