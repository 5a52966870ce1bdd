"""The wall counts what its viewer may see, with its age, and tells no story."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from trials.cast import seat

from kotacerdas.foundation.parties.actors import staff
from kotacerdas.foundation.ui.shapes import Choropleth, Region
from kotacerdas.insight.commandcenter import figures
from kotacerdas.insight.commandcenter.alarms import MOST, running
from kotacerdas.insight.commandcenter.discs import discs, names
from kotacerdas.insight.commandcenter.figures import declared
from kotacerdas.insight.commandcenter.pack import unknown_figures
from kotacerdas.kernel import clock
from kotacerdas.kernel.regency import Wall, regency
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
    assert "Came in today" in page
    assert "usually" not in page  # there is nothing yet to compare with


def test_who_has_the_wall_alone_leaves_it_by_signing_out(duty, client):
    assert 'class="wall-out" href="/akun/keluar/"' in client.get("/dinding/").content.decode()


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


def test_a_new_emergency_and_the_longest_running_are_named_and_those_between_summed(duty, cast, client):
    filed = []
    for hours in range(MOST + 2, 0, -1):
        with clock.frozen(clock.now() - timedelta(hours=hours)):
            filed.append(emergency(cast).case.number)
    assert [one.number for one in running(staff(duty).grants)] == [filed[-1], filed[1], filed[0]]
    page = client.get("/dinding/").content.decode()
    assert page.count("EMERGENCY") == MOST
    assert "+2</b><p>more between" in page
    assert f"oldest {MOST + 2} hours" in page


def test_a_disc_covers_neither_its_own_figure_nor_a_neighbours_name():
    counting = Region(code="a", label="3", d="", at=(480.0, 430.0), count=1)
    named = Region(code="b", label="2", d="", at=(520.0, 380.0), name="Kertasemaya", small="Kertasemaya")
    shape = Choropleth(title="", box=(0, 0, 1080, 800), regions=(counting, named), label_size=30)
    [disc], [name] = discs(shape), names(shape)
    across, down = disc.at
    assert down - 24 > name.at[1] or abs(across - name.at[0]) > 24 + 79
    assert abs(across - 480) > 24


def test_a_name_hides_no_neighbours_figure():
    neighbour = Region(code="a", label="1", d="", at=(440.0, 406.0))
    named = Region(code="b", label="5", d="", at=(520.0, 380.0), name="Juntinyuat", small="Juntinyuat")
    [name] = names(Choropleth(title="", box=(0, 0, 1080, 800), regions=(neighbour, named), label_size=30))
    assert abs(name.at[1] - 406) > 24 or name.at[0] - 5 * 0.6 * 24 > 440 + 9 + 5


def test_the_pack_orders_the_figures_and_one_of_a_program_that_does_not_run_is_left_out(
    duty, monkeypatch, in_indonesian
):
    told = replace(regency(), wall=Wall(figures=("iceta.on_time", "ayutv.dishes", "cases.overdue")))
    monkeypatch.setattr(figures, "regency", lambda: told)
    shown = figures.tiles(staff(duty).grants, clock.now())
    assert [str(one.label) for one in shown] == ["Tepat waktu, 7 hari", "Lewat tenggat"]


def test_a_figure_that_its_app_does_not_declare_is_refused_when_the_pack_is_loaded():
    told = replace(regency(), wall=Wall(figures=("cases.none_such", *declared(), "ayutv.dishes")))
    [unknown, many] = unknown_figures(told)
    assert "cases.none_such" in unknown.message
    assert "6" in many.message
    assert not list(unknown_figures(regency()))
