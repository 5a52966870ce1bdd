"""What is deleted of messages after some time, and what goes out when people may be written to."""

from __future__ import annotations

from datetime import timedelta

from kotacerdas.foundation.notify.holding import let_go
from kotacerdas.foundation.notify.models import OutboxLetter
from kotacerdas.kernel import clock

KEPT_DAYS = 30


def forget_letters() -> None:
    """Delete letters that no sender took after thirty days: their links and codes are no longer valid."""
    OutboxLetter.objects.filter(at__lt=clock.now() - timedelta(days=KEPT_DAYS)).delete()


TICKS = (forget_letters, let_go)
