"""The timeline of a case: what the journal says happened, with the words that came with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Literal

from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.event_time import came_late
from kotacerdas.foundation.cases.kinds import INSIDE, NoteKind
from kotacerdas.foundation.cases.models import CaseFile, Note
from kotacerdas.foundation.cases.ratings import FACES, rated
from kotacerdas.foundation.casework.declarations import Desk
from kotacerdas.foundation.casework.history import History
from kotacerdas.foundation.casework.names import channel, position_title
from kotacerdas.foundation.casework.photos import photo
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.posts import acting_prefix
from kotacerdas.foundation.ui.shapes import Photo, TimelineEntry
from kotacerdas.foundation.ui.shapes.cases import EntryKind

_BOXES: dict[str, EntryKind] = {"inside": "inside", "public": "public", "party": "reporter"}


def entries(desk: Desk, history: History, *, words: bool, inside: bool = True) -> list[TimelineEntry]:
    """The entries of the timeline, what happened first before the rest. Without `words` (for readers of codes only)
    only the events. What came late says so. Who acts for the first time is named with post and agency, then by name.

    inside  whether inside notes are shown; a step that came with one is told without its words then
    """
    found: list[TimelineEntry] = []
    hidden = {"read"}
    if not inside and (act := desk.in_box("inside")):
        hidden.add(act.step)
    told: set[tuple[str, str]] = set()
    rows = [*history.rows, *history.merges]
    for row in sorted(rows, key=lambda one: (one.occurred_at, one.recorded_at, one.id)):
        step = row.verb.removeprefix(f"{desk.kind}.")
        if step not in hidden:
            late = came_late(row)
            for entry in _entries_of(desk, history, row, step, words=words, inside=inside):
                entry = _introduced(history, row, entry, told)
                found.append(replace(entry, came=late) if late else entry)
    return found


def _introduced(
    history: History, row: Row, entry: TimelineEntry, told: set[tuple[str, str]]
) -> TimelineEntry:
    """The entry with post and agency behind the name, where this person has not acted in this post before."""
    person = (row.actor, str(entry.who))
    if history.post(row) is None or entry.who != history.who(row) or person in told:
        return entry
    told.add(person)
    return replace(entry, who=with_post(history, row))


def _entries_of(
    desk: Desk, history: History, row: Row, step: str, *, words: bool, inside: bool
) -> Iterator[TimelineEntry]:
    if row.subject_id != history.case.id:
        yield _merged_in(desk, history, row)
        return
    notes = [
        one for one in history.notes.get(row.id, ()) if inside or _kind_of(desk, one).speaker != "inside"
    ]
    if not notes or not words or step == "receive":
        yield desk.describe(history, row, step, _event(desk, history, row, step, words=words), words=words)
        return
    for note in notes:
        yield desk.describe(history, row, step, _note(desk, history, row, note), note=note, words=words)


def _kind_of(desk: Desk, note: Note) -> NoteKind:
    """The kind of a note; one that is declared no more is read inside alone."""
    return desk.lifecycle.by_note.get(note.kind, INSIDE)


def _note(desk: Desk, history: History, row: Row, note: Note) -> TimelineEntry:
    kind = _kind_of(desk, note)
    if note.author is not None:
        who: str = note.author.name
    elif kind.speaker == "party":
        who = history.name_of(note.party_id)
    else:
        who = history.who(row)
    return TimelineEntry(
        kind=_BOXES[kind.speaker],
        icon=kind.icon,
        at=note.created_at,
        who=who,
        title=kind.label,
        body=note.body,
        photos=photos_of(history.files.get(note.id, ())),
    )


def _merged_in(desk: Desk, history: History, row: Row) -> TimelineEntry:
    """Another case was merged into this one; its number stands only where whoever asks may see it."""
    number = history.numbers.get(row.subject_id)
    title = desk.texts.merged_in_number % {"number": number} if number else desk.texts.merged_in
    return TimelineEntry(
        kind="event", icon="git-merge", at=row.occurred_at, who=with_post(history, row), title=title
    )


def with_post(history: History, row: Row) -> str:
    """Who acted, with the post and its agency, and whether they stood in for its holder."""
    post = history.post(row)
    if post is None:
        return history.who(row)
    who, agency = history.who(row), post.agency.short_name
    if who in {f"{title} · {agency}" for title in (post.title_id, post.title_en)}:
        return who  # an account that is called by its post
    prefix = acting_prefix(str(row.codes.get("actor_acting", "")))
    title = position_title(post)
    names = [who, f"{prefix}{title} · {agency}"]
    return ", ".join(dict.fromkeys(name for name in names if name != title))


def _event(desk: Desk, history: History, row: Row, step: str, *, words: bool) -> TimelineEntry:
    if row.payload.get("rating"):
        return _rating(history, row, words=words)
    if step == "escalate":
        return _escalated(desk, history, row)
    if step == "restore":
        return _restored(desk, row)
    if step == "receive":
        icon = channel(history.case.channel)[0]
        return TimelineEntry(kind="event", icon=icon, at=row.occurred_at, title=desk.texts.received)
    declared = desk.lifecycle.by_step.get(step)
    tone: Any = declared.dot if declared else ""
    kind: Literal["event", "system"] = "event" if row.actor != "system" else "system"
    return TimelineEntry(
        kind=kind,
        icon=declared.icon if declared else "circle-dot",
        at=row.occurred_at,
        who=with_post(history, row) if "into" in row.payload else history.who(row),
        title=str(declared.done) if declared else step,
        tone=tone,
    )


def _rating(history: History, row: Row, *, words: bool) -> TimelineEntry:
    """The entry of a rating: the face with its word, and the comment."""
    given = history.ratings.get(row.id)
    face, rating = FACES[row.payload["rating"]], rated(row.payload["rating"])
    body = given.words if given and words else ""
    return TimelineEntry(
        kind="reporter" if body else "event",
        icon=face.icon,
        at=row.occurred_at,
        who=history.name_of(given.party_id if given else None),
        title=rating if body else _("rated the result: %(rating)s") % {"rating": rating},
        body=body,
        tone=face.tone,
    )


def _escalated(desk: Desk, history: History, row: Row) -> TimelineEntry:
    named = desk.lifecycle.by_clock.get(str(row.codes.get("clock", "")))
    label = named.label if named else ""
    post = history.posts.get(str(row.payload.get("position", "")))
    title = _("The deadline “%(clock)s” was missed") % {"clock": label}
    if post:
        title = _("The deadline “%(clock)s” was missed; escalated to %(post)s, %(agency)s") % {
            "clock": label,
            "post": position_title(post),
            "agency": post.agency.short_name,
        }
    return TimelineEntry(kind="system", icon="triangle-alert", at=row.occurred_at, title=title, tone="terasi")


def _restored(desk: Desk, row: Row) -> TimelineEntry:
    named = desk.lifecycle.by_clock.get(str(row.codes.get("clock", "")))
    label = named.label if named else ""
    title = _("The deadline “%(clock)s” was not missed after all") % {"clock": label}
    if row.payload.get("withdrawn"):
        title = _("The deadline “%(clock)s” was not missed after all; the escalation is withdrawn") % {
            "clock": label
        }
    return TimelineEntry(kind="system", icon="circle-check", at=row.occurred_at, title=title, tone="padi")


def photos_of(files: Iterable[CaseFile]) -> tuple[Photo, ...]:
    """Files as the timeline shows them."""
    return tuple(photo(one) for one in files)
