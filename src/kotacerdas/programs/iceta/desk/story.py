"""The timeline of a case: what the journal says happened, with the words that came with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.models import Case, CaseFile, Note
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.models import Agency, Holding, Position
from kotacerdas.foundation.pieces.shapes import Photo, TimelineEntry
from kotacerdas.kernel import clock
from kotacerdas.programs.iceta.desk.photos import photo
from kotacerdas.programs.iceta.desk.rows import channel, position_title
from kotacerdas.programs.iceta.lifecycles import REPORT, S

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


@dataclass(kw_only=True)
class Told:
    """Everything a timeline is told from, read once."""

    case: Case
    reporter: str
    rows: Sequence[Row]
    notes: Mapping[UUID, list[Note]] = field(default_factory=dict)
    files: Mapping[UUID | None, list[CaseFile]] = field(default_factory=dict)
    posts: Mapping[str, Position] = field(default_factory=dict)
    holdings: Mapping[UUID, list[Holding]] = field(default_factory=dict)
    agencies: Mapping[str, Agency] = field(default_factory=dict)

    @classmethod
    def of(cls, case: Case, rows: Sequence[Row], reporter: str) -> Told:
        """Read notes, files and the posts that acted; five queries whatever the length."""
        notes: dict[UUID, list[Note]] = {}
        for note in case.notes.select_related("author", "position__agency", "party"):
            notes.setdefault(note.journal_id, []).append(note)
        files: dict[UUID | None, list[CaseFile]] = {}
        for one in case.files.select_related("file").order_by("added_at", "id"):
            files.setdefault(one.note_id, []).append(one)
        posts = posts_of(rows)
        holdings: dict[UUID, list[Holding]] = {}
        for holding in Holding.objects.filter(position__in=list(posts.values())).select_related("user"):
            holdings.setdefault(holding.position_id, []).append(holding)
        codes = {str(row.codes.get("agency", "")) for row in rows} | {
            str(row.payload.get("support", "")) for row in rows
        }
        return cls(
            case=case,
            reporter=reporter,
            rows=rows,
            notes=notes,
            files=files,
            posts=posts,
            holdings=holdings,
            agencies={one.code: one for one in Agency.objects.filter(code__in=codes)},
        )

    def who(self, row: Row) -> str:
        """Who acted: the person in the post on that day, else the post's title; "" for the system."""
        if row.actor == "reporter":
            return self.reporter
        post = self.posts.get(row.actor.removeprefix("position:"))
        return self.holder(post, clock.local_day(row.occurred_at)) if post else ""

    def holder(self, post: Position, day: date) -> str:
        """Who sat in a post on a day, else its title."""
        for one in self.holdings.get(post.id, ()):
            if one.since <= day and (one.until is None or day <= one.until):
                return one.user.name
        return position_title(post)


def posts_of(rows: Iterable[Row]) -> dict[str, Position]:
    """The posts that acted or were named in journal rows, by id as text."""
    wanted = {row.actor.removeprefix("position:") for row in rows if row.actor.startswith("position:")}
    wanted |= {str(row.payload["position"]) for row in rows if row.payload.get("position")}
    return {str(one.id): one for one in Position.objects.filter(id__in=wanted).select_related("agency")}


def entries(told: Told, *, words: bool) -> list[TimelineEntry]:
    """The story, oldest first. Without `words` (for those who read codes only) the events alone."""
    found: list[TimelineEntry] = []
    for row in told.rows:
        step = row.verb.removeprefix(f"{told.case.kind}.")
        notes = told.notes.get(row.id, [])
        if step == "read":
            continue
        if step == "receive":
            found.append(_report(told, row, words=words))
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
        who = told.reporter
    else:
        who = told.who(row)
    return TimelineEntry(
        kind=kind,
        icon=picture,
        at=note.created_at,
        who=who,
        title=_note_title(step, note),
        body=note.body,
        photos=_photos(told.files.get(note.id, ())),
        caption=_stopped(told, note),
    )


def _note_title(step: str, note: Note) -> str:
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
    return known.get(step, titles[note.kind])


def _stopped(told: Told, note: Note) -> str:
    """Under the question that is still open: what it does to the clock."""
    if note.kind != Note.Kind.QUESTION or told.case.state != S.WAITING:
        return ""
    questions = [one for some in told.notes.values() for one in some if one.kind == Note.Kind.QUESTION]
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
        who=told.who(row),
        title=_done(told, row, step),
        tone=_TONES.get(step, ""),  # type: ignore[arg-type]
    )


def _done(told: Told, row: Row, step: str) -> str:
    """What was done, with to whom where the row says so."""
    if step in ("verify", "assign", "dispatch"):
        return _("verified it and gave it to %(agency)s") % {"agency": _agency(told, row.codes.get("agency"))}
    if step.startswith("support") and row.payload.get("support"):
        return _("asked %(agency)s for support") % {"agency": _agency(told, row.payload["support"])}
    if step == "hand" and (post := told.posts.get(str(row.payload.get("position", "")))):
        return _("handed it to %(post)s") % {"post": position_title(post)}
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
