"""`./run evaluation verify PACK`, `rank FOLDER`, `pack ROUND`."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from kotacerdas.insight.evaluation.closing import verify
from kotacerdas.kernel.commands import Command


def _run(given: Namespace) -> int:
    if given.what == "verify":
        return verify.main([given.name, *(["--journal-key", given.journal_key] if given.journal_key else [])])
    if given.what == "rank":
        from kotacerdas.insight.evaluation.closing.ranking import print_ranks

        return print_ranks(Path(given.name))
    return _pack(given.name)


def _pack(slug: str) -> int:
    """Write the sealed pack of a closed round beside us."""
    from kotacerdas.insight.evaluation.closing.sealing import file_name, pack_of
    from kotacerdas.insight.evaluation.models import Round

    year, _dash, stage = slug.partition("-")
    found = Round.objects.filter(year=int(year or 0), stage=int(stage or 1)).first()
    if found is None:
        print(f"There is no round {slug}.", file=sys.stderr)
        return 1
    target = Path(file_name(found))
    target.write_bytes(pack_of(found))
    print(target)
    return 0


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("what", choices=["verify", "rank", "pack"])
    parser.add_argument("name", help="a pack's file, a folder of packs, or a round like 2022-1")
    parser.add_argument("--journal-key", default="", help="the published public key of the journal (hex)")


COMMANDS = (
    Command(
        name="evaluation",
        help="check a sealed pack, rank many, or write a closed round's pack",
        run=_run,
        add_arguments=_arguments,
        any_store=True,
        needs_store=lambda given: given.what == "pack",
    ),
)
