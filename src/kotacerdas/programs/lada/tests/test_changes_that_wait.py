"""What happens while a change waits: its good goes to another agency, its semester is locked, its day has not come."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from trials.cast import client_of

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.parties.models import Position
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid, Refused
from kotacerdas.programs.lada.actions import changes
from kotacerdas.programs.lada.actions.ledger import Line, state_on
from kotacerdas.programs.lada.models import Asset, Event, Period
from kotacerdas.programs.lada.tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast", "in_indonesian")]
LATER = date(2026, 7, 1)


def proposed(asset: Asset, kind: str, **given) -> Case:
    line = Line(asset=asset.id, kind=kind, on=LATER, **given)
    actor, agency = world.officer(), world.agency()
    return changes.change_propose(actor=actor, agency=agency, kind=kind, lines=[line]).case


def offered(asset: Asset, to: str) -> Case:
    """A transfer that is approved and waits for its receiver."""
    opened = changes.change_propose(
        actor=world.officer(),
        agency=world.agency(),
        kind="transfer",
        lines=[Line(asset=asset.id, kind="transfer", on=LATER, data={"agency": to})],
        to_agency=world.agency(to),
    )
    changes.change_approve(actor=world.office(), case=opened.case)
    return Case.objects.get(id=opened.case.id)


def test_a_change_of_an_agency_that_has_the_good_no_more_is_not_written():
    asset = world.good()
    waiting = proposed(asset, "dispose", data={"how": "sold"}, amount=-8_000_000)
    changes.change_accept(actor=world.officer("ratna", "KOMINFO"), case=offered(asset, "KOMINFO"))
    with pytest.raises(Refused):
        changes.change_approve(actor=world.office(), case=waiting)
    asset.refresh_from_db()
    assert (asset.is_active, asset.agency.code, asset.value) == (True, "KOMINFO", 8_000_000)
    assert Case.objects.get(id=waiting.id).state == "proposed"


def test_a_second_transfer_does_not_take_a_good_from_whoever_received_it():
    asset, post = world.good(), Position.objects.get(agency__code="PU", code="asset_officer")
    Position.objects.create(agency=world.agency("BAPPEDA"), code=post.code, roles=post.roles)
    first, second = offered(asset, "KOMINFO"), offered(asset, "BAPPEDA")
    changes.change_accept(actor=world.officer("ratna", "KOMINFO"), case=first)
    with pytest.raises(Refused):
        changes.change_accept(actor=world.officer("dodi", "BAPPEDA"), case=second)
    asset.refresh_from_db()
    assert asset.agency.code == "KOMINFO"


def test_a_transfer_whose_semester_was_locked_meanwhile_is_accepted_with_the_day_of_its_acceptance():
    asset = world.good()
    opened = changes.change_propose(
        actor=world.officer(),
        agency=world.agency(),
        kind="transfer",
        lines=[Line(asset=asset.id, kind="transfer", on=date(2026, 6, 20), data={"agency": "KOMINFO"})],
        to_agency=world.agency("KOMINFO"),
    )
    changes.change_approve(actor=world.office(), case=opened.case)
    Period.objects.create(year=2026, half=1, locked_by=world.office().user, locked_at=clock.now())
    case = Case.objects.get(id=opened.case.id)
    changes.change_accept(actor=world.officer("ratna", "KOMINFO"), case=case)
    assert Event.objects.get(asset=asset, kind="transfer").on == clock.today()
    assert state_on(asset, date(2026, 6, 30)).agency == "PU"


def test_nothing_takes_effect_on_a_day_that_has_not_come():
    tomorrow = clock.today() + timedelta(days=1)
    with pytest.raises(Invalid) as caught:
        world.good(on=tomorrow)
    assert caught.value.code == "future"
    asset = world.good(on=clock.today())
    line = Line(asset=asset.id, kind="condition", on=date(2062, 5, 1), data={"condition": "heavy"})
    with pytest.raises(Invalid):
        world.done("condition", line)
    world.done(
        "condition",
        Line(asset=asset.id, kind="condition", on=clock.today(), data={"condition": "light"}),
    )


def test_whoever_proposed_a_change_withdraws_it_and_nobody_else():
    asset = world.good()
    waiting = proposed(asset, "dispose", data={"how": "sold"}, amount=-8_000_000)
    for other in (world.officer("wawan"), world.office()):
        with pytest.raises(Refused):
            changes.change_withdraw(actor=other, case=waiting)
    assert Case.objects.get(id=waiting.id).state == "proposed"
    for reader, step, offered in (("wawan", "withdraw", False), ("endah", "withdraw", True)):
        page = client_of(world.officer(reader).user).get(reverse("lada:changes:case", args=[waiting.number]))
        assert (f"/langkah/{step}/" in page.content.decode()) is offered
    changes.change_withdraw(actor=world.officer(), case=Case.objects.get(id=waiting.id))
    assert Case.objects.get(id=waiting.id).state == "withdrawn"
