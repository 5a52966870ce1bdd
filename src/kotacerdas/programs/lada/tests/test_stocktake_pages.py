"""The pages of stocktakes: opened in a form, its figures as the list has them, closed with findings, strangers see nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from trials.cast import client_of

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.sync.phones import phone_enrol
from kotacerdas.kernel import clock
from kotacerdas.programs.lada.actions.scans import Seen, scan_take
from kotacerdas.programs.lada.models import Asset, Finding, Session
from kotacerdas.programs.lada.stocktake import counting, telling
from kotacerdas.programs.lada.tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_indonesian")]


@pytest.fixture(autouse=True)
def _world(cast):
    for code, name in (("R1", "Tata usaha"), ("R2", "KIA dan KB")):
        room = world.room(code, name)
        for number in (1, 2):
            world.good(data={"room": str(room.id), "name": f"Laptop {code}-{number}"})


def text(response, status: int = 200) -> str:
    assert response.status_code == status, response.content.decode()[:3000]
    return re.sub(r"\s+", " ", response.content.decode())


def filled(**given) -> dict[str, object]:
    usual = {
        "opd": "PU",
        "name": "Dinas PU 2026",
        "due_on": (clock.today() + timedelta(days=3)).isoformat(),
        "people": [str(world.surveyor().user.id)],
        "loose": "1",
        **{f"room_{world.room(code).id.hex}": "*" for code in ("R1", "R2")},
    }
    return {**usual, **given}


def running() -> Session:
    desk = client_of(world.officer().user)
    assert desk.post(reverse("lada:open_stocktake"), filled()).status_code == 302
    return Session.objects.get()


def scanned(session: Session, name: str, **given) -> None:
    usual = {"code": Asset.objects.get(name=name).nibar, "room": world.room("R1"), "condition": "good"}
    scan_take(actor=world.surveyor(), session=session, seen=Seen(**{**usual, **given}))


def test_a_stocktake_is_opened_in_a_form_with_who_counts_where():
    world.surveyor("asri")
    desk = client_of(world.officer().user)
    page = text(desk.get(reverse("lada:open_stocktake")))
    assert "KIA dan KB" in page
    asri = str(world.surveyor("asri").user.id)
    given = filled(
        people=[],
        loose="",
        **{f"room_{world.room('R1').id.hex}": asri, f"room_{world.room('R2').id.hex}": "-"},
    )
    assert desk.post(reverse("lada:open_stocktake"), given).status_code == 302
    session = Session.objects.get()
    assert [one.code for one in session.rooms.all()] == ["R1"]
    assert [(one.user.username, one.room.code) for one in session.teams.all()] == [("asri", "R1")]
    assert session.expected.count() == 2


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"people": []}, "menghitung di mana-mana"),
        ({"due_on": "2020-01-01"}, "Paling cepat berakhir hari ini"),
        ({"name": ""}, "field-error"),
    ],
)
def test_what_is_missing_is_said_at_its_field(given, words):
    said = text(client_of(world.officer().user).post(reverse("lada:open_stocktake"), filled(**given)), 422)
    assert words in said
    assert not Session.objects.exists()


def test_the_page_shows_the_sums_of_the_list_and_each_finding_with_its_author():
    session = running()
    scanned(session, "Laptop R1-1")
    scanned(session, "Laptop R2-1", classes=["used_by_others"])
    scanned(session, "Laptop R2-2", is_there=False, classes=["stolen"], words="Jendela pecah")
    scanned(session, "Laptop R1-2", code="", words="Kursi tunggu")
    page = text(client_of(world.officer().user).get(reverse("lada:stocktake", args=[session.number])))
    sums = counting.sums(counting.results(session))
    assert sums == {"found": 1, "elsewhere": 1, "missing": 1, "not_yet": 1, "unexpected": 1}
    assert "75% dihitung" in page
    for said in (
        "Di ruang lain: Tata usaha",
        "Dipakai pihak lain",
        "Jendela pecah",
        "Kursi tunggu",
        "Tono, hari ini",
    ):
        assert said in page, said
    filtered = text(
        client_of(world.officer().user).get(
            reverse("lada:stocktake", args=[session.number]), {"temuan": "hilang"}
        )
    )
    assert "Jendela pecah" in filtered
    assert "Belum tercatat" not in filtered
    listed = text(client_of(world.officer().user).get(reverse("lada:stocktakes")))
    assert session.number in listed


def test_rooms_add_up_to_the_whole_and_counts_of_kinds_to_all_findings():
    session = running()
    scanned(session, "Laptop R2-1")
    scanned(session, "Laptop R2-2", is_there=False)
    scanned(session, "Laptop R1-1", condition="heavy")
    rows = counting.results(session)
    rooms = telling.rooms_of(session, rows)
    for state in counting.STATES:
        assert sum(one.sums[state] for one in rooms) == counting.sums(rows)[state]
    counts = telling.finding_counts(rows)
    assert sum(counts.values()) == len(counting.findings(rows)) == 3
    assert {code: len(telling.of_kind(rows, code)) for code in counts} == counts


def test_a_room_lists_what_nobody_has_seen_yet_first():
    session = running()
    scanned(session, "Laptop R1-1")
    page = text(
        client_of(world.officer().user).get(reverse("lada:stocktake", args=[session.number]), {"ruang": "R1"})
    )
    assert page.index("Laptop R1-2") < page.index('Laptop R1-1</bdi></a> <span class="quiet num"')
    assert "Laptop R2-1" not in page


def test_teams_stand_with_their_last_scan_and_what_waits_on_their_phones():
    session = running()
    scanned(session, "Laptop R1-1")
    user = world.surveyor().user
    phone, _token = phone_enrol(user=user, by=user)
    phone.waiting, phone.last_contact_at = 21, clock.now()
    phone.save()
    (team,) = telling.teams_of(session)
    assert (team.scans, team.waiting, team.last.asset.name) == (1, 21, "Laptop R1-1")
    page = text(client_of(world.officer().user).get(reverse("lada:stocktake", args=[session.number])))
    assert "21" in page
    assert (
        "masih di ponsel"
        in text(client_of(world.officer().user).get(reverse("lada:close_stocktake", args=[session.number])))
        or "menunggu di ponsel" in page
    )


def test_teams_are_drawn_where_they_scanned_last_else_where_the_room_is_and_never_elsewhere():
    session = running()
    assert telling.team_map(telling.teams_of(session)) is None
    scanned(session, "Laptop R1-1", lat=-1.1705, lng=122.4905)
    (team,) = telling.teams_of(session)
    drawn = telling.team_map([team])
    assert drawn is not None
    assert [one.words for one in drawn.signs] == ["T"]
    page = text(client_of(world.officer().user).get(reverse("lada:stocktake", args=[session.number])))
    assert "track-map" in page
    scanned(session, "Laptop R1-2", lat=-6.2, lng=106.8)  # another island
    assert telling.team_map(telling.teams_of(session)) is None


def test_what_somebody_saw_is_written_down_at_the_desk_and_what_cannot_be_is_said_there():
    session, desk = running(), client_of(world.officer().user)
    address = reverse("lada:stocktake_scan", args=[session.number])
    given = {
        "code": Asset.objects.get(name="Laptop R1-1").nibar,
        "room": "R1",
        "is_there": "1",
        "condition": "good",
    }
    assert desk.post(address, given).status_code == 302
    assert "cocokkan angkanya" in text(desk.post(address, {**given, "code": "0000"}), 422)
    assert session.scans.count() == 1


def test_closing_makes_findings_cases_with_acts_and_the_register_marks_what_is_lost():
    session, desk = running(), client_of(world.officer().user)
    scanned(session, "Laptop R1-1")
    scanned(session, "Laptop R1-2")
    scanned(session, "Laptop R2-1", room=world.room("R2"), classes=["used_by_others"])
    close = reverse("lada:close_stocktake", args=[session.number])
    assert "1 barang belum dipindai" in text(desk.get(close))
    assert desk.post(close, {}).status_code == 422
    assert desk.post(close, {"rest": "missing"}).status_code == 302
    assert Finding.objects.count() == 2
    lost = Finding.objects.get(asset__name="Laptop R2-2").case
    queue = text(desk.get(reverse("lada:findings:queue")))
    assert lost.number in queue
    assert "Laptop R2-2" in queue
    page = text(desk.get(reverse("lada:findings:case", args=[lost.number])))
    assert "tidak terlihat siapa pun" in page.lower()
    assert reverse("lada:propose", args=["dispose"]) in page
    read_only = text(client_of(world.office().user).get(reverse("lada:findings:case", args=[lost.number])))
    assert reverse("lada:propose", args=["dispose"]) not in read_only
    assert "1" in text(desk.get(reverse("lada:register"), {"celah": "hilang"}))
    assert "dipakai pihak lain" in text(desk.get(reverse("lada:register")))
    step = reverse("lada:findings:step", args=[lost.number, "answer"])
    assert desk.post(step, {"body": "Dibawa pulang Budi", "seen_version": lost.version}).status_code in (
        200,
        302,
    )
    settle = reverse("lada:findings:step", args=[lost.number, "settle"])
    assert desk.post(settle, {"outcome": "found", "body": "Kembali"}).status_code in (200, 302)
    lost = Case.objects.get(id=lost.id)
    assert (lost.state, lost.asset_finding.outcome) == ("settled", "found")
    assert "Ternyata ditemukan" in text(desk.get(reverse("lada:stocktake", args=[session.number])))
    assert desk.get(close).status_code == 200
    assert desk.post(close, {"rest": "missing"}).status_code == 422


def test_a_mark_of_the_register_goes_when_its_finding_is_settled():
    from kotacerdas.programs.lada.actions.findings import finding_settle
    from kotacerdas.programs.lada.actions.stocktake import session_close

    session, desk = running(), client_of(world.officer().user)
    scanned(session, "Laptop R1-1", classes=["used_by_others"])
    assert "dipakai pihak lain" in text(desk.get(reverse("lada:register")))
    session_close(actor=world.officer(), session=session, rest="not_yet")
    assert "dipakai pihak lain" in text(desk.get(reverse("lada:register")))
    finding_settle(actor=world.officer(), case=Finding.objects.get().case, outcome="returned")
    assert "dipakai pihak lain" not in text(desk.get(reverse("lada:register")))


def test_another_agency_and_a_surveyor_see_no_page_of_it():
    session = running()
    for user in (world.officer("ratna", "KOMINFO").user, world.surveyor().user):
        stranger = client_of(user)
        for name in ("stocktake", "close_stocktake"):
            assert stranger.get(reverse(f"lada:{name}", args=[session.number])).status_code == 404
        assert stranger.post(reverse("lada:stocktake_scan", args=[session.number]), {}).status_code == 404
    assert client_of(world.officer("ratna", "KOMINFO").user).post(
        reverse("lada:open_stocktake"), filled()
    ).status_code in (422, 404)
    assert Session.objects.count() == 1


def test_somebody_is_added_on_the_page_and_a_good_tells_of_its_finding():
    session, desk = running(), client_of(world.officer().user)
    asri = world.surveyor("asri").user
    address = reverse("lada:join_stocktake", args=[session.number])
    assert desk.post(address, {"user": str(asri.id), "room": "R2"}).status_code == 302
    assert desk.post(address, {"user": "nobody"}).status_code == 422
    assert [one.room.code for one in session.teams.filter(user=asri)] == ["R2"]
    scanned(session, "Laptop R1-1", is_there=False)
    assert (
        desk.post(reverse("lada:close_stocktake", args=[session.number]), {"rest": "not_yet"}).status_code
        == 302
    )
    page = text(desk.get(reverse("lada:asset", args=[Asset.objects.get(name="Laptop R1-1").nibar])))
    assert f"inventarisasi {session.number} belum diselesaikan" in page


def test_a_mark_of_the_register_goes_by_the_newest_scan():
    session, desk = running(), client_of(world.officer().user)
    scanned(session, "Laptop R1-1", classes=["used_by_others"])
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        scanned(session, "Laptop R1-1")
    assert "dipakai pihak lain" not in text(desk.get(reverse("lada:register")))
