"""Shapes of what is said about one case: clocks, states, filters, its story and its steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kotacerdas.kernel.errors import Words

Tone = Literal["plain", "laut", "padi", "kunyit", "terasi", "mangga"]
ClockState = Literal["running", "soon", "overdue", "paused", "kept", "broken"]
EntryKind = Literal["event", "reporter", "inside", "public", "system"]
StageState = Literal["done", "now", "next"]


@dataclass(frozen=True, kw_only=True)
class Badge:
    """A clock in one of its six states. `text` speaks working time, at most two units.

    share   part of the budget already used, drawn as the ring
    detail  quieter words behind the text ("to answer", "4 hours 10 minutes")
    due     the instant, said in the tooltip and to screen readers
    """

    state: ClockState
    text: Words
    detail: Words = ""
    share: float = 0.0
    due: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Tag:
    """The state of a thing: word and icon, never colour alone."""

    text: Words
    tone: Tone = "plain"
    icon: str = ""


@dataclass(frozen=True, kw_only=True)
class Chip:
    """A filter that is a link. `removable` shows a cross: the url then leaves the filter."""

    text: Words
    url: str
    count: int | None = None
    on: bool = False
    removable: bool = False


@dataclass(frozen=True, kw_only=True)
class Photo:
    """A picture with its size in pixels, so that nothing moves while it loads. `url` is the small one."""

    url: str
    width: int
    height: int
    alt: Words
    large_url: str = ""


@dataclass(frozen=True, kw_only=True)
class DocumentLink:
    """A document beside photos: its address, and what it is (`PDF, 240 KB`)."""

    url: str
    words: Words


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Before and after, in equal frames. `note` is e.g. how well the two places match."""

    before: Photo
    after: Photo
    note: Words = ""
    before_caption: Words = ""
    after_caption: Words = ""


@dataclass(frozen=True, kw_only=True)
class TimelineEntry:
    """One thing that happened.

    kind     event and system shrink to one line; reporter, inside and public are speech boxes
    who      the person or position, bold
    title    what was done; for speech the kind of words ("Inside note")
    via      the way it came ("by telephone")
    caption  small line under the body ("SMS sent 10.20")
    came     when it happened and when it came, in words, where it came late
    tone     colour of the dot where the kind's own does not fit
    pending  stored on this device only, not yet sent
    """

    kind: EntryKind
    icon: str
    at: datetime
    title: Words = ""
    who: Words = ""
    body: Words = ""
    photos: tuple[Photo, ...] = ()
    pair: Pair | None = None
    caption: Words = ""
    came: Words = ""
    via: Words = ""
    tone: Tone | Literal[""] = ""
    pending: bool = False


@dataclass(frozen=True, kw_only=True)
class Step:
    """One legal step. With `url` a link, else a submit button of `step=<name>` for the form around it.

    action   where the button sends its form, where each step has an address of its own

    key      one letter, shown inside the button, pressed when no field has focus
    primary  the one mangga button of the screen
    form     id of the form, where the button stands outside it
    """

    name: str
    label: Words
    icon: str = ""
    key: str = ""
    tone: Tone = "plain"
    url: str = ""
    primary: bool = False
    form: str = ""
    action: str = ""


@dataclass(frozen=True, kw_only=True)
class CaseHead:
    """Head of a case: number, title, state, clock, place, who has it."""

    number: str
    title: Words
    tag: Tag
    badge: Badge | None = None
    place: Words = ""
    holder: Words = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One segment of a progress bar of several (a form's four steps, a case's way)."""

    label: Words
    state: StageState
    note: Words = ""


@dataclass(frozen=True, kw_only=True)
class ClockBar:
    """A clock as the bar of its budget: `used` solid, then `paused` hatched, both shares.

    With `cells` the bar has one cell a working day instead.
    """

    label: Words
    budget: Words
    badge: Badge
    used: float
    paused: float = 0.0
    note: Words = ""
    cells: int = 0
