"""Scans and the closing of a stocktake at the same moment: each scan is counted, or said to be too late."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from trials.cast import MONDAY

from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict
from kotacerdas.programs.lada.actions.scans import Seen, scan_take
from kotacerdas.programs.lada.actions.stocktake import Team, session_close, session_open
from kotacerdas.programs.lada.models import Scan, Session
from kotacerdas.programs.lada.stocktake import counting
from kotacerdas.programs.lada.tests import world

pytestmark = pytest.mark.django_db(transaction=True)
GOODS = 12


def test_no_scan_slips_between_the_sums_and_the_lock(cast):
    goods = [world.good() for _n in range(GOODS)]
    tono, asri, officer = world.surveyor(), world.surveyor("asri"), world.officer()
    given = {"agency": world.agency(), "name": "PU", "due_on": clock.today()}
    session = session_open(actor=officer, teams=[Team(tono.user), Team(asri.user)], **given)

    def count(who) -> int:
        """How many of the goods were taken before it was closed."""
        taken = 0
        with clock.frozen(MONDAY):
            try:
                for one in goods:
                    scan_take(actor=who, session=session, seen=Seen(code=one.nibar, condition="good"))
                    taken += 1
            except Conflict:
                pass  # closed meanwhile
            finally:
                connections.close_all()
        return taken

    def close() -> None:
        with clock.frozen(MONDAY):
            try:
                while not Scan.objects.exists():
                    pass
                session_close(actor=officer, session=session, rest="missing")
            finally:
                connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        closing = pool.submit(close)
        taken = [one.result(60) for one in [pool.submit(count, tono), pool.submit(count, asri)]]
        closing.result(60)
    closed = Session.objects.get(id=session.id)
    assert Scan.objects.filter(is_late=False).count() == sum(taken)
    assert closed.figures["found"] == max(taken)
    assert counting.sums(counting.results(closed)) == {one: closed.figures[one] for one in counting.STATES}
    assert closed.findings.count() == GOODS - max(taken)
