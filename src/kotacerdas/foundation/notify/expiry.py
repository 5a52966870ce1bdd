"""What of messages goes by time."""

from __future__ import annotations

from datetime import timedelta

from kotacerdas.foundation.notify.models import OutboxLetter
from kotacerdas.kernel import clock

KEPT_DAYS = 30


def forget_letters() -> None:
    """Letters that no sender took go after thirty days: their links and codes are over by then or asked for anew."""
    OutboxLetter.objects.filter(at__lt=clock.now() - timedelta(days=KEPT_DAYS)).delete()


TICKS = (forget_letters,)
