"""Jobs that programs want done: opened, changed, pinned to a unit, called off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kotacerdas.foundation.dispatch.actions.fleet import note, position_flaws, skill_flaws
from kotacerdas.foundation.dispatch.models import Job, PlannedRoute, PlannedStop, Unit
from kotacerdas.foundation.dispatch.permissions import PLAN
from kotacerdas.foundation.dispatch.queries import holding_stops
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.grants import require
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid

MOST_WEIGHT = 100
CHANGEABLE = ("lat", "lng", "area_code", "volume_l", "service_seconds", "skills", "windows", "weight", "day")


@transaction.atomic
def job_open(
    *,
    actor: Actor,
    agency: Agency,
    subject: tuple[str, UUID],
    lat: float,
    lng: float,
    service_seconds: int,
    volume_l: int = 0,
    day: date | None = None,
    windows: Sequence[tuple[str, str]] = (),
    promised: tuple[datetime, datetime] | None = None,
    skills: Sequence[str] = (),
    weight: int = 1,
    area_code: str = "",
) -> Job:
    """A job for the planners; what it is about stands with the program, which also checked that the actor may.

    windows  pairs of local times, as ("08:00", "12:00"); volumes in litres
    That the position lies where it can be served is the program's to check. Raises Invalid with the fields, Conflict when
    the subject has an open job already.
    """
    given = {
        "lat": lat,
        "lng": lng,
        "volume_l": volume_l,
        "service_seconds": service_seconds,
        "skills": sorted(set(skills)),
        "windows": [list(pair) for pair in windows],
        "weight": weight,
        "day": day,
        "area_code": area_code,
    }
    _check(given, promised)
    if Job.objects.filter(subject_kind=subject[0], subject_id=subject[1], state=Job.State.OPEN).exists():
        raise Conflict(_("There is an open job for this already."), remedy=_("Change that one."))
    job = Job.objects.create(
        agency=agency,
        subject_kind=subject[0],
        subject_id=subject[1],
        promised_from=promised[0] if promised else None,
        promised_until=promised[1] if promised else None,
        **given,
    )
    _note("open", job, actor)
    return job


@transaction.atomic
def job_change(
    *, actor: Actor, job: Job, promised: tuple[datetime, datetime] | bool | None = False, **given: Any
) -> Job:
    """Change what a job needs; `promised` is left as it is unless given (None: nothing is promised any more).

    A job that a plan in force has keeps its place there until the next plan: the caller asks for one. The program checked
    that the actor may. Raises Invalid, Conflict for one that is not open.
    """
    job = _open(job)
    unknown = set(given) - set(CHANGEABLE)
    if unknown:
        raise TypeError(f"a job has no {', '.join(sorted(unknown))} that can be changed")
    if "windows" in given:
        given["windows"] = [list(pair) for pair in given["windows"]]
    now = {name: given.get(name, getattr(job, name)) for name in CHANGEABLE}
    if isinstance(promised, bool):
        kept = (job.promised_from, job.promised_until)
        promised = (kept[0], kept[1]) if kept[0] and kept[1] else None
    _check(now, promised)
    for name, value in now.items():
        setattr(job, name, value)
    job.promised_from, job.promised_until = promised or (None, None)
    job.save()
    _note("change", job, actor)
    return job


@transaction.atomic
def job_pin(*, actor: Actor, job: Job, unit: Unit | None) -> Job:
    """Say that one unit alone may do a job, or that any may again. Raises Refused, Invalid, Conflict."""
    require_plan(actor, job.agency)
    job = _open(job)
    if unit is not None and unit.agency_id != job.agency_id:
        raise Invalid(_("This unit belongs to another agency."), fields={"unit": _("Choose another unit.")})
    job.pinned_unit = unit
    job.save(update_fields=["pinned_unit"])
    _note("pin", job, actor, {"asset": unit.asset_number if unit else ""})
    return job


@transaction.atomic
def job_postpone(*, actor: Actor, job: Job, day: date) -> Job:
    """A planner gives a job that nobody was promised another day.

    Raises Refused, Invalid for a day that is past, Conflict for one that stands in a plan in force, or that was promised:
    whoever promised it agrees on another time first.
    """
    require_plan(actor, job.agency)
    job = _open(job)
    if job.promised_from is not None:
        raise Conflict(
            _("Somebody was promised this time."),
            remedy=_("Agree on another time with them first, on the page of the job."),
        )
    if holding_stops().filter(job=job).exists():
        raise Conflict(
            _("The job stands in the plan that is in force."),
            remedy=_("Take it out of a draft of that plan, and send the draft."),
        )
    if day < clock.today():
        raise Invalid(_("This day is past."), fields={"on": _("Choose today or a later day.")})
    job.day = day
    job.save(update_fields=["day"])
    _note("postpone", job, actor, {"day": day.isoformat()})
    return job


@transaction.atomic
def job_cancel(*, actor: Actor, job: Job) -> Job:
    """Call a job off. The program checked that the actor may. Raises Conflict once somebody is at it, or it is done."""
    job = _open(job)
    at_it = PlannedStop.objects.filter(job=job, route__is_published=True).exclude(
        state=PlannedStop.State.PLANNED
    )
    if at_it.exists():
        raise Conflict(_("The crew is at this job already."), remedy=_("Call the crew."))
    job.state, job.ended_at = Job.State.CANCELLED, clock.now()
    job.save(update_fields=["state", "ended_at"])
    _note("cancel", job, actor)
    return job


@transaction.atomic
def job_finish(*, actor: Actor, job: Job) -> Job:
    """A job was done outside the plan in force, as its program knows: by the crew that had it before.

    A stop in force at which another crew is by now is put back: that crew goes on to its next one. The program checked that
    the actor may. Raises Conflict for one that is not open.
    """
    routes = PlannedRoute.objects.filter(stops__job=job, is_published=True).order_by("id")
    list(
        routes.select_for_update(of=("self",))
    )  # no stop of theirs is begun, and no plan published, meanwhile
    job = _open(job)
    job.state, job.ended_at = Job.State.DONE, actor.happened_at or clock.now()
    job.save(update_fields=["state", "ended_at"])
    stops_release(job)
    _note("finish", job, actor)
    return job


def stops_release(job: Job) -> None:
    """Put back the stops in force of a job that was done elsewhere, and at which a crew is."""
    under_way = PlannedStop.objects.filter(
        job=job, route__is_published=True, state=PlannedStop.State.UNDER_WAY
    )
    under_way.update(state=PlannedStop.State.PLANNED, began_at=None)


def require_plan(actor: Actor, agency: Agency) -> None:
    """Raise Refused unless the actor makes plans of an agency."""
    if actor.kind != "system":
        require(actor.grants, PLAN, agencies=[agency.id])


def _open(job: Job) -> Job:
    job = Job.objects.select_for_update().select_related("agency").get(id=job.id)
    if job.state != Job.State.OPEN:
        raise Conflict(_("This job is not open any more."), remedy=_("Look at how it ended."))
    return job


def _check(given: Mapping[str, Any], promised: tuple[datetime, datetime] | None) -> None:
    fields = position_flaws(given["lat"], given["lng"]) | skill_flaws(given["skills"])
    if given["service_seconds"] < 0:
        fields["service_seconds"] = _("At least 0.")
    if given["volume_l"] < 0:
        fields["volume_l"] = _("At least 0.")
    if not 1 <= given["weight"] <= MOST_WEIGHT:
        fields["weight"] = _("From 1 to %(most)s.") % {"most": MOST_WEIGHT}
    if not all(_is_window(pair) for pair in given["windows"]):
        fields["windows"] = _("Two times of day, as 08:00 and 12:00, the later one second.")
    if promised is not None and promised[1] < promised[0]:
        fields["promised"] = _("What is promised ends after it begins.")
    elif promised is not None and given["day"] is None:
        fields["day"] = _("What is promised is promised for a day.")
    elif promised is not None and clock.local_day(promised[0]) != given["day"]:
        fields["promised"] = _("What is promised lies on the day of the job.")
    if fields:
        raise Invalid(_("The job cannot be stored like this."), fields=fields)


def _is_window(pair: Sequence[str]) -> bool:
    try:
        start, end = (time.fromisoformat(one) for one in pair)
    except (TypeError, ValueError):
        return False
    return start < end


def _note(step: str, job: Job, actor: Actor, codes: Mapping[str, Any] | None = None) -> None:
    given = {"subject_kind": job.subject_kind, "subject": job.subject_id, **(codes or {})}
    note(f"job.{step}", job, actor, job.agency, given)
