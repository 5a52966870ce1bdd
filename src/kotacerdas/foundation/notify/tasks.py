"""The job that sends one message."""

from __future__ import annotations

from kotacerdas.foundation.jobs import job


@job("notify.deliver")
def deliver(message_id: str) -> None:
    """Compose and send one message; see `delivery.deliver`."""
    from kotacerdas.foundation.notify.delivery import deliver as deliver_now

    deliver_now(message_id)
