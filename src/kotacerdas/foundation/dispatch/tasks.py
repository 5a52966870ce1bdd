"""The job that works out a plan. A second run of the same job finds that the first one's worker was lost, and says so."""

from __future__ import annotations

from kotacerdas.foundation.jobs import job


@job("dispatch.solve")
def solve(run_id: str) -> None:
    """Work out the plan that was asked for; see `running.solve_run`."""
    from kotacerdas.foundation.dispatch.running import solve_run

    solve_run(run_id)
