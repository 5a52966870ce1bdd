"""A worker killed while it works out a plan: the run says that it failed, and nothing goes on in its name."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import textwrap
import time

import pytest
from django.db import connection

from kotacerdas.foundation.dispatch import actions
from kotacerdas.foundation.dispatch.models import Plan, SolveRun
from kotacerdas.foundation.dispatch.tests.conftest import DAY
from kotacerdas.foundation.jobs import worker

WORK = """
    import django
    django.setup()
    from django.db import connection
    connection.settings_dict["NAME"] = {name!r}
    from kotacerdas.foundation.dispatch import apart
    from kotacerdas.foundation.jobs import worker
    started = apart._started
    def told():
        process = started()
        print(process.pid, flush=True)
        return process
    apart._started = told
    worker.run_until_empty()
"""


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits to be collected does not."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_a_failed_run_and_no_process(fleet, monkeypatch):
    fleet.job(1)
    run = actions.solve_ask(actor=fleet.planner, agency=fleet.agency, day=DAY, seconds=60)
    with connection.cursor() as cursor:  # asked at a frozen hour; the queue goes by the real one
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")
    code = textwrap.dedent(WORK).format(name=connection.settings_dict["NAME"])
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    solving = int(process.stdout.readline())
    assert SolveRun.objects.get().state == "running"
    process.kill()
    process.wait()
    ends = time.monotonic() + 20
    while is_alive(solving) and time.monotonic() < ends:
        time.sleep(0.1)
    assert not is_alive(solving)
    monkeypatch.setattr(worker, "DEAD_AFTER_SECONDS", 0)

    async def take_back() -> int:
        async with worker._opened().open_async() as app:
            return await worker.take_back_orphans(app)

    assert asyncio.run(take_back()) == 1
    with connection.cursor() as cursor:  # the retry waits a little; this test does not
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")
    worker.run_until_empty()
    run.refresh_from_db()
    assert (run.state, run.error) == ("failed", "lost")
    assert not Plan.objects.exists()
