"""After a transfer both agencies still reach the acts that their pages link to."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from trials.cast import client_of

from kotacerdas.programs.lada.actions import changes
from kotacerdas.programs.lada.actions.acts import act_issue
from kotacerdas.programs.lada.actions.custody import keeper
from kotacerdas.programs.lada.actions.ledger import Line
from kotacerdas.programs.lada.models import Change
from kotacerdas.programs.lada.tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast", "in_indonesian")]


def test_every_link_to_an_act_opens_for_whoever_is_shown_it():
    car = world.good(data={"goods_code": world.MINIBUS, "name": "Minibus"})
    person = keeper(user=None, name="Sopir")
    world.done(
        "hand_over", Line(asset=car.id, kind="hand_over", on=world.DAY, data={"holder": str(person.id)})
    )
    world.done("hand_back", Line(asset=car.id, kind="hand_back", on=world.DAY))
    line = Line(asset=car.id, kind="transfer", on=world.DAY, data={"agency": "KOMINFO"})
    receiver = world.officer("ratna", "KOMINFO")
    opened = changes.change_propose(
        actor=world.officer(),
        agency=world.agency(),
        kind="transfer",
        lines=[line],
        to_agency=world.agency("KOMINFO"),
    )
    changes.change_approve(actor=world.office(), case=opened.case)
    changes.change_accept(actor=receiver, case=opened.case)
    for change in Change.objects.filter(kind__in=("hand_over", "transfer")):
        act_issue(actor=world.officer(), change=change)
    clients = [client_of(one.user) for one in (world.officer(), receiver, world.office())]
    pages = [
        reverse("lada:changes:case", args=[one.case.number]) for one in Change.objects.select_related("case")
    ]
    opened_papers = []
    for client in clients:
        for page in (*pages, reverse("lada:asset", args=[car.nibar])):
            answer = client.get(page)
            if answer.status_code == 200:
                links = re.findall(r'href="(/desk/barang/[^"]*)"', answer.content.decode())
                assert [one for one in set(links) if client.get(one).status_code != 200] == []
                opened_papers += [one for one in links if one.endswith(".pdf")]
    assert len(opened_papers) >= 4  # both acts, for the receiver and the asset office
    assert clients[0].get(reverse("lada:asset", args=[car.nibar])).status_code == 404
    assert clients[0].get(opened_papers[0]).status_code == 404  # the good is not theirs any more
    assert "kini di perangkat daerah lain" in clients[0].get(pages[-1]).content.decode()
