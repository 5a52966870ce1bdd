"""What is deleted of calls after some time."""

from __future__ import annotations

from kotacerdas.foundation.calls.actions import forget_stories

TICKS = (forget_stories,)
