"""What of calls goes by time."""

from __future__ import annotations

from kotacerdas.foundation.calls.actions import forget_stories

TICKS = (forget_stories,)
