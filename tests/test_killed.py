"""A worker killed in the middle of its work: what was promised to a reporter still goes out, once."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import textwrap

import pytest
from django.db import connection

from kotacerdas.foundation.jobs import worker
from kotacerdas.foundation.notify.models import Message, OutboxLetter

HANG = """
    import django, os, time
    django.setup()
    from django.db import connection
    connection.settings_dict["NAME"] = {name!r}
    from kotacerdas.foundation.notify import delivery
    from kotacerdas.foundation.jobs import worker
    send = delivery._send
    def hang(message):
        if {after}:
            send(message)
        print("holding", flush=True)
        time.sleep(60)
    delivery._send = hang
    worker.run_until_empty()
"""


def hanging_worker(*, after: bool) -> subprocess.Popen[str]:
    """A worker that stops in mid-delivery: before the message is sent, or after it but before that is noted."""
    code = textwrap.dedent(HANG).format(name=connection.settings_dict["NAME"], after=after)
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    while "holding" not in (line := process.stdout.readline()):
        assert line, "the worker ended before it took the job"
    return process


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("after", [False, True])
def test_a_killed_workers_message_goes_out_once(cast, monkeypatch, after):
    filed = cast.report()
    process = hanging_worker(after=after)
    process.kill()
    process.wait()
    assert Message.objects.get().state == "sending"
    monkeypatch.setattr(worker, "DEAD_AFTER_SECONDS", 0)

    async def take_back() -> int:
        async with worker._opened().open_async() as app:
            return await worker.take_back_orphans(app)

    assert asyncio.run(take_back()) == 1
    with connection.cursor() as cursor:  # the retry waits a little; this test does not
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")
    worker.run_until_empty()
    assert Message.objects.get().state == "sent"
    letter = OutboxLetter.objects.get()
    assert filed.case.number in letter.body


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_tells_nobody(cast):
    from django.db import transaction

    with transaction.atomic():
        cast.report()
        transaction.set_rollback(True)
    worker.run_until_empty()
    assert not OutboxLetter.objects.exists()
    assert not Message.objects.exists()
