"""Land and buildings have an outline: typed corner by corner, kept by the ledger, drawn on the good's page."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from trials.cast import client_of

from kotacerdas.foundation.territory.queries import villages
from kotacerdas.programs.lada.actions import changes
from kotacerdas.programs.lada.actions.ledger import state_on
from kotacerdas.programs.lada.models import Asset, Change
from kotacerdas.programs.lada.tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast", "in_indonesian")]


def _ring(size: float = 0.001) -> list[list[float]]:
    lat, lng = villages()[0].lat, villages()[0].lng
    return [[lat, lng], [lat + size, lng], [lat + size, lng + size]]


def _text(ring: list[list[float]]) -> str:
    return "\r\n".join(f"{lat}, {lng}" for lat, lng in ring)


def _post(kind: str, **given: Any) -> Any:
    body = {"on": world.DAY.isoformat(), "name": "Tanah kantor", "origin": "purchase", **given}
    return client_of(world.officer().user).post(reverse("lada:propose", args=[kind]), body)


def _acquire(code: str = world.LAND, **given: Any) -> Any:
    fixed = {"kode": code, "opd": "PU", "value": "900000000", "count": "1", "condition": "good"}
    return _post("acquire", **fixed, **given)


def _approve() -> Asset:
    change = Change.objects.select_related("case").order_by("-case__number").first()
    changes.change_approve(actor=world.office(), case=change.case)
    return Asset.objects.get()


def test_an_outline_is_kept_by_the_ledger_drawn_and_corrected():
    ring, larger = _ring(), _ring(0.002)
    answer = _acquire(outline=_text(ring))
    assert answer.status_code == 302, dict(answer.context["form"].errors)
    land = _approve()
    assert land.outline == ring
    assert state_on(land).outline == ring
    client, page = client_of(world.officer().user), reverse("lada:asset", args=[land.nibar])
    assert 'class="track-fence"' in client.get(page).content.decode()
    form = client.get(reverse("lada:propose", args=["correct"]), {"nibar": land.nibar}).context["form"]
    assert form["outline"].value() == _text(ring).replace("\r", "")
    assert _post("correct", nibar=land.nibar, outline=_text(ring)).status_code == 422  # nothing differs
    assert _post("correct", nibar=land.nibar, outline=_text(larger)).status_code == 302
    assert _approve().outline == larger
    assert f"{larger[1][0]:.6f}" in client.get(page).content.decode()
    assert _post("correct", nibar=land.nibar, outline="").status_code == 302
    assert _approve().outline is None
    assert 'class="track-fence"' not in client.get(page).content.decode()


@pytest.mark.parametrize("text", ["-6.33, 108.32", "di sini", "-6.33, 108.32\n-6.34", "0, 0\n0, 1\n1, 1"])
def test_what_is_no_outline_of_the_regency_is_refused_at_its_field(text):
    answer = _acquire(outline=text)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["outline"])


def test_a_laptop_is_asked_for_no_outline():
    page = client_of(world.officer().user).get(
        reverse("lada:propose", args=["acquire"]), {"kode": world.LAPTOP, "opd": "PU"}
    )
    assert "outline" not in page.context["form"].fields
