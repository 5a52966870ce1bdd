"""Licensed payment providers behind one port: they hold the money, this house records and reconciles.

`settings.PAYMENT_PROVIDER` names the one that makes codes: `simulator` (demo and training), `midtrans` or `xendit`.
"""

from __future__ import annotations

from kotacerdas.foundation.payments.providers.midtrans import Midtrans
from kotacerdas.foundation.payments.providers.port import Provider
from kotacerdas.foundation.payments.providers.simulator import Simulator
from kotacerdas.foundation.payments.providers.xendit import Xendit

NAMES = ("simulator", "midtrans", "xendit")


def provider_of(name: str) -> Provider:
    """The provider of that name, with this installation's account. Raises LookupError for an unknown one."""
    if name == "simulator":
        return Simulator()
    if name == "midtrans":
        return Midtrans.of_settings()
    if name == "xendit":
        return Xendit.of_settings()
    raise LookupError(f"no payment provider {name}")
