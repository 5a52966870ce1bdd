"""`./run indicators`: compute everything anew, or list the rows that could not be counted."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from kotacerdas.foundation.indicators import engine
from kotacerdas.foundation.indicators.models import Parked
from kotacerdas.kernel.commands import Command


def _run(given: Namespace) -> int:
    if given.what == "rebuild":
        read = engine.rebuild()
        print(f"{read} rows were counted anew; {Parked.objects.count()} could not be")
        return 0
    for one in Parked.objects.order_by("indicator", "position"):
        print(f"{one.indicator:32} {one.position:12} {one.error}")
    return 0


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("what", choices=["rebuild", "parked"])


COMMANDS = (
    Command(
        name="indicators",
        help="rebuild: compute all figures anew; parked: rows that could not be counted",
        run=_run,
        add_arguments=_arguments,
    ),
)
