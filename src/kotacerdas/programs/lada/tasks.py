"""The job that locks a semester. Run again after its worker was killed, it goes on where it stopped."""

from __future__ import annotations

from kotacerdas.foundation.jobs import job


@job("lada.lock", lock="lada.lock")
def lock(locking_id: str) -> None:
    """Work on at the lock that was asked for; see `actions.locking`."""
    from kotacerdas.programs.lada.actions.locking import lock_run

    lock_run(locking_id)
