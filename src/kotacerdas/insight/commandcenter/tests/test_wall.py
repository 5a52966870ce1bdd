"""The wall counts what its viewer may see, with its age, and tells no story."""

from __future__ import annotations

import pytest

from kotacerdas.config.testing_cast import seat
from kotacerdas.foundation.parties.actors import staff
from kotacerdas.programs.iceta import actions

pytestmark = pytest.mark.django_db


@pytest.fixture
def duty(cast, client):
    user = seat("piket", "KOMINFO", "duty_officer")
    user.is_demo = True
    user.save()
    client.force_login(user)
    client.cookies["lang"] = "en"
    return user


def emergency(cast):
    draft = actions.Draft(
        words="Tanah bergerak di belakang rumah Pak Lurah",
        category=cast.category("landslide"),
        channel="phone",
        area_code="99.01.02.2001",
        phone="0812-3456-7890",
        name="Wati",
    )
    return actions.report_file(actor=staff(cast.dewi), draft=draft, desk=cast.agency("KOMINFO"))


def test_an_empty_wall_shows_zeros_and_no_alarm(duty, client):
    page = client.get("/dinding/").content.decode()
    assert "EMERGENCY" not in page
    assert "Reports today" in page


def test_an_emergency_raises_the_alarm_with_coded_title_and_place_alone(duty, cast, client):
    emergency(cast)
    page = client.get("/dinding/").content.decode()
    assert "EMERGENCY" in page
    assert "Landslide, Batu Nona" in page
    for secret in ("Wati", "Pak Lurah", "3456"):
        assert secret not in page


def test_others_see_no_wall(cast, client):
    assert client.get("/dinding/").status_code == 302
    cast.rudi.is_demo = True
    cast.rudi.save()
    client.force_login(cast.rudi)
    assert client.get("/dinding/").status_code == 404
