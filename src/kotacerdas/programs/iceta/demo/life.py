"""Plays some months of the demo: reports arrive, are decided, worked on and rated; some clocks break.

Each step is done by the real action, on the timeline of all programs.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from random import Random

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.workdays.moments import within_office
from kotacerdas.kernel.errors import Conflict, Refused
from kotacerdas.kernel.pack import Pack
from kotacerdas.kernel.timeline import Act, Timeline
from kotacerdas.programs.iceta.demo.declarations import StoryRow
from kotacerdas.programs.iceta.demo.steps import Stage
from kotacerdas.programs.iceta.lifecycles import KIND

CASES = 300
DAYS = 150
PICTURED = 16  # reports of the last days that came with a photo, so that the front page has some to show


def begin(pack: Pack, timeline: Timeline) -> None:
    """Let reports arrive over five months; none where the pack has no stories."""
    stories = pack.of("stories")
    if not stories:
        return
    stage = Stage.set(Life(timeline), stories)
    for number in range(CASES):
        story, channel = stage.next_story(stories, number, CASES, PICTURED)
        when = _arrival(timeline.random, timeline.until, number)
        stage.life.at(when, _filing(stage, story, channel))


def finish(_pack: Pack) -> int:
    """How many reports there are."""
    return Case.objects.filter(kind=KIND).count()


class Life:
    """The demo's timeline. It leaves out steps that are no longer legal (closed by a clock, work ended meanwhile)."""

    def __init__(self, timeline: Timeline) -> None:
        self.timeline, self.random = timeline, timeline.random

    def at(self, when: datetime, act: Act) -> None:
        self.timeline.at(when, _unless_overtaken(act))


def _unless_overtaken(act: Act) -> Act:
    def tried(when: datetime) -> None:
        with suppress(Conflict, Refused):
            act(when)

    return tried


def _filing(stage: Stage, story: StoryRow, channel: str) -> Act:
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
