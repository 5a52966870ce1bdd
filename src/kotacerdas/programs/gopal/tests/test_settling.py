"""Orders that close by themselves: none waits behind those that cannot close yet, and none suffers for another's error."""

from __future__ import annotations

import pytest

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.jobs.fence import try_now
from kotacerdas.foundation.parties.actors import SYSTEM
from kotacerdas.foundation.payments.models import Charge
from kotacerdas.kernel import clock
from kotacerdas.programs.gopal import expiry
from kotacerdas.programs.gopal.actions import work
from kotacerdas.programs.gopal.models import Manifest
from kotacerdas.programs.gopal.tests import world

pytestmark = pytest.mark.django_db
NOON = world.at(world.TUESDAY, 12)


@pytest.fixture
def ready(cast):
    """Two orders, in the order in which they are looked at: emptied, paid, received, and told to nobody."""
    world.ready()
    with clock.frozen(NOON):
        manifest = world.loaded(1800, 1800)
        Manifest.objects.update(state="received", received_l=3600, received_at=NOON)
        Charge.objects.update(state="paid")
        yield sorted((load.order for load in manifest.loads.all()), key=lambda one: one.pk)


def state_of(order) -> str:
    return Case.objects.get(pk=order.pk).state


def test_an_order_with_a_second_bill_that_is_open_keeps_no_other_waiting(ready, monkeypatch):
    first, second = ready
    monkeypatch.setattr(expiry, "AT_ONCE", 1)
    work._extra_charged(SYSTEM, first, 50_000)
    expiry.settle_orders()
    assert (state_of(first), state_of(second)) == ("emptied", "closed")
    Charge.objects.update(state="paid")
    expiry.settle_orders()
    assert state_of(first) == "closed"


def test_an_order_that_fails_is_set_aside_and_the_others_are_closed(ready, monkeypatch):
    first, second = ready
    settle = expiry.order_settle

    def failing(*, case):
        if case.pk == first.pk:
            raise ValueError
        return settle(case=case)

    with monkeypatch.context() as broken:
        broken.setattr(expiry, "order_settle", failing)
        expiry.settle_orders()
    assert (state_of(first), state_of(second)) == ("emptied", "closed")
    try_now("gopal.settle")
    expiry.settle_orders()
    assert state_of(first) == "closed"
