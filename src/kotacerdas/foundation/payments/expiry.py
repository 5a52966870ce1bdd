"""What expires of payments after some time."""

from __future__ import annotations

from kotacerdas.foundation.payments.deposits import missing_deposits
from kotacerdas.foundation.payments.notices import expire_charges

TICKS = (expire_charges, missing_deposits)
