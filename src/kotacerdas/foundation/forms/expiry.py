"""What of public forms goes by time."""

from __future__ import annotations

from kotacerdas.foundation.forms.store import forget_drafts

TICKS = (forget_drafts,)
