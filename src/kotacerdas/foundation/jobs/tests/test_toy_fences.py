"""What fails in one program stops nothing of another."""

from __future__ import annotations

import gc
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob
from toy.library import expiry, lifecycles
from trials.cast import MONDAY, client_of

from kotacerdas.foundation.cases import lookout
from kotacerdas.foundation.cases.models import CaseClock
from kotacerdas.foundation.indicators import declarations, engine
from kotacerdas.foundation.indicators.queries import figure, missing_rows
from kotacerdas.foundation.jobs.models import SetAside
from kotacerdas.foundation.jobs.worker import run_until_empty
from kotacerdas.foundation.notify.declarations import templates
from kotacerdas.foundation.notify.models import Message
from kotacerdas.kernel import clock

pytestmark = pytest.mark.django_db


def broken(*_given, **_named):
    raise RuntimeError("Wati")


def overdue_emergency(filed) -> bool:
    """Whether a promise in minutes of this case is known to be overdue."""
    return CaseClock.objects.filter(case=filed.case, unit="minutes").exclude(overdue_at=None).exists()


def try_again() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE jobs_set_aside SET next_at = clock_timestamp()")


@pytest.fixture
def emergency(cast):
    """An emergency of ICeta, whose promises count minutes."""
    return cast.report(category=cast.category("landslide"))


def listed(cast) -> str:
    return client_of(cast.officer_of("KOMINFO", "operator")).get(reverse("faults")).content.decode()


def test_a_raising_tick_and_expiry_leave_an_emergency_its_minute(cast, ask, emergency, monkeypatch):
    ticks = iter([broken])

    def tick():
        next(ticks, lambda: None)()

    monkeypatch.setattr(expiry, "TICKS", (tick,), raising=False)
    usual = expiry.EXPIRES[lifecycles.KIND, "lapse"]
    monkeypatch.setitem(expiry.EXPIRES, (lifecycles.KIND, "lapse"), broken)
    loan = ask().case
    CaseClock.objects.filter(case=loan).update(next_look_at=MONDAY)  # it raises before the emergency's turn
    due = CaseClock.objects.filter(case=emergency.case, unit="minutes").earliest("due_at").due_at
    with clock.frozen(due + timedelta(seconds=30)):
        lookout.treat_due_clocks()
        assert overdue_emergency(emergency)
        aside = SetAside.objects.filter(loop="clocks")
        assert {one.item.partition(":")[0] for one in aside} == {
            "tick",
            str(CaseClock.objects.get(case=loan, name="fetch").id),
        }
        assert not any("Wati" in one.error for one in aside)
        page = listed(cast)
        assert all(one.item in page for one in aside)
        expiry.EXPIRES[lifecycles.KIND, "lapse"] = usual
        try_again()
        lookout.treat_due_clocks()
        loan.refresh_from_db()
        assert loan.state == "lapsed"
        assert not SetAside.objects.exists()


def test_a_tick_of_a_program_that_is_gone_is_listed_no_longer(cast, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(expiry, "TICKS", (broken,), raising=False)
        lookout.treat_due_clocks()
        assert SetAside.objects.get().item == "tick:toy.library.expiry.broken"
    lookout.treat_due_clocks()
    assert not SetAside.objects.exists()


def test_a_raising_contribution_is_counted_as_missing_for_that_indicator_alone(
    cast, lend, count, monkeypatch
):
    known = declarations.indicators()["library.lent"]
    verbs = declarations.by_verb()
    with monkeypatch.context() as patch:
        for verb in known.verbs:
            others = [one for one in verbs[verb] if one is not known]
            patch.setitem(verbs, verb, (*others, replace(known, contribute=broken)))
        lend()
        cast.report()
        today = count()
        assert missing_rows("library.lent") == 1
        assert (missing_rows("library.shelf"), missing_rows("iceta.received")) == (0, 0)
        assert figure("library.shelf", *today).value == 1
        assert figure("iceta.received", *today).value == 1
        assert "library.lent" in listed(cast)
    engine.rebuild()
    assert figure("library.lent", *today).value == 1
    assert missing_rows("library.lent") == 0


@pytest.mark.django_db(transaction=True)
def test_a_raising_job_is_tried_again_and_all_others_run(cast, ask, monkeypatch):
    name = "library.asked"
    monkeypatch.setitem(templates(), name, replace(templates()[name], compose=broken))
    ask()
    cast.report()
    run_until_empty()
    gc.collect()  # the connection of the worker's thread goes with it
    states = dict(Message.objects.values_list("effect", "state"))
    assert states["iceta.received"] == "sent"
    assert states[name] != "sent"
    waiting = ProcrastinateJob.objects.get(status="todo")
    assert waiting.attempts == 1
