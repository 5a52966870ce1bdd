"""Telemetry's part of the demo."""

from __future__ import annotations

from kotacerdas.foundation.telemetry.simulate.demo import load_demo
from kotacerdas.kernel.pack import Pack


def finish(_pack: Pack) -> int:
    """Invented devices, their past written in bulk, and their alerts; how many cases were opened."""
    return load_demo()
