"""Tabs that a kind of case may have: the cases that were merged into it, and how its result was rated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotacerdas.foundation.cases.models import Case, CaseFile
from kotacerdas.foundation.cases.queries import visible_to
from kotacerdas.foundation.cases.ratings import FACES, rated
from kotacerdas.foundation.casework.declarations import Tab
from kotacerdas.foundation.casework.history import History
from kotacerdas.foundation.casework.names import channel
from kotacerdas.foundation.casework.timeline import photos_of
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.ui.shapes import TimelineEntry

Words = Callable[[Case], str]


def merged_tab(label: Any, template: str, *, related: str, words: Words, caption: Words) -> Tab:
    """The cases merged into this one, oldest first: words and photos, as they came. What is counted is what is listed.

    related  what of the program's own rows is read with each; words, caption  what is said of it
    """

    def merged(case: Case, grants: Grants) -> QuerySet[Case]:
        chosen = visible_to(grants, kinds=[case.kind]).filter(merged_into=case)
        return chosen.select_related(related).order_by("opened_at", "id")

    def context(case: Case, grants: Grants, history: History) -> Mapping[str, Any]:
        cases = list(merged(case, grants))
        files = _files(cases)
        return {"merged": [_entry(one, files.get(one.id, []), words, caption) for one in cases]}

    def count(case: Case, grants: Grants) -> int:
        return merged(case, grants).count()

    return Tab(name="gabungan", label=label, template=template, count=count, context=context)


def feedback_tab(template: str) -> Tab:
    """Each rating with its face, its word and who gave it."""

    def context(case: Case, grants: Grants, history: History) -> Mapping[str, Any]:
        ratings = case.feedback.order_by("at")
        shown = [
            (FACES[one.rating].icon, rated(one.rating), history.name_of(one.party_id), one) for one in ratings
        ]
        return {"feedback": shown}

    def count(case: Case, grants: Grants) -> int:
        return case.feedback.count()

    return Tab(name="umpan", label=gettext_lazy("Feedback"), template=template, count=count, context=context)


def _files(cases: list[Case]) -> dict[UUID, list[CaseFile]]:
    found: dict[UUID, list[CaseFile]] = {}
    hung = CaseFile.objects.filter(case__in=cases, note=None, is_inside=False).select_related("file", "case")
    for one in hung.order_by("added_at", "id"):
        found.setdefault(one.case_id, []).append(one)
    return found


def _entry(case: Case, files: list[CaseFile], words: Words, caption: Words) -> TimelineEntry:
    """A merged case with its number, words and photos. Who sent it stands with the parties."""
    icon, way = channel(case.channel)
    return TimelineEntry(
        kind="reporter",
        icon=icon,
        at=case.opened_at,
        who=case.number,
        via=_("by %(channel)s") % {"channel": str(way)},
        body=words(case),
        photos=photos_of(files),
        caption=caption(case),
    )
