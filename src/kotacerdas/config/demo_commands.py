"""`./run demo load`: every program's demo, from the pack's own stories."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser, Namespace
from pathlib import Path

from django.conf import settings
from django.db import transaction

from kotacerdas.config.pack import check_pack
from kotacerdas.foundation.parties.models import User
from kotacerdas.kernel.commands import Command
from kotacerdas.kernel.discover import discover


def run(given: Namespace) -> int:
    """Load the demo once; refused in production and where it stands already."""
    if settings.PRODUCTION:
        print(
            "The demo is not for production. Unset KOTACERDAS_PRODUCTION on a training machine.",
            file=sys.stderr,
        )
        return 1
    if User.objects.filter(is_demo=True).exists():
        print("The demo stands already. For a fresh one start with an empty KOTACERDAS_VAR.", file=sys.stderr)
        return 1
    began = time.monotonic()
    pack = check_pack(Path(settings.PACK))
    with transaction.atomic():  # interrupted, it leaves an empty store, and the next start begins anew
        counts = [module.load(pack) for module in discover("demo")]
    for count in counts:
        print(f"{count} cases, {time.monotonic() - began:.0f} s", file=sys.stderr)
    return 0


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("what", choices=["load"])


COMMANDS = (
    Command(name="demo", help="load the living demo into an empty store", run=run, add_arguments=_arguments),
)
