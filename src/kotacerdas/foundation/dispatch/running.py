"""The worker's work: make a problem of the rows, have it solved in a process of its own, prove the plan, store it."""

from __future__ import annotations

import time

import structlog
from django.db import InterfaceError, OperationalError, transaction

from kotacerdas.foundation.dispatch.actions.fleet import note
from kotacerdas.foundation.dispatch.actions.runs import run_end
from kotacerdas.foundation.dispatch.apart import Apart, Crashed, TooLong
from kotacerdas.foundation.dispatch.declarations import Solution
from kotacerdas.foundation.dispatch.models import SolveRun
from kotacerdas.foundation.dispatch.problems import Day, day_of
from kotacerdas.foundation.dispatch.replan import rest_of_routes
from kotacerdas.foundation.dispatch.solver import Cancelled, Progress, Solver
from kotacerdas.foundation.dispatch.storing import plan_store, proof
from kotacerdas.foundation.jobs.fence import Fence
from kotacerdas.foundation.parties.actors import SYSTEM
from kotacerdas.kernel import clock

State = SolveRun.State
_TELL_SECONDS = 1.0
FENCE = Fence("dispatch")  # lists for the operator the days whose plan could not be made
log = structlog.get_logger(__name__)


class _Violations(Exception):
    """The solver made a plan that the checker rejects."""


def solve_run(run_id: str, solver: Solver | None = None) -> None:
    """Work out one run. However it ends, its row says so: done, cancelled, or failed with the code of its error."""
    now = clock.now()
    if not SolveRun.objects.filter(id=run_id, state=State.ASKED).update(
        state=State.RUNNING, started_at=now, seen_at=now
    ):
        _lost(run_id)
        return
    run = SolveRun.objects.select_related("agency", "rest_of", "asked_by").get(id=run_id)
    try:
        _solve(run, solver or Apart())
    except Cancelled:
        run_end(run, State.CANCELLED)
    except (OperationalError, InterfaceError):
        raise  # the store is lost: the job comes again, and finds that the run was lost
    except Exception as error:
        _failed(run, error)


def _lost(run_id: str) -> None:
    """The job came again: whoever had it before is gone, and left the run under way."""
    run = SolveRun.objects.filter(id=run_id, state=State.RUNNING).first()
    if run is not None:
        run_end(run, State.FAILED, error="lost")
        log.warning("solve_run_lost", run=run_id)


def _solve(run: SolveRun, solver: Solver) -> None:
    now = clock.now()
    day = day_of(run.agency, run.day, plan=run.rest_of, now=now if run.rest_of else None)
    watch = _Watch(run)
    solution = solver.solve(
        day.problem,
        seconds=run.seconds,
        seed=run.seed,
        since=rest_of_routes(day.published, day.standings) if day.published else (),
        on_progress=watch.tell,
        is_cancelled=watch.is_cancelled,
    )
    if found := proof(day, solution):
        log.error("plan_rejected", run=str(run.id), codes=sorted({one.code for one in found}))
        raise _Violations
    _store(run, day, solution)


def _store(run: SolveRun, day: Day, solution: Solution) -> None:
    with transaction.atomic():
        locked = SolveRun.objects.select_for_update().get(id=run.id)
        if locked.state != State.RUNNING:
            return
        if locked.cancel_at is not None:
            raise Cancelled
        plan = plan_store(
            agency=run.agency,
            day=day,
            solution=solution,
            made_by=run.asked_by,
            based_on=run.rest_of,
            seed=run.seed,
            seconds=run.seconds,
        )
        locked.state, locked.progress, locked.plan, locked.ended_at = State.DONE, 100, plan, clock.now()
        locked.unplanned, locked.cost = len(solution.unplanned), solution.cost
        locked.save()
        FENCE.forget(_item(run))
        note("plan.make", plan, SYSTEM, run.agency, {"day": run.day.isoformat(), "version": plan.version})


def _failed(run: SolveRun, error: Exception) -> None:
    code = {"ValueError": "flawed", "_Violations": "violations", "TooLong": "too_long"}.get(
        type(error).__name__, "crashed"
    )
    run_end(run, State.FAILED, error=code)
    if not isinstance(error, (Crashed, TooLong, _Violations)):
        FENCE.set_aside(_item(run), error)
    log.error("solve_run_failed", run=str(run.id), code=code, exc_info=error)


def _item(run: SolveRun) -> str:
    return f"{run.agency.code} {run.day.isoformat()}"


class _Watch:
    """Writes how far a run is, at most once a second, and looks whether it is to stop."""

    def __init__(self, run: SolveRun) -> None:
        self.run, self.looked, self.stops = run, time.monotonic(), False
        self.progress: Progress | None = None

    def tell(self, progress: Progress) -> None:
        self.progress = progress

    def is_cancelled(self) -> bool:
        """Asked several times a second. A run that somebody ended meanwhile stops as well."""
        if time.monotonic() - self.looked < _TELL_SECONDS:
            return self.stops
        self.looked = time.monotonic()
        wanted: dict[str, object] = {"seen_at": clock.now()}
        if self.progress is not None:
            wanted |= {
                "progress": self.progress.percent,
                "unplanned": self.progress.unplanned,
                "cost": self.progress.cost,
            }
        running = SolveRun.objects.filter(id=self.run.id, state=State.RUNNING)
        self.stops = not running.update(**wanted) or running.filter(cancel_at__isnull=False).exists()
        return self.stops
