"""Travel: by great circle, by a road network that may not answer, as recorded."""

from __future__ import annotations

import httpx
import pytest

from kotacerdas.foundation.dispatch.checks import flaws
from kotacerdas.foundation.dispatch.declarations import Place
from kotacerdas.foundation.dispatch.osrm import OSRM
from kotacerdas.foundation.dispatch.pack_tables import DispatchTable
from kotacerdas.foundation.dispatch.tests.invented import FAR_PLANT, HOME, PLANT
from kotacerdas.foundation.dispatch.tests.planning import planned
from kotacerdas.foundation.dispatch.travel import GreatCircle, Recorded, great_circle_metres

PLACES = [HOME, PLANT, FAR_PLANT]


class Roads(httpx.BaseTransport):
    """A server as OSRM's documentation has it: 1000 s and 9000.2 m for every pair, none from the far plant."""

    def __init__(self, *, most: int = 100, status: int = 200) -> None:
        self.most, self.status = most, status
        self.asked: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        places = request.url.path.rsplit("/", 1)[1].split(";")
        if self.status != 200 or len(places) > self.most:
            return httpx.Response(400, json={"code": "TooBig", "message": "Too many table coordinates"})
        sources = [int(one) for one in request.url.params["sources"].split(";")]
        destinations = [int(one) for one in request.url.params["destinations"].split(";")]
        far = f"{FAR_PLANT.lng:.6f},{FAR_PLANT.lat:.6f}"

        def pair(source: int, destination: int, value: float) -> float | None:
            if source == destination:
                return 0
            return None if places[source] == far else value

        return httpx.Response(
            200,
            json={
                "code": "Ok",
                "durations": [[pair(i, j, 999.1) for j in destinations] for i in sources],
                "distances": [[pair(i, j, 9000.2) for j in destinations] for i in sources],
            },
        )


def test_the_great_circle_is_what_a_map_says():
    jakarta, bandung = Place(-6.2, 106.816667), Place(-6.914744, 107.609810)
    assert great_circle_metres(jakarta, bandung) == pytest.approx(118_200, rel=0.01)


def test_a_road_is_longer_than_the_great_circle_and_takes_its_time():
    matrix = GreatCircle(detour_percent=150, speed_kmh=36).matrix(PLACES)
    assert matrix.metres[0][1] == pytest.approx(great_circle_metres(HOME, PLANT) * 1.5, abs=1)
    assert matrix.seconds[0][1] == pytest.approx(matrix.metres[0][1] / 10, abs=1)
    assert matrix.metres[0][1] == matrix.metres[1][0]
    assert [matrix.seconds[n][n] for n in range(3)] == [0, 0, 0]


def test_equal_places_are_one():
    assert GreatCircle().matrix([HOME, PLANT, HOME]).places == (HOME, PLANT)


@pytest.mark.parametrize("wrong", [{"detour_percent": 90}, {"speed_kmh": 0}])
def test_a_detour_that_is_a_shortcut_is_refused(wrong):
    with pytest.raises(ValueError, match="road"):
        GreatCircle(**wrong)


def test_a_recorded_matrix_gives_what_was_recorded_and_keeps_what_it_was_asked():
    recorded = Recorded(GreatCircle().matrix(PLACES))
    found = recorded.matrix([PLANT, HOME])
    assert found.metres[0][1] == recorded.recorded.metres[1][0]
    assert recorded.asked == [(PLANT, HOME)]
    with pytest.raises(KeyError):
        recorded.matrix([Place(0.0, 0.0)])


def test_roads_are_asked_for_by_longitude_first_and_rounded_up():
    roads = Roads()
    matrix = OSRM("http://roads.test/", transport=roads).matrix([HOME, PLANT])
    assert (matrix.source, matrix.remark) == ("osrm", "")
    assert matrix.seconds == ((0, 1000), (1000, 0))
    assert matrix.metres == ((0, 9001), (9001, 0))
    (request,) = roads.asked
    assert request.url.path == "/table/v1/driving/108.330000,-6.330000;108.270000,-6.360000"
    assert request.url.params["annotations"] == "duration,distance"


def test_a_large_table_is_asked_for_in_blocks():
    places = [Place(-6.3 - n / 1000, 108.3) for n in range(7)]
    roads = Roads(most=6)
    matrix = OSRM("http://roads.test", block=3, transport=roads).matrix(places)
    assert matrix.source == "osrm"
    assert len(roads.asked) == 9
    assert all(matrix.seconds[i][j] == (0 if i == j else 1000) for i in range(7) for j in range(7))


def test_where_there_is_no_road_the_great_circle_stands_in_and_is_told():
    matrix = OSRM("http://roads.test", transport=Roads()).matrix(PLACES)
    estimate = GreatCircle().matrix(PLACES)
    assert (matrix.source, matrix.remark) == ("osrm", "osrm_no_road")
    assert matrix.seconds[2] == estimate.seconds[2]
    assert matrix.seconds[0][2] == 1000


@pytest.mark.parametrize("transport", [Roads(status=400), None])
def test_a_server_that_does_not_answer_is_told(transport):
    matrix = OSRM("http://127.0.0.1:9", transport=transport).matrix(PLACES)
    assert (matrix.source, matrix.remark) == ("great_circle", "osrm_unreachable")
    assert matrix.metres == GreatCircle().matrix(PLACES).metres


@pytest.mark.parametrize(
    "answer",
    [
        {"code": "Ok", "durations": [[0, -5], [1, 0]], "distances": [[0, 1], [1, 0]]},
        {"code": "Ok", "durations": [[0]], "distances": [[0]]},
        {"code": "NoTable"},
        ["Ok"],
    ],
)
def test_an_answer_that_makes_no_sense_is_not_believed(answer):
    server = httpx.MockTransport(lambda _request: httpx.Response(200, json=answer))
    assert OSRM("http://roads.test", transport=server).matrix([HOME, PLANT]).remark == "osrm_unreachable"


@pytest.mark.parametrize(
    "wrong",
    [{"detour_percent": 99}, {"speed_kmh": 0}, {"metre_cost": -1}, {"metre_cost": 0, "second_cost": 0}],
)
def test_numbers_of_a_pack_that_no_plan_can_be_made_by_are_found_at_the_start(wrong):
    assert flaws(DispatchTable()) == []
    assert len(flaws(DispatchTable(**wrong))) == 1


@pytest.mark.django_db
def test_a_plan_says_that_the_roads_were_not_to_be_had(fleet, settings):
    settings.OSRM_URL = "http://127.0.0.1:9"
    fleet.job(1)
    plan = planned(fleet)
    assert (plan.figures["travel"], plan.figures["travel_remark"]) == ("great_circle", "osrm_unreachable")
    settings.OSRM_URL = ""
    assert planned(fleet).figures["travel_remark"] == ""
