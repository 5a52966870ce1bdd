"""What is deleted of public forms after some time."""

from __future__ import annotations

from kotacerdas.foundation.forms.store import forget_drafts

TICKS = (forget_drafts,)
