"""`./run messages`: what did not go out or waits, trying it again, and what was only kept for want of a sender."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from django.db import transaction

from kotacerdas.foundation.notify.models import Message, OutboxLetter
from kotacerdas.foundation.notify.tasks import deliver
from kotacerdas.kernel.commands import Command

_SHOWN = 50
STUCK = (Message.State.FAILED, Message.State.UNKNOWN)
NOT_OUT = (*STUCK, Message.State.HELD)


def _outbox() -> int:
    for letter in OutboxLetter.objects.all()[:_SHOWN]:
        print(f"{letter.at:%Y-%m-%d %H:%M} {letter.channel:6} {letter.address}\n    {letter.body}")
    return 0


def _run(given: Namespace) -> int:
    if given.what == "outbox":
        return _outbox()
    if given.what == "list":
        for message in Message.objects.filter(state__in=NOT_OUT).order_by("created_at"):
            line = f"{message.created_at:%Y-%m-%d %H:%M} {message.channel:6} {message.effect:24} {message.state:8}"
            print(f"{line} {message.attempts} {message.error}")
        return 0
    with transaction.atomic():
        stuck = Message.objects.filter(state__in=STUCK).order_by("created_at")
        again = list(stuck.select_for_update())
        Message.objects.filter(id__in=[one.id for one in again]).update(state=Message.State.WAITING)
        for message in again:
            deliver.defer(message_id=str(message.id))
    print(f"{len(again)} messages are tried again")
    return 0


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("what", choices=["list", "resend", "outbox"])


COMMANDS = (
    Command(
        name="messages",
        help="list or resend what did not go out; outbox: what no sender took",
        run=_run,
        add_arguments=_arguments,
    ),
)
