"""What the verifier reads: the undecided reports with how many are alike, and who sent one back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case as DbCase
from django.db.models import (
    Count,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    When,
    Window,
)
from django.db.models.functions import MD5, Cast, Coalesce, RowNumber, Upper

from kotacerdas.foundation.cases.models import Case, CaseParty, Note
from kotacerdas.foundation.casework.names import position_title
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.territory.minimap import ROUGH_M
from kotacerdas.kernel import clock
from kotacerdas.programs.iceta.lifecycles import AT_WORK, KIND, UNDECIDED
from kotacerdas.programs.iceta.pack_tables import limits
from kotacerdas.programs.iceta.queries import SIMILAR_DAYS, reports_for, unverified

SHOWN = 60
FLOOD_SHOWN = 2
ALIKE = 0.3
_METRES_PER_DEGREE = 111_000


@dataclass(frozen=True, kw_only=True)
class Returned:
    """Who gave a report back, when and why."""

    who: str
    at: datetime
    reason: str


def undecided(grants: Grants, *, flood_of: str = "") -> QuerySet[Case]:
    """The list, clock first; `alike` counts the reports of the last days, near or of the village, about the same.

    Of many with one number that nobody proved, or with the same words, the first two stand there; `flood_size` says
    how many there are. Emergencies are never folded.

    flood_of  the number of one of them: those alone, all of them
    """
    alike = Coalesce(Subquery(_alike(grants)), 0) + Coalesce(Subquery(_alike_in_village(grants)), 0)
    marked = unverified(grants).annotate(told_lat=_told_lat()).annotate(alike=alike, flood=_flood())
    if flood_of:
        named = unverified(grants).filter(number=flood_of).annotate(flood=_flood()).order_by().values("flood")
        return marked.filter(flood__in=named)
    together, in_order = [F("flood")], [F("opened_at").asc(), F("id").asc()]
    place = Window(RowNumber(), partition_by=together, order_by=in_order)
    size = Window(Count("id"), partition_by=together)
    return marked.annotate(flood_place=place, flood_size=size).filter(flood_place__lte=FLOOD_SHOWN)


def _flood() -> DbCase:
    """What groups many reports of one sender: the number, else the words; else the report's own id."""
    reporter = CaseParty.objects.filter(case=OuterRef("pk"), role="reporter").order_by("since")
    unproved = reporter.filter(is_proved=False).values(key=Cast("contact", TextField()))[:1]
    return DbCase(
        When(Q(priority="emergency") | Exists(reporter.filter(is_proved=True)), then=Cast("id", TextField())),
        default=Coalesce(Subquery(unproved), MD5(Upper("report__words"))),
        output_field=TextField(),
    )


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


def _told_lat() -> DbCase:
    """The latitude of a position that tells a village; NULL for a rough one, which is near to nothing."""
    return DbCase(
        When(report__accuracy_m__gt=ROUGH_M, then=None), default=F("lat"), output_field=FloatField()
    )


def _alike(grants: Grants) -> QuerySet[Any, Any]:
    """A subquery that counts the visible open reports near an outer report with similar words."""
    reach = limits().similar_within_metres / _METRES_PER_DEGREE
    near = reports_for(grants).filter(
        opened_at__gte=clock.now() - timedelta(days=SIMILAR_DAYS),
        state__in=UNDECIDED | AT_WORK,
        lat__gte=OuterRef("told_lat") - reach,
        lat__lte=OuterRef("told_lat") + reach,
        lng__gte=OuterRef("lng") - reach,
        lng__lte=OuterRef("lng") + reach,
    )
    words: Any = OuterRef("report__words")  # the stubs know plain strings alone
    near = near.exclude(report__accuracy_m__gt=ROUGH_M)
    same = near.exclude(pk=OuterRef("pk")).annotate(likeness=TrigramWordSimilarity(words, F("report__words")))
    same = same.filter(Q(report__category=OuterRef("report__category")) | Q(likeness__gte=ALIKE))
    return same.order_by().values("kind").annotate(n=Count("pk", distinct=True)).values("n")


def _alike_in_village(grants: Grants) -> QuerySet[Any, Any]:
    """A subquery that counts those of an outer report's village with similar words, where one has no position."""
    words: Any = OuterRef("report__words")
    outer_lat: Any = ExpressionWrapper(OuterRef("told_lat"), output_field=FloatField())
    here = (
        reports_for(grants)
        .filter(
            opened_at__gte=clock.now() - timedelta(days=SIMILAR_DAYS),
            state__in=UNDECIDED | AT_WORK,
            area_code=OuterRef("area_code"),
        )
        .exclude(area_code="")
        .exclude(pk=OuterRef("pk"))
        .annotate(likeness=TrigramWordSimilarity(words, F("report__words")), outer_lat=outer_lat)
        .filter(Q(lat=None) | Q(report__accuracy_m__gt=ROUGH_M) | Q(outer_lat=None), likeness__gte=ALIKE)
    )
    return here.order_by().values("kind").annotate(n=Count("pk", distinct=True)).values("n")
