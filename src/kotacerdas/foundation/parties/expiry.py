"""What is deleted of sign-ins after some time."""

from __future__ import annotations

from kotacerdas.foundation.parties.attempts import forget_attempts
from kotacerdas.foundation.parties.sessions import forget_sessions

TICKS = (forget_attempts, forget_sessions)
