"""What the pages of a desk read; every case through the grants of the one who asks."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from kotacerdas.foundation.cases.kinds import ESCALATION
from kotacerdas.foundation.cases.models import Assignment, Case, CaseClock, CaseParty
from kotacerdas.foundation.cases.queries import EMERGENCY, involved, visible_to
from kotacerdas.foundation.casework.declarations import Desk
from kotacerdas.foundation.casework.filters import Moments, Named, filters, groups
from kotacerdas.foundation.parties.grants import Grants, Scope
from kotacerdas.kernel.errors import Missing
from kotacerdas.kernel.memory import forgets

PAGE_SIZE = 50
_MOST_COUNTED = 1000
_KEEP_SECONDS = 5.0
_counted: dict[tuple[str, UUID | None], tuple[float, int]] = {}  # per user; every page of the desk shows it
_ORDER = ("is_paused", "due_at", "assigned_at", "id")  # no two alike: pages and neighbours agree on it


@dataclass(frozen=True)
class QueuePage:
    """One page of a queue: its assignments, counts per group within the filter, and per filter."""

    rows: Sequence[Assignment]
    group_counts: dict[str, int]
    filter_counts: dict[str, int]
    number: int
    pages: int

    @property
    def total(self) -> int:
        return sum(self.group_counts.values())


def cases_for(desk: Desk, grants: Grants) -> QuerySet[Case]:
    """The cases of a kind that somebody may see, with what lists show."""
    return visible_to(grants, kinds=[desk.kind]).select_related("lead_agency", *desk.related)


def work_of(desk: Desk, grants: Grants) -> QuerySet[Assignment]:
    """Open work of one's agencies that is in somebody's hands or waits for them, in order of its clocks.

    What was escalated to one's own post comes with it, unless the case is in the list already.
    """
    here = Q(role__in=desk.roles) & grants.scope(desk.work).within("agency")
    raised = list(_escalated(desk, grants, here))
    own_cases = queue_of(here | Q(id__in=raised)) if raised else queue_of(here)
    return own_cases.filter(case__kind=desk.kind, case__state__in=desk.at_work).order_by(*_ORDER)


def queue_of(wanted: Q) -> QuerySet[Assignment]:
    """Open assignments with what a queue shows of them."""
    chosen = Assignment.objects.filter(wanted, is_open=True)
    return chosen.select_related("case", "agency", "position", "holder")


def _escalated(desk: Desk, grants: Grants, here: Q) -> Iterable[UUID]:
    """Ids of open escalations to one's own posts whose case is not in one's agencies' hands anyway."""
    if not grants.position_ids:
        return ()
    handled = Assignment.objects.filter(here, case=OuterRef("case"), is_open=True)
    return (
        Assignment.objects.filter(is_open=True, role=ESCALATION.name, position__in=grants.position_ids)
        .exclude(Exists(handled))
        .values_list("id", flat=True)
    )


def queue_page(desk: Desk, grants: Grants, wanted: Named, number: int) -> QueuePage:
    """One page of the queue within a filter, emergencies before all else.

    Two queries however long the queue is, and one more while an emergency is open: so the rest is still
    read in the order of its index.
    """
    at = Moments.current()
    work = work_of(desk, grants)
    tally: dict[str, Count] = {
        f"group_{index}": Count("id", filter=group.holds & wanted.holds)
        for index, group in enumerate(groups(at))
    }
    offered = filters(desk, grants, at)
    tally |= {
        f"filter_{index}": Count("id", filter=one.holds) if one.holds else Count("id")
        for index, one in enumerate(offered)
    }
    counted = work.order_by().aggregate(**tally)
    by_group = {group.name: counted[f"group_{index}"] for index, group in enumerate(groups(at))}
    _remember(desk, grants, counted["filter_0"])
    pages = max(1, -(-sum(by_group.values()) // PAGE_SIZE))
    number = min(max(1, number), pages)
    chosen = _with_own_rows(desk, work.filter(wanted.holds))
    return QueuePage(
        rows=_urgent_first(chosen, by_group["darurat"], (number - 1) * PAGE_SIZE),
        group_counts=by_group,
        filter_counts={one.name: counted[f"filter_{index}"] for index, one in enumerate(offered)},
        number=number,
        pages=pages,
    )


def first_work(desk: Desk, grants: Grants, most: int) -> list[Assignment]:
    """The first rows of a whole queue, in the order of its pages: emergencies before all else."""
    work, loud = work_of(desk, grants), Q(case__priority=EMERGENCY)
    related = work.select_related(*(f"case__{name}" for name in desk.related))
    urgent = list(related.filter(loud)[:most])
    return urgent + list(related.exclude(loud)[: most - len(urgent)])


def queue_numbers(desk: Desk, grants: Grants, wanted: Named) -> list[str]:
    """The case of each row of a whole queue within a filter, in its order: emergencies before all else.

    A case in which one's agencies have two parts stands there twice.
    """
    chosen = work_of(desk, grants).filter(wanted.holds).values_list("case__number", "case__priority")
    rows = sorted(chosen, key=lambda row: row[1] != EMERGENCY)
    return [number for number, _priority in rows]


def whole_queue(desk: Desk, grants: Grants, wanted: Named) -> Iterator[Assignment]:
    """Every row of a queue within a filter, in the order of its pages, read bit by bit."""
    chosen, loud = work_of(desk, grants).filter(wanted.holds), Q(case__priority=EMERGENCY)
    related = _with_own_rows(desk, chosen)
    yield from related.filter(loud).iterator(chunk_size=500)
    yield from related.exclude(loud).iterator(chunk_size=500)


def _with_own_rows(desk: Desk, work: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """The same, with the rows of the kind that its columns read."""
    names = {name for one in desk.columns for name in (desk.related if one.related is None else one.related)}
    return work.select_related(*(f"case__{name}" for name in sorted(names))) if names else work


def _urgent_first(chosen: QuerySet[Assignment], urgent: int, start: int) -> list[Assignment]:
    """The rows of one page: emergencies, then the others, each in the order of the queue."""
    if not urgent:
        return list(chosen[start : start + PAGE_SIZE])
    loud = Q(case__priority=EMERGENCY)
    rows = list(chosen.filter(loud)[start : start + PAGE_SIZE])
    skipped = max(0, start - urgent)
    return rows + list(chosen.exclude(loud)[skipped : skipped + PAGE_SIZE - len(rows)])


def work_count(desk: Desk, grants: Grants) -> int:
    """How much work lies in one's queue: the figure of the navigation, at most five seconds old."""
    cached = _counted.get((desk.kind, grants.user_id))
    if cached is None or time.monotonic() > cached[0]:
        return _remember(desk, grants, work_of(desk, grants).order_by().count())
    return cached[1]


@forgets
def forget_counts() -> None:
    """Count anew at the next page."""
    _counted.clear()


def _remember(desk: Desk, grants: Grants, count: int) -> int:
    if len(_counted) >= _MOST_COUNTED:
        _counted.clear()
    _counted[desk.kind, grants.user_id] = (time.monotonic() + _KEEP_SECONDS, count)
    return count


def agency_cases(desk: Desk, grants: Grants) -> QuerySet[Case]:
    """All cases of the kind, open and closed, in which one's agencies have or had a part."""
    scope = list_scope(desk, grants)
    return cases_for(desk, grants).filter(involved(scope, except_roles=desk.passes_on))


def list_scope(desk: Desk, grants: Grants) -> Scope:
    """Where somebody may list the cases of a kind."""
    scope = Scope()
    for permission in desk.lists:
        scope |= grants.scope(permission)
    return scope


def case_for(desk: Desk, grants: Grants, number: str) -> Case:
    """One case by number, as far as somebody may see it. Missing for strangers as for nothing at all."""
    chosen = cases_for(desk, grants).filter(number=number.strip().upper())
    found = chosen.select_related("lead_agency", "merged_into", *desk.related).first()
    if found is None:
        raise Missing(_("There is no such case here."), remedy=_("Check the number, or look in your queue."))
    return found


def readable(desk: Desk, grants: Grants) -> Q:
    """The cases of a kind whose words somebody reads."""
    return desk.readable(grants) if desk.readable else desk.lifecycle.visible(grants)


def reads_words(desk: Desk, grants: Grants, case: Case) -> bool:
    """Whether somebody reads the words of a case, not only its codes (the command center reads codes)."""
    return Case.objects.filter(readable(desk, grants), id=case.id).exists()


def agencies_of(case: Case) -> list[UUID | None]:
    """The agencies that work on a case, and its lead."""
    working = case.assignments.filter(is_open=True).values_list("agency_id", flat=True)
    return [*working, case.lead_agency_id]


def opens_number(desk: Desk, grants: Grants, agencies: Iterable[UUID | None], party: CaseParty) -> bool:
    """Whether somebody may open a party's number, as the kind says for such a party."""
    return desk.opens is not None and grants.may(desk.opens(party), agencies=agencies)


def live_clocks_of(cases: Iterable[UUID]) -> dict[UUID, list[CaseClock]]:
    """Our running and paused clocks of several cases, in one query."""
    found: dict[UUID, list[CaseClock]] = {}
    for one in CaseClock.objects.filter(case__in=list(cases), state__in=("running", "paused"), is_ours=True):
        found.setdefault(one.case_id, []).append(one)
    return found


def open_parts_of(cases: Iterable[UUID]) -> dict[UUID, dict[str, list[UUID]]]:
    """Of several cases the agencies of the open assignments by role, in one query."""
    found: dict[UUID, dict[str, list[UUID]]] = {}
    chosen = Assignment.objects.filter(case__in=list(cases), is_open=True).order_by("assigned_at", "id")
    for case, role, agency in chosen.values_list("case_id", "role", "agency_id"):
        found.setdefault(case, {}).setdefault(role, []).append(agency)
    return found


def open_assignments_of(cases: Iterable[UUID]) -> dict[UUID, list[Assignment]]:
    """Open assignments of several cases with their agencies, in one query."""
    found: dict[UUID, list[Assignment]] = {}
    chosen = Assignment.objects.filter(case__in=list(cases), is_open=True)
    for one in chosen.select_related("agency", "holder", "position").order_by("assigned_at", "id"):
        found.setdefault(one.case_id, []).append(one)
    return found
