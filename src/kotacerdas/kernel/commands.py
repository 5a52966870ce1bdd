"""How an app declares a sub-command of `./run`: `COMMANDS = (Command(...), ...)` in its `commands.py`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass

from kotacerdas.kernel.discover import discover


def _none(parser: ArgumentParser) -> None:
    """A command without arguments."""


@dataclass(frozen=True, kw_only=True)
class Command:
    """One sub-command. It runs with Django set up and the store running, as the store's owner.

    name            `journal` makes `./run journal`
    help            one line for `./run --help`
    run             gets the parsed arguments; returns an exit status (None is 0)
    add_arguments   fills the command's own parser
    any_store       whether it also runs over a store that is empty or older than the code; others are refused
    needs_store     whether these arguments need a store at all; without one, none is started
    """

    name: str
    help: str
    run: Callable[[Namespace], int | None]
    add_arguments: Callable[[ArgumentParser], None] = _none
    any_store: bool = False
    needs_store: Callable[[Namespace], bool] = lambda given: True


def commands() -> list[Command]:
    """All declared commands, sorted by name. Raises LookupError when two share one. Needs Django set up."""
    found: dict[str, Command] = {}
    for command in (command for module in discover("commands") for command in module.COMMANDS):
        if command.name in found:
            raise LookupError(f"two apps declare the command {command.name}")
        found[command.name] = command
    return [found[name] for name in sorted(found)]
