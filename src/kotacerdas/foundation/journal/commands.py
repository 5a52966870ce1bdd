"""`./run journal verify` and `./run journal head`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from django.utils.translation import gettext as _

from kotacerdas.foundation.journal import queries
from kotacerdas.foundation.journal.trust import published
from kotacerdas.kernel import clock
from kotacerdas.kernel.commands import Command

_WHAT = {
    "altered": "row {row} at position {position} (block {height}) was altered after it was sealed",
    "gone": "row {row} at position {position} (block {height}) is gone",
    "gap": "positions of block {height} have a gap near {position}",
    "root": "the leaves of block {height} do not make its root",
    "chain": "block {height} does not follow the block before it",
    "begin": "the first blocks are gone: the journal begins at block {height}",
    "head": "the given head is not in the journal: its end was cut or rewritten (it ends at block {height})",
    "signature": "the signature of block {height} does not hold",
    "stranger": "block {height} is signed with a key that neither keys.json nor a given head knows: it was rewritten, or "
    "keys.json is not this journal's (the public half of a key that was replaced stands there under journal.former)",
    "unsealed": "row {row} was never sealed: it was written past the sealer, or the sealer has not run for an hour",
}


def finding_text(finding: queries.Finding) -> str:
    """A finding as one line."""
    return _WHAT[finding.what].format(row=finding.row_id, position=finding.position, height=finding.height)


def _run(given: Namespace) -> int:
    if given.what == "head":
        head = queries.day_head(clock.today())
        print(
            f"{head.height} {bytes(head.hash).hex()} {head.key_id}" if head else _("Nothing is sealed yet.")
        )
        return 0
    verdict = queries.verify(given.first, given.last, published(given.head))
    if verdict.finding:
        print("BROKEN:", finding_text(verdict.finding))
        return 1
    waiting = queries.waiting()
    more = f"; {waiting} rows wait for the sealer" if waiting else ""
    print(f"OK: {verdict.rows} rows in {verdict.blocks} blocks; head {verdict.head or '-'}{more}")
    return 0


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("what", choices=["verify", "head"])
    parser.add_argument("--first", type=int, default=1, help="position to begin at")
    parser.add_argument("--last", type=int, default=None, help="position to end at")
    parser.add_argument(
        "--head",
        action="append",
        default=[],
        help="a published head that must be in the journal: its hash, or a file saved from /jurnal/kepala.json; "
        "may be given again",
    )


COMMANDS = (
    Command(
        name="journal",
        help="verify the sealed journal, or print its head",
        run=_run,
        add_arguments=_arguments,
    ),
)
