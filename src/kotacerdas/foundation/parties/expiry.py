"""What of sign-ins goes by time."""

from __future__ import annotations

from kotacerdas.foundation.parties.attempts import forget_attempts

TICKS = (forget_attempts,)
