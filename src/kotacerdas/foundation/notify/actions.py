"""Sending messages: rows and jobs are stored in the transaction of what they report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from kotacerdas.foundation.jobs import insert_and_defer
from kotacerdas.foundation.notify.declarations import Contact, resolvers, templates
from kotacerdas.foundation.notify.models import Message
from kotacerdas.foundation.notify.quiet import is_quiet
from kotacerdas.foundation.notify.tasks import deliver

CHANNELS = ("sms", "email")


def send(
    *,
    row_id: UUID,
    template: str,
    to: tuple[str, UUID],
    args: Mapping[str, Any] | None = None,
    contact: Contact | None = None,
) -> list[Message]:
    """Queue a message, sent when this transaction commits; one per channel that reaches the recipient.

    row_id    the journal row that causes it; with template and recipient it is the idempotency key
    to        (recipient kind, id), resolved by the app that declares the kind
    args      ids and codes only, from which the text is composed when it is sent
    contact   how they are reached, where the caller has just looked it up; decides the channels only

    Raises LookupError for an undeclared template or recipient kind. Nobody reachable: no message.
    """
    templates()[template]
    if is_quiet():
        return []
    kind, recipient = to
    contact = contact or resolvers()[kind](recipient)
    if contact is None:
        return []
    reach = {"sms": contact.phone, "email": contact.email}
    made = [
        Message(
            row_id=row_id,
            effect=template,
            recipient_kind=kind,
            recipient_id=recipient,
            channel=channel,
            args={key: str(value) for key, value in (args or {}).items()},
        )
        for channel in CHANNELS
        if reach[channel]
    ]
    insert_and_defer(made, deliver, "message_id")  # asked twice: the first one stands
    return made
