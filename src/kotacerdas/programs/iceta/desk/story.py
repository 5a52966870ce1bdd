"""The timeline of a case: what the journal says happened, with the words that came with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.models import CaseFile, Note
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.ui.shapes import Photo, TimelineEntry
from kotacerdas.programs.iceta.desk.photos import photo
from kotacerdas.programs.iceta.desk.rows import channel, position_title
from kotacerdas.programs.iceta.desk.told import Told
from kotacerdas.programs.iceta.lifecycles import REPORT, S
from kotacerdas.programs.iceta.ratings import FACES, rated

Kind = Literal["event", "reporter", "inside", "public", "system"]
_KINDS: dict[str, tuple[Kind, str]] = {
    "inside": ("inside", "lock"),
    "reply": ("public", "send"),
    "question": ("public", "message-circle-question-mark"),
    "resolution": ("public", "circle-check"),
    "answer": ("reporter", "message-circle"),
    "reopening": ("reporter", "rotate-ccw"),
}
_TONES = {"verify": "padi", "dispatch": "padi", "assign": "padi", "resolve": "padi", "escalate": "terasi"}


def entries(told: Told, *, words: bool, inside: bool = True) -> list[TimelineEntry]:
    """The story, oldest first. Without `words` (for those who read codes only) the events alone.

    inside  whether inside notes are shown; a step that came with one is told without its words then
    """
    found: list[TimelineEntry] = []
    for row in sorted([*told.rows, *told.merges], key=lambda one: (one.recorded_at, one.id)):
        step = row.verb.removeprefix(f"{told.case.kind}.")
        notes = [one for one in told.notes.get(row.id, ()) if inside or one.kind != "inside"]
        if step == "read" or (step == "note" and not inside):
            continue
        if row.subject_id != told.case.id:
            found.append(_merged_in(told, row))
        elif step == "receive":
            found.append(_report(told, row, words=words))
        elif row.payload.get("rating"):
            found.append(_rating(told, row, words=words))
        elif notes and words:
            found += [_note(told, row, step, note) for note in notes]
        else:
            found.append(_event(told, row, step))
    return found


def _report(told: Told, row: Row, *, words: bool) -> TimelineEntry:
    picture, via = channel(told.case.channel)
    if not words:
        return TimelineEntry(kind="event", icon=picture, at=row.occurred_at, title=_("The report came in"))
    own = [one for one in told.files.get(None, ()) if not one.is_inside and one.moment == "before"]
    return TimelineEntry(
        kind="reporter",
        icon=picture,
        at=row.occurred_at,
        who=told.reporter,
        via=_("by %(channel)s") % {"channel": str(via)},
        body=told.case.report.words,
        photos=_photos(own),
    )


def _note(told: Told, row: Row, step: str, note: Note) -> TimelineEntry:
    kind, picture = _KINDS[note.kind]
    if note.author is not None:
        who: str = note.author.name
    elif note.kind in ("answer", "reopening"):
        who = told.name_of(note.party_id)
    else:
        who = told.who(row)
    return TimelineEntry(
        kind=kind,
        icon=picture,
        at=note.created_at,
        who=who,
        title=_note_title(told, row, step, note),
        body=note.body,
        photos=_photos(told.files.get(note.id, ())),
        caption=_stopped(told, note),
    )


def _rating(told: Told, row: Row, *, words: bool) -> TimelineEntry:
    """What the reporter thinks of the result: the face with its word, and what was said with it."""
    given = told.ratings.get(row.id)
    face, said = FACES[row.payload["rating"]], rated(row.payload["rating"])
    body = given.words if given and words else ""
    return TimelineEntry(
        kind="reporter" if body else "event",
        icon=face.icon,
        at=row.occurred_at,
        who=told.name_of(given.party_id if given else None),
        title=said if body else _("rated the result: %(rating)s") % {"rating": said},
        body=body,
        tone=face.tone,
    )


def _merged_in(told: Told, row: Row) -> TimelineEntry:
    """Another report was merged into this one; its number stands only where the reader may see it."""
    number = told.numbers.get(row.subject_id)
    title = _("merged another report into this one")
    if number:
        title = _("merged report %(number)s into this one") % {"number": number}
    return TimelineEntry(
        kind="event", icon="git-merge", at=row.occurred_at, who=_with_post(told, row), title=title
    )


def _with_post(told: Told, row: Row) -> str:
    """Who acted, with the post and its agency: for a step that was taken on another report."""
    post = told.post(row)
    if post is None:
        return told.who(row)
    title = position_title(post)
    names = [told.who(row), f"{title} · {post.agency.short_name}"]
    return ", ".join(name for name in names if name != title)


def _note_title(told: Told, row: Row, step: str, note: Note) -> str:
    titles = {
        "inside": _("Inside note"),
        "reply": _("Reply to reporter"),
        "question": _("Question to the reporter"),
        "resolution": _("Result"),
        "answer": _("Answer"),
        "reopening": _("Reopened"),
    }
    known = {
        "return": _("Returned to verifier"),
        "support_note": _("Answer as supporting agency"),
        "postpone": _("Postponed"),
        "not_ours": _("Not our authority"),
        "archive": _("Archived"),
        "prank": _("Prank"),
    }
    if step in ("support", "hand"):
        return _done(told, row, step)
    return known.get(step, titles[note.kind])


def _stopped(told: Told, note: Note) -> str:
    """Under the question that is still open: what it does to the clock."""
    if note.kind != "question" or told.case.state != S.WAITING:
        return ""
    questions = [one for some in told.notes.values() for one in some if one.kind == "question"]
    last = max(questions, key=lambda one: one.created_at)
    return _("The resolution clock stands still until the reporter answers.") if last.id == note.id else ""


def _event(told: Told, row: Row, step: str) -> TimelineEntry:
    if step == "escalate":
        return _escalated(told, row)
    declared = REPORT.by_step.get(step)
    return TimelineEntry(
        kind="event" if row.actor != "system" else "system",
        icon=declared.icon if declared else "circle-dot",
        at=row.occurred_at,
        who=_actor(told, row, step),
        title=_done(told, row, step),
        tone=_TONES.get(step, ""),  # type: ignore[arg-type]
    )


def _actor(told: Told, row: Row, step: str) -> str:
    if step == "merge":
        return _with_post(told, row)
    return _("Another reporter") if step == "join" else told.who(row)


def _done(told: Told, row: Row, step: str) -> str:
    """What was done, with to whom where the row says so."""
    if step in ("verify", "assign", "dispatch"):
        return _("verified it and gave it to %(agency)s") % {"agency": _agency(told, row.codes.get("agency"))}
    if step.startswith("support") and row.payload.get("support"):
        return _("asked %(agency)s for support") % {"agency": _agency(told, row.payload["support"])}
    if step == "hand" and (post := told.posts.get(str(row.payload.get("position", "")))):
        return _("handed it to %(post)s") % {"post": position_title(post)}
    if step == "merge" and told.into:
        return _("merged it into report %(number)s") % {"number": told.into}
    declared = REPORT.by_step.get(step)
    return str(declared.done) if declared else step


def _escalated(told: Told, row: Row) -> TimelineEntry:
    named = REPORT.by_clock.get(str(row.codes.get("clock", "")))
    label = named.label if named else ""
    post = told.posts.get(str(row.payload.get("position", "")))
    title = _("The promise “%(clock)s” was missed") % {"clock": label}
    if post:
        title = _("The promise “%(clock)s” was missed; escalated to %(post)s, %(agency)s") % {
            "clock": label,
            "post": position_title(post),
            "agency": post.agency.short_name,
        }
    return TimelineEntry(kind="system", icon="triangle-alert", at=row.occurred_at, title=title, tone="terasi")


def _agency(told: Told, code: Any) -> str:
    known = told.agencies.get(str(code))
    return known.short_name if known else str(code)


def _photos(files: Iterable[CaseFile]) -> tuple[Photo, ...]:
    return tuple(photo(one) for one in files)
