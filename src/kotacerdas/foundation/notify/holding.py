"""What is not urgent waits until people may be written to, and then goes in the order in which it was asked for.

The one place of the rule: every delivery asks `hold`, a first one, one that is tried again and one that an operator
sends anew. What is held has no job; the look-out's `let_go` gives it one. Both are single transactions, so a process
that dies in either loses nothing, and `delivery` sends each once.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from kotacerdas.foundation.notify.declarations import templates
from kotacerdas.foundation.notify.hours import message_hours
from kotacerdas.foundation.notify.models import Message
from kotacerdas.foundation.notify.tasks import deliver
from kotacerdas.kernel import clock

_State = Message.State
_READY = (_State.WAITING, _State.FAILED)
_BATCH = 500


def hold(message_id: UUID) -> bool:
    """Hold a message that may not go now; whether it is held."""
    message = Message.objects.filter(id=message_id, state__in=_READY).first()
    template = templates().get(message.effect) if message is not None else None
    if message is None or template is None:  # without its template it fails, and holds nobody up
        return False
    if template.goes_at_once(message.recipient_id, message.args):
        return False
    now = clock.now()
    if message_hours().is_open(now) and not _is_behind(message):
        return False
    held = Message.objects.filter(id=message_id, state__in=_READY)
    return bool(held.update(state=_State.HELD, held_at=Coalesce("held_at", now)))


def let_go() -> None:
    """Give what is held its job once people may be written to: the oldest of each recipient and channel first."""
    line = Message.objects.filter(state=_State.HELD)
    oldest = line.order_by("recipient_id", "channel", "created_at", "id").distinct("recipient_id", "channel")
    _give_jobs(oldest.values("id"))


def let_go_next(message: Message) -> None:
    """Give the next one of the same recipient and channel its job, when one that was held is out."""
    if message.held_at is not None:
        line = Message.objects.filter(
            state=_State.HELD, recipient_id=message.recipient_id, channel=message.channel
        )
        _give_jobs(line.order_by("created_at", "id").values("id")[:1])


def _give_jobs(chosen: QuerySet[Message, Any]) -> None:
    if not message_hours().is_open(clock.now()):
        return
    with transaction.atomic():
        held = Message.objects.select_for_update().filter(state=_State.HELD, id__in=chosen)
        due = [str(one) for one in held.order_by("created_at", "id").values_list("id", flat=True)[:_BATCH]]
        if due:
            Message.objects.filter(id__in=due).update(state=_State.WAITING)
            deliver.batch_defer(*({"message_id": one} for one in due))


def _is_behind(message: Message) -> bool:
    """Whether an older message that was held is not out yet, to the same recipient over the same channel.

    One whose first attempt failed or died holds nobody up.
    """
    older = Q(created_at__lt=message.created_at) | Q(created_at=message.created_at, id__lt=message.id)
    open_ = Q(state__in=(_State.HELD, _State.WAITING)) | Q(state=_State.SENDING, attempts__lte=1)
    line = Message.objects.filter(
        recipient_id=message.recipient_id, channel=message.channel, held_at__isnull=False
    )
    return line.filter(older, open_).exists()
