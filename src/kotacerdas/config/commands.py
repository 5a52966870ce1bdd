"""Commands of the house itself; the apps declare their own."""

from __future__ import annotations

import sys
from argparse import REMAINDER, ArgumentParser, Namespace

from kotacerdas.config import backup, demo_commands, pack_commands, prepare
from kotacerdas.config.housekeeping import bench, lock, roles
from kotacerdas.kernel.commands import Command


def _check(given: Namespace) -> int:
    """The checks in words; those of production look into the store, so it must be as new as the code."""
    from django.core.management import call_command
    from django.core.management.base import SystemCheckError

    if given.production:
        prepare.refuse_older_store()
    try:
        call_command("check", deploy=given.production, fail_level="ERROR")
    except SystemCheckError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _check_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--production", action="store_true", help="refuse what a real installation must not have"
    )


def _roles_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", help="one role; all without it")


def _bench_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", help="scripts of benchmarks/, all without it")


def _manage(given: Namespace) -> int:
    """Only for the list of commands: `./run manage` is taken before it comes here."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["./run manage", *given.arguments])
    return 0


def _manage_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("arguments", nargs=REMAINDER)


def _on_trial() -> tuple[Command, ...]:
    """Soak runs and pictures, where their tooling lies beside the code: in a checkout."""
    try:
        from trials import shots
        from trials.soak import storm
    except ModuleNotFoundError as error:
        if error.name != "trials":
            raise
        return ()
    return (*shots.COMMANDS, *storm.COMMANDS)


COMMANDS = (
    Command(
        name="prepare",
        help="do what a start does before it serves: migrate, pack, demo",
        run=prepare.run,
        any_store=True,
    ),
    Command(
        name="check", help="check the set-up", run=_check, add_arguments=_check_arguments, any_store=True
    ),
    Command(
        name="roles",
        help="print what a role may do",
        run=roles,
        add_arguments=_roles_arguments,
        any_store=True,
    ),
    Command(
        name="bench",
        help="measure, and write RESULTS.md",
        run=bench,
        add_arguments=_bench_arguments,
        any_store=True,
    ),
    Command(
        name="lock", help="compile requirements/*.in into the locks (needs uv)", run=lock, any_store=True
    ),
    Command(
        name="manage",
        help="Django's own commands",
        run=_manage,
        add_arguments=_manage_arguments,
        any_store=True,
    ),
    *backup.COMMANDS,
    *pack_commands.COMMANDS,
    *demo_commands.COMMANDS,
    *_on_trial(),
)
