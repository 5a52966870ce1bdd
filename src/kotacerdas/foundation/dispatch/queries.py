"""Everything that reads dispatch, within the agencies whose plans somebody may see; and every position with its age."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from kotacerdas.foundation.dispatch.models import (
    CrewMember,
    Job,
    Plan,
    PlannedRoute,
    PlannedStop,
    Shift,
    SolveRun,
    Station,
    Unit,
    UnitPosition,
    UnitState,
)
from kotacerdas.foundation.dispatch.permissions import VIEW
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.parties.models import Agency, User
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Missing

LOST_AFTER = timedelta(seconds=30)  # a run whose worker has written nothing for so long is lost


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Where a unit was last seen: by whom, when, how exactly, and how long ago. The age is never left out."""

    unit_id: UUID
    lat: float
    lng: float
    source: str
    accuracy_m: int | None
    measured_at: datetime
    age: timedelta


def desk_of(actor: Actor) -> Agency:
    """The agency whose plans are at the actor's desk: that of the post, else the first one allowed. Missing for none."""
    grants = actor.grants
    if actor.position is not None and grants.may(VIEW, agencies=[actor.position.agency_id]):
        return actor.position.agency
    scope = grants.scope(VIEW)
    here = Agency.objects.filter(closed_on=None)
    if not scope.everywhere:
        here = here.filter(id__in=scope.agencies)
    found = here.filter(units__isnull=False).first() or here.first()
    if found is None:
        raise Missing(_("There is no such page here."), remedy=_("Go back to your work."))
    return found


def units_for(grants: Grants) -> QuerySet[Unit]:
    """Units of the agencies whose plans somebody may see."""
    return Unit.objects.filter(grants.scope(VIEW).within("agency")).select_related("agency", "home")


def stations_for(grants: Grants) -> QuerySet[Station]:
    """Stations of the agencies whose plans somebody may see."""
    return Station.objects.filter(grants.scope(VIEW).within("agency")).select_related("agency")


def jobs_for(grants: Grants) -> QuerySet[Job]:
    """Jobs of the agencies, or in the areas, whose plans somebody may see."""
    return Job.objects.filter(grants.scope(VIEW).within("agency", "area_code")).select_related("agency")


def plans_for(grants: Grants) -> QuerySet[Plan]:
    """Plans that somebody may see."""
    return Plan.objects.filter(grants.scope(VIEW).within("agency")).select_related("agency")


def runs_for(grants: Grants) -> QuerySet[SolveRun]:
    """Askings for a plan that somebody may see."""
    return SolveRun.objects.filter(grants.scope(VIEW).within("agency")).select_related("agency")


def published(agency: Agency, day: date) -> Plan | None:
    """The plan of the day that is in force, if there is one."""
    return Plan.objects.filter(agency=agency, day=day, state=Plan.State.PUBLISHED).first()


def plan_shown(agency: Agency, day: date, version: int | None = None) -> Plan | None:
    """The plan of a day by its version; else the one in force, else the newest. Missing for a version that is none."""
    plans = Plan.objects.filter(agency=agency, day=day).select_related("agency", "based_on", "made_by")
    if version is None:
        return plans.filter(state=Plan.State.PUBLISHED).first() or plans.order_by("-version").first()
    found = plans.filter(version=version).first()
    if found is None:
        raise Missing(_("There is no such version of this day's plan."), remedy=_("Look at the day again."))
    return found


def versions_of(agency: Agency, day: date) -> QuerySet[Plan]:
    """All plans of a day, the newest first, without what stands in them."""
    return Plan.objects.filter(agency=agency, day=day).defer("unplanned").order_by("-version")


def newest_run(agency: Agency, day: date) -> SolveRun | None:
    """The last asking for a plan of a day."""
    return SolveRun.objects.filter(agency=agency, day=day).order_by("-asked_at").first()


def route_of(unit: Unit, day: date) -> PlannedRoute | None:
    """What a unit does on a day, by the plan in force, with its stops."""
    found = PlannedRoute.objects.filter(unit=unit, day=day, is_published=True)
    return (
        found.select_related("plan", "unit", "shift").prefetch_related("stops__job", "stops__station").first()
    )


def is_of_crew(shift: Shift, user: User | None) -> bool:
    """Whether somebody is in the crew of a shift on its day."""
    if shift.crew_id is None or user is None:
        return False
    there = CrewMember.objects.filter(crew=shift.crew_id, user=user, since__lte=shift.day)
    return there.filter(Q(until=None) | Q(until__gte=shift.day)).exists()


def crew_shifts(user: User | None, first: date, last: date) -> QuerySet[Shift]:
    """The shifts from one day to another in whose crew somebody was on that very day."""
    there = Q(crew__members__until=None) | Q(crew__members__until__gte=F("day"))
    return Shift.objects.filter(
        there,
        day__range=(first, last),
        crew__members__user=user,
        crew__members__since__lte=F("day"),
    ).distinct()


def shifts_of(user: User | None, day: date) -> QuerySet[Shift]:
    """The shifts of a day in whose crew somebody is, with their units."""
    mine = crew_shifts(user, day, day)
    return mine.select_related("unit__agency", "unit__home", "crew").order_by("unit__name")


def stop_of_job(job: Job) -> PlannedStop | None:
    """Where a job stands in the plan in force of its day: for whoever waits for it."""
    found = PlannedStop.objects.filter(of_its_day(), job=job, route__is_published=True)
    return found.select_related("route__unit").order_by("-route__day").first()


def of_its_day() -> Q:
    """Stops whose job is for the day of their route, or for any: one that got another day is to be done there no more."""
    return Q(job__day=None) | Q(job__day=F("route__day"))


def holding_stops() -> QuerySet[PlannedStop]:
    """Stops in force that keep their job from other plans: of the job's day, and that is not past."""
    return PlannedStop.objects.filter(
        of_its_day(), job__isnull=False, route__is_published=True, route__day__gte=clock.today()
    )


def earlier_jobs(agency: Agency) -> QuerySet[Job]:
    """Open jobs of days that are past: nobody did them, and no plan takes them before they get another day."""
    found = Job.objects.filter(agency=agency, state=Job.State.OPEN, day__lt=clock.today())
    return found.select_related("pinned_unit").order_by("day", "opened_at", "id")


def states_of(units: Iterable[UUID]) -> dict[UUID, str]:
    """The newest state of each unit by its id: available, broken or off."""
    wanted = list(units)
    newest = (
        UnitState.objects.filter(unit__in=wanted).order_by("unit_id", "-since", "-id").distinct("unit_id")
    )
    found = {row.unit_id: row.state for row in newest}
    return {unit: found.get(unit, UnitState.State.AVAILABLE) for unit in wanted}


def last_seen(units: Iterable[UUID], *, now: datetime | None = None) -> dict[UUID, Seen]:
    """Where each unit was last seen, by whichever source saw it last; without those that nobody saw."""
    at = now or clock.now()
    newest = (
        UnitPosition.objects.filter(unit__in=list(units))
        .order_by("unit_id", "-measured_at")
        .distinct("unit_id")
    )
    return {row.unit_id: _seen(row, at) for row in newest}


def seen_by_source(unit: Unit, *, now: datetime | None = None) -> list[Seen]:
    """Where each source last saw a unit, the newest first."""
    at = now or clock.now()
    return [_seen(row, at) for row in UnitPosition.objects.filter(unit=unit).order_by("-measured_at")]


def is_lost(run: SolveRun, *, now: datetime | None = None) -> bool:
    """Whether the worker of a run under way is gone: it wrote nothing for half a minute."""
    if run.state != SolveRun.State.RUNNING or run.seen_at is None:
        return False
    return (now or clock.now()) - run.seen_at > LOST_AFTER


def state_of_run(run: SolveRun) -> str:
    """The state as one should show it: a lost run has failed, whatever its row still says."""
    return str(SolveRun.State.FAILED if is_lost(run) else run.state)


def _seen(row: UnitPosition, now: datetime) -> Seen:
    return Seen(
        unit_id=row.unit_id,
        lat=row.lat,
        lng=row.lng,
        source=row.source,
        accuracy_m=row.accuracy_m,
        measured_at=row.measured_at,
        age=max(now - row.measured_at, timedelta()),
    )
