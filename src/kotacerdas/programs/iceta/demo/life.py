"""Living through some months: reports arrive, are decided, worked on, rated; clocks run and some break.

Deterministic for a given day: one seeded generator, events in the order of their time, each done by the
real action with `kernel.clock` held at that time.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from kotacerdas.foundation.cases.lookout import look_once
from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.indicators.engine import follow_once
from kotacerdas.foundation.journal.sealer import seal_once
from kotacerdas.foundation.notify.quiet import quiet
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Refused
from kotacerdas.kernel.pack import Pack
from kotacerdas.programs.iceta.demo.days import within_office
from kotacerdas.programs.iceta.demo.declarations import StoryRow
from kotacerdas.programs.iceta.demo.people import make_cast
from kotacerdas.programs.iceta.demo.steps import Stage

CASES = 300
DAYS = 150
PICTURED = 16  # reports of the last days that came with a photo, so that the front page has some to show
SEED = 2026

Event = tuple[datetime, int, Callable[[datetime], None]]


@dataclass
class Life:
    """The queue of what happens next, and who takes part."""

    random: Random
    until: datetime
    events: list[Event] = field(default_factory=list)
    count: int = 0

    def at(self, when: datetime, act: Callable[[datetime], None]) -> None:
        """Let something happen later; what would come after the demo's present does not happen."""
        if when < self.until:
            self.count += 1
            heapq.heappush(self.events, (when, self.count, act))

    def run(self) -> None:
        """Let it all happen in order; the look-out looks before each event, the sealer seals now and then."""
        for turn in range(10**9):
            if not self.events:
                break
            when, _, act = heapq.heappop(self.events)
            with clock.frozen(when):
                look_once()
                try:
                    act(when)
                except (Conflict, Refused):
                    continue  # overtaken: closed by the clock, or the work ended meanwhile
                if turn % 15 == 0:
                    seal_once()
        with clock.frozen(self.until):
            while look_once():
                pass
            seal_once()
        while follow_once():
            pass


def load(pack: Pack) -> int:
    """Make the cast and live through five months up to now; how many reports there are then.

    Raises nothing for a pack without stories: it then makes the cast alone.
    """
    stories = pack.of("stories")
    with quiet():
        make_cast(pack.of("cast"))
        if stories:
            _live(stories)
    return Case.objects.count()


def _live(stories: Sequence[StoryRow]) -> None:
    random = Random(SEED)
    now = clock.now()
    life = Life(random=random, until=now)
    stage = Stage.set(life, stories)
    for number in range(CASES):
        story, channel = stage.next_story(stories, number, CASES, PICTURED)
        when = _arrival(random, now, number)
        life.at(when, _filing(stage, story, channel))
    life.run()


def _filing(stage: Stage, story: StoryRow, channel: str) -> Callable[[datetime], None]:
    return lambda when: stage.file(story, when, channel)


def _arrival(random: Random, now: datetime, number: int) -> datetime:
    """Spread over the days, denser towards the present; mostly by day, the last dozen within two days."""
    if number >= CASES - 2:
        return now - timedelta(minutes=random.uniform(2, 12))
    if number >= CASES - 12:
        return now - timedelta(hours=random.uniform(0.2, 40))
    if number >= CASES - 12 - PICTURED:
        return within_office(random, now - timedelta(days=random.uniform(4, 12)))
    back = DAYS * (random.random() ** 1.25)
    when = now - timedelta(days=back)
    return within_office(random, when) if random.random() < 0.75 else when
