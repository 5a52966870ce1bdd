"""`./run demo load`: the demo of all programs on one timeline, from the pack's own stories."""

from __future__ import annotations

import gc
import sys
import time
from argparse import ArgumentParser, Namespace
from datetime import date
from pathlib import Path
from random import Random

from django.conf import settings
from django.db import transaction

from kotacerdas.config.pack import check_pack
from kotacerdas.foundation.cases.lookout import is_due, treat_due_clocks
from kotacerdas.foundation.indicators.engine import follow_batch
from kotacerdas.foundation.journal.sealer import seal_batch
from kotacerdas.foundation.notify.quiet import quiet
from kotacerdas.foundation.parties.models import User
from kotacerdas.kernel import clock
from kotacerdas.kernel.commands import Command
from kotacerdas.kernel.discover import discover
from kotacerdas.kernel.pack import Pack
from kotacerdas.kernel.timeline import Timeline

SEED = 2026
SEAL_EVERY = 15  # acts


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
    gc.freeze()  # what was imported is not searched again and again for what may go
    pack = check_pack(Path(settings.PACK))
    with (
        transaction.atomic(),
        quiet(),
    ):  # interrupted, it leaves an empty store, and the next start begins anew
        counts = _lived(pack)
    for name, number in counts.items():
        print(f"{name}: {number} cases or items", file=sys.stderr)
    print(f"the demo was loaded in {time.monotonic() - began:.0f} s", file=sys.stderr)
    return 0


def _lived(pack: Pack) -> dict[str, int]:
    """Live through all that the programs' people do; how many cases or items each app has then."""
    modules = discover("demo")
    timeline = Timeline(clock.now(), Random(SEED))
    for module in modules:
        if hasattr(module, "begin"):
            module.begin(pack, timeline)
    timeline.run(_Lookout().look)
    with clock.frozen(timeline.until):
        while treat_due_clocks():
            pass
        counts = {
            module.__name__.split(".")[-2]: module.finish(pack)
            for module in modules
            if hasattr(module, "finish")
        }
        while seal_batch():
            pass
    while follow_batch():
        pass
    return counts


class _Lookout:
    """The clocks and the sealer of the demo: what comes up by date once a day, clocks when one is due."""

    def __init__(self) -> None:
        self.day, self.acts = date.min, 0

    def look(self) -> None:
        """Called before each act, with the clock held there."""
        day, self.acts = clock.today(), self.acts + 1
        if day != self.day:
            self.day = day
            treat_due_clocks()
        elif is_due(clock.now()):
            treat_due_clocks(ticks=False)
        if self.acts % SEAL_EVERY == 0:
            seal_batch()


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("what", choices=["load"])


COMMANDS = (
    Command(name="demo", help="load the living demo into an empty store", run=run, add_arguments=_arguments),
)
