"""One failure stops one thing: in the clocks, in what comes up by date, and in the indicators."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from trials.cast import MONDAY, client_of

from kotacerdas.foundation.cases import lookout
from kotacerdas.foundation.cases.models import CaseClock
from kotacerdas.foundation.indicators import engine
from kotacerdas.foundation.indicators.models import Parked
from kotacerdas.foundation.indicators.queries import figure, missing_rows
from kotacerdas.foundation.jobs.models import SetAside
from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.journal.sealer import seal_batch
from kotacerdas.kernel import clock, ids
from kotacerdas.programs.iceta import expiry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_indonesian")]


def escalate(monkeypatch, broken):
    """Let telling of an escalation raise for one case."""
    usual = expiry.ESCALATED["iceta.report"]

    def told(*, case, **given):
        if case.id == broken.id:
            raise ValueError("Wati")
        return usual(case=case, **given)

    monkeypatch.setitem(expiry.ESCALATED, "iceta.report", told)


def test_a_clock_that_raises_leaves_all_others_going(cast, monkeypatch):
    first, second = cast.report(), cast.report()
    escalate(monkeypatch, first.case)
    with clock.frozen(MONDAY + timedelta(days=10)):
        lookout.treat_due_clocks()
    assert CaseClock.objects.get(case=second.case, name="verify").overdue_at is not None
    assert CaseClock.objects.get(case=first.case, name="verify").overdue_at is None  # nothing half-written
    row = SetAside.objects.get(loop="clocks")
    assert row.item == str(CaseClock.objects.get(case=first.case, name="verify").id)
    assert "Wati" not in row.error


def test_an_emergency_clock_that_raised_is_tried_again_within_its_minute(cast, monkeypatch):
    filed = cast.report(category=cast.category("landslide"))
    with clock.frozen(MONDAY + timedelta(hours=2)):
        with monkeypatch.context() as patch:
            escalate(patch, filed.case)
            for _ in range(6):
                with connection.cursor() as cursor:
                    cursor.execute("UPDATE jobs_set_aside SET next_at = clock_timestamp()")
                lookout.treat_due_clocks()
        waits = SetAside.objects.filter(loop="clocks")
        assert waits
        assert all((one.next_at - one.last_at).total_seconds() <= 60 for one in waits)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE jobs_set_aside SET next_at = clock_timestamp()")
        lookout.treat_due_clocks()
    assert not SetAside.objects.exists()
    assert not CaseClock.objects.filter(case=filed.case, state="running", overdue_at=None, unit="minutes")


def test_a_tick_that_raises_stops_no_clock_and_no_other_tick(cast, monkeypatch):
    filed, ticked = cast.report(), []

    def broken():
        raise RuntimeError

    monkeypatch.setattr(expiry, "TICKS", (broken, lambda: ticked.append(1)))
    with clock.frozen(MONDAY + timedelta(days=10)):
        lookout.treat_due_clocks()
    assert ticked
    assert CaseClock.objects.get(case=filed.case, name="verify").overdue_at is not None
    assert SetAside.objects.get().item == "tick:programs.iceta.expiry.broken"


ODD = [
    {"codes": {}},
    {"codes": {"agency": "A" * 90, "area": "99.01"}},
    {"codes": {"agency": "PU", "area": "99.01", "received_on": "kemarin"}},
    {"codes": {"agency": None, "area": 5}},
    {"codes": {"agency": "PU", "area": "99.01"}, "occurred_at": clock.now().replace(year=9999)},
]


@pytest.mark.parametrize("odd", ODD, ids=["empty", "long", "no date", "no text", "far year"])
def test_an_odd_row_is_parked_and_every_other_row_is_counted(cast, odd):
    cast.report()
    append(verb="iceta.report.receive", subject=("iceta.report", ids.new_id()), actor="system", **odd)
    cast.report()
    seal_batch()
    while engine.follow_batch():
        pass
    today = clock.today()
    assert figure("iceta.received", today, today).numerator == 2
    assert missing_rows("iceta.received") <= 1
    engine.rebuild()
    assert figure("iceta.received", today, today).numerator == 2


def test_the_missing_rows_are_those_of_the_indicator_that_could_not(cast):
    append(verb="iceta.report.receive", subject=("iceta.report", ids.new_id()), actor="system", codes={})
    seal_batch()
    engine.follow_batch()
    assert set(Parked.objects.values_list("indicator", flat=True)) == {
        "iceta.received",
        "iceta.resolved_share",
    }
    assert missing_rows("iceta.on_time_share") == 0
    team = client_of(cast.officer_of("BAPPEDA", "planner"))
    year = clock.today().year
    assert (
        "1 baris belum terhitung" in team.get(reverse("evaluation:score", args=[year, "iceta.received"])).text
    )
    assert (
        "belum terhitung"
        not in team.get(reverse("evaluation:score", args=[year, "iceta.on_time_share"])).text
    )
    assert team.get(reverse("evaluation:year", args=[year])).text.count("1 baris belum terhitung") == 2


def test_the_operator_reads_what_was_set_aside_and_has_it_tried_again(cast, monkeypatch):
    filed = cast.report()
    escalate(monkeypatch, filed.case)
    with clock.frozen(MONDAY + timedelta(days=10)):
        lookout.treat_due_clocks()
        operator = client_of(cast.officer_of("KOMINFO", "operator"))
        page = operator.get(reverse("faults")).content.decode()
        assert SetAside.objects.get().item in page
        assert "Disisihkan" in page
        monkeypatch.undo()
        assert operator.post(reverse("faults")).status_code == 302
        lookout.treat_due_clocks()
        assert "Semua berjalan" in operator.get(reverse("faults")).content.decode()
