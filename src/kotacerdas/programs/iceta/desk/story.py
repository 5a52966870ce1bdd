"""Timeline entries with what only reports have: the words, the agency, questions that stop a clock."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.models import Note
from kotacerdas.foundation.casework.names import channel, position_title
from kotacerdas.foundation.casework.timeline import photos_of
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.ui.shapes import TimelineEntry
from kotacerdas.programs.iceta.desk.shown import ASKS_SUPPORT
from kotacerdas.programs.iceta.lifecycles import S
from kotacerdas.programs.iceta.lifecycles.kinds import BEFORE, QUESTION

if TYPE_CHECKING:
    from kotacerdas.foundation.casework.history import History

_TO_AN_AGENCY = ("verify", "assign", "dispatch")


def describe_entry(
    history: History,
    row: Row,
    step: str,
    entry: TimelineEntry,
    *,
    note: Note | None = None,
    words: bool = True,
) -> TimelineEntry:
    """The entry of a row, with what only a report knows."""
    if step == "receive":
        return _report(history, entry) if words else entry
    if row.payload.get("rating"):
        return entry
    if note is not None:
        title = _note_title(history, row, step, note)
        return replace(entry, title=title or entry.title, caption=_stopped(history, note))
    who = _("Another reporter") if step == "join" else entry.who
    return replace(entry, who=who, title=_done(history, row, step) or entry.title)


def _report(history: History, entry: TimelineEntry) -> TimelineEntry:
    own = [one for one in history.files.get(None, ()) if not one.is_inside and one.moment == BEFORE.name]
    return replace(
        entry,
        kind="reporter",
        title="",
        who=history.first_party,
        via=_("by %(channel)s") % {"channel": str(channel(history.case.channel)[1])},
        body=history.case.report.words,
        photos=photos_of(own),
    )


def _note_title(history: History, row: Row, step: str, note: Note) -> str:
    known = {
        "return": _("Returned to verifier"),
        "support_note": _("Answer as supporting agency"),
        "postpone": _("Postponed"),
        "not_ours": _("Not our authority"),
        "archive": _("Archived"),
        "prank": _("Prank"),
    }
    return known.get(step, "") or (_done(history, row, step) if step in ("support", "hand") else "")


def _stopped(history: History, note: Note) -> str:
    """The note under an open question: what it does to the clock."""
    if note.kind != QUESTION or history.case.state != S.WAITING:
        return ""
    questions = [one for some in history.notes.values() for one in some if one.kind == QUESTION]
    last = max(questions, key=lambda one: one.created_at)
    return _("The resolution clock is paused until the reporter answers.") if last.id == note.id else ""


def _done(history: History, row: Row, step: str) -> str:
    """What was done and to whom, where the row says so; "" where it does not."""
    if step in _TO_AN_AGENCY:
        agency = _agency(history, row.codes.get("agency"))
        return _("verified it and gave it to %(agency)s") % {"agency": agency}
    if step in ASKS_SUPPORT and row.payload.get("support"):
        return _("asked %(agency)s for support") % {"agency": _agency(history, row.payload["support"])}
    if step == "hand" and (post := history.posts.get(str(row.payload.get("position", "")))):
        return _("handed it to %(post)s") % {"post": position_title(post)}
    if step == "merge" and history.into:
        return _("merged it into report %(number)s") % {"number": history.into}
    return ""


def _agency(history: History, code: Any) -> str:
    known = history.agencies.get(str(code))
    return known.short_name if known else str(code)
