"""The command line: starts the system, one role of it, or one command; commands are found by app."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable

from kotacerdas.config import prepare, store
from kotacerdas.config.environment import door_url
from kotacerdas.kernel.commands import Command, commands
from kotacerdas.kernel.errors import KotaError

_ABOUT = """\
Without a command: sets everything up, starts the whole system and prints its address.
Settings are KOTACERDAS_* variables: docs/settings.md lists them.
"""


def main(arguments: list[str]) -> int:
    """Run what the arguments ask for; the exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kotacerdas.config.settings")
    try:
        first = next((word for word in arguments if not word.startswith("-")), "")
        if first == "manage" and arguments[0] == "manage":
            return _manage(arguments[1:])
        if not arguments or arguments[0] in ("--role", "--port", "--host"):
            return _serve(arguments)
        return _command(arguments)
    except (store.StoreError, KotaError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read along has seen enough: `./run staff list | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141  # as a shell tells SIGPIPE


def _serve(arguments: list[str]) -> int:
    given = _parser(()).parse_args(arguments)
    os.environ.setdefault("KOTACERDAS_PUBLIC_URL", door_url(given.host, given.port))
    from kotacerdas.config import start

    return start.run(given)


def _manage(arguments: list[str]) -> int:
    """Django's own commands. Those that only read the code need no store."""
    from django.core.management import execute_from_command_line

    with store.held():
        execute_from_command_line(["./run manage", *arguments])
        if arguments[:1] == ["migrate"]:
            from kotacerdas.config import grants

            grants.apply()
    return 0


def _command(arguments: list[str]) -> int:
    import django

    django.setup()
    parser = _parser(commands())
    given = parser.parse_args(arguments)
    if not getattr(given, "run", None):
        parser.print_help()
        return 0
    if not given.needs_store(given):
        return int(given.run(given) or 0)
    with store.held():
        if not given.any_store:
            prepare.refuse_strange_store()
            prepare.refuse_older_store()
        return int(given.run(given) or 0)


def _parser(known: Iterable[Command]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./run", description=_ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--role",
        help="run one role alone: web, ingest, worker, clocks, sealer, …, or quiet (all that share a process)",
    )
    parser.add_argument(
        "--host", default=os.environ.get("KOTACERDAS_HOST") or "127.0.0.1", help="address to listen on"
    )
    parser.add_argument(
        "--port",
        type=int,
        default=int(os.environ.get("KOTACERDAS_PORT") or 8000),
        help="port to listen on (8000)",
    )
    known = list(known)
    if known:
        under = parser.add_subparsers(title="commands", metavar="<command>")
        for command in known:
            one = under.add_parser(command.name, help=command.help, description=command.help)
            command.add_arguments(one)
            one.set_defaults(run=command.run, any_store=command.any_store, needs_store=command.needs_store)
    return parser
