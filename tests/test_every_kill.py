"""The whole system as people start it: whichever process dies, the pages are back within ten seconds.

Under load, and thirty of each, in `./run soak --kills 30`.
"""

from __future__ import annotations

from random import Random

from trials import machines
from trials.soak.life import Tally
from trials.soak.whole import SORTS, kill_each


def test_every_sort_of_process_dies_and_the_pages_come_back() -> None:
    tally = Tally()
    assert kill_each(1, tally, Random(7), load=False, begin=machines.copy_ready) == []
    assert {f"kills of {sort}, at rest" for sort in SORTS} - tally.seen.keys() <= {
        "kills of backend, at rest"
    }
