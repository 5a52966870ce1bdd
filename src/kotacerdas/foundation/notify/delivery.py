"""Delivers one message: composed when it is sent, in the recipient's language, to the present address."""

from __future__ import annotations

from uuid import UUID

import structlog
from django.db import transaction
from django.utils import translation

from kotacerdas.foundation.notify.declarations import Words, resolvers, templates
from kotacerdas.foundation.notify.holding import hold, let_go_next
from kotacerdas.foundation.notify.models import Message
from kotacerdas.foundation.notify.senders import SendFailed, SendRefused, SendUnclear, sender_for
from kotacerdas.kernel import clock

log = structlog.get_logger(__name__)

_BEGIN = """
    UPDATE notify_message SET state = 'sending', attempts = attempts + 1
    WHERE id = %s AND state IN ('waiting', 'failed') RETURNING *
"""
_OPEN = (Message.State.WAITING, Message.State.FAILED, Message.State.SENDING)


def deliver(message_id: str) -> None:
    """Send a waiting message; running it twice sends once. Raises SendFailed so that the queue retries.

    One that may not go at this hour is held (see `holding`).
    The attempt is committed before it is made. Found still `sending`, an earlier attempt died in it: it
    is repeated where that does no harm, else the message is held as `unknown`, visibly.
    """
    if hold(UUID(message_id)) or (message := _begin(UUID(message_id))) is None:
        return
    failure: SendFailed | None = None
    try:
        _send(message)
    except SendFailed as error:
        message.state, message.error, failure = Message.State.FAILED, str(error)[:200], error
    except SendUnclear as error:
        message.state, message.error = Message.State.UNKNOWN, str(error)[:200]
    except SendRefused as error:
        message.state, message.error = Message.State.DROPPED, str(error)[:200]
    message.save(update_fields=["state", "error", "provider_id", "sent_at"])
    log.info("message", id=message_id, effect=message.effect, state=message.state, attempts=message.attempts)
    let_go_next(message)
    if failure:
        raise failure


def _begin(message_id: UUID) -> Message | None:
    """The message, its attempt counted and committed; None where nothing is to be sent."""
    for begun in Message.objects.raw(_BEGIN, [message_id]):
        return begun
    return _begin_again(message_id)


def _begin_again(message_id: UUID) -> Message | None:
    """The same of a message that is not waiting: an earlier attempt may have died in it."""
    with transaction.atomic():
        message = Message.objects.select_for_update().filter(id=message_id).first()
        if message is None or message.state not in _OPEN:
            return None
        died = message.state == Message.State.SENDING
        if died and not sender_for(message.channel).may_repeat:
            message.state, message.error = Message.State.UNKNOWN, "an attempt died before its answer"
            message.save(update_fields=["state", "error"])
            return None
        message.state = Message.State.SENDING
        message.attempts += 1
        message.save(update_fields=["state", "attempts"])
    return message


def composed(message: Message) -> tuple[str, Words | None]:
    """The present address, "" for one who is not reachable any more, and the words, None for nothing to say any more."""
    contact = resolvers()[message.recipient_kind](message.recipient_id)
    address = {"sms": contact.phone, "email": contact.email}[message.channel] if contact else ""
    if contact is None or not address:
        return "", None
    with translation.override(contact.language):
        return address, templates()[message.effect].compose(message.recipient_id, message.args)


def _send(message: Message) -> None:
    if message.effect not in templates():  # a program that is installed no more, or an older name
        message.state, message.error = Message.State.FAILED, "no text of this name"
        return
    address, words = composed(message)
    if not address:
        message.state, message.error = Message.State.DROPPED, "not reachable any more"
        return
    if words is None:
        message.state, message.error = Message.State.DROPPED, "nothing to say any more"
        return
    message.provider_id = sender_for(message.channel).send(message, address, words)
    message.state, message.sent_at, message.error = Message.State.SENT, clock.now(), ""
