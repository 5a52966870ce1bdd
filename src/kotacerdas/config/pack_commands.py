"""`./run pack`: check or load a regency pack."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser, Namespace
from pathlib import Path

import psycopg
from django.conf import settings

from kotacerdas.config import stamps
from kotacerdas.config.belonging import Owner, of_stamps
from kotacerdas.config.pack import check_pack, load_pack, must_keep_code
from kotacerdas.config.prepare import refuse_older_store
from kotacerdas.config.store import StoreError
from kotacerdas.kernel.commands import Command
from kotacerdas.kernel.errors import Conflict
from kotacerdas.kernel.pack import Counts, PackError


def add_arguments(parser: ArgumentParser) -> None:
    """check|load [folder]; the folder is the instance's own pack by default."""
    parser.add_argument("step", choices=("check", "load"))
    parser.add_argument(
        "--yes", action="store_true", help="although more than a tenth of areas, agencies or posts close"
    )
    parser.add_argument("folder", nargs="?", type=Path, default=Path(settings.PACK))


def run(arguments: Namespace) -> int:
    """0 when the pack is right; 1 with every problem by file and line."""
    began = time.monotonic()
    try:
        if arguments.step == "check":
            pack = check_pack(arguments.folder)
            must_keep_code(pack, _owner_of_store())
            rows = {name: len(found) for name, found in pack.rows.items()}
            print("\n".join(f"{name:24}{count:6} rows" for name, count in rows.items()))
        else:
            refuse_older_store()
            print(table(load_pack(arguments.folder, may_close_many=arguments.yes, say=print)))
    except PackError as error:
        print(error.message, file=sys.stderr)
        return 1
    except Conflict as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{arguments.folder.name}: {arguments.step} done in {time.monotonic() - began:.1f} s")
    return 0


def _owner_of_store() -> Owner | None:
    """Whose the store is, where one answers: a pack is checked without one too."""
    try:
        known = stamps.in_store()
    except (StoreError, psycopg.Error, OSError):
        return None
    return of_stamps(known) if known else None


def table(counts: dict[str, Counts]) -> str:
    """What loading did, a line a section."""
    head = f"{'section':24}{'created':>9}{'changed':>9}{'unchanged':>11}{'closed':>8}"
    lines = [
        f"{name:24}{one.created:9}{one.changed:9}{one.unchanged:11}{one.closed:8}"
        for name, one in counts.items()
    ]
    return "\n".join([head, *lines])


COMMANDS = (
    Command(
        name="pack",
        help="check or load the regency pack",
        run=run,
        add_arguments=add_arguments,
        any_store=True,  # to check a pack needs none; to load one asks for it
    ),
)
