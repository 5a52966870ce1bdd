"""The reports that were merged into a case, as whoever works on it reads them: words and photos, as they came."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.models import Case, CaseFile
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.ui.shapes import TimelineEntry
from kotacerdas.kernel.texts import isolated
from kotacerdas.programs.iceta.desk.photos import photo
from kotacerdas.programs.iceta.desk.rows import channel
from kotacerdas.programs.iceta.queries import reports_for


def merged_into(case: Case, grants: Grants) -> QuerySet[Case]:
    """The merged reports of a case, oldest first: what the tab counts is what it lists."""
    return reports_for(grants).filter(merged_into=case).order_by("opened_at", "id")


def merged_entries(cases: Sequence[Case]) -> list[TimelineEntry]:
    """Each merged report with its number, words, place and photos. Who sent it stands with the parties."""
    files: dict[UUID, list[CaseFile]] = {}
    hung = CaseFile.objects.filter(case__in=cases, note=None, is_inside=False).select_related("file")
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
            photos=tuple(photo(each) for each in files.get(one.id, ())),
            caption=isolated(one.report.place_words),
        )
        for one in cases
    ]
