"""The story of a report for the one who follows it: newest first, public words only, no officer's name.

A reporter's own words, answers and photos are theirs. Who was merged or joined follows as the public does: published
words, photos, notes and files, and nothing of the talk between agency and reporter. Who was merged reads what
they told themselves besides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotacerdas.foundation.cases.kinds import INSIDE
from kotacerdas.foundation.cases.models import Case, CaseFile, CaseParty, Note
from kotacerdas.foundation.following.present import photo_of as photo_shown
from kotacerdas.foundation.following.queries import first_of
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.ui.shapes import Pair, Photo, TimelineEntry
from kotacerdas.programs.iceta.lifecycles import KIND
from kotacerdas.programs.iceta.lifecycles.kinds import QUESTION, REPLY, RESOLUTION
from kotacerdas.programs.iceta.models import Report
from kotacerdas.programs.iceta.queries import report_of
from kotacerdas.programs.iceta.ratings import FACES

_FROM_STAFF = (REPLY, QUESTION, RESOLUTION)


def own_words(follower: CaseParty) -> TimelineEntry:
    """What a reporter told whose report was joined with another one: their own words and photos, as received."""
    case = first_of(follower).case
    files = case.files.filter(is_inside=False, note=None).select_related("file").order_by("added_at", "id")
    kind, icon, tone, title = _SHAPES["receive"]
    return TimelineEntry(
        kind=kind,  # type: ignore[arg-type]
        icon=icon,
        tone=tone,  # type: ignore[arg-type]
        at=case.opened_at,
        title=title,
        who=_("You"),
        body=report_of(case).words,
        photos=tuple(_shown(files)),
    )


def story(case: Case, report: Report, party: CaseParty) -> list[TimelineEntry]:
    """What happened, newest first."""
    notes = {note.journal_id: note for note in case.notes.exclude(kind=INSIDE.name)}
    files = _files(case, report, party)
    rows = list(
        Row.objects.filter(subject_id=case.id, verb__startswith=f"{KIND}.").order_by("-occurred_at", "-id")
    )
    codes = {str(row.codes.get("agency", "")) for row in rows}
    names = dict(Agency.objects.filter(code__in=codes).values_list("code", "short_name"))
    rated = _own_ratings(case, rows, party)
    told = [
        (
            row,
            _entry(row, notes.get(row.id), files, names.get(str(row.codes.get("agency")), ""), report, party),
        )
        for row in rows
    ]
    return [
        replace(entry, kind="reporter", who=_("You"), body=words) if (words := rated.get(row.id)) else entry
        for row, entry in told
        if entry is not None
    ]


def _own_ratings(case: Case, rows: Iterable[Row], party: CaseParty) -> dict[UUID, str]:
    """What the reader wrote with each of their ratings, by the row that tells of it: each such row has its rating."""
    told = sorted((row for row in rows if row.verb in _RATINGS), key=lambda row: (row.occurred_at, row.id))
    given = case.feedback.order_by("at", "id")
    return {row.id: one.words for row, one in zip(told, given, strict=False) if one.party_id == party.id}


def _entry(
    row: Row,
    note: Note | None,
    files: dict[UUID | None, list[CaseFile]],
    agency: str,
    report: Report,
    party: CaseParty,
) -> TimelineEntry | None:
    step = row.verb.removeprefix(f"{KIND}.")
    shape = _SHAPES.get(step)
    if shape is None or (party.role != "reporter" and step in _TALK):
        return None
    kind, icon, tone, title = shape
    mine = step == "receive" and is_own(party, report.case_id)
    body = note.body if note is not None and _may_read(note, party) else ""
    if step == "receive" and (mine or report.words_published):
        body = report.words
    who = _("You") if (step == "receive" and mine) or (note and note.party_id == party.id) else ""
    hung = files[note.id] if note is not None else files[None] if step == "receive" else []
    before = _shown(files[None], "before") if step == "resolve" else []
    after = _shown(hung, "after")
    pair = Pair(before=before[0], after=after[0]) if before and after else None
    photos = tuple(_shown(hung)) if pair is None else tuple(after[1:])
    if row.verb in _RATINGS and (face := FACES.get(row.payload.get("rating", 0))):
        icon, title = face.icon, f"{title}: {face.word}"
    return TimelineEntry(
        kind=kind,  # type: ignore[arg-type]
        icon=icon,
        tone=tone,  # type: ignore[arg-type]
        at=row.occurred_at,
        title=str(title) % {"agency": agency} if "%(agency)s" in str(title) else title,
        who=who or (agency if body and step in _BY_AGENCY else ""),
        body=body,
        photos=photos,
        pair=pair,
    )


def is_own(party: CaseParty, case_id: UUID) -> bool:
    """Whether the follower is the one who filed this very report."""
    return party.role == "reporter" and party.case_id == case_id


def _may_read(note: Note, party: CaseParty) -> bool:
    if party.role == "reporter":
        return note.kind in _FROM_STAFF or note.party_id == party.id or note.is_published
    return note.party_id == party.id or (note.is_published and note.kind not in (QUESTION, REPLY))


def _files(case: Case, report: Report, party: CaseParty) -> dict[UUID | None, list[CaseFile]]:
    own = is_own(party, case.id)
    is_follower = party.role != "reporter"
    found: dict[UUID | None, list[CaseFile]] = defaultdict(list)
    for one in case.files.filter(is_inside=False).select_related("file", "note").order_by("added_at", "id"):
        if is_follower:
            if one.is_published or (report.photos_published and one.note is None):
                found[one.note_id].append(one)
            continue
        from_staff = one.note is not None and one.note.kind in _FROM_STAFF
        theirs = one.note is not None and one.note.party_id == party.id
        if from_staff or theirs or (own and one.note is None) or report.photos_published or one.is_published:
            found[one.note_id].append(one)
    return found


def _shown(files: Iterable[CaseFile], moment: str = "") -> list[Photo]:
    return [photo_of(one) for one in files if not moment or one.moment == moment]


def photo_of(one: CaseFile) -> Photo:
    """A report's photo as its thumbnail, leading to the whole one."""
    words = {"before": _("Photo before the work"), "after": _("Photo after the work")}
    return photo_shown(one, words.get(one.moment, _("Photo")))


_RATINGS = frozenset({f"{KIND}.rate", f"{KIND}.rate_low", f"{KIND}.rate_along"})
_TALK = frozenset({"ask", "answer", "reply"})
_BY_AGENCY = frozenset({"reply", "ask", "resolve", "postpone", "not_ours", "archive", "support_note"})


# step → kind of entry, icon, tone, title; steps that are not named here stay inside the house.
_SHAPES: dict[str, tuple[str, str, str, Any]] = {
    "receive": ("reporter", "inbox", "laut", gettext_lazy("Received")),
    "verify": ("event", "shield-check", "laut", gettext_lazy("Verified and given to %(agency)s")),
    "dispatch": ("event", "send", "laut", gettext_lazy("Given to %(agency)s")),
    "assign": ("event", "send", "laut", gettext_lazy("Given to %(agency)s")),
    "merge": ("event", "git-merge", "laut", gettext_lazy("Joined with another report")),
    "postpone": ("public", "clock", "kunyit", gettext_lazy("Postponed")),
    "not_ours": ("public", "corner-up-right", "plain", gettext_lazy("Not within our authority")),
    "archive": ("public", "archive", "plain", gettext_lazy("Archived")),
    "accept": ("event", "check", "laut", gettext_lazy("Taken on by %(agency)s")),
    "on_scene": ("event", "map-pin-check", "laut", gettext_lazy("Officers are on the scene")),
    "return": ("event", "undo-2", "kunyit", gettext_lazy("Looking for the right agency")),
    "reply": ("public", "message-circle", "laut", gettext_lazy("Answered by %(agency)s")),
    "ask": ("public", "circle-question-mark", "kunyit", gettext_lazy("A question for you")),
    "answer": ("reporter", "message-circle", "laut", gettext_lazy("Answered by the reporter")),
    "carry_on": ("event", "play", "laut", gettext_lazy("Work goes on")),
    "resolve": ("public", "check", "padi", gettext_lazy("Resolved")),
    "rate": ("event", "smile", "padi", gettext_lazy("Rated by the reporter")),
    "rate_low": ("event", "frown", "kunyit", gettext_lazy("Rated by the reporter")),
    "rate_along": ("event", "smile", "padi", gettext_lazy("Rated by another reporter")),
    "reopen": ("reporter", "rotate-ccw", "kunyit", gettext_lazy("Reopened")),
    "expire": ("event", "lock", "plain", gettext_lazy("Closed by itself")),
}
