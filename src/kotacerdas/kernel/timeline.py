"""What happens in the demo, of all programs on one line of time: each act with the clock held at its moment.

An app's `demo.py` may offer `begin(pack, timeline)`, which makes its people and puts on the timeline what they do, and
`finish(pack) -> int`, which is called in the present and says how many cases or items there are; and
`sign_ins() -> list[str]`, the accounts to sign in with, a line each.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import date, datetime, time
from random import Random

from kotacerdas.kernel import clock

Act = Callable[[datetime], object]


class Timeline:
    """Acts in the order of their time, up to the demo's present. One seed, so that a day's demo is always the same."""

    def __init__(self, until: datetime, random: Random) -> None:
        self.until, self.random = until, random
        self.count = 0
        self._acts: list[tuple[datetime, int, Act]] = []

    def at(self, when: datetime, act: Act) -> None:
        """Let something happen then; what would come after the present does not happen."""
        if when < self.until:
            self.count += 1
            heapq.heappush(self._acts, (when, self.count, act))

    def on(self, day: date, act: Callable[[], object]) -> None:
        """The same at ten in the morning of a local day."""
        self.at(datetime.combine(day, time(10), tzinfo=clock.local_zone()), lambda _when: act())

    def run(self, before: Callable[[], object]) -> None:
        """Let it all happen, `before` each act with the clock held there; acts may put further ones on the line."""
        while self._acts:
            when, _number, act = heapq.heappop(self._acts)
            with clock.frozen(when):
                before()
                act(when)
