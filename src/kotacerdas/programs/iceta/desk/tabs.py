"""The tabs of a report: those that were merged into it, and what its reporters think of the result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.models import Case, CaseFile
from kotacerdas.foundation.casework.names import channel
from kotacerdas.foundation.casework.timeline import photos_of
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.ui.shapes import TimelineEntry
from kotacerdas.kernel.texts import isolated
from kotacerdas.programs.iceta.queries import reports_for
from kotacerdas.programs.iceta.ratings import FACES, rated

if TYPE_CHECKING:
    from kotacerdas.foundation.casework.history import History


def merged_into(case: Case, grants: Grants) -> QuerySet[Case]:
    """The merged reports of a case, oldest first: what the tab counts is what it lists."""
    return reports_for(grants).filter(merged_into=case).order_by("opened_at", "id")


def merged_count(case: Case, grants: Grants) -> int:
    """How many were merged into it."""
    return merged_into(case, grants).count()


def merged_context(case: Case, grants: Grants, history: History) -> Mapping[str, Any]:
    """The merged reports: words and photos, as they came."""
    return {"merged": _entries(list(merged_into(case, grants)))}


def feedback_count(case: Case, grants: Grants) -> int:
    """How many ratings there are."""
    return case.feedback.count()


def feedback_context(case: Case, grants: Grants, history: History) -> Mapping[str, Any]:
    """Each rating with its face, its word and who gave it."""
    return {
        "feedback": [
            (FACES[one.rating].icon, rated(one.rating), history.name_of(one.party_id), one)
            for one in case.feedback.order_by("at")
        ]
    }


def measured(row: Row) -> list[str]:
    """The rating that a row of the journal counts."""
    rating = row.payload.get("rating")
    return [rated(rating)] if rating else []


def _entries(cases: Sequence[Case]) -> list[TimelineEntry]:
    """Each merged report with its number, words, place and photos. Who sent it stands with the parties."""
    files: dict[UUID, list[CaseFile]] = {}
    hung = CaseFile.objects.filter(case__in=cases, note=None, is_inside=False).select_related("file", "case")
    for one in hung.order_by("added_at", "id"):
        files.setdefault(one.case_id, []).append(one)
    return [
        TimelineEntry(
            kind="reporter",
            icon=channel(one.channel)[0],
            at=one.opened_at,
            who=one.number,
            via=_("by %(channel)s") % {"channel": str(channel(one.channel)[1])},
            body=one.report.words,
            photos=photos_of(files.get(one.id, ())),
            caption=isolated(one.report.place_words),
        )
        for one in cases
    ]
