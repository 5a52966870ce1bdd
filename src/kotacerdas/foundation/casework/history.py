"""Everything that a timeline shows, read once: journal rows, notes, ratings, merges, and who acted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Q

from kotacerdas.foundation.cases.models import Case, CaseFile, Feedback, Note
from kotacerdas.foundation.cases.queries import visible_to
from kotacerdas.foundation.casework.names import position_title
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.parties.models import Agency, Holding, Position
from kotacerdas.foundation.parties.posts import posts_named
from kotacerdas.kernel import clock


@dataclass(kw_only=True)
class History:
    """The data from which a timeline is made.

    names    of the parties, the first one first; empty for who reads codes only
    merges   the rows of the cases that were merged into this one
    numbers  of the cases merged with this one, as far as whoever asks may see them
    """

    case: Case
    names: Mapping[UUID, str]
    rows: Sequence[Row]
    merges: Sequence[Row] = ()
    numbers: Mapping[UUID, str] = field(default_factory=dict)
    ratings: Mapping[UUID, Feedback] = field(default_factory=dict)
    notes: Mapping[UUID, list[Note]] = field(default_factory=dict)
    files: Mapping[UUID | None, list[CaseFile]] = field(default_factory=dict)
    posts: Mapping[str, Position] = field(default_factory=dict)
    holdings: Mapping[UUID, list[Holding]] = field(default_factory=dict)
    agencies: Mapping[str, Agency] = field(default_factory=dict)

    @classmethod
    def of(cls, case: Case, rows: Sequence[Row], *, grants: Grants, names: Mapping[UUID, str]) -> History:
        """Read notes, files, ratings, merges and the posts that acted; ten queries at most, however long it is."""
        notes: dict[UUID, list[Note]] = {}
        for note in case.notes.select_related("author", "position__agency", "party"):
            notes.setdefault(note.journal_id, []).append(note)
        files: dict[UUID | None, list[CaseFile]] = {}
        for one in case.files.select_related("file", "case").order_by("added_at", "id"):
            files.setdefault(one.note_id, []).append(one)
        merges = _merges(case)
        posts = posts_of([*rows, *merges])
        holdings: dict[UUID, list[Holding]] = {}
        for holding in Holding.objects.filter(position__in=list(posts.values())).select_related("user"):
            holdings.setdefault(holding.position_id, []).append(holding)
        codes = {str(row.codes.get("agency", "")) for row in rows} | {
            str(row.payload.get("support", "")) for row in rows
        }
        return cls(
            case=case,
            names=names,
            rows=rows,
            merges=merges,
            numbers=_numbers(case, grants) if merges or case.merged_into_id else {},
            ratings=_ratings(case, rows),
            notes=notes,
            files=files,
            posts=posts,
            holdings=holdings,
            agencies={one.code: one for one in Agency.objects.filter(code__in=codes)},
        )

    @property
    def first_party(self) -> str:
        """The first of the parties."""
        return next(iter(self.names.values()), "")

    def name_of(self, party: UUID | None) -> str:
        """Who of the parties spoke; the first one where it is not known."""
        return self.names.get(party, self.first_party) if party else self.first_party

    def who(self, row: Row) -> str:
        """Who acted: the person in the post on that day, else the post's title; "" for the system."""
        if row.actor == "reporter":
            return self.first_party
        post = self.post(row)
        return self.holder(post, clock.local_day(row.occurred_at)) if post else ""

    def post(self, row: Row) -> Position | None:
        """The post that acted; None for a party and the system."""
        return self.posts.get(row.actor)

    def holder(self, post: Position, day: date) -> str:
        """Who sat in a post on a day; its title where nobody did, or several did: nobody is named by guess."""
        names = {
            one.user.name
            for one in self.holdings.get(post.id, ())
            if one.since <= day and (one.until is None or day <= one.until)
        }
        return names.pop() if len(names) == 1 else position_title(post)

    @property
    def into(self) -> str:
        """The number of the case this one was merged into; "" where whoever asks may not see that one."""
        return self.numbers.get(self.case.merged_into_id, "") if self.case.merged_into_id else ""


def posts_of(rows: Iterable[Row]) -> dict[str, Position]:
    """The posts that acted or were named in journal rows, by the name that the row gives them."""
    return posts_named(name for row in rows for name in (row.actor, row.payload.get("position", "")))


def _merges(case: Case) -> list[Row]:
    """The rows that merged other cases into this one: they stand in the journal of those, and name `into`."""
    merged = list(case.merged.values_list("id", flat=True))
    return list(Row.objects.filter(subject_id__in=merged, payload__has_key="into")) if merged else []


def _numbers(case: Case, grants: Grants) -> dict[UUID, str]:
    near = visible_to(grants, kinds=[case.kind]).filter(Q(merged_into=case) | Q(id=case.merged_into_id))
    return dict(near.values_list("id", "number"))


def _ratings(case: Case, rows: Iterable[Row]) -> dict[UUID, Feedback]:
    """The feedback that belongs to each rating row: the next one in order with the same rating."""
    rating = sorted(
        (row for row in rows if row.payload.get("rating")), key=lambda one: (one.recorded_at, one.id)
    )
    left = list(case.feedback.order_by("at", "id")) if rating else []
    found = {}
    for row in rating:
        given = next((one for one in left if one.rating == row.payload["rating"]), None)
        if given is not None:
            found[row.id] = given
            left.remove(given)
    return found
