"""`./run clock`: show, move and reset training time."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from kotacerdas.foundation.workdays import training
from kotacerdas.kernel import clock
from kotacerdas.kernel.commands import Command


def add_arguments(parser: ArgumentParser) -> None:
    """show, move +3d, reset."""
    parts = parser.add_subparsers(dest="step", required=True)
    parts.add_parser("show", help="print the time and how far it stands from real time")
    move = parts.add_parser("move", help="move training time: +3d, -2h, +1d12h (for a step back: -- -2h)")
    move.add_argument("by", help="sign, number and d, h or m")
    parts.add_parser("reset", help="back to real time")


def run(arguments: Namespace) -> int:
    """Raises Refused in production for a move, Invalid for a step that cannot be read."""
    if arguments.step == "move":
        training.move(training.parse_step(arguments.by))
    elif arguments.step == "reset":
        training.reset()
    local = timezone.localtime(clock.now(), clock.local_zone())
    away = training.stored()
    shown = formats.date_format(local, "j F Y H.i")
    print(
        f"{shown} {local.tzname()}",
        _("(real time)") if not away else _("(moved by %(by)s)") % {"by": training.as_step(away)},
    )
    return 0


COMMANDS = (Command(name="clock", help="show or move training time", run=run, add_arguments=add_arguments),)
