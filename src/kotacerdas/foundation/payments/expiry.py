"""What of payments goes by time."""

from __future__ import annotations

from kotacerdas.foundation.payments.notices import ask_providers, expire_charges, send_refunds

TICKS = (ask_providers, expire_charges, send_refunds)
