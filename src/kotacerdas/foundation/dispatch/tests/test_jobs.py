"""Jobs that programs open: what is refused, changed, pinned."""

from __future__ import annotations

import pytest

from kotacerdas.foundation.dispatch import actions
from kotacerdas.foundation.dispatch.queries import (
    route_of,
)
from kotacerdas.foundation.dispatch.tests.conftest import DAY, at, day_after
from kotacerdas.foundation.dispatch.tests.planning import in_force
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.kernel.errors import Conflict, Invalid, Refused

pytestmark = pytest.mark.django_db


def test_a_subject_has_one_open_job(fleet):
    job = fleet.job(1)
    with pytest.raises(Conflict):
        fleet.job(2, subject=(job.subject_kind, job.subject_id))
    actions.job_cancel(actor=fleet.planner, job=job)
    fleet.job(2, subject=(job.subject_kind, job.subject_id))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"lat": 91.0}, "lat"),
        ({"volume_l": -1}, "volume_l"),
        ({"service_seconds": -1}, "service_seconds"),
        ({"weight": 0}, "weight"),
        ({"windows": [("12:00", "08:00")]}, "windows"),
        ({"windows": [("noon", "13:00")]}, "windows"),
        ({"skills": ["Long Hose"]}, "skills"),
    ],
)
def test_a_job_that_cannot_be_is_refused_by_field(fleet, wrong, field):
    with pytest.raises(Invalid) as caught:
        fleet.job(1, **wrong)
    assert field in caught.value.fields


def test_a_promise_lies_on_the_jobs_day(fleet):
    for given in ({"day": None}, {"day": day_after(1)}):
        with pytest.raises(Invalid):
            fleet.job(1, promised=(at(9), at(11)), **given)


def test_a_job_changes_and_keeps_its_promise_unless_told(fleet):
    job = fleet.job(1, promised=(at(9), at(11)))
    job = actions.job_change(actor=fleet.planner, job=job, volume_l=2000)
    assert (job.volume_l, job.promised_from) == (2000, at(9))
    job = actions.job_change(actor=fleet.planner, job=job, promised=None)
    assert job.promised_from is None
    with pytest.raises(TypeError):
        actions.job_change(actor=fleet.planner, job=job, agency=None)


def test_a_unit_of_another_agency_is_no_pin(fleet):
    with pytest.raises(Refused):
        actions.job_pin(actor=fleet.driver, job=fleet.job(1), unit=fleet.units[0])
    unit = fleet.units[0]
    unit.agency = Agency.objects.get(code="KOMINFO")
    with pytest.raises(Invalid):
        actions.job_pin(actor=fleet.planner, job=fleet.job(2), unit=unit)


def test_a_route_is_read_with_its_stops(fleet):
    fleet.job(1)
    plan = in_force(fleet)
    route = plan.routes.get()
    found = route_of(route.unit, DAY)
    assert [row.kind for row in found.stops.all() if row.kind != "break"] == [
        "start",
        "task",
        "reload",
        "end",
    ]
    assert route_of(route.unit, day_after(1)) is None
