"""Everything that reads reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case as DbCase
from django.db.models import Count, Expression, FloatField, Q, QuerySet, Value, When

from kotacerdas.foundation.cases.models import Assignment, Case
from kotacerdas.foundation.cases.queries import visible_to
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.territory.geometry import distance_m
from kotacerdas.foundation.territory.minimap import ROUGH_M
from kotacerdas.kernel import clock
from kotacerdas.programs.iceta.lifecycles import AT_WORK, KIND, UNDECIDED
from kotacerdas.programs.iceta.lifecycles.kinds import SUPPORT
from kotacerdas.programs.iceta.models import Category, Report
from kotacerdas.programs.iceta.pack_tables import limits

SAME_EMERGENCY, EMERGENCY_REACH_M = timedelta(hours=1), 1_000
SIMILAR_DAYS = 30

_DEGREES_PER_METRE = 1 / 111_000


@dataclass(frozen=True, kw_only=True)
class Similar:
    """A report that may tell of the same thing; distance in metres, None when a place is unknown."""

    case: Case
    distance: float | None
    followers: int
    likeness: float  # trigram similarity of the words, 0 to 1


def reports_for(grants: Grants) -> QuerySet[Case]:
    """Cases of reports that somebody may see, with what lists show."""
    return visible_to(grants, kinds=[KIND]).select_related("report__category__lead", "lead_agency")


def similar(
    *,
    lat: float | None,
    lng: float | None,
    words: str,
    among: QuerySet[Case],
    exclude: UUID | None = None,
    category: Category | None = None,
    for_public: bool = False,
) -> list[Similar]:
    """Open reports of the last 30 days within 250 m, most alike first; without a place, those alike alone.

    category    alike by their category come before the rest
    for_public  words that are not published are not compared: an order or a hit would tell of them. Such a
                report counts as wholly alike where the category is the same, as not at all alike elsewhere
    """
    since = clock.now() - timedelta(days=SIMILAR_DAYS)
    chosen = among.filter(kind=KIND, opened_at__gte=since, state__in=UNDECIDED | AT_WORK)
    if exclude:
        chosen = chosen.exclude(id=exclude)
    chosen = chosen.annotate(
        likeness=_likeness(words, category, for_public=for_public),
        followers=Count("parties", distinct=True),
    ).select_related("report__category", "lead_agency")
    if lat is None or lng is None:
        near = chosen.filter(likeness__gte=0.3).order_by("-likeness")[:5]
        return [
            Similar(case=one, distance=None, followers=one.followers, likeness=one.likeness) for one in near
        ]
    reach = limits().similar_within_metres * _DEGREES_PER_METRE
    box = chosen.exclude(report__accuracy_m__gt=ROUGH_M).filter(
        lat__range=(lat - reach, lat + reach), lng__range=(lng - reach, lng + reach)
    )
    found = [
        Similar(case=one, distance=distance, followers=one.followers, likeness=one.likeness)
        for one in box
        if one.lat is not None
        and one.lng is not None
        and (distance := distance_m(lat, lng, one.lat, one.lng)) <= limits().similar_within_metres
    ]
    return sorted(found, key=lambda one: (-one.likeness, one.distance or 0))[:5]


def similar_there(
    *, lat: float | None, lng: float | None, village: str, among: QuerySet[Case], **asked: Any
) -> list[Similar]:
    """Reports near the position, then those of the village where either one has no position."""
    near: list[Similar] = []
    here = among.filter(area_code=village)
    if lat is not None:
        near = similar(lat=lat, lng=lng, among=among, **asked)
        here = here.filter(Q(lat=None) | Q(report__accuracy_m__gt=ROUGH_M))
    return [*near, *similar(lat=None, lng=None, among=here, **asked)] if village else near


def emergencies_like(
    category: Category, *, area_code: str, lat: float | None, lng: float | None
) -> list[Case]:
    """Open emergencies of the last hour that may be the one a caller tells of, the newest first, three at most.

    Of the same group of categories; in the same village or near, or where nobody knows the place of one of them.
    """
    open_ones = Case.objects.filter(
        kind=KIND,
        priority="emergency",
        state__in=UNDECIDED | AT_WORK,
        opened_at__gte=clock.now() - SAME_EMERGENCY,
        report__category__group=category.group,
        report__is_secret=False,
    )
    if area_code or lat is not None:
        place = Q(area_code="") | Q(area_code=area_code)
        if lat is not None and lng is not None:
            reach = EMERGENCY_REACH_M * _DEGREES_PER_METRE
            box = Q(lat__range=(lat - reach, lat + reach), lng__range=(lng - reach, lng + reach))
            place |= box & ~Q(report__accuracy_m__gt=ROUGH_M)
        open_ones = open_ones.filter(place)
    return list(open_ones.select_related("report__category").order_by("-opened_at")[:3])


def emergency_open(number: str) -> Case | None:
    """The open emergency of a number, which a caller may be added to."""
    found = Case.objects.filter(kind=KIND, number=number, priority="emergency", state__in=UNDECIDED | AT_WORK)
    return found.first()


def _likeness(words: str, category: Category | None, *, for_public: bool) -> Expression:
    from django.contrib.postgres.search import TrigramWordSimilarity

    by_words = TrigramWordSimilarity(words[:500], "report__words")
    if not for_public:
        return by_words
    same = [When(report__category=category, then=Value(1.0))] if category else []
    return DbCase(
        *same,
        When(report__words_published=True, then=by_words),
        default=Value(0.0),
        output_field=FloatField(),
    )


def published() -> QuerySet[Case]:
    """The reports that anybody may read: verified, of a public category, not secret."""
    return Case.objects.filter(
        kind=KIND, report__is_published=True, report__is_secret=False, report__category__is_public=True
    )


def report_of(case: Case) -> Report:
    """The report of a case, with its category."""
    return Report.objects.select_related("category__lead", "desk_agency").get(case=case)


def unanswered_supports(case: Case) -> QuerySet[Assignment]:
    """The supporting parts of a case whose agency has not answered yet: their clock still runs."""
    return (
        case.assignments.filter(is_open=True, role=SUPPORT.name, caseclock__state="running")
        .select_related("agency")
        .order_by("agency__short_name")
    )


def unverified(grants: Grants) -> QuerySet[Case]:
    """The verifier's list: undecided reports, nearest promise first."""
    return reports_for(grants).filter(state__in=UNDECIDED).order_by("is_paused", "due_at", "opened_at")
