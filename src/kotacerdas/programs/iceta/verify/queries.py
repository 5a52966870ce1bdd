"""What the verifier reads: the undecided reports with how many are alike, and who sent one back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from kotacerdas.foundation.cases.models import Case, Note
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.kernel import clock
from kotacerdas.programs.iceta.desk.rows import position_title
from kotacerdas.programs.iceta.lifecycles import AT_WORK, KIND, UNDECIDED
from kotacerdas.programs.iceta.queries import SIMILAR_DAYS, reports_for, unverified
from kotacerdas.programs.iceta.rules import limits

SHOWN = 60
ALIKE = 0.3
_METRES_PER_DEGREE = 111_000


@dataclass(frozen=True, kw_only=True)
class Returned:
    """Who gave a report back, when and why."""

    who: str
    at: datetime
    reason: str


def undecided(grants: Grants) -> QuerySet[Case]:
    """The list, clock first; `alike` counts near reports of the last days with the same matter."""
    return unverified(grants).annotate(alike=Coalesce(Subquery(_alike(grants)), 0))


def undecided_count(grants: Grants) -> int:
    """The figure of the navigation."""
    return unverified(grants).order_by().count()


def returned(case: Case) -> Returned | None:
    """The last return of a report that lies with the verifier again."""
    row = Row.objects.filter(verb=f"{KIND}.return", subject_id=case.id).order_by("-recorded_at").first()
    if row is None:
        return None
    note = Note.objects.filter(journal_id=row.id).select_related("author", "position__agency").first()
    if note is None:
        return None
    post = f"{position_title(note.position)} · {note.position.agency.short_name}" if note.position else ""
    names = [note.author.name if note.author else "", post]
    return Returned(who=", ".join(name for name in names if name), at=row.occurred_at, reason=note.body)


def _alike(grants: Grants) -> QuerySet[Any, Any]:
    """Counts, for an outer report, the visible open ones in the square round it that tell of the same."""
    reach = limits().similar_within_metres / _METRES_PER_DEGREE
    near = reports_for(grants).filter(
        opened_at__gte=clock.now() - timedelta(days=SIMILAR_DAYS),
        state__in=UNDECIDED | AT_WORK,
        lat__gte=OuterRef("lat") - reach,
        lat__lte=OuterRef("lat") + reach,
        lng__gte=OuterRef("lng") - reach,
        lng__lte=OuterRef("lng") + reach,
    )
    told: Any = OuterRef("report__words")  # the stubs know plain strings alone
    same = near.exclude(pk=OuterRef("pk")).annotate(likeness=TrigramWordSimilarity(told, F("report__words")))
    same = same.filter(Q(report__category=OuterRef("report__category")) | Q(likeness__gte=ALIKE))
    return same.order_by().values("kind").annotate(n=Count("pk", distinct=True)).values("n")
