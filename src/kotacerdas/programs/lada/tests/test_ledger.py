"""The ledger: what two people agreed on, never changed, and a register that says the same."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from trials.cast import client_of

from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid, Refused
from kotacerdas.programs.lada.actions import changes
from kotacerdas.programs.lada.actions.ledger import Line, events_append, register_of, state_on
from kotacerdas.programs.lada.models import Asset, Event, Period
from kotacerdas.programs.lada.tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast", "in_indonesian")]
NEXT = world.DAY + timedelta(days=1)


def test_goods_are_in_the_register_once_somebody_else_approved_them():
    line = world.acquiring()
    opened = changes.change_propose(
        actor=world.officer(), agency=world.agency(), kind="acquire", lines=[line]
    )
    assert not Asset.objects.exists()
    changes.change_approve(actor=world.office(), case=opened.case)
    asset = Asset.objects.get()
    assert (asset.nibar, asset.value, asset.card, asset.register_no) == ("9901-0000-0001", 8_000_000, "B", 1)
    assert register_of(asset).text.endswith("2026132100102002" + "0000001")
    assert len(register_of(asset).text) == 45
    opened.case.refresh_from_db()
    assert opened.case.state == "done"
    client = client_of(world.officer().user)
    assert "Laptop 14 inci" in client.get(reverse("lada:register"), {"q": "laptop 14"}).content.decode()
    assert asset.nibar in client.get(reverse("lada:asset", args=[asset.nibar])).content.decode()


def test_nobody_approves_their_own_change(cast):
    officer = world.officer()
    opened = changes.change_propose(
        actor=officer, agency=world.agency(), kind="acquire", lines=[world.acquiring()]
    )
    with pytest.raises(Refused):
        changes.change_approve(actor=officer, case=opened.case)
    assert not Asset.objects.exists()


def test_a_transfer_waits_for_its_receiver():
    asset = world.good()
    opened = changes.change_propose(
        actor=world.officer(),
        agency=world.agency(),
        kind="transfer",
        lines=[Line(asset=asset.id, kind="transfer", on=NEXT, data={"agency": "KOMINFO"})],
        to_agency=world.agency("KOMINFO"),
    )
    changes.change_approve(actor=world.office(), case=opened.case)
    asset.refresh_from_db()
    assert asset.agency.code == "PU"
    nibar = asset.nibar
    changes.change_accept(actor=world.officer("ratna", "KOMINFO"), case=opened.case)
    asset.refresh_from_db()
    assert (asset.agency.code, asset.nibar, asset.register_no) == ("KOMINFO", nibar, 1)
    assert state_on(asset, world.DAY).agency == "PU"
    assert state_on(asset, NEXT).agency == "KOMINFO"


def test_only_the_latest_event_is_taken_back_and_what_was_before_holds_again():
    asset = world.good()
    world.done("capitalise", Line(asset=asset.id, kind="capitalise", on=NEXT, amount=1_000_000))
    asset.refresh_from_db()
    assert asset.value == 9_000_000
    with pytest.raises(Invalid):
        world.done("reverse", Line(asset=asset.id, kind="reverse", on=NEXT, reverses=1))
    world.done("reverse", changes.reversal(asset, NEXT))
    asset.refresh_from_db()
    assert (asset.value, asset.last_number) == (8_000_000, 3)
    assert [one.amount for one in Event.objects.order_by("number")] == [8_000_000, 1_000_000, 0]


@pytest.mark.parametrize("change", ["UPDATE lada_event SET amount = 1", "DELETE FROM lada_event"])
def test_the_database_lets_no_event_be_changed(change):
    from django.db import connection

    world.good()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("transfer", {"data": {"agency": "PU"}}),
        ("capitalise", {"amount": -1}),
        ("correct", {"amount": -9_000_000}),
        ("condition", {"data": {"condition": "broken"}}),
        ("hand_back", {}),
        ("dispose", {"data": {"how": "sold"}, "amount": -1}),
        ("move", {"on": world.DAY - timedelta(days=1)}),
    ],
)
def test_what_cannot_follow_is_refused_whole(kind, given):
    asset = world.good()
    fine = world.acquiring()
    wrong = Line(**{"asset": asset.id, "kind": kind, "on": NEXT, **given})
    with pytest.raises(Invalid) as caught, transaction.atomic():
        events_append(actor=world.office(), lines=[fine, wrong])
    assert list(caught.value.fields) == ["line_2"]
    assert Event.objects.count() == 1


def test_a_locked_semester_takes_no_event():
    Period.objects.create(year=2026, half=1, locked_by=world.office().user, locked_at=clock.now())
    with pytest.raises(Conflict):
        world.good()
    assert world.good(on=date(2026, 7, 1)).acquired_on == date(2026, 7, 1)
