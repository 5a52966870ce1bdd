"""A register number that was given on meanwhile: taking back is refused in words, and the ledger stays whole."""

from __future__ import annotations

import pytest

from kotacerdas.kernel.errors import Invalid
from kotacerdas.programs.lada.actions import changes
from kotacerdas.programs.lada.actions.ledger import Line
from kotacerdas.programs.lada.models import Asset, Event
from kotacerdas.programs.lada.tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast", "in_indonesian")]


def _disposed(good: Asset) -> None:
    data, amount = {"how": "sold", "basis": "SK 9"}, -good.value
    world.done("dispose", Line(asset=good.id, kind="dispose", on=world.DAY, data=data, amount=amount))


def _transferred(good: Asset) -> None:
    opened = changes.change_propose(
        actor=world.officer(),
        agency=world.agency(),
        kind="transfer",
        lines=[Line(asset=good.id, kind="transfer", on=world.DAY, data={"agency": "KOMINFO"})],
        to_agency=world.agency("KOMINFO"),
    )
    changes.change_approve(actor=world.office(), case=opened.case)
    changes.change_accept(actor=world.officer("ratna", "KOMINFO"), case=opened.case)


@pytest.mark.parametrize(("gone", "at"), [(_disposed, "PU"), (_transferred, "KOMINFO")])
def test_what_is_taken_back_says_that_its_number_is_another_goods_by_now(gone, at):
    good = world.good(data={"register_no": 7})
    gone(good)
    other = world.good(data={"register_no": 7})
    good.refresh_from_db()
    count = Event.objects.count()
    with pytest.raises(Invalid) as caught:
        world.done("reverse", changes.reversal(good, world.DAY), at=at)
    assert (caught.value.code, list(caught.value.fields)) == ("register_no", ["line_1"])
    assert other.nibar in str(caught.value.fields["line_1"])
    assert Event.objects.count() == count
    world.done("reverse", changes.reversal(other, world.DAY))  # the way out that the words say
    world.done("reverse", changes.reversal(good, world.DAY), at=at)
    good.refresh_from_db()
    assert (good.is_active, good.register_no, good.agency.code) == (True, 7, "PU")


def test_two_new_goods_of_one_number_are_refused():
    lines = [world.acquiring(data={"register_no": 7}) for _n in range(2)]
    with pytest.raises(Invalid) as caught:
        world.done("acquire", *lines)
    assert list(caught.value.fields) == ["line_2"]
