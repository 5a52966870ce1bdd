"""A worker killed in the middle of its work: what was promised to a reporter still goes out, once."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import textwrap
from datetime import datetime

import pytest
from django.db import connection

from kotacerdas.foundation.jobs import worker
from kotacerdas.foundation.notify.holding import let_go
from kotacerdas.foundation.notify.models import Message, OutboxLetter
from kotacerdas.kernel import clock

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


def killed(code: str, **given: object) -> None:
    """A process that is killed where it hangs."""
    code = textwrap.dedent(code).format(name=connection.settings_dict["NAME"], **given)
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    while "holding" not in (line := process.stdout.readline()):
        assert line, "the process ended before it came there"
    process.kill()
    assert process.wait() == -signal.SIGKILL


def take_back(monkeypatch) -> int:
    """Put the jobs of dead workers back in the queue, to be taken at once; how many."""
    monkeypatch.setattr(worker, "DEAD_AFTER_SECONDS", 0)

    async def taken_back() -> int:
        async with worker._opened().open_async() as app:
            return await worker.take_back_orphans(app)

    count = asyncio.run(taken_back())
    with connection.cursor() as cursor:  # the retry waits a little; this test does not
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")
    return count


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("after", [False, True])
def test_a_killed_workers_message_goes_out_once(cast, monkeypatch, after):
    """Before the message is sent, or after it but before that is noted."""
    filed = cast.report()
    killed(HANG, after=after)
    assert Message.objects.get().state == "sending"
    assert take_back(monkeypatch) == 1
    worker.run_until_empty()
    assert Message.objects.get().state == "sent"
    letter = OutboxLetter.objects.get()
    assert filed.case.number in letter.body


HANG_AT_NIGHT = """
    import datetime, django, os, time
    django.setup()
    from django.db import connection
    connection.settings_dict["NAME"] = {name!r}
    from kotacerdas.foundation.notify import delivery, holding
    from kotacerdas.foundation.jobs import worker
    from kotacerdas.kernel import clock
    def hang(*_given, **_more):
        print("holding", flush=True)
        time.sleep(60)
    with clock.frozen(datetime.datetime.fromisoformat({at!r})):
        if {letting_go}:
            holding.deliver.batch_defer = hang
            holding.let_go()
        else:
            hold = delivery.hold
            delivery.hold = lambda message_id: hold(message_id) and hang()
            worker.run_until_empty()
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("letting_go", [False, True])
def test_what_waits_for_the_morning_outlives_whoever_holds_it_or_lets_it_go(cast, monkeypatch, letting_go):
    evening = datetime(2026, 11, 24, 23, 10, tzinfo=clock.local_zone())
    morning = datetime(2026, 11, 25, 7, tzinfo=clock.local_zone())
    with clock.frozen(evening):
        cast.verified()
        if letting_go:
            worker.run_until_empty()
    killed(HANG_AT_NIGHT, at=(morning if letting_go else evening).isoformat(), letting_go=letting_go)
    take_back(monkeypatch)
    with clock.frozen(evening):
        worker.run_until_empty()
    assert Message.objects.get(effect="iceta.verified").state == "held"
    assert OutboxLetter.objects.filter(message__effect="iceta.verified").count() == 0
    with clock.frozen(morning):
        for _twice in range(2):
            let_go()
            worker.run_until_empty()
    assert OutboxLetter.objects.filter(message__effect="iceta.verified").count() == 1
    assert not Message.objects.exclude(state="sent").exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_tells_nobody(cast):
    from django.db import transaction

    with transaction.atomic():
        cast.report()
        transaction.set_rollback(True)
    worker.run_until_empty()
    assert not OutboxLetter.objects.exists()
    assert not Message.objects.exists()
