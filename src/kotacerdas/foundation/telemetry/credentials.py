"""Secrets of devices and of machines: 160 random bits, kept as a keyed fingerprint alone.

A slow hash protects what people choose; random bits of this length cannot be guessed, and a device signs in again
after each gap in its signal (ADR 26).
"""

from __future__ import annotations

from kotacerdas.foundation.parties.secrets import keyring
from kotacerdas.kernel import ids

_DEVICE, _KEY = "telemetry.credential", "telemetry.key"


def new_secret() -> str:
    """A fresh secret, to be shown once."""
    return ids.new_secret()


def device_fingerprint(secret: str) -> str:
    """What is kept of a device's secret."""
    return keyring().blind(_DEVICE, secret)


def key_fingerprint(secret: str) -> str:
    """What is kept of a machine's key."""
    return keyring().blind(_KEY, secret)
