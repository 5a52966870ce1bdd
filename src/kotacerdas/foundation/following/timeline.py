"""The timeline of a case for the one who follows it: newest first, public words only, no officer's name.

What one opened oneself, one's answers and photos are one's own. Who was merged or only follows reads as the public
does: published words, photos, notes and files, and nothing of the talk between agency and reporter. Who was merged
reads what they told themselves besides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.event_time import came_late
from kotacerdas.foundation.cases.kinds import INSIDE
from kotacerdas.foundation.cases.lifecycle import lifecycle_of
from kotacerdas.foundation.cases.models import Case, CaseFile, CaseParty, Note
from kotacerdas.foundation.cases.ratings import FACES
from kotacerdas.foundation.following import present
from kotacerdas.foundation.following.declarations import following_of
from kotacerdas.foundation.following.queries import first_of
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.foundation.ui.shapes import Pair, Photo, TimelineEntry
from kotacerdas.foundation.ui.shapes.cases import EntryKind
from kotacerdas.kernel.errors import Words


@dataclass(frozen=True)
class StepEntry:
    """How a step is told to those whom it concerns. `title` may name `%(agency)s`.

    by_agency  its words are the agency's
    talk       it is told to the first role alone: the talk between agency and reporter
    """

    kind: EntryKind
    icon: str
    tone: Any
    title: Any
    by_agency: bool = False
    talk: bool = False


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """What a kind of case tells.

    own       the role of who opened a case
    talk      kinds of notes that are between agency and that role alone
    steps     by step, `receive` among them; steps that are not named stay inside the house
    words     case → what was told when it was opened
    words_published, photos_published  case → whether everybody may read and see that
    before, after   moments of the photos that a done step shows side by side; done  that step
    alt       what the photos of a moment show
    """

    own: str
    talk: frozenset[str]
    steps: Mapping[str, StepEntry]
    words: Callable[[Case], str]
    words_published: Callable[[Case], bool]
    photos_published: Callable[[Case], bool]
    before: str
    after: str
    done: str
    alt: Mapping[str, Words]

    def of(self, case: Case, target: CaseParty | None, party: CaseParty) -> list[TimelineEntry]:
        """What a follower reads, newest first; who was merged reads their own words besides."""
        found = self.entries(case, target or party)
        if first_of(party).case_id != case.id and party.role in following_of(party).acting:
            found = sorted([*found, self.own_words(party)], key=lambda one: one.at, reverse=True)
        return found

    def entries(self, case: Case, party: CaseParty) -> list[TimelineEntry]:
        """What happened, newest first, as that party may read it."""
        return _Reader(self, case, party).entries()

    def own_words(self, follower: CaseParty) -> TimelineEntry:
        """The words and photos of a reporter whose case was merged into another, as received."""
        case, shape = first_of(follower).case, self.steps["receive"]
        files = (
            case.files.filter(is_inside=False, note=None).select_related("file").order_by("added_at", "id")
        )
        return TimelineEntry(
            kind=shape.kind,
            icon=shape.icon,
            tone=shape.tone,
            at=case.opened_at,
            title=shape.title,
            who=_("You"),
            body=self.words(case),
            photos=tuple(self.photo(one) for one in files),
        )

    def is_own(self, party: CaseParty, case: Case) -> bool:
        """Whether the follower is the one who opened this very case."""
        return party.role == self.own and party.case_id == case.id

    def photo(self, one: CaseFile) -> Photo:
        """A photo as its thumbnail, leading to the whole one."""
        return present.photo_of(one, self.alt.get(one.moment, _("Photo")))


class _Reader:
    """Reads rows, notes, files and ratings of a case once, and makes the timeline of them."""

    def __init__(self, timeline: Timeline, case: Case, party: CaseParty) -> None:
        self.timeline, self.case, self.party = timeline, case, party
        self.is_reporter = party.role == timeline.own
        self.is_own = timeline.is_own(party, case)
        notes = lifecycle_of(case).notes
        self.from_staff = frozenset(kind.name for kind in notes if kind.speaker == "public")
        self.files = self._files()

    def entries(self) -> list[TimelineEntry]:
        case = self.case
        notes = {note.journal_id: note for note in case.notes.exclude(kind=INSIDE.name)}
        own = Row.objects.filter(subject_id=case.id, verb__startswith=f"{case.kind}.")
        rows = list(own.order_by("-occurred_at", "-recorded_at", "-id"))
        codes = {str(row.codes.get("agency", "")) for row in rows}
        names = dict(Agency.objects.filter(code__in=codes).values_list("code", "short_name"))
        ratings = self._own_ratings(rows)
        found = []
        for row in rows:
            entry = self._entry(row, notes.get(row.id), names.get(str(row.codes.get("agency")), ""))
            if entry is not None and (words := ratings.get(row.id)):
                entry = replace(entry, kind="reporter", who=_("You"), body=words)
            if entry is not None:
                found.append(entry)
        return found

    def _own_ratings(self, rows: Iterable[Row]) -> dict[UUID, str]:
        """The reader's comment for each of their ratings, by journal row."""
        rating = sorted((row for row in rows if _rating(row)), key=lambda row: (row.recorded_at, row.id))
        given = self.case.feedback.order_by("at", "id") if rating else []
        pairs = zip(rating, given, strict=False)
        return {row.id: one.words for row, one in pairs if one.party_id == self.party.id}

    def _entry(self, row: Row, note: Note | None, agency: str) -> TimelineEntry | None:
        step = row.verb.removeprefix(f"{self.case.kind}.")
        shape = self.timeline.steps.get(step)
        if shape is None or (shape.talk and not self.is_reporter):
            return None
        body = note.body if note is not None and self._may_read(note) else ""
        begins = step == "receive"
        if begins and (self.is_own or self.timeline.words_published(self.case)):
            body = self.timeline.words(self.case)
        is_own_entry = (begins and self.is_own) or (note is not None and note.party_id == self.party.id)
        icon, title = shape.icon, str(shape.title)
        if face := FACES.get(_rating(row)):
            icon, title = face.icon, f"{title}: {face.word}"
        pair, photos = self._photos(step, note)
        return TimelineEntry(
            kind=shape.kind,
            icon=icon,
            tone=shape.tone,
            at=row.occurred_at,
            title=title.replace("%(agency)s", agency),
            who=_("You") if is_own_entry else agency if body and shape.by_agency else "",
            body=body,
            photos=photos,
            pair=pair,
            came=came_late(row),
        )

    def _photos(self, step: str, note: Note | None) -> tuple[Pair | None, tuple[Photo, ...]]:
        """The photos of a step; before and after the work as a pair where it is done."""
        timeline = self.timeline
        hung = self.files[note.id] if note is not None else self.files[None] if step == "receive" else []
        before = [one for one in self.files[None] if one.moment == timeline.before]
        after = [one for one in hung if one.moment == timeline.after]
        if step != timeline.done or not before or not after:
            return None, tuple(timeline.photo(one) for one in hung)
        pair = Pair(before=timeline.photo(before[0]), after=timeline.photo(after[0]))
        return pair, tuple(timeline.photo(one) for one in after[1:])

    def _may_read(self, note: Note) -> bool:
        if note.party_id == self.party.id:
            return True
        if self.is_reporter:
            return note.kind in self.from_staff or note.is_published
        return note.is_published and note.kind not in self.timeline.talk

    def _files(self) -> dict[UUID | None, list[CaseFile]]:
        found: dict[UUID | None, list[CaseFile]] = defaultdict(list)
        files = self.case.files.filter(is_inside=False).select_related("file", "note")
        for one in files.order_by("added_at", "id"):
            if self._may_see(one):
                found[one.note_id].append(one)
        return found

    def _may_see(self, one: CaseFile) -> bool:
        are_published = self.timeline.photos_published(self.case)
        if not self.is_reporter:
            return one.is_published or (are_published and one.note is None)
        if one.note is None and self.is_own:
            return True
        if one.note is not None and (one.note.kind in self.from_staff or one.note.party_id == self.party.id):
            return True
        return are_published or one.is_published


def _rating(row: Row) -> int:
    return int(row.payload.get("rating", 0))
