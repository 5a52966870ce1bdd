"""Asking for a plan, and calling the asking off. A worker does the rest: see `running`."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from kotacerdas.foundation.dispatch import tasks
from kotacerdas.foundation.dispatch.actions.fleet import note
from kotacerdas.foundation.dispatch.actions.jobs import require_plan
from kotacerdas.foundation.dispatch.models import Plan, SolveRun
from kotacerdas.foundation.dispatch.queries import is_lost
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid

MOST_SECONDS = 600
_OPEN = (SolveRun.State.ASKED, SolveRun.State.RUNNING)


@transaction.atomic
def solve_ask(
    *,
    actor: Actor,
    agency: Agency,
    day: date,
    seconds: int = 30,
    seed: int = 1,
    rest_of: Plan | None = None,
) -> SolveRun:
    """Ask for a plan of a day; with `rest_of` for the rest of today after what was done of the published plan.

    Raises Refused, Invalid, Conflict when one is being worked out already; one whose worker is gone is set aside.
    """
    require_plan(actor, agency)
    if not 1 <= seconds <= MOST_SECONDS:
        raise Invalid(
            _("The plan cannot be asked for like this."),
            fields={"seconds": _("From 1 to %(most)s.") % {"most": MOST_SECONDS}},
        )
    if rest_of is not None and rest_of.state != Plan.State.PUBLISHED:
        raise Conflict(_("This plan is not in force any more."), remedy=_("Go on from the one that is."))
    Agency.objects.select_for_update(no_key=True).get(id=agency.id)  # one asking at a time
    for run in SolveRun.objects.filter(agency=agency, day=day, state__in=_OPEN):
        if not is_lost(run):
            raise Conflict(
                _("A plan of this day is being worked out already."), remedy=_("Wait for it, or cancel it.")
            )
        run_end(run, SolveRun.State.FAILED, error="lost")
    run = SolveRun.objects.create(
        agency=agency,
        day=day,
        seconds=seconds,
        seed=seed,
        rest_of=rest_of,
        asked_by=actor.user,
        asked_as=actor.code,
    )
    note("run.ask", run, actor, agency, {"day": day.isoformat(), "is_rest": rest_of is not None})
    tasks.solve.defer(run_id=str(run.id))
    return run


@transaction.atomic
def solve_cancel(*, actor: Actor, run: SolveRun) -> SolveRun:
    """Call an asking off: at once when it waits, within a second or two when it is being worked out. Raises Refused, Conflict."""
    require_plan(actor, run.agency)
    run = SolveRun.objects.select_for_update().select_related("agency").get(id=run.id)
    if run.state not in _OPEN:
        raise Conflict(_("This has ended already."), remedy=_("Look at what came of it."))
    run.cancel_at = clock.now()
    run.save(update_fields=["cancel_at"])
    if run.state == SolveRun.State.ASKED or is_lost(run):
        run_end(run, SolveRun.State.CANCELLED)
        run.refresh_from_db()
    note("run.cancel", run, actor, run.agency, {"day": run.day.isoformat()})
    return run


def run_end(run: SolveRun, state: SolveRun.State, *, error: str = "") -> bool:
    """Write how a run ended, unless that is written already."""
    open_one = SolveRun.objects.filter(id=run.id, state__in=_OPEN)
    return bool(open_one.update(state=state, error=error, ended_at=clock.now()))
