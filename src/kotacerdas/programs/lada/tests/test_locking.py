"""Locking as a job: it goes on after a killed worker, is called off, and nothing half locked is ever shown."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import textwrap
from datetime import date

import pytest
from django.db import connection
from django.urls import reverse
from trials.cast import client_of

from kotacerdas.foundation.jobs import worker
from kotacerdas.foundation.journal.models import Row
from kotacerdas.kernel.errors import Conflict, Refused
from kotacerdas.programs.lada.actions import locking, periods
from kotacerdas.programs.lada.actions.ledger import Line
from kotacerdas.programs.lada.depreciation import Semester
from kotacerdas.programs.lada.models import Depreciation, LifeRule, Locking, LockingLine, Period
from kotacerdas.programs.lada.tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast", "in_indonesian")]
FIRST = Semester(2026, 1)
KILLED = """
    import os, signal
    import django
    django.setup()
    from django.db import connection
    connection.settings_dict["NAME"] = {name!r}
    from kotacerdas.foundation.jobs import worker
    from kotacerdas.programs.lada.actions import locking, periods
    locking.BATCH = 1
    step, done = locking.lock_step, []
    def killed(locking_id):
        done.append(step(locking_id))
        if len(done) == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return done[-1]
    locking.lock_step = killed
    worker.run_until_empty()
"""


@pytest.fixture
def small(monkeypatch):
    """A batch is one good."""
    monkeypatch.setattr(locking, "BATCH", 1)


def asked() -> Locking:
    return periods.lock_ask(actor=world.office(), one=FIRST)


def test_an_interrupted_lock_goes_on_where_it_stopped_and_shows_nothing_before_all_is_there(small):
    goods = [world.good() for _number in range(3)]
    run = asked()
    for _step in range(3):  # begun, and two goods
        assert locking.lock_step(run.id)
    run.refresh_from_db()
    assert (run.state, run.done, run.total) == ("running", 2, 3)
    assert not Period.objects.exists()
    assert not Depreciation.objects.exists()
    page = client_of(world.office().user).get(reverse("lada:books")).content.decode()
    assert "2 dari 3 barang" in page
    assert "2026/1</a>" not in page
    locking.lock_run(str(run.id))
    locking.lock_run(str(run.id))  # the job came once more
    run.refresh_from_db()
    assert (run.state, run.done) == ("done", 3)
    assert Depreciation.objects.filter(period=Period.objects.get()).count() == len(goods)
    assert not LockingLine.objects.exists()
    assert Row.objects.filter(verb="lada.period.lock").count() == 1


def test_goods_that_change_meanwhile_are_reckoned_with_what_changed(small):
    laptop, other = sorted((world.good(), world.good()), key=lambda one: one.id)
    run = asked()
    assert locking.lock_step(run.id)
    assert locking.lock_step(run.id)
    world.done("capitalise", Line(asset=laptop.id, kind="capitalise", on=date(2026, 6, 30), amount=700_000))
    late = world.good(on=date(2026, 6, 30))
    locking.lock_run(str(run.id))
    figures = dict(Depreciation.objects.values_list("asset", "book"))
    assert set(figures) == {laptop.id, other.id, late.id}
    assert figures[laptop.id] > figures[other.id] == 7_000_000
    assert Period.objects.get().figures["B"]["book"] == sum(figures.values())


def test_other_rules_of_the_pack_let_it_begin_anew(small):
    world.good()
    run = asked()
    assert locking.lock_step(run.id)
    assert locking.lock_step(run.id)
    LifeRule.objects.filter(code="1.3.2.10").update(months=24)
    locking.lock_run(str(run.id))
    assert Depreciation.objects.get().amount == 2_000_000


def test_it_is_called_off_by_who_may_lock_and_can_be_asked_for_again(small):
    world.good()
    run = asked()
    assert locking.lock_step(run.id)
    assert locking.lock_step(run.id)
    with pytest.raises(Conflict):
        asked()
    with pytest.raises(Refused):
        periods.lock_cancel(actor=world.officer(), one=FIRST)
    office = client_of(world.office().user)
    assert office.post(reverse("lada:lock", args=[2026, 1]), {"act": "cancel"}).status_code == 302
    assert "Penguncian dibatalkan" in office.get(reverse("lada:books")).content.decode()
    locking.lock_run(str(run.id))
    assert not Period.objects.exists()
    assert not LockingLine.objects.exists()
    assert office.post(reverse("lada:lock", args=[2026, 1]), {"act": "cancel"}).status_code == 409
    locking.lock_run(str(asked().id))
    assert Period.objects.exists()


def test_a_good_without_a_life_fails_it_with_words_and_the_way_out():
    world.good()
    LifeRule.objects.filter(code="1.3.2.10").delete()
    run = asked()
    locking.lock_run(str(run.id))
    run.refresh_from_db()
    assert (run.state, run.error, run.about) == ("failed", "no_rule", world.LAPTOP)
    page = client_of(world.office().user).get(reverse("lada:books")).content.decode()
    assert world.LAPTOP in page
    assert "asset_lives.csv" in page
    assert "Kunci semester 1 tahun 2026" in page


@pytest.mark.django_db(transaction=True)
def test_after_a_killed_worker_another_one_goes_on(monkeypatch):
    for _number in range(4):
        world.good()
    run = asked()
    _due_now()
    code = textwrap.dedent(KILLED).format(name=connection.settings_dict["NAME"])
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -9
    run.refresh_from_db()
    assert (run.state, run.done, LockingLine.objects.count()) == ("running", 2, 2)
    assert not Period.objects.exists()
    monkeypatch.setattr(worker, "DEAD_AFTER_SECONDS", 0)

    async def take_back() -> int:
        async with worker._opened().open_async() as app:
            return await worker.take_back_orphans(app)

    assert asyncio.run(take_back()) == 1
    _due_now()
    worker.run_until_empty()
    run.refresh_from_db()
    assert (run.state, run.done) == ("done", 4)
    assert Depreciation.objects.count() == 4


def _due_now() -> None:
    """Asked at a frozen hour; the queue goes by the real one."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")
