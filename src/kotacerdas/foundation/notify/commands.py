"""`./run messages`: what did not go out, and trying it again."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from django.db import transaction

from kotacerdas.foundation.notify.models import Message
from kotacerdas.foundation.notify.tasks import deliver
from kotacerdas.kernel.commands import Command

STUCK = (Message.State.FAILED, Message.State.UNKNOWN)


def _run(given: Namespace) -> int:
    stuck = Message.objects.filter(state__in=STUCK).order_by("created_at")
    if given.what == "list":
        for message in stuck:
            told = f"{message.created_at:%Y-%m-%d %H:%M} {message.channel:6} {message.effect:24} {message.state:8}"
            print(f"{told} {message.attempts} {message.error}")
        return 0
    with transaction.atomic():
        again = list(stuck.select_for_update())
        Message.objects.filter(id__in=[one.id for one in again]).update(state=Message.State.WAITING)
        for message in again:
            deliver.defer(message_id=str(message.id))
    print(f"{len(again)} messages are tried again")
    return 0


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("what", choices=["list", "resend"])


COMMANDS = (
    Command(name="messages", help="list or resend what did not go out", run=_run, add_arguments=_arguments),
)
