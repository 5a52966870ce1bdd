"""Goods with a device at the desk: bound, fenced, looked at late, maintained; pages in both languages."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, connections
from django.utils import translation
from trials.cast import client_of, seat

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.parties.actors import staff
from kotacerdas.foundation.parties.grants import Scope
from kotacerdas.foundation.telemetry.actions import device_create
from kotacerdas.foundation.telemetry.actions.devices import DeviceDraft
from kotacerdas.foundation.telemetry.models import Binding, Latest
from kotacerdas.foundation.telemetry.rules.engine import local_time
from kotacerdas.foundation.telemetry.simulate.world import Invented, measured
from kotacerdas.foundation.telemetry.tracks import Spot
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid, Refused
from kotacerdas.programs.lada import simulate, watching
from kotacerdas.programs.lada.actions import alarms, changes, tracking
from kotacerdas.programs.lada.actions.ledger import Line
from kotacerdas.programs.lada.lifecycles.alarms import KIND
from kotacerdas.programs.lada.models import Alarm, Service, TrackDay
from kotacerdas.programs.lada.tests import world
from kotacerdas.programs.lada.tracking import demo, fences, present, services

pytestmark = pytest.mark.django_db
OFFICE, HOUSE = (-1.1850, 122.5100), (-1.1710, 122.4910)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def now() -> datetime:
    """Noon of a working day that is over, by local time: partitions of the store follow the machine's clock."""
    local = datetime.now(UTC).astimezone(clock.local_zone())
    found = local.replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)
    while found.weekday() > 3:
        found -= timedelta(days=1)
    with clock.frozen(found):
        yield found


def device(code: str = "mobil-1", at: str = "PU", kind: str = "vehicle"):
    draft = DeviceDraft(code=code, name=f"Perangkat {code}", kind=kind, agency=world.agency(at))
    return device_create(actor=staff(seat("sari", "KOMINFO", "coordinator")), draft=draft)[0]


def car(code: str = "mobil-1", **given):
    """A minibus with a device since two days, and 200 metres round its office."""
    good = world.good(data={"goods_code": world.MINIBUS, "name": "Minibus (contoh)"}, **given)
    made = device(code)
    with clock.frozen(clock.now() - timedelta(days=2)):
        tracking.asset_bind(actor=world.officer(), asset=good, device=made)
        tracking.fence_save(
            actor=world.officer(), asset=good, lat=OFFICE[0], lng=OFFICE[1], radius_m=200, hours="06:00-20:00"
        )
    return good, made.streams.get(code="position")


def say(stream, spots, *, came: datetime) -> None:
    """Positions (moment, place) as the store has them, and the newest of all as the latest."""
    rows = [(at, came, stream.id, lat, lng) for at, (lat, lng) in spots]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO telemetry_observation (at, came, stream, value, value2) VALUES (%s, %s, %s, %s, %s)",
            rows,
        )
    at, place = max(spots)
    known = Latest.objects.filter(stream=stream).first()
    facts = {"came_at": came}
    if known is None or known.at < at:
        facts |= {"at": at, "value": place[0], "value2": place[1]}
    Latest.objects.update_or_create(stream=stream, defaults=facts)


def night(begun: datetime):
    """The invented night, from half past midnight."""
    told = simulate.reported(OFFICE, simulate.night(OFFICE, HOUSE))
    return [(begun + timedelta(seconds=seconds), (lat, lng)) for seconds, lat, lng in told]


def midnight(now: datetime) -> datetime:
    return now.replace(hour=0, minute=30)


def cases() -> list[Case]:
    return list(Case.objects.filter(kind=KIND))


def test_what_a_device_kept_and_sends_late_makes_the_one_case_that_there_was(regency, now):
    good, stream = car()
    said = night(midnight(now))
    say(stream, said[-5:], came=now - 60 * MINUTE)  # it speaks again in the morning
    watching.watch_goods()
    assert cases() == []
    for n, part in enumerate((said[40:70], said[:40], said[70:-5])):
        say(stream, part, came=now - (50 - n) * MINUTE)
        watching.watch_goods()
    assert len(cases()) == 1
    alarm = Alarm.objects.get()
    assert alarm.until is not None
    assert (alarm.since - said[0][0]) // MINUTE in (40, 41, 42)
    [day] = TrackDay.objects.filter(asset=good, trips__gt=0)
    assert (day.trips, day.metres // 100) == (2, pytest.approx(52, abs=3))


def test_a_car_that_is_still_out_is_one_case_and_a_second_night_another(regency, now):
    _good, stream = car()
    said = night(midnight(now))
    with clock.frozen(said[60][0]):
        say(stream, said[:60], came=said[60][0])
        watching.watch_goods()
        watching.watch_goods()
    assert (len(cases()), Alarm.objects.get().until) == (1, None)
    with clock.frozen(said[-1][0]):
        say(stream, said[60:], came=said[-1][0])
        watching.watch_goods()
    assert Alarm.objects.get().until is not None
    again = [(at + timedelta(days=1), place) for at, place in said]
    with clock.frozen(again[-1][0]):
        say(stream, again, came=again[-1][0])
        watching.watch_goods()
    assert len(cases()) == 2


def test_time_alone_makes_the_alarm_of_a_car_whose_device_fell_silent_outside(regency, now):
    _good, stream = car()
    said = night(midnight(now))[:43]
    with clock.frozen(said[-1][0]):
        say(stream, said, came=said[-1][0])
        watching.watch_goods()
        assert cases() == []
    with clock.frozen(said[-1][0] + 5 * MINUTE):
        watching.watch_goods()
        [case] = cases()
    with clock.frozen(said[-1][0] + 60 * MINUTE), translation.override("en"):
        assert "silent since" in present.alarm_words(case.asset_alarm)


def test_what_was_before_the_device_or_the_fence_is_not_asked_about(regency, now):
    good, stream = car()
    say(stream, night(midnight(now)), came=now)
    tracking.fence_save(actor=world.officer(), asset=good, hours="06:00-20:00", is_on=False)
    tracking.fence_save(actor=world.officer(), asset=good, hours="06:00-20:00")
    watching.watch_goods()
    assert cases() == []


@pytest.mark.django_db(transaction=True)
def test_two_who_look_at_the_same_moment_open_one_case(regency):
    good = world.good()
    at = clock.now()
    breach = fences.Breach("outside", Spot(at, *HOUSE), Spot(at, *HOUSE), None)

    def opened(_n: int) -> str:
        try:
            return alarms.alarm_open(asset=good, breach=breach).number
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(opened, range(8)))) == 1
    assert len(cases()) == 1


def test_one_bad_good_stops_no_other(regency, now):
    bad, first = car("mobil-0")
    good, second = car("mobil-2")
    said = night(midnight(now))
    for stream in (first, second):
        say(stream, said, came=now - 60 * MINUTE)
    bad.fence.hours = [["never", "then"]]
    bad.fence.save()
    watching.watch_goods()
    assert [one.asset_alarm.asset for one in cases()] == [good]


def test_a_device_is_put_on_a_good_of_its_agency_and_taken_off(regency):
    good, officer, made = world.good(), world.officer(), device()
    with pytest.raises(Refused):
        tracking.asset_bind(actor=world.surveyor(), asset=good, device=made)
    for wrong in (device("mobil-2", at="KOMINFO"), device("duga-1", kind="gauge")):
        with pytest.raises(Invalid):
            tracking.asset_bind(actor=officer, asset=good, device=wrong)
    tracking.asset_bind(actor=officer, asset=good, device=made)
    for other, on in ((device("mobil-3"), good), (made, world.good())):
        with pytest.raises(Conflict):
            tracking.asset_bind(actor=officer, asset=on, device=other)
    tracking.asset_unbind(actor=officer, asset=good)
    assert not Binding.objects.exists()  # it was put on by mistake, on the same day
    with pytest.raises(Conflict):
        tracking.asset_unbind(actor=officer, asset=good)
    tracking.asset_bind(actor=officer, asset=good, device=made)
    with clock.frozen(clock.now() + timedelta(days=3)):
        tracking.asset_unbind(actor=world.officer(), asset=good)
        assert Binding.objects.get().until == clock.today()
        with pytest.raises(Conflict):  # today still counts for the good that carried it
            tracking.asset_bind(actor=world.officer(), asset=world.good(), device=made)
        other = device("mobil-4")
        tracking.asset_bind(
            actor=world.officer(), asset=good, device=other
        )  # a broken one is replaced at once
        assert tracking.binding_of(good).device == other


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "radius_m"),
        ({"radius_m": 200}, "lat"),
        ({"radius_m": 200, "lat": float("nan"), "lng": 1.0}, "lat"),
        ({"radius_m": 200, "lat": 95.0, "lng": 1.0}, "lat"),
        ({"radius_m": 200_000, "lat": 1.0, "lng": 1.0}, "radius_m"),
        ({"area": "-1, 122\n-1, 123"}, "area"),
        ({"area": "-1, 122\nhere\n-1, 123"}, "area"),
        ({"area": "-1, 122, 3\n-1, 122\n-1, 123"}, "area"),
        ({"area": "\n".join(["-1, 122"] * 300)}, "area"),
        ({"hours": "6-20"}, "hours"),
        ({"hours": "06:00-06:00"}, "hours"),
        ({"hours": "24:00-06:00"}, "hours"),
        ({"hours": "06:00-25:00"}, "hours"),
        ({"hours": "06:60-07:00"}, "hours"),
        ({"hours": ",".join(["06:00-07:00"] * 5)}, "hours"),
        ({"hours": "06:00-20:00", "dwell_minutes": 0}, "dwell_minutes"),
    ],
)
def test_a_fence_that_cannot_be_is_refused_whole(regency, given, field):
    good = world.good()
    with pytest.raises(Invalid) as refused:
        tracking.fence_save(actor=world.officer(), asset=good, **given)
    assert field in refused.value.fields
    assert not hasattr(type(good).objects.get(id=good.id), "fence")


def test_a_fence_of_areas_and_several_hours(regency):
    made = tracking.fence_save(
        actor=world.officer(),
        asset=world.good(),
        area="-1.25, 122.45\n-1.15; 122.45\n-1.15, 122.55",
        hours="06:00–12:00, 22:00-05:00",
    )
    assert made.areas == [[[-1.25, 122.45], [-1.15, 122.45], [-1.15, 122.55]]]
    assert made.hours == [["06:00", "12:00"], ["22:00", "05:00"]]


def test_maintenance_comes_due_by_kilometres_or_months_and_the_next_is_counted_anew(regency):
    good, officer = world.good(data={"goods_code": world.MINIBUS}), world.officer()
    for wrong in ({}, {"every_km": 10**6}, {"every_months": -1}, {"every_km": 10, "dial_km": -5}):
        with pytest.raises(Invalid):
            tracking.service_save(actor=officer, asset=good, **wrong)
    with pytest.raises(Conflict):
        tracking.service_done(actor=officer, asset=good)
    tracking.service_save(actor=officer, asset=good, every_km=100, every_months=6, dial_km=52_000)

    def stands():
        [found] = services.standing_for(world.officer().grants)
        return found.km, found.left_km, found.is_soon, found.is_due, found.dial

    today = clock.today()
    TrackDay.objects.create(asset=good, day=today - timedelta(days=1), metres=90_000, trips=1)
    assert stands() == (0, 100, False, False, 52_000)
    TrackDay.objects.create(asset=good, day=today, metres=91_500, trips=3)
    assert stands() == (91, 9, True, False, 52_091)
    TrackDay.objects.filter(day=today).update(metres=100_900)
    assert stands() == (100, 0, False, True, 52_100)
    with clock.frozen(clock.now() + timedelta(days=1)):
        tracking.service_done(actor=world.officer(), asset=good, dial_km=52_103)
        assert stands() == (0, 100, False, False, 52_103)
    with clock.frozen(clock.now() + timedelta(days=190)):
        assert stands()[2:4] == (False, True)
    assert services.months_after(datetime(2026, 8, 31).date(), 6).isoformat() == "2027-02-28"


def test_the_pages(regency, now, in_indonesian):
    good, stream = car()
    say(stream, [(at, place) for at, place in night(now - 140 * MINUTE)], came=now)
    watching.watch_goods()
    tracking.service_save(actor=world.officer(), asset=good, every_km=5000)
    client = client_of(world.officer().user)
    shown = client.get("/desk/barang/lacak/").content.decode()
    assert (good.nibar in shown, "track-stop" in shown or "track-moving" in shown) == (True, True)
    day = client.get(f"/desk/barang/lacak/{good.nibar}/")
    text = day.content.decode()
    assert (day.status_code, "track-way" in text, "track-fence" in text) == (200, True, True)
    assert text.count('<li class="trip">') == 2
    wrong = client.get(f"/desk/barang/lacak/{good.nibar}/?hari=besok").content.decode()
    assert 'role="alert"' in wrong
    refused = client.post(f"/desk/barang/lacak/{good.nibar}/pagar/", {"hours": "x", "dwell_minutes": "3"})
    assert refused.status_code == 422
    client.post(f"/desk/barang/lacak/{good.nibar}/pemeliharaan/selesai/", {"dial_km": "12.500"})
    assert Service.objects.get().dial_km == 12_500
    assert "12.50" in client.get("/desk/barang/lacak/pemeliharaan/").content.decode()
    client.post(f"/desk/barang/lacak/{good.nibar}/perangkat/", {"off": "1"})
    assert Binding.objects.get().until == clock.today()
    assert "mobil-1" in client.get(f"/desk/barang/{good.nibar}/").content.decode()


def test_the_desk_of_alarms_asks_and_never_accuses(regency, now, in_indonesian):
    _good, stream = car()
    say(stream, night(midnight(now)), came=now)
    watching.watch_goods()
    [case] = cases()
    client = client_of(world.officer().user)
    page = f"/desk/barang/alarm/{case.number}/"
    shown = client.get(page).content.decode()
    assert "Tanyakan dulu" in shown
    assert "1 alarm terbuka" in client.get("/desk/barang/lacak/").content.decode()
    assert "track-way" in shown
    for step, given in (("look", {}), ("told", {"body": "Ada izin."}), ("settle", {"body": "Tugas malam."})):
        case.refresh_from_db()
        answer = client.post(f"{page}langkah/{step}/", {"seen_version": case.version, **given})
        assert answer.status_code in (200, 302), step
    case.refresh_from_db()
    assert (case.state, case.notes.count()) == ("settled", 2)


def test_where_a_good_drove_before_a_transfer_its_receiver_does_not_read(regency, now, in_indonesian):
    good, stream = car()
    say(stream, night(midnight(now)), came=now)
    watching.watch_goods()
    day, page = clock.local_day(midnight(now)), f"/desk/barang/lacak/{good.nibar}/"
    given = changes.change_propose(
        actor=world.officer(),
        agency=world.agency("PU"),
        kind="transfer",
        lines=[Line(asset=good.id, kind="transfer", on=clock.today(), data={"agency": "KOMINFO"})],
        to_agency=world.agency("KOMINFO"),
    )
    changes.change_approve(actor=world.office(), case=given.case)
    receiver = world.officer("ratna", "KOMINFO")
    changes.change_accept(actor=receiver, case=Case.objects.get(id=given.case.id))
    taker, office = client_of(receiver.user), client_of(world.office().user)
    before = taker.get(page, {"hari": day - timedelta(days=1)}).content.decode()
    assert "perangkat daerah lain" in before
    for drawn in ("track-way", "track-silent", "track-stop", "Jarak tempuh"):
        assert drawn not in before
    today = taker.get(page).content.decode()
    assert "Ditampilkan sejak" in today
    assert "track-way" not in today
    assert "9 jam lalu" not in taker.get("/desk/barang/lacak/").content.decode()
    whole = office.get(page).content.decode()
    assert "track-way" in whole
    assert "perangkat daerah lain" not in whole
    with clock.frozen(now + timedelta(hours=2)):
        say(stream, [(now + timedelta(minutes=50 + one), OFFICE) for one in range(5)], came=now)
        assert (
            "track-way" in taker.get(page).content.decode() or "track-st" in taker.get(page).content.decode()
        )


def test_strangers_see_nothing(regency):
    good = world.good()
    client = client_of(world.surveyor().user)
    for path in ("", "pemeliharaan/", f"{good.nibar}/"):
        assert client.get(f"/desk/barang/lacak/{path}").status_code in (403, 404)
    other = client_of(world.officer("ratna", "KOMINFO").user)
    assert other.get(f"/desk/barang/lacak/{good.nibar}/").status_code == 404
    assert other.post(f"/desk/barang/lacak/{good.nibar}/pagar/", {"hours": "06:00-20:00"}).status_code == 404


def invented(number: int, now: datetime, *, escape: datetime | None = None) -> None:
    """One of telemetry's invented vehicles with its week, one position in five minutes."""
    code = f"contoh-vehicle-0{number}"
    draft = DeviceDraft(
        code=code, name=code, kind="vehicle", agency=world.agency("KOMINFO"), lat=OFFICE[0], lng=OFFICE[1]
    )
    made, _secret = device_create(actor=staff(seat("sari", "KOMINFO", "coordinator")), draft=draft)
    one = Invented(
        code=code,
        kind="vehicle",
        seed=number,
        every_s=60,
        base=OFFICE,
        stops=(HOUSE,),
        escape=escape.timestamp() if escape else 0.0,
    )
    moments = [now - timedelta(minutes=5 * n) for n in range(7 * 288)]
    told = [(at, tuple(measured(one, at.timestamp(), local_time)["position"])) for at in moments]
    say(made.streams.get(code="position"), told, came=now)


def test_the_demo_has_two_cars_that_carry_invented_vehicles(regency, now):
    invented(1, now)
    invented(2, now, escape=midnight(now) - timedelta(days=2))
    cars = [world.good(data={"goods_code": world.MINIBUS, "name": f"Minibus {n}"}) for n in (1, 2)]
    assert demo.build(officer=world.officer(), cars=cars) == Alarm.objects.count() >= 1
    night = Alarm.objects.get(
        asset=cars[0], since__range=(midnight(now) - timedelta(days=2), midnight(now) - timedelta(days=1))
    )
    assert night.case.opened_at - night.since < timedelta(minutes=10)
    assert (
        {one.asset for one in present.seen_of(cars, Scope(everywhere=True))}
        == set(present.tracked_for(world.office().grants))
        == set(cars)
    )
    assert TrackDay.objects.filter(asset__in=cars, trips__gt=0).count() >= 6


def test_a_day_is_counted_once_in_ten_minutes_and_to_its_end(regency, now):
    good, stream = car()
    begun = now.replace(hour=23, minute=31)
    way = [
        (begun + n * MINUTE, (OFFICE[0] + 0.009 * n, OFFICE[1])) for n in range(28)
    ]  # a kilometre a minute

    def metres(upto: int, later: int = 0) -> int:
        at = way[upto - 1][0] + later * MINUTE
        with clock.frozen(at):
            watching.watch_goods()
        return TrackDay.objects.get(asset=good, day=now.date()).metres // 1000

    say(stream, way[:5], came=way[4][0])
    assert metres(5) == 4
    say(stream, way[5:7], came=way[6][0])
    assert metres(7) == 4
    say(stream, way[7:12], came=way[11][0])
    assert metres(12) == 11
    say(stream, way[12:], came=way[-1][0])
    say(stream, [(begun + 32 * MINUTE, way[-1][1])], came=begun + 32 * MINUTE)
    assert metres(28, later=5) == 27
